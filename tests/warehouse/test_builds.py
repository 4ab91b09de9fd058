"""A build is new whenever anything is, and only a finished one is ever read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from contracts.errors import BuildError
from tests.warehouse.conftest import Drop
from tests.warehouse.test_intake_journey import ANN, BEN, CAT, run, wage, wage_row
from warehouse import code_version
from warehouse.builds import (
    Build,
    begin_build,
    begun_build,
    estimates_stand,
    finish_build,
    latest_build,
    read_columns,
    read_mart,
    write_estimates,
)
from warehouse.code_version import code_digest
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.in_force import write_changes
from warehouse.ledger import Ledger


def fill(build: Build) -> None:
    with connect(build.under_construction) as con:
        con.execute(
            "CREATE TABLE agg_fund "
            "(n INT, usd DECIMAL(18, 2), on_date DATE, is_x BOOLEAN, label TEXT, share DOUBLE)"
        )
        con.execute(
            "INSERT INTO agg_fund VALUES (1, 0.10, DATE '2026-01-01', true, 'a', 0.5), "
            "(NULL, NULL, NULL, NULL, NULL, NULL)"
        )


def finished(home: Home, ledger: Ledger, basis: str = "basis") -> Build:
    build = begin_build(home, ledger, basis)
    fill(build)
    finish_build(build)
    return build


def test_build_is_named_after_ledger_head_and_code(home: Home, ledger: Ledger) -> None:
    ledger.append("NOTE", {})
    build = begin_build(home, ledger, "basis")
    assert build.id == f"b00000001-{code_digest()[:8]}"
    assert build.head == ledger.head()
    assert pq.read_table(build.in_force).num_rows == 0
    assert not build.under_construction.exists()
    assert begun_build(home, "basis") == build


def test_unfinished_build_is_thrown_away_when_the_next_one_begins(home: Home, ledger: Ledger) -> None:
    abandoned = begin_build(home, ledger, "basis")
    fill(abandoned)
    again = begin_build(home, ledger, "basis")
    assert again.id == abandoned.id
    assert not again.under_construction.exists()
    with pytest.raises(BuildError, match="BLD-005"):
        latest_build(home)


def test_folder_killed_before_its_facts_is_thrown_away(home: Home, ledger: Ledger) -> None:
    (home.builds / "b00000000-01234567" / "dbt").mkdir(parents=True)
    (home.builds / "parsed").mkdir()
    begin_build(home, ledger, "basis")
    assert not (home.builds / "b00000000-01234567").exists()
    assert (home.builds / "parsed").is_dir()


def test_finished_build_stays_when_another_is_made_of_the_same_head(home: Home, ledger: Ledger) -> None:
    first = finished(home, ledger)
    second = finished(home, ledger, "other code")
    third = begin_build(home, ledger, "another day")
    assert [second.id, third.id] == [f"{first.id}.2", f"{first.id}.3"]
    assert first.database.exists()
    assert latest_build(home) == second


def test_latest_build_is_the_one_made_last_when_ids_do_not_sort_so(home: Home, ledger: Ledger) -> None:
    builds = [finished(home, ledger, f"code {number}") for number in range(11)]
    assert latest_build(home) == builds[-1]


def test_finished_build_stands_when_nothing_that_decides_it_is_new(home: Home, ledger: Ledger) -> None:
    first = finished(home, ledger)
    ledger.append("NOTE", {})
    assert begin_build(home, ledger, "basis") == first
    assert begun_build(home, "basis") == first
    assert [path.name for path in home.builds.iterdir() if path.name.startswith("b0")] == [first.id]


def test_build_is_new_when_it_returns_to_an_earlier_basis(home: Home, ledger: Ledger) -> None:
    first = finished(home, ledger, "before")
    finished(home, ledger, "between")
    assert not begin_build(home, ledger, "before").is_complete
    assert first.is_complete


def test_build_is_new_when_another_submission_is_in_force(home: Home, ledger: Ledger, drop: Drop) -> None:
    first = finished(home, ledger)
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN)))
    run(home, ledger)
    assert begin_build(home, ledger, "basis") != first


def test_build_that_goes_on_names_everybody_whose_wages_count_otherwise(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), wage_row(BEN)))
    drop(home, "F002", "wage_2026Q1.csv", wage(wage_row(CAT, firm="F002")))
    run(home, ledger)
    first = finished(home, ledger)
    drop(home, "F001", "wage_2025Q4.csv", wage(wage_row(ANN, quarter="2025Q4")))
    run(home, ledger)
    second = begin_build(home, ledger, "basis")
    assert second.changed == {"wage"}
    assert _changed_people(second.changes) == [ANN]
    (added,) = pq.read_table(second.changes / "submission_id.parquet")["submission_id"].to_pylist()
    assert added not in pq.read_table(first.in_force)["submission_id"].to_pylist()
    assert second.under_construction.read_bytes() == first.database.read_bytes()
    assert not first.changes.exists()
    # And where that file counted before, and no longer does.
    write_changes(home, second.in_force, first.in_force, home.root / "withdrawn")
    assert _changed_people(home.root / "withdrawn") == [ANN]
    submissions = pq.read_table(home.root / "withdrawn" / "submission_id.parquet")["submission_id"]
    assert submissions.to_pylist() == [added]


def _changed_people(changes: Path) -> list[str]:
    keys: list[str] = pq.read_table(changes / "learner_key.parquet")["learner_key"].to_pylist()
    return keys


def test_estimates_stand_only_on_the_basis_they_were_made_on(home: Home, ledger: Ledger) -> None:
    build = finished(home, ledger)
    assert not estimates_stand(build, "before")
    write_estimates(build, {"agg_effects": pd.DataFrame({"n": [1]})}, "before")
    assert estimates_stand(build, "before")
    assert not estimates_stand(build, "after")
    assert read_mart(build, "agg_effects")["n"].tolist() == [1]


def test_build_is_not_finished_when_there_is_no_warehouse(home: Home, ledger: Ledger) -> None:
    build = begin_build(home, ledger, "basis")
    with pytest.raises(BuildError, match="BLD-002"):
        finish_build(build)
    assert not build.is_complete


def test_build_is_not_finished_when_the_warehouse_was_not_closed(home: Home, ledger: Ledger) -> None:
    build = begin_build(home, ledger, "basis")
    fill(build)
    build.under_construction.with_name("warehouse.duckdb.wal").write_bytes(b"left behind")
    with pytest.raises(BuildError, match=r"BLD-002.*not closed"):
        finish_build(build)


@pytest.mark.parametrize("basis", ["other code", ""])
def test_begun_build_is_missing_when_none_was_begun_on_the_basis(
    home: Home, ledger: Ledger, basis: str
) -> None:
    with pytest.raises(BuildError, match="BLD-003"):
        begun_build(home, basis)
    finished(home, ledger)
    with pytest.raises(BuildError, match="BLD-003"):
        begun_build(home, basis)


def test_mart_keeps_decimals_dates_and_nulls_when_read(home: Home, ledger: Ledger) -> None:
    frame = read_mart(finished(home, ledger), "agg_fund")
    full = frame[frame["label"] == "a"].iloc[0]
    assert (full["n"], full["usd"], full["on_date"]) == (1, Decimal("0.10"), date(2026, 1, 1))
    assert frame.isna().sum().tolist() == [1] * 6
    assert str(frame["n"].dtype).startswith("int32")


def test_columns_come_with_text_as_categories_and_numbers_as_floats_where_some_are_missing(
    home: Home, ledger: Ledger
) -> None:
    build = finished(home, ledger)
    frame = read_columns(build, "agg_fund", ("label", "share", "n")).sort_values("share")
    assert [str(kind) for kind in frame.dtypes] == ["category", "float64", "float64"]
    assert frame["label"].cat.categories.tolist() == ["a"]
    assert frame.iloc[0].tolist() == ["a", 0.5, 1.0]
    assert frame.iloc[1].isna().all()
    with pytest.raises(BuildError, match="BLD-004"):
        read_columns(build, "agg_found", ("label",))


def test_columns_of_an_empty_mart_are_of_the_same_kinds(home: Home, ledger: Ledger) -> None:
    build = begin_build(home, ledger, "basis")
    fill(build)
    with connect(build.under_construction) as con:
        con.execute("DELETE FROM agg_fund")
    finish_build(build)
    frame = read_columns(build, "agg_fund", ("label", "share"))
    assert (len(frame), [str(kind) for kind in frame.dtypes]) == (0, ["category", "float64"])


@pytest.mark.parametrize("name", ["agg_found", "AGG FUND", 'agg_fund"; DROP TABLE agg_fund; --'])
def test_mart_is_refused_when_the_build_has_no_such_table(home: Home, ledger: Ledger, name: str) -> None:
    build = finished(home, ledger)
    with pytest.raises(BuildError, match="BLD-004"):
        read_mart(build, name)


def test_code_digest_follows_sources_and_nothing_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_version, "_ROOT", tmp_path)
    (tmp_path / "transforms" / "target").mkdir(parents=True)
    source = tmp_path / "transforms" / "model.sql"
    source.write_text("SELECT 1", encoding="utf-8")
    before = code_digest("transforms")
    (tmp_path / "transforms" / "target" / "model.sql").write_text("rendered", encoding="utf-8")
    (tmp_path / "transforms" / "notes.txt").write_text("words", encoding="utf-8")
    assert code_digest("transforms") == before
    source.write_text("SELECT 2", encoding="utf-8")
    assert code_digest("transforms") != before
    source.write_text("SELECT 1", encoding="utf-8")
    source.rename(source.with_name("other.sql"))
    assert code_digest("transforms") != before
