"""Requests made up from the door's own description never bring it down: no answer is a server's fault.

A few in ``make test``; five thousand by ``make soak-door``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from reports.door.app import Settings, make_app
from warehouse.home import Home

MANY = 5_000 if os.environ.get("SOAK") else 60


def test_no_made_up_request_is_a_fault_of_ours(published_home: Home) -> None:
    app = make_app(published_home, Settings(today=lambda: date(2026, 11, 13), monotonic=_long_ago()))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations()]
    seen: list[int] = []
    varied = [one for one in operations if list(one.iter_parameters()) or one.body]
    for operation in operations:
        _ask(operation, MANY // len(varied) + 1, seen)
    assert len(seen) >= MANY * 9 // 10
    assert max(seen) < 500
    assert 200 in seen


def _ask(operation: schemathesis.APIOperation, times: int, seen: list[int]) -> None:
    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        answer = case.call()
        seen.append(answer.status_code)
        case.validate_response(answer, checks=[not_a_server_error])

    ask()


def _long_ago() -> Callable[[], float]:
    """A clock on which a minute passes between any two looks, so that nobody asks too often."""
    now = [0.0]

    def later() -> float:
        now[0] += 60
        return now[0]

    return later
