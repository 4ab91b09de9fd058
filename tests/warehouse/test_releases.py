"""A release is whole or not there, the same from the same tables, and never changes."""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import ReleaseError
from warehouse import releases
from warehouse.chain import Head
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.release_tables import logical_digest, typed_table
from warehouse.releases import (
    Release,
    ReleaseFacts,
    Staging,
    all_releases,
    open_staging,
    promote,
    published,
    read_release,
    read_table,
    read_tables,
    record_published,
    settle,
    stage_release,
    verify_release,
    write_files,
    write_manifest,
    write_tables,
)

MakeHome = Callable[[str], Home]

FACTS = ReleaseFacts(
    ledger_head=Head(12, "ab" * 32),
    published_on=date(2026, 11, 12),
    rule_version="1.0.0",
    code_version="c0de",
    policy={"preset": "board", "version": "1.0.0"},
    contracts={"wage": "1.0.0"},
)


def fund() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": ["2025Q4", "2026Q1", "2026Q1"],
            "source": ["EMPLOYER", "=HYPERLINK(1)", 'say "x",\ny'],
            "paid_usd": [Decimal("1.5"), Decimal("-2.00"), None],
            "persons": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.1 + 0.2, float("nan"), -0.0],
            "paid_on": [date(2026, 1, 31), None, date(2026, 2, 28)],
            "is_final": [True, False, True],
            "note": [None, None, None],
        }
    )


def words(frame: pd.DataFrame) -> dict[str, str]:
    return {"": "One row per period and source; it's the fund."} | {name: f"{name}'s" for name in frame}


def stage(home: Home, period: str = "2026-Q3") -> Staging:
    staging = stage_release(home, period)
    write_tables(staging, {"fund_ledger": fund()}, {"fund_ledger": words(fund())})
    write_files(staging, {"report.html": b"<title>Fund</title>"})
    write_manifest(staging, FACTS)
    return staging


def publish(home: Home, period: str = "2026-Q3") -> Release:
    with Ledger.open(home) as ledger:
        return promote(stage(home, period), ledger)


def contents(root: Path) -> dict[str, bytes]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def test_release_bytes_agree_when_two_homes_publish_the_same(make_home: MakeHome) -> None:
    one, two = (contents(publish(make_home(name)).root) for name in ("one", "two"))
    one.pop("guildhall.duckdb"), two.pop("guildhall.duckdb")
    assert one == two
    assert sorted(one) == [
        "manifest.json",
        "report.html",
        "tables/fund_ledger.csv",
        "tables/fund_ledger.parquet",
    ]


def test_manifest_names_every_file_head_and_version(home: Home) -> None:
    release = publish(home)
    manifest = json.loads((release.root / "manifest.json").read_bytes())
    assert manifest["ledger_head"] == {"seq": 12, "hash": "ab" * 32}
    assert (manifest["published_on"], manifest["rule_version"]) == ("2026-11-12", "1.0.0")
    assert sorted(manifest["files"]) == sorted(set(contents(release.root)) - {"manifest.json"})
    database = release.root / "guildhall.duckdb"
    assert manifest["files"]["guildhall.duckdb"] == {"logical_digest": logical_digest(database)}


@pytest.mark.fault("I50")
def test_csv_is_canonical_and_harmless_to_spreadsheets(home: Home) -> None:
    text = (publish(home).root / "tables" / "fund_ledger.csv").read_bytes().decode()
    assert text == (
        "period,source,paid_usd,persons,share,paid_on,is_final,note\n"
        "2025Q4,EMPLOYER,1.50,1,0.3,2026-01-31,true,\n"
        "2026Q1,'=HYPERLINK(1),-2.00,,,,false,\n"
        '2026Q1,"say ""x"",\ny",,3,0.0,2026-02-28,true,\n'
    )


