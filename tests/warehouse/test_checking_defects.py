"""Found is planted, both ways, in CSV, XLSX and Parquet: each defect alone in a file, bad cells together."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from tests.warehouse.checking_files import FIRM, WRITERS
from tests.warehouse.defects import BAD_CELLS, DEFECTS, FINE, Defect, Never, Plant, Said, good_line, table
from warehouse.checking import CheckOrder, CheckReport, Verdict, check_file
from warehouse.intake.formats import isolation

CASES = [(defect, name) for defect in DEFECTS for name in WRITERS]


@pytest.fixture(autouse=True)
def _readers_start_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers still run in processes of their own, forked from one that has imported what they need.

    Starting Python anew for each, as users do, is tried in ``test_checking_workbooks_read``.
    """
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["warehouse.checking"])
    monkeypatch.setattr(isolation.multiprocessing, "get_context", lambda name: server)


def said(report: CheckReport) -> Said:
    columns = (report.violations[name].to_pylist() for name in ("record", "column", "code"))
    return Said(
        refused=frozenset((one.code, one.column) for one in report.findings),
        noted=frozenset((one.code, one.column) for one in report.notes),
        rows=frozenset(zip(*columns, strict=True)),
    )


@pytest.mark.parametrize("defect,name", CASES, ids=[f"{one.name} [{name}]" for one, name in CASES])
def test_check_says_what_was_planted_and_nothing_else(defect: Defect, name: str, tmp_path: Path) -> None:
    plant = defect.in_format(name)
    if isinstance(plant, Never):
        assert len(plant.why.split()) >= 4
        return
    report = check_file(CheckOrder(path=plant.write(tmp_path), firm=FIRM))
    assert said(report) == plant.said
    assert len(report.findings) == len(plant.said.refused)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("contract", ["wage", "program"])
def test_check_finds_every_bad_cell_and_no_other(contract: str, name: str, tmp_path: Path) -> None:
    bad = [one for one in BAD_CELLS if one.contract == contract]
    header, rows, planted = table(contract).header, [], set()
    for number, one in enumerate(bad):
        rows.append(tuple(good_line(contract, 2 * number).values()))
        rows.append(tuple({**good_line(contract, 2 * number + 1), one.column: one.text}.values()))
        planted.add((len(rows), one.column, one.code))
    path = WRITERS[name](tmp_path / f"{contract}_2024Q1", header, rows)
    assert said(check_file(CheckOrder(path=path, firm=FIRM))) == Said(rows=frozenset(planted))


@pytest.mark.parametrize("name", WRITERS)
def test_more_than_forty_kinds_of_defect_are_planted(name: str) -> None:
    plants = [one.in_format(name) for one in DEFECTS]
    bad = [one for one in plants if isinstance(one, Plant) and one.said != FINE]
    assert len(bad) + len(BAD_CELLS) >= 60
    assert len({one.name for one in (*DEFECTS, *BAD_CELLS)}) == len(DEFECTS) + len(BAD_CELLS)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("contract", ["wage", "program"])
def test_rows_the_defects_are_planted_in_are_good(contract: str, name: str, tmp_path: Path) -> None:
    good = table(contract)
    path = WRITERS[name](tmp_path / f"{contract}_2024Q1", good.header, good.rows)
    assert check_file(CheckOrder(path=path, firm=FIRM)).verdict is Verdict.CLEAN
