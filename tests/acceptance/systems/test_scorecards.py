"""The demo's members have their scorecards: own rows that sum to the marts, nobody else's, each once."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reports.published import Published
from reports.scorecards.member import windows_of
from reports.scorecards.waiting import median_wait
from tests.acceptance.conftest import Demo, Planted, guildhall
from warehouse import builds, releases
from warehouse.ledger import DELIVERED, Ledger
from warehouse.own_figures import COMPLETED, CREDENTIALED, EMPLOYED, SERVED, OwnFigures, read_own_figures

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]

NAMES = ("fund-statement-2026-Q3-v1.0.html", "scorecard-2026-Q3-v1.0.html", "scorecard-2026-Q3-v1.0.xlsx")


@pytest.fixture(scope="module")
def own(demo: Demo) -> dict[str, OwnFigures]:
    tables = Published(releases.read_tables(releases.read_release(demo.home).root))
    return read_own_figures(builds.latest_build(demo.home), windows_of(tables), date(2026, 11, 12))


def _said(path: Path) -> str:
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_every_member_has_its_pages_in_its_box_once(demo: Demo) -> None:
    with Ledger.open(demo.home) as ledger:
        entries = list(ledger.entries(DELIVERED))
    assert len(entries) == len({str(entry.body["firm_id"]) for entry in entries}) == 60
    for entry in entries:
        there = demo.home.outbox(str(entry.body["firm_id"]))
        assert sorted(json.loads(json.dumps(entry.body["files"]))) == sorted(NAMES)
        assert all((there / name).is_file() for name in NAMES)
    again = guildhall("scorecards", "--home", str(demo.home.root))
    assert "0 firms, delivered" in again.stdout
    assert "60 had theirs already" in again.stdout


def test_own_rows_of_all_members_sum_to_the_marts(planted: Planted, own: dict[str, OwnFigures]) -> None:
    mart = planted.mart("agg_outcomes")
    whole = mart[mart["breakdown"] == "consortium"].set_index("metric_id")
    for metric in (SERVED, COMPLETED, CREDENTIALED, EMPLOYED):
        assert sum(one.tally(metric).counted for one in own.values()) == whole.loc[metric, "denominator"]
    for metric in (COMPLETED, CREDENTIALED):
        assert sum(one.tally(metric).hits or 0 for one in own.values()) == whole.loc[metric, "numerator"]
    # Work at another member is that member's row: it is in the mart and in nobody's own figure.
    on_own_payroll = sum(one.tally(EMPLOYED).hits or 0 for one in own.values())
    assert 0 < on_own_payroll < whole.loc[EMPLOYED, "numerator"]
    seats = tuple(line for one in own.values() for line in one.seats)
    waits = planted.mart("agg_time_to_fill")
    assert median_wait(seats) == waits.loc[waits["group_dim"] == "all", "median_days"].item()


def test_nothing_of_another_firm_stands_in_any_byte_of_its_pages(
    demo: Demo, own: dict[str, OwnFigures]
) -> None:
    mine, everywhere = own["F001"], set[Decimal]()
    for frame in releases.read_tables(releases.read_release(demo.home).root).values():
        if "value" in frame.columns:
            everywhere |= {Decimal(str(one)) for one in frame["value"].dropna()}
    of_mine = {
        getattr(line, name) for line in mine.account for name in ("booked", "paid", "matched", "in_kind")
    }
    secrets = {
        f"{amount:,.2f}"
        for firm, figures in own.items()
        if firm != "F001"
        for line in figures.account
        for amount in (line.booked, line.paid, line.matched, line.in_kind)
        if amount and amount not in of_mine | everywhere
    }
    names = {name for firm in own if firm != "F001" for name in (f"({firm})", f">{firm}<")}
    assert len(secrets) > 1000
    for name in NAMES:
        said = _said(demo.home.outbox("F001") / name)
        assert f"{mine.account[0].paid:,.2f}" in said or name == NAMES[1]
        assert not {one for one in secrets | names if one in said}, name


def test_statement_says_what_the_books_say(demo: Demo, planted: Planted) -> None:
    books = planted.mart("fct_contribution_statements")
    mine = books[(books["firm_id"] == "F017") & books["difference_usd"].notna()]
    said = _said(demo.home.outbox("F017") / NAMES[0])
    for column in ("booked_usd", "paid_usd", "owed_usd"):
        assert f"${sum(mine[column]):,.2f}" in said
    assert all(f"${amount:,.2f}" in said for amount in mine["paid_usd"])


def test_one_firms_fault_stops_no_other(demo: Demo) -> None:
    there = demo.home.outbox("F003")
    away = there.rename(there.with_name("away"))
    there.write_text("a file where the folder was")
    try:
        wish = ("--firm", "F003", "--firm", "F004", "--again")
        done = guildhall("scorecards", "--home", str(demo.home.root), *wish, check=False)
    finally:
        there.unlink()
        away.rename(there)
    assert done.returncode == 1
    assert "1 firms, delivered" in done.stdout
    assert "F003  SCO-004" in done.stdout


def test_stranger_is_refused_by_name(demo: Demo, tmp_path: Path) -> None:
    wish = ("--firm", "F999", "--out", str(tmp_path / "cards"))
    done = guildhall("scorecards", "--home", str(demo.home.root), *wish, check=False)
    assert done.returncode == 2
    assert "SCO-003" in done.stderr
    assert not (tmp_path / "cards").exists()