@pytest.mark.fault("I50")
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_disarms_text_when_a_spreadsheet_would_run_it(home: Home, start: str) -> None:
    staging = stage_release(home, "2026-Q3")
    frame = pd.DataFrame({"label": [start + "1", "1" + start], "amount": [Decimal("-1"), Decimal("1")]})
    write_tables(staging, {"t": frame}, {"t": words(frame)})
    with (staging.root / "tables" / "t.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert rows == [["'" + start + "1", "-1.00"], ["1" + start, "1.00"]]
    assert read_table(staging, "t")["label"].tolist() == [start + "1", "1" + start]


def test_parquet_and_database_hold_exact_types(home: Home) -> None:
    release = publish(home)
    schema = pq.read_schema(release.root / "tables" / "fund_ledger.parquet")
    assert schema.metadata is None
    assert [str(field.type) for field in schema] == [
        "string",
        "string",
        "decimal128(18, 2)",
        "int64",
        "double",
        "date32[day]",
        "bool",
        "string",
    ]
    with connect(release.root / "guildhall.duckdb", read_only=True) as con:
        columns = con.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        comment = con.execute("SELECT comment FROM duckdb_tables()").fetchall()
        total = con.execute("SELECT sum(paid_usd), count(*) FROM fund_ledger").fetchall()
    assert [kind for _, kind, _ in columns] == [
        "VARCHAR",
        "VARCHAR",
        "DECIMAL(18,2)",
        "BIGINT",
        "DOUBLE",
        "DATE",
        "BOOLEAN",
        "VARCHAR",
    ]
    assert all(words == f"{name}'s" for name, _, words in columns)
    assert comment == [("One row per period and source; it's the fund.",)]
    assert total == [(Decimal("-0.50"), 3)]


def test_database_is_small_and_of_the_old_format(home: Home) -> None:
    database = publish(home).root / "guildhall.duckdb"
    assert database.stat().st_size < 100_000
    with connect() as con:
        con.execute(f"ATTACH '{database}' AS release (READ_ONLY)")
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'release'").fetchall()
        size = con.execute(
            "SELECT block_size FROM pragma_database_size() WHERE database_name = 'release'"
        ).fetchall()
    assert tags[0][0]["storage_version"].startswith("v1.0.0")
    assert size == [(16384,)]


def digest_of(path: Path, *statements: str) -> str:
    with connect(path) as con:
        for statement in statements:
            con.execute(statement)
    return logical_digest(path)


def test_digest_is_equal_when_only_row_order_differs(tmp_path: Path) -> None:
    one = digest_of(tmp_path / "1", "CREATE TABLE t AS SELECT 1 AS x", "INSERT INTO t VALUES (2), (2)")
    two = digest_of(tmp_path / "2", "CREATE TABLE t AS SELECT 2 AS x", "INSERT INTO t VALUES (1), (2)")
    assert one == two


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE t AS SELECT 1 AS x, 3 AS y",),
        ("CREATE TABLE t AS SELECT 1 AS x, NULL::INTEGER AS y",),
        ("CREATE TABLE t AS SELECT 1 AS x, 2::BIGINT AS y",),
        ("CREATE TABLE t AS SELECT 1 AS x, 2 AS z",),
        ("CREATE TABLE u AS SELECT 1 AS x, 2 AS y",),
        ("CREATE TABLE t AS SELECT 2 AS y, 1 AS x",),
        ("CREATE TABLE t AS SELECT 1 AS x, 2 AS y", "INSERT INTO t VALUES (1, 2)"),
        ("CREATE TABLE t AS SELECT 1 AS x, 2 AS y", "CREATE TABLE u (x INTEGER)"),
        ("CREATE TABLE t AS SELECT 1 AS x, 2 AS y", "COMMENT ON TABLE t IS 'new words'"),
        ("CREATE TABLE t AS SELECT 1 AS x, 2 AS y", "COMMENT ON COLUMN t.x IS 'new words'"),
    ],
)
def test_digest_differs_when_any_content_does(tmp_path: Path, statements: tuple[str, ...]) -> None:
    plain = digest_of(tmp_path / "plain", "CREATE TABLE t AS SELECT 1 AS x, 2 AS y")
    assert digest_of(tmp_path / "other", *statements) != plain


@pytest.mark.parametrize(
    "column",
    [
        [datetime(2026, 1, 1, tzinfo=UTC)],
        [[1, 2]],
        [float("inf")],
        [b"bytes"],
        [Decimal("12345678901234567.00")],
    ],
)
def test_table_is_refused_when_a_value_has_no_published_type(column: list[object]) -> None:
    with pytest.raises(ReleaseError, match="REL-010"):
        typed_table("t", pd.DataFrame({"x": column}))


