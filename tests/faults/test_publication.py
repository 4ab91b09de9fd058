"""F01, F03, F18, F19: whatever happens to builds and releases, the release before can be read."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.faults.conftest import WHOLE, Copies, Seen
from tests.faults.errands import KILLED, ended, instants_of, killed_at, noon, shared_count, started, take
from tests.faults.test_kills import first_and_last
from warehouse import builds, releases
from warehouse.chain import Head
from warehouse.duck import connect
from warehouse.erasure import erase_period
from warehouse.home import Home
from warehouse.ledger import PUBLISHED, Ledger

BEFORE, PERIOD = "2026-Q2", "2026-Q3"
SHARDS = 4
FACTS = releases.ReleaseFacts(
    ledger_head=Head(12, "ab" * 32),
    published_on=date(2026, 11, 12),
    rule_version="1.0.0",
    code_version="c0de",
    policy={"preset": "board", "version": "1.0.0"},
    contracts={"wage": "1.0.0"},
)


def publish(root: Path, period: str = PERIOD, facts: releases.ReleaseFacts = FACTS) -> None:
    """Settle what a killed run left, then make the release of a period unless it stands."""
    home = Home.open(root)
    with Ledger.open(home, clock=noon) as ledger:
        releases.settle(home, ledger)
        if releases.published(home, period) is None:
            releases.promote(_staged(home, period, facts), ledger)


def _staged(home: Home, period: str, facts: releases.ReleaseFacts) -> releases.Staging:
    table = pd.DataFrame({"period": ["2026Q1", "2026Q2"], "paid_usd": [Decimal("1.50"), Decimal("2.00")]})
    staging = releases.stage_release(home, period)
    words = {"fund_ledger": {"": "The fund.", "period": "Quarter.", "paid_usd": "Dollars."}}
    releases.write_tables(staging, {"fund_ledger": table}, words)
    releases.write_files(staging, {"report.html": b"<title>Fund</title>"})
    releases.write_manifest(staging, facts)
    return staging


def build(root: Path) -> None:
    """Begin a build, make its warehouse file, and finish it."""
    home = Home.open(root)
    with Ledger.open(home, clock=noon) as ledger:
        begun = builds.begin_build(home, ledger, basis=str(time.time_ns()))
    with connect(begun.under_construction) as con:
        con.execute("CREATE TABLE agg_outcomes AS SELECT 1 AS one")
    builds.finish_build(begun)


def read_on(root: Path, stop: Any, reads: Any) -> None:
    """Read what CURRENT names, again and again, until told to stop; nothing may fail, nothing go back."""
    home, newest = Home.open(root), ""
    while not stop.value:
        release = releases.read_release(home)
        assert releases.verify_release(release.root) == release
        assert release.period >= newest
        newest = release.period
        with reads.get_lock():
            reads.value += 1


def release_bytes(home: Home) -> dict[str, str]:
    """Every released file by its hash; the database by what it says."""
    paths = (path for path in sorted(home.releases.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(home.releases)): releases.logical_digest(path)
        if path.suffix == ".duckdb"
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


@pytest.mark.fault("F01")
@pytest.mark.parametrize("shard", range(SHARDS if WHOLE else 1))
def test_release_before_stays_readable_when_a_publication_is_killed(
    copies: Copies, seen: Seen, shard: int
) -> None:
    straight = copies()
    publish(straight.root, BEFORE)
    told = instants_of(publish, straight.root)
    numbers = first_and_last(told)[shard :: SHARDS if WHOLE else 12]
    for number in numbers:
        home = copies()
        publish(home.root, BEFORE)
        assert killed_at(number, publish, home.root) == KILLED, told[number - 1]
        assert releases.verify_release(releases.read_release(home).root).period in {BEFORE, PERIOD}
        assert ended(started(publish, home.root)) == 0, told[number - 1]
        assert release_bytes(home) == release_bytes(straight), told[number - 1]
        assert list(_published(home)) == [BEFORE, PERIOD]
    seen(f"{len(numbers)} kills of a publication at {len(set(told))} distinct instants")


@pytest.mark.fault("F01", "F03")
@pytest.mark.parametrize("shard", range(SHARDS if WHOLE else 1))
def test_build_before_stays_the_newest_when_a_build_is_killed(copies: Copies, seen: Seen, shard: int) -> None:
    straight = copies()
    build(straight.root)
    told = instants_of(build, straight.root)
    numbers = first_and_last(told)[shard :: SHARDS if WHOLE else 12]
    for number in numbers:
        home = copies()
        build(home.root)
        before = builds.latest_build(home)
        assert killed_at(number, build, home.root) == KILLED, told[number - 1]
        assert builds.latest_build(home).number in {before.number, before.number + 1}
        builds.read_mart(builds.latest_build(home), "agg_outcomes")
        assert ended(started(build, home.root)) == 0
        assert [path for path in home.builds.iterdir() if not (path / "COMPLETE").is_file()] == []
    seen(f"{len(numbers)} kills of a build at {len(set(told))} distinct instants")


@pytest.mark.fault("F18")
def test_readers_never_fail_nor_go_back_while_releases_are_published(copies: Copies, seen: Seen) -> None:
    home, stop, reads = copies(), shared_count(), shared_count()
    publish(home.root, "2000-Q1")
    readers = [started(read_on, home.root, stop, reads) for _ in range(20 if WHOLE else 3)]
    for period in _periods(60 if WHOLE else 6):
        publish(home.root, period)
        time.sleep(1 if WHOLE else 0)
    stop.value = 1
    assert {ended(reader) for reader in readers} == {0}
    assert reads.value > len(readers)
    seen(f"{reads.value} reads by {len(readers)} processes: none torn, none failed, none went back")


@pytest.mark.fault("F19")
def test_old_release_stays_for_whoever_reads_it_when_the_house_tidies_up(copies: Copies, seen: Seen) -> None:
    """What the house ever removes: unfinished releases and builds, what was erased, all builds with it."""
    home = copies()
    publish(home.root, "2000-Q1")
    old = releases.read_release(home)
    with connect(old.root / "guildhall.duckdb", read_only=True) as held:
        for period in _periods(3):
            build(home.root)
            publish(home.root, period)
        take(home.root)
        with Ledger.open(home, clock=noon) as ledger:
            (home.releases / "2003-Q1" / "v1.0.tmp").mkdir(parents=True)
            releases.settle(home, ledger)
            erase_period(home, ledger, "F001", "2026Q1", "agreement ended")
        assert held.execute("SELECT count(*) FROM fund_ledger").fetchall() == [(2,)]
    assert not list(home.builds.iterdir())
    assert not list(home.releases.glob("*/*.tmp"))
    assert releases.verify_release(old.root) == old
    seen("releases, settling and an erasure later the old release is whole; no release is ever removed")


def _periods(count: int) -> Iterator[str]:
    return (f"{2001 + place // 4}-Q{place % 4 + 1}" for place in range(count))


def _published(home: Home) -> Iterator[str]:
    with Ledger.open(home) as ledger:
        yield from (str(entry.body["period"]) for entry in ledger.entries(PUBLISHED))
