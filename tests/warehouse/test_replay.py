"""A version run over the past: who would newly fail, counted by firm and code, and nothing else told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from click.testing import CliRunner

from contracts.codes import Severity
from contracts.extracts.wage import Wage
from contracts.fields import IsoDate, Money, Quantity
from contracts.model import Contract, ContractMeta
from contracts.rules import RowRule, Rule
from orchestration.cli.contract_diff import command, release
from tests.warehouse.conftest import Drop
from warehouse.home import Home
from warehouse.intake.validate import validate_landed
from warehouse.lake import schema_path
from warehouse.landing import land_pending
from warehouse.ledger import Ledger
from warehouse.replay import NewlyFailing, Replay, ReplayedFirm, replay

HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid"
ANN, BEN, CAT = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "ben", "cat"))

Send = Callable[..., None]


class Narrower(Wage):
    """The wage contract with narrower wages and hours, and a new rule."""

    meta: ClassVar[ContractMeta] = replace(Wage.meta, version="2.0.0")
    gross_wages_usd: Annotated[Decimal, Money(description="Wages.", most="9000")]
    hours_paid: Annotated[Decimal | None, Quantity(description="Hours.", most="500")] = None
    rules: ClassVar[tuple[Rule, ...]] = (
        *Wage.rules,
        RowRule(
            code="WAG-203",
            needs=("gross_wages_usd",),
            ok=lambda row: row.gross_wages_usd > 0,
            message="m",
            hint="h",
            rationale="r",
        ),
        RowRule(
            code="WAG-204",
            needs=("gross_wages_usd",),
            ok=lambda row: row.gross_wages_usd > 9999999,
            severity=Severity.WARNING,
            message="m",
            hint="h",
            rationale="r",
        ),
    )


class Longer(Wage):
    """The wage contract with one more required column."""

    meta: ClassVar[ContractMeta] = replace(Wage.meta, version="2.0.0")
    paid_on: Annotated[str, IsoDate(description="Pay day.")]


@pytest.fixture
def send(home: Home, ledger: Ledger, drop: Drop) -> Send:
    """``send(firm, (person, dollars, hours), …)``: one wage file, landed and judged."""

    def put(firm: str, *rows: tuple[str, str, str], quarter: str = "2026Q1") -> None:
        lines = [f"{person},1,{firm},{quarter},{dollars},{hours}" for person, dollars, hours in rows]
        drop(home, firm, f"wage_{quarter}.csv", "\n".join((HEADER, *lines, "")).encode())
        land_pending(home, ledger)
        validate_landed(home, ledger)

    return put


@pytest.fixture
def past(send: Send) -> None:
    """Two firms. Of F001's rows one was quarantined then, for a reason that would not matter now."""
    send("F001", (ANN, "9000.00", "500"), (BEN, "9000.01", "501"), (CAT, "1,5", "900"))
    send("F001", (ANN, "0", "0"), quarter="2026Q2")
    send("F002", (ANN, "8000", "500.01"))


def everything(home: Home) -> dict[Path, bytes]:
    """All files; whoever reads a SQLite file leaves a mark in its shared memory."""
    files = (path for path in home.root.rglob("*") if path.is_file() and path.suffix != ".sqlite-shm")
    return {path: path.read_bytes() for path in files}


def run(home: Home, ledger: Ledger, of: type[Contract]) -> Replay:
    return replay(home, ledger, of)


@pytest.mark.usefixtures("past")
def test_replay_counts_newly_failing_rows_by_firm_and_code(home: Home, ledger: Ledger) -> None:
    found = run(home, ledger, Narrower)
    assert found.findings == (
        NewlyFailing("F001", "CEL-142", 1),
        NewlyFailing("F001", "WAG-203", 1),
        NewlyFailing("F002", "CEL-142", 1),
    )
    assert found.firms == (ReplayedFirm("F001", 2, 3, 2), ReplayedFirm("F002", 1, 1, 1))
    assert (found.contract, found.version, found.newly_failing) == ("wage", "2.0.0", 3)