@pytest.mark.parametrize("name,column", [("T", "x"), ("../t", "x"), ("t", "X y"), ("t", 'x"'), ("1t", "x")])
def test_table_is_refused_when_a_name_is_not_plain(name: str, column: str) -> None:
    with pytest.raises(ReleaseError, match="REL-010"):
        typed_table(name, pd.DataFrame({column: [1]}))


def test_floats_are_rounded_to_what_order_of_addition_cannot_change() -> None:
    table = typed_table("t", pd.DataFrame({"x": [0.1 + 0.2, 0.3, 123456789012.4, 1e-20]}))
    assert table.column("x").to_pylist() == [0.3, 0.3, 123456789012.0, 1e-20]


def test_arrow_backed_frame_gives_the_same_table_as_a_plain_one() -> None:
    plain = typed_table("t", fund())
    backed = typed_table("t", pa.Table.from_pandas(fund()).to_pandas(types_mapper=pd.ArrowDtype))
    assert backed.equals(plain)


@pytest.mark.parametrize(
    "text",
    [
        {},
        {"fund_ledger": dict.fromkeys(fund().columns, "words")},
        {"fund_ledger": {"": "words"} | dict.fromkeys(fund().columns[1:], "words")},
    ],
)
def test_table_is_refused_when_a_reader_would_find_no_words(
    home: Home, text: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(ReleaseError, match="REL-005"):
        write_tables(stage_release(home, "2026-Q3"), {"fund_ledger": fund()}, text)


def test_release_stands_read_only_and_current_names_it(home: Home) -> None:
    release = publish(home)
    assert release.root == home.releases / "2026-Q3" / "v1.0"
    assert {stat.S_IMODE(path.stat().st_mode) for path in release.root.rglob("*") if path.is_file()} == {
        0o444
    }
    assert (home.releases / "CURRENT").read_text(encoding="utf-8") == "2026-Q3/v1.0\n"
    assert read_release(home) == read_release(home, "2026-Q3") == published(home, "2026-Q3") == release
    assert verify_release(release.root) == release


def test_release_is_never_staged_again_when_it_is_published(home: Home) -> None:
    publish(home)
    with pytest.raises(ReleaseError, match="REL-002"):
        stage_release(home, "2026-Q3")


@pytest.mark.fault("F15")
def test_release_is_never_replaced_when_another_run_published_it_meanwhile(
    home: Home, ledger: Ledger
) -> None:
    staging = stage(home)
    staging.final.mkdir()
    (staging.final / "manifest.json").write_text("theirs", encoding="utf-8")
    with pytest.raises(ReleaseError, match="REL-002"):
        promote(staging, ledger)
    assert contents(staging.final) == {"manifest.json": b"theirs"}


def test_staging_is_emptied_when_an_earlier_one_was_interrupted(home: Home) -> None:
    leftover = stage(home)
    again = stage_release(home, "2026-Q3")
    assert again == leftover
    assert contents(again.root) == {}
    assert published(home, "2026-Q3") is None


@pytest.mark.parametrize("period", ["2026Q3", "2026-Q5", "../x", ""])
def test_staging_is_refused_when_the_period_is_not_spelled_so(home: Home, period: str) -> None:
    with pytest.raises(ReleaseError, match="REL-001"):
        stage_release(home, period)


@pytest.mark.fault("F15")
def test_current_stays_when_an_older_period_is_published_later(home: Home) -> None:
    newest = publish(home, "2026-Q4")
    publish(home, "2026-Q3")
    assert read_release(home) == newest


@pytest.mark.fault("F20")
def test_reading_is_refused_when_nothing_is_published(home: Home) -> None:
    for period in (None, "2026-Q3"):
        with pytest.raises(ReleaseError, match="REL-003"):
            read_release(home, period)


def change(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.fault("F20")
def test_verify_names_the_file_when_one_was_changed(home: Home) -> None:
    root = publish(home).root
    change(root / "report.html", b"<title>Other</title>")
    with pytest.raises(ReleaseError, match=r"REL-004.*report\.html, changed"):
        verify_release(root)


def test_verify_names_the_file_when_one_is_missing_or_added(home: Home) -> None:
    root = publish(home).root
    (root / "extra.csv").write_bytes(b"x")
    with pytest.raises(ReleaseError, match=r"REL-004.*extra\.csv"):
        verify_release(root)
    (root / "extra.csv").unlink()
    (root / "tables" / "fund_ledger.csv").unlink()
    with pytest.raises(ReleaseError, match=r"REL-004.*fund_ledger\.csv, missing"):
        verify_release(root)


def test_verify_finds_a_changed_cell_in_the_database(home: Home) -> None:
    root = publish(home).root
    (root / "guildhall.duckdb").chmod(0o644)
    with duckdb.connect(str(root / "guildhall.duckdb")) as con:
        con.execute("UPDATE fund_ledger SET persons = 2 WHERE persons = 1")
    with pytest.raises(ReleaseError, match=r"REL-004.*guildhall\.duckdb, changed"):
        verify_release(root)


@pytest.mark.fault("F20")
@pytest.mark.parametrize("keep", [0, 100, 20_000])
def test_verify_refuses_when_the_database_is_torn(home: Home, keep: int) -> None:
    database = publish(home).root / "guildhall.duckdb"
    change(database, database.read_bytes()[:keep])
    with pytest.raises(ReleaseError):
        verify_release(database.parent)


@pytest.mark.parametrize("content", [None, b"{", b"{}"])
def test_verify_refuses_when_the_manifest_is_unreadable(home: Home, content: bytes | None) -> None:
    manifest = publish(home).root / "manifest.json"
    manifest.unlink() if content is None else change(manifest, content)
    with pytest.raises(ReleaseError, match="REL-006"):
        verify_release(manifest.parent)


def test_nothing_is_promoted_when_a_file_came_after_the_manifest(home: Home, ledger: Ledger) -> None:
    staging = stage(home)
    (staging.root / "late.html").write_text("late", encoding="utf-8")
    with pytest.raises(ReleaseError, match="REL-004"):
        promote(staging, ledger)
    assert published(home, "2026-Q3") is None
    assert not (home.releases / "CURRENT").exists()


def test_release_is_recorded_once_with_its_manifest_and_head(home: Home, ledger: Ledger) -> None:
    release = publish(home)
    (entry,) = ledger.entries("PUBLISHED")
    assert entry.body == {
        "period": "2026-Q3",
        "version": "v1.0",
        "manifest_sha256": release.manifest_sha256,
        "built_at_head": {"seq": 12, "hash": "ab" * 32},
    }
    assert record_published(ledger, release) is None
    assert ledger.head().seq == 1


def test_settle_finishes_when_a_run_died_between_place_and_pointer(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(releases, "_point_forward", lambda *_: None)
        patch.setattr(releases, "record_published", lambda *_: None)
        release = publish(home)
    stage(home, "2026-Q4")
    assert not (home.releases / "CURRENT").exists()
    assert settle(home, ledger) == [release]
    assert read_release(home) == release
    assert [path.name for path in (home.releases / "2026-Q4").iterdir()] == []
    assert settle(home, ledger) == []
    assert ledger.verify().entries == 1


@pytest.mark.fault("F20")
@pytest.mark.parametrize("content", [None, b"", b"2026-Q9/v1.0\n", b"\x00\x00"])
def test_lost_current_names_the_newest_release_again_when_the_next_run_begins(
    home: Home, ledger: Ledger, content: bytes | None
) -> None:
    publish(home, "2026-Q2")
    newest, pointer = publish(home, "2026-Q3"), home.releases / "CURRENT"
    pointer.unlink() if content is None else change(pointer, content)
    with pytest.raises((ReleaseError, ValueError)):
        read_release(home)
    settle(home, ledger)
    assert read_release(home) == newest


def leave_a_log(database: Path) -> None:
    """What a writer that was killed leaves beside a database."""
    database.with_name("guildhall.duckdb.wal").write_bytes(b"left over")


def flip_a_bit(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    change(database, bytes(content))


def tear(database: Path) -> None:
    change(database, database.read_bytes()[:4096])


@pytest.mark.fault("F20")
@pytest.mark.parametrize("damage", [leave_a_log, tear, flip_a_bit, lambda database: database.unlink()])
def test_release_before_is_read_when_the_newest_is_damaged(
    home: Home, ledger: Ledger, damage: Callable[[Path], object]
) -> None:
    before = publish(home, "2026-Q2")
    newest = publish(home, "2026-Q3")
    damage(newest.root / "guildhall.duckdb")
    with pytest.raises(ReleaseError):
        verify_release(newest.root)
    assert verify_release(before.root) == before
    change(home.releases / "CURRENT", b"2026-Q2/v1.0\n")
    settle(home, ledger)
    assert verify_release(read_release(home).root) == before


def test_settle_leaves_current_when_somebody_set_it_back(home: Home, ledger: Ledger) -> None:
    older = publish(home, "2026-Q2")
    publish(home, "2026-Q3")
    (home.releases / "CURRENT").write_text("2026-Q2/v1.0\n", encoding="utf-8")
    assert settle(home, ledger) == []
    assert read_release(home) == older


def test_staging_is_found_again_with_its_tables_and_missing_when_none_was_begun(home: Home) -> None:
    with pytest.raises(ReleaseError, match="REL-007"):
        open_staging(home, "2026-Q3")
    staging = stage(home)
    assert open_staging(home, "2026-Q3") == staging
    (table,) = read_tables(staging.root).values()
    assert table["paid_usd"].tolist()[:2] == [Decimal("1.50"), Decimal("-2.00")]


def test_all_releases_come_oldest_first_without_what_is_only_staged(home: Home) -> None:
    for period in ("2026-Q3", "2025-Q4"):
        publish(home, period)
    stage(home, "2026-Q4")
    assert [release.period for release in all_releases(home)] == ["2025-Q4", "2026-Q3"]
    assert [release.files for release in all_releases(home)] == [4, 4]
    assert read_release(home).report.read_text(encoding="utf-8") == "<title>Fund</title>"


KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse import releases
from warehouse.home import Home
from warehouse.ledger import Ledger

countdown = int(sys.argv[2])

def dying(step):
    def take(*args):
        global countdown
        countdown -= 1
        if countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*args)
    return take

steps = ("verify_release", "sync_tree", "sync", "replace_text", "read_release_folder", "record_published")
for name in steps:
    setattr(releases, name, dying(getattr(releases, name)))
home = Home.open(Path(sys.argv[1]))
with Ledger.open(home) as ledger:
    releases.promote(releases.open_staging(home, "2026-Q3"), ledger)
"""


@pytest.mark.fault("F01")
@pytest.mark.parametrize("instant", range(1, 9))
def test_promotion_leaves_nothing_or_the_whole_release_when_killed(
    home: Home, ledger: Ledger, instant: int
) -> None:
    """Eight steps: proved, on disk, renamed (2), read, CURRENT read, CURRENT replaced, recorded."""
    publish(home, "2026-Q2")
    stage(home)
    command = [sys.executable, "-c", KILLED, str(home.root), str(instant)]
    assert subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL
    verify_release(read_release(home).root)
    settle(home, ledger)
    release = published(home, "2026-Q3") or publish(home)
    assert verify_release(release.root) == read_release(home) == release
    assert [entry.body["period"] for entry in ledger.entries("PUBLISHED")] == ["2026-Q2", "2026-Q3"]


def test_everything_public_is_named(home: Home) -> None:
    assert home.releases.is_dir()
    assert all(hasattr(releases, name) for name in releases.__all__)
    assert os.access(home.releases, os.W_OK)


def _standing(home: Home, name: str, published_on: str, corrected_on: str = "") -> None:
    """A release of which only the manifest is asked."""
    period, version = name.split("/")
    said: dict[str, object] = {"period": period, "version": version, "published_on": published_on}
    if corrected_on:
        said["correction"] = {"of": "v1.0", "reason": "for a test", "by": "a test", "on": corrected_on}
    folder = home.releases / period / version
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(said))


def test_release_before_is_the_newest_of_an_earlier_period_that_was_public_by_then(home: Home) -> None:
    assert releases.release_before(home, "2026-Q3", date(2026, 11, 12)) is None
    _standing(home, "2026-Q3/v1.0", "2026-11-12")
    _standing(home, "2026-Q3/v1.1", "2026-11-12", corrected_on="2026-12-01")
    _standing(home, "2026-Q3/v1.2", "2026-11-12", corrected_on="2027-03-01")
    _standing(home, "2026-Q4/v1.0", "2027-02-12")
    before = releases.release_before(home, "2026-Q4", date(2027, 2, 12))
    assert before is not None
    assert (before.period, before.version) == ("2026-Q3", "v1.1")
