"""A firm's own figures: equal to a restatement in plain Python, and made of its own rows alone."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.quarters import Quarter
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import AS_OF
from tests.transforms.restated_lake import LakeFrames
from warehouse.builds import Build
from warehouse.chain import Head
from warehouse.own_figures import (
    ALL,
    COMPLETED,
    CREDENTIALED,
    EMPLOYED,
    PAID,
    RETAINED,
    SERVED,
    TALLIED,
    OwnFigures,
    Window,
    read_own_figures,
)

pytestmark = pytest.mark.xdist_group("transforms")

WINDOW = Window("2024Q1", "2025Q2")
EXCLUDED = {f"{n:02d}" for n in range(1, 8)}
OWN_TABLES = {
    "stg_enrollment": "box_firm_id",
    "stg_credential": "box_firm_id",
    "stg_demand_requisition": "box_firm_id",
    "int_wages__by_person_firm_quarter": "firm_id",
    "int_submissions__in_force": "box_firm_id",
    "fct_contribution_statements": "firm_id",
}


def _read(folder: Path) -> dict[str, OwnFigures]:
    build = Build("b", folder, Head(1, "ab"), 1)
    return read_own_figures(build, dict.fromkeys(TALLIED, WINDOW), AS_OF)


@pytest.fixture(scope="module")
def own(warehouse: Warehouse) -> dict[str, OwnFigures]:
    return _read(warehouse.folder)


@dataclass
class Period:
    """One period of participation, of one box's rows."""

    box: str
    learner: str
    program: str
    rows: list[Mapping[str, Any]]

    def last(self, name: str) -> Any:
        return self.rows[-1].get(name)

    @property
    def exit(self) -> date | None:
        ends = [row["exit_date"] for row in self.rows]
        return None if None in ends else max(ends)


def _periods(lake: LakeFrames) -> Iterator[Period]:
    people = defaultdict(list)
    for row in lake.rows("enrollment"):
        people[row["box_firm_id"], row["learner_key"], row["program_id"]].append(row)
    for (box, learner, program), rows in people.items():
        current = Period(box, learner, program, [])
        for row in sorted(rows, key=lambda row: row["entry_date"]):
            ends = [one["exit_date"] for one in current.rows]
            if ends and None not in ends and (row["entry_date"] - max(ends)).days >= 90:
                yield current
                current = Period(box, learner, program, [])
            current.rows.append(row)
        yield current


def _is_in(when: date | None) -> bool:
    return when is not None and WINDOW.start <= str(Quarter.of(when)) <= WINDOW.end


def _restated(lake: LakeFrames) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(firm, measure, program or ALL): how many are counted and how many hit."""
    paid = {
        (row["firm_id"], row["learner_key"], row["year_quarter"])
        for row in lake.rows("wage")
        if (row["gross_wages_usd"] or 0) > 0 and row["subsidized"] == 0
    }
    given = lake.rows("credential")
    types = {row["credential_id"]: row["credential_type_pirl"] for row in lake.rows("credential_definition")}
    units: defaultdict[tuple[str, str, str], dict[Any, bool]] = defaultdict(dict)

    def count(period: Period, metric: str, unit: Any, is_hit: bool) -> None:
        for member in (ALL, period.program):
            units[period.box, metric, member][unit] = is_hit

    for number, period in enumerate(_periods(lake)):
        entry, left = period.rows[0]["entry_date"], period.exit
        if str(Quarter.of(entry)) <= WINDOW.end and (left is None or str(Quarter.of(left)) >= WINDOW.start):
            count(period, SERVED, period.learner, False)
        done, ended = period.last("training_completed"), period.last("training_end_date")
        if done in (0, 1) and _is_in(ended):
            count(period, COMPLETED, number, done == 1)
        if done == 1 and _is_in(ended):
            has = any(
                one["box_firm_id"] == period.box
                and one["learner_key"] == period.learner
                and (one["program_id"] or period.program) == period.program
                and (one["credential_type_pirl"] or types.get(one["credential_id"]) or "0") != "0"
                and entry <= one["attained_date"] <= ended.replace(year=ended.year + 1)
                for one in given
            )
            count(period, CREDENTIALED, number, has)
        reason = next((r["other_reason_for_exit"] for r in reversed(period.rows)), None)
        if left is None or not _is_in(left) or reason in EXCLUDED:
            continue
        after = [(period.box, period.learner, str(Quarter.of(left) + step)) in paid for step in (2, 4)]
        count(period, EMPLOYED, number, after[0])
        if after[0]:
            count(period, PAID, number, False)
            count(period, RETAINED, number, after[1])
    return {key: (len(found), sum(found.values())) for key, found in units.items()}


def test_own_tallies_equal_a_restatement_in_plain_python(
    own: dict[str, OwnFigures], lake: LakeFrames
) -> None:
    expected = _restated(lake)
    found = {
        (firm, metric, member): (tally.counted, tally.hits or 0)
        for firm, figures in own.items()
        for (metric, member), tally in figures.tallies.items()
        if member == ALL or member[:2] != "20"
    }
    assert found == expected
    assert {metric for _, metric, _ in expected} == set(TALLIED)


def test_mean_pay_is_the_mean_of_own_wages_two_quarters_after_exit(
    own: dict[str, OwnFigures], lake: LakeFrames
) -> None:
    wages = {(r["firm_id"], r["learner_key"], r["year_quarter"]): r for r in lake.rows("wage")}
    for firm, figures in own.items():
        amounts = []
        for period in _periods(lake):
            reason = period.last("other_reason_for_exit")
            if period.box == firm and period.exit and _is_in(period.exit) and reason not in EXCLUDED:
                pay = wages.get((firm, period.learner, str(Quarter.of(period.exit) + 2)))
                if pay and pay["subsidized"] == 0 and (pay["gross_wages_usd"] or 0) > 0:
                    amounts.append(Decimal(pay["gross_wages_usd"]))
        expected = sum(amounts) / len(amounts) if amounts else None
        found = figures.tally(PAID).mean_usd
        assert found == (None if expected is None else pytest.approx(expected, abs=Decimal("0.01")))


def test_people_are_counted_in_every_quarter_they_are_in_training(own: dict[str, OwnFigures]) -> None:
    quarters = {member for _, member in own["F1"].tallies if member[:2] == "20"}
    assert quarters == {str(Quarter(2024, 1) + step) for step in range(6)}
    assert all(own["F1"].tally(SERVED, one).counted <= own["F1"].tally(SERVED).counted for one in quarters)


@pytest.mark.parametrize("firm", ["F1", "F2"])
def test_own_figures_stay_when_every_row_of_all_others_is_gone(
    own: dict[str, OwnFigures], warehouse: Warehouse, tmp_path: Path, firm: str
) -> None:
    shutil.copyfile(warehouse.database, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        for table, column in OWN_TABLES.items():
            con.execute(f"DELETE FROM {table} WHERE {column} <> ?", [firm])
    assert _read(tmp_path)[firm] == own[firm]
    # Were a row of its own gone, it would be seen.
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("DELETE FROM stg_enrollment WHERE training_completed = 1")
    assert _read(tmp_path)[firm] != own[firm]


def test_own_figures_hold_nothing_but_counts_means_and_amounts(own: dict[str, OwnFigures]) -> None:
    said = repr(own["F1"])
    assert not any(len(word) == 64 for word in said.replace("'", " ").replace("|", " ").split())
