"""The cell sizes promised for the default region: its coarse tables can pass the board policy.

A plain restatement of who is counted where (domain: metric definitions), from the files alone. The
warehouse's own figures are tested elsewhere; here only the promise of the generator is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from contracts.quarters import Quarter
from tests.sample.conftest import Sample

BREAKDOWNS = ("consortium", "program_id", "area", "sector", "exit")
MATURE = {2: "2025Q4", 4: "2025Q2"}
MIN_SIDE, MIN_DISTRIBUTION, MIN_PARENTS, MAX_SHARE = 10, 30, 5, 0.25
EXCLUDED = ("01", "02", "03")


@dataclass(frozen=True)
class Cell:
    """One figure's persons: parent of each, whether in the numerator, dollars."""

    name: str
    persons: pd.DataFrame

    @property
    def sides(self) -> tuple[int, int]:
        inside = int(self.persons["counts"].sum())
        return inside, len(self.persons) - inside

    def largest_share(self, weight: str) -> float:
        by_parent = self.persons.groupby("parent")[weight].sum()
        return float(by_parent.max() / by_parent.sum())


def _quarter(days: pd.Series) -> pd.Series:
    return days.map(lambda day: str(Quarter(int(day[:4]), (int(day[5:7]) - 1) // 3 + 1)) if day else "")


def _later(quarters: pd.Series, steps: int) -> pd.Series:
    return quarters.map(lambda text: str(Quarter.parse(text) + steps))


@pytest.fixture(scope="module")
def exits(default: Sample) -> pd.DataFrame:
    """One row per participation that ended and counts, short gaps merged, with its breakdowns."""
    rows = default.latest("enrollment", ["learner_key", "program_id", "entry_date"]).copy()
    rows = rows.sort_values(["learner_key", "entry_date"]).reset_index(drop=True)
    entry, end = (pd.to_datetime(rows[name].replace("", None)) for name in ("entry_date", "exit_date"))
    gap = (entry - end.groupby(rows["learner_key"]).shift()).dt.days
    rows["period"] = (~(gap < 90)).groupby(rows["learner_key"]).cumsum()
    last = rows.groupby(["learner_key", "period"]).tail(1)
    last = last[(last["exit_date"] != "") & ~last["other_reason_for_exit"].isin(EXCLUDED)]
    firms = default.latest("firm", ["firm_id"]).set_index("firm_id")
    return last.assign(
        consortium="all",
        area=last["lwdb_code"],
        sector=last["box"].map(firms["naics_code"].str[:2].replace({"32": "31", "33": "31", "49": "48"})),
        exit=_quarter(last["exit_date"]),
        ended=_quarter(last["training_end_date"]),
    )


@pytest.fixture(scope="module")
def jobs(default: Sample, exits: pd.DataFrame) -> pd.DataFrame:
    """Learner × quarter: unsubsidized pay, and the employer who pays most (or who confirms a placement)."""
    wages = default.genuine("wage")
    wages = wages[wages["learner_key"].isin(set(exits["learner_key"])) & (wages["subsidized"] == "0")]
    wages = wages.assign(usd=wages["gross_wages_usd"].astype(float))
    paid = wages[wages["usd"] > 0].sort_values("usd").groupby(["learner_key", "year_quarter"])
    return pd.DataFrame({"usd": paid["usd"].sum(), "employer": paid["firm_id"].last()})


def _after(exits: pd.DataFrame, jobs: pd.DataFrame, steps: int) -> pd.DataFrame:
    """Mature exits with employment so many quarters later; ``employer`` is missing where there is none."""
    mature = exits[exits["exit"] <= MATURE[steps]]
    keys = pd.MultiIndex.from_arrays([mature["learner_key"], _later(mature["exit"], steps)])
    found = jobs.reindex(keys)
    return mature.assign(
        counts=found["employer"].notna().to_numpy(),
        employer=found["employer"].to_numpy(),
        usd=found["usd"].fillna(0).to_numpy(),
    )


def _cells(name: str, rows: pd.DataFrame, parents: pd.Series) -> Iterator[Cell]:
    firm = rows["employer"].fillna(rows["box"]) if "employer" in rows else rows["box"]
    rows = rows.assign(parent=firm.map(parents), person=1)
    for breakdown in BREAKDOWNS:
        for member, persons in rows.groupby(breakdown):
            yield Cell(f"{name} by {breakdown} {member}", persons)


@pytest.fixture(scope="module")
def parents(default: Sample) -> pd.Series:
    return default.latest("firm", ["firm_id"]).set_index("firm_id")["parent_group_id"]


@pytest.fixture(scope="module")
def rates(
    default: Sample, exits: pd.DataFrame, jobs: pd.DataFrame, parents: pd.Series
) -> dict[str, list[Cell]]:
    """Every cell of every rate that is made from wages or credentials."""
    second, fourth = _after(exits, jobs, 2), _after(exits, jobs, 4)
    held = second[second["counts"] & (second["exit"] <= MATURE[4])]
    keys = pd.MultiIndex.from_arrays([held["learner_key"], _later(held["exit"], 4)])
    retained = held.assign(counts=(jobs["employer"].reindex(keys).to_numpy() == held["employer"].to_numpy()))
    credentials = default.latest("credential", ["learner_key", "credential_id", "attained_date"])
    taught = exits[(exits["training_type"] != "01") & (exits["exit"] <= MATURE[4])]
    first = (
        credentials[credentials["credential_type_pirl"] != "1"].groupby("learner_key")["attained_date"].min()
    )
    attained = pd.to_datetime(taught["learner_key"].map(first))
    in_time = attained <= pd.to_datetime(taught["exit_date"]) + pd.DateOffset(years=1)
    frames = {"Q2": second, "Q4": fourth, "retention": retained, "credential": taught.assign(counts=in_time)}
    return {name: list(_cells(name, frame, parents)) for name, frame in frames.items()}


@pytest.mark.parametrize("rate", ["Q2", "Q4", "retention", "credential"])
def test_every_rate_has_ten_persons_on_both_sides(rates: dict[str, list[Cell]], rate: str) -> None:
    small = {cell.name: cell.sides for cell in rates[rate] if min(cell.sides) < MIN_SIDE}
    assert small == {}
    assert len(rates[rate]) >= 1 + 8 + 4 + 5 + 7


@pytest.mark.parametrize("rate", ["Q2", "Q4", "retention"])
def test_no_parent_is_more_than_a_quarter_of_a_wage_derived_cell(
    rates: dict[str, list[Cell]], rate: str
) -> None:
    for cell in rates[rate]:
        assert cell.persons["parent"].nunique() >= MIN_PARENTS, cell.name
        assert cell.largest_share("person") <= MAX_SHARE, cell.name
        assert cell.largest_share("usd") <= MAX_SHARE, cell.name


def test_medians_have_thirty_persons(rates: dict[str, list[Cell]]) -> None:
    employed = [cell.sides[0] for cell in rates["Q2"]]
    with_history = [
        (
            cell.persons["counts"] & (cell.persons[["wages_q1_prior", "wages_q3_prior"]] != "").all(axis=1)
        ).sum()
        for cell in rates["Q2"]
    ]
    assert min(employed) >= MIN_DISTRIBUTION
    assert min(with_history) >= MIN_DISTRIBUTION


def test_completion_has_ten_persons_on_both_sides_and_three_parents(
    exits: pd.DataFrame, parents: pd.Series
) -> None:
    completed = exits.assign(counts=exits["training_completed"] == "1", exit=exits["ended"])
    for cell in _cells("completion", completed, parents):
        assert min(cell.sides) >= MIN_SIDE, cell.name
        assert cell.persons["parent"].nunique() >= 3, cell.name
    assert 0.75 <= completed["counts"].mean() <= 0.85


def test_every_exit_quarter_has_eighty_exits(exits: pd.DataFrame) -> None:
    by_quarter = exits.groupby("exit").size()
    assert by_quarter.index.min() == "2023Q4"
    assert by_quarter.min() >= 80


def test_programs_differ_visibly(rates: dict[str, list[Cell]]) -> None:
    by_program = [cell.persons["counts"].mean() for cell in rates["Q2"] if "by program_id" in cell.name]
    assert np.ptp(by_program) > 0.06
    assert 0.70 < min(by_program) < max(by_program) < 0.90


@pytest.mark.parametrize("rate", ["Q2", "Q4"])
def test_non_employment_lies_between_a_tenth_and_a_third(rates: dict[str, list[Cell]], rate: str) -> None:
    for cell in rates[rate]:
        assert 0.10 <= 1 - cell.persons["counts"].mean() <= 0.33, cell.name
