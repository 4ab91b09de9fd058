"""A build is new every time, and only a finished one is ever read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from contracts.errors import BuildError
from warehouse import code_version
from warehouse.builds import Build, finish_build, latest_build, new_build, read_mart, unfinished_build
from warehouse.code_version import code_digest
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.ledger import Ledger


def fill(build: Build) -> None:
    with connect(build.database) as con:
        con.execute(
            "CREATE TABLE agg_fund "
            "(n INT, usd DECIMAL(18, 2), on_date DATE, is_x BOOLEAN, label TEXT, share DOUBLE)"
        )
        con.execute(
            "INSERT INTO agg_fund VALUES (1, 0.10, DATE '2026-01-01', true, 'a', 0.5), "
            "(NULL, NULL, NULL, NULL, NULL, NULL)"
        )


def finished(home: Home, ledger: Ledger) -> Build:
    build = new_build(home, ledger)
    fill(build)
    finish_build(build)
    return build


def test_build_is_named_after_ledger_head_and_code(home: Home, ledger: Ledger) -> None:
    ledger.append("NOTE", {})
    build = new_build(home, ledger)
    assert build.id == f"b00000001-{code_digest()[:8]}"
    assert build.head == ledger.head()
    assert pq.read_table(build.in_force).num_rows == 0
    assert not build.database.exists()
    assert unfinished_build(home) == build


def test_unfinished_build_is_thrown_away_when_the_next_one_begins(home: Home, ledger: Ledger) -> None:
    abandoned = new_build(home, ledger)
    fill(abandoned)
    again = new_build(home, ledger)
    assert again.id == abandoned.id
    assert not again.database.exists()
    with pytest.raises(BuildError, match="BLD-005"):
        latest_build(home)


def test_folder_killed_before_its_facts_is_thrown_away(home: Home, ledger: Ledger) -> None:
    (home.builds / "b00000000-01234567" / "dbt").mkdir(parents=True)
    (home.builds / "parsed").mkdir()
    new_build(home, ledger)
    assert not (home.builds / "b00000000-01234567").exists()
    assert (home.builds / "parsed").is_dir()


def test_finished_build_stays_when_the_same_is_built_again(home: Home, ledger: Ledger) -> None:
    first = finished(home, ledger)
    second = finished(home, ledger)
    third = new_build(home, ledger)
    assert [second.id, third.id] == [f"{first.id}.2", f"{first.id}.3"]
    assert first.database.exists()
    assert latest_build(home) == second


def test_latest_build_is_the_one_made_last_when_ids_do_not_sort_so(home: Home, ledger: Ledger) -> None:
    builds = [finished(home, ledger) for _ in range(11)]
    assert latest_build(home) == builds[-1]


def test_build_is_not_finished_when_there_is_no_warehouse(home: Home, ledger: Ledger) -> None:
    build = new_build(home, ledger)
    with pytest.raises(BuildError, match="BLD-002"):
        finish_build(build)
    assert not build.is_complete


def test_build_is_not_finished_when_the_warehouse_was_not_closed(home: Home, ledger: Ledger) -> None:
    build = new_build(home, ledger)
    fill(build)
    build.database.with_name("warehouse.duckdb.wal").write_bytes(b"left behind")
    with pytest.raises(BuildError, match=r"BLD-002.*not closed"):
        finish_build(build)


def test_unfinished_build_is_missing_when_every_build_is_finished(home: Home, ledger: Ledger) -> None:
    finished(home, ledger)
    with pytest.raises(BuildError, match="BLD-003"):
        unfinished_build(home)


def test_mart_keeps_decimals_dates_and_nulls_when_read(home: Home, ledger: Ledger) -> None:
    frame = read_mart(finished(home, ledger), "agg_fund")
    full = frame[frame["label"] == "a"].iloc[0]
    assert (full["n"], full["usd"], full["on_date"]) == (1, Decimal("0.10"), date(2026, 1, 1))
    assert frame.isna().sum().tolist() == [1] * 6
    assert str(frame["n"].dtype).startswith("int32")


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
