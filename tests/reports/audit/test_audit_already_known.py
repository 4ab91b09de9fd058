"""A firm that knew a cell beforehand is none of our doing; one that what is shown tells it, is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reports.disclosure.audit import already_known
from reports.disclosure.audit.evidence import evidence_of
from reports.disclosure.audit.findings import Audit
from reports.disclosure.audit.proof import audit_evidence
from tests.reports.audit.patterns import META, POLICY, Frames

NEED = 10
SUMS = (
    ("A_D", ("A_N", "A_R")),
    ("B_D", ("B_N", "B_R")),
    ("all_D", ("A_D", "B_D")),
    ("all_N", ("A_N", "B_N")),
    ("all_R", ("A_R", "B_R")),
    ("all_D", ("all_N", "all_R")),
    ("T", ("E", "F", "A_R")),
)
"""Areas A and B; of all people (D) some stayed (N), the others are the rest (R). T is of another table."""


def behind(rest: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Each firm's part of each cell: everybody of area A stayed, ``rest`` did not in area B."""
    found: dict[str, dict[str, int]] = {
        "A_N": {"X": 16, "Y": 16, "V": 16, "Z": 4},
        "A_R": {},
        "B_N": {"X": 21, "Y": 22, "Z": 20},
        "B_R": dict(rest),
        "E": {"Z": 25},
        "F": {"X": 30, "Y": 30, "V": 30},
    }
    for total, parts in SUMS:
        firms = sorted({firm for part in parts for firm in found[part]})
        found[total] = {firm: sum(found[part].get(firm, 0) for part in parts) for firm in firms}
    return found


def evidence(rest: Mapping[str, int], shown: Collection[str] = ()) -> Frames:
    """All is hidden but what is ``shown``; the rest of area A, nobody, must stay open by NEED."""
    parts = behind(rest)
    names = sorted(parts)
    rows = [
        ("pay", number, names.index(cell), factor)
        for number, (total, of) in enumerate(SUMS)
        for cell, factor in ((total, -1), *((part, 1) for part in of))
    ]
    is_target = np.array([name == "A_R" for name in names])
    return {
        "cells": pd.DataFrame(
            {
                "system": "pay",
                "cell": range(len(names)),
                "table_name": "pay",
                "key": [f'"{name}"' for name in names],
                "units": [sum(parts[name].values()) for name in names],
                "status": np.select(
                    [is_target, np.isin(names, list(shown))], ["PRIMARY", "PUBLISHED"], "SECONDARY"
                ),
                "need_up": np.where(is_target, NEED, 0),
                "need_down": 0,
                "reason": "",
            }
        ),
        "equations": pd.DataFrame(rows, columns=["system", "equation", "cell", "coefficient"]),
        "contributors": pd.DataFrame(
            [("pay", names.index(cell), firm, n, -1) for cell, of in parts.items() for firm, n in of.items()],
            columns=["system", "cell", "firm", "units", "persons"],
        ),
        "certificates": pd.DataFrame(columns=["system", "certificate", "target", "direction", "attacker"]),
        "flows": pd.DataFrame(columns=["system", "certificate", "cell", "delta"]),
    }


def audited(tables: Frames, earlier: Collection[Frames] = ()) -> Audit:
    before: list[Any] = [evidence_of(one, POLICY, META, name="earlier") for one in earlier]
    return audit_evidence(evidence_of(tables, POLICY, META, name="made here"), before)


def codes(audit: Audit) -> set[str]:
    return {
        finding.code
        for finding in audit.findings
        if finding.code in {"AUD-104", "AUD-105", "AUD-106", "AUD-107"}
    }


def test_audit_passes_when_a_firm_alone_on_a_side_knew_it_and_nothing_is_shown() -> None:
    assert audited(evidence({"Z": 4})).passed


def test_audit_passes_when_what_is_shown_is_of_people_that_say_nothing_of_the_side() -> None:
    assert not codes(audited(evidence({"Z": 4}, ("F", "B_N"))))


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        ({"Z": 12}, ("all_R",)),
        ({"Z": 12, "Y": 3}, ("all_R",)),
        ({"Z": 12}, ("all_N", "all_D")),
        ({"Z": 4}, ("T", "F")),
    ],
    ids=[
        "alone in a shown total",
        "subtracts itself from a shown total",
        "alone in what two totals leave",
        "told by another table what it may have known",
    ],
)
def test_firm_is_an_attacker_when_what_is_shown_tells_it_how_its_side_ends(
    rest: dict[str, int], shown: tuple[str, ...]
) -> None:
    assert codes(audited(evidence(rest, shown))) & {"AUD-105", "AUD-107"}


def test_public_is_told_when_a_full_rate_is_shown_or_all_but_it() -> None:
    for shown in (("A_N", "A_D"), ("all_D", "all_N", "B_D", "B_N")):
        assert "AUD-104" in codes(audited(evidence({"Z": 4}, shown)))


def test_firm_is_an_attacker_when_an_earlier_release_showed_what_tells_it() -> None:
    assert codes(audited(evidence({"Z": 4}), [evidence({"Z": 4}, ("T", "F"))])) & {"AUD-105", "AUD-107"}


def test_nobody_is_let_off_when_the_argument_does_not_hold_in_whole_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(already_known, "_SCALES", ())
    assert codes(audited(evidence({"Z": 4}))) & {"AUD-105", "AUD-107"}