@pytest.mark.usefixtures("past")
def test_replay_finds_nothing_when_the_version_is_the_same(home: Home, ledger: Ledger) -> None:
    found = run(home, ledger, Wage)
    assert found.findings == ()
    assert found.newly_failing == 0
    assert sum(firm.accepted for firm in found.firms) == 4


@pytest.mark.usefixtures("past")
def test_every_accepted_row_fails_when_the_file_would_be_refused(home: Home, ledger: Ledger) -> None:
    found = run(home, ledger, Longer)
    assert found.findings == (NewlyFailing("F001", "FIL-020", 3), NewlyFailing("F002", "FIL-020", 1))


def test_replay_sees_the_shape_that_was_sent_and_not_the_typed_row(
    home: Home, ledger: Ledger, send: Send
) -> None:
    class Strict(Wage):
        meta: ClassVar[ContractMeta] = replace(Wage.meta, version="2.0.0")
        gross_wages_usd: Annotated[Decimal, Money(description="Wages.", scale=1, digits=11)]
        rules: ClassVar[tuple[Rule, ...]] = ()

    send("F001", (ANN, "8000.5", ""), (BEN, "8000.50", ""))
    assert run(home, ledger, Strict).findings == (NewlyFailing("F001", "CEL-140", 1),)


def test_replay_of_an_empty_home_is_empty(home: Home, ledger: Ledger) -> None:
    assert run(home, ledger, Wage) == Replay("wage", "1.0.0", (), ())


@pytest.mark.usefixtures("past")
def test_replay_writes_nothing_and_tells_no_value(home: Home, ledger: Ledger) -> None:
    before = everything(home)
    told = json.dumps(asdict(run(home, ledger, Narrower)))
    assert everything(home) == before
    assert not any(value in told for value in (ANN, BEN, CAT, "9000", "501", "8000"))


@pytest.mark.usefixtures("past")
def test_replay_goes_on_when_the_lake_has_never_heard_of_a_register(home: Home, ledger: Ledger) -> None:
    schema_path(home, "accepted", "enrollment").unlink()
    assert run(home, ledger, Wage).findings == ()


@pytest.mark.usefixtures("past")
def test_replay_tells_how_far_it_is(home: Home, ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    replay(home, ledger, Wage, lambda done, of: told.append((done, of)))
    assert told[-1] == (3, 3)


@pytest.mark.usefixtures("past")
def test_command_replays_and_exits_with_the_verdict(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["wage", "--from", "1.0.0", "--replay", str(home.root), "--json"]
    same = CliRunner().invoke(command, arguments)
    assert same.exit_code == 0
    assert json.loads(same.stdout)["changes"] == []
    monkeypatch.setattr("orchestration.cli.contract_diff.contract", lambda _: Narrower)
    told = json.loads(CliRunner().invoke(command, arguments).stdout)
    assert (told["bump"], told["due"], told["honored"]) == ("MAJOR", "2.0.0", True)
    assert told["replay"]["findings"][0] == {"firm_id": "F001", "code": "CEL-142", "rows": 1}
    shown = CliRunner().invoke(command, arguments[:-1]).stdout
    assert "Replayed 3 files with 4 accepted rows: 3 would newly fail." in shown
    assert "narrower: refuses for example '501'" in shown


def test_command_exits_with_one_when_the_step_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hasty(Narrower):
        meta: ClassVar[ContractMeta] = replace(Wage.meta, version="1.1.0")

    monkeypatch.setattr("orchestration.cli.contract_diff.contract", lambda _: Hasty)
    told = CliRunner().invoke(command, ["wage"])
    assert told.exit_code == 1
    assert "Declare version 2.0.0 or later." in told.stdout


def test_release_writes_what_is_not_released_yet(tmp_path: Path) -> None:
    first = CliRunner().invoke(release, ["wage", "--into", str(tmp_path)])
    assert "Wrote wage-1.0.0.json" in first.stdout
    assert first.exit_code == 0
    again = CliRunner().invoke(release, ["wage", "--into", str(tmp_path)])
    assert again.stdout == "Every version is released already\n"
