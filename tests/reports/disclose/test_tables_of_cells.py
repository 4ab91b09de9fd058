"""Tables of cells are taken as they are, or refused with a code that names the cell: never repaired."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from contracts.errors import DisclosureError
from reports.disclosure.tables_of_cells import Columns, Given, read_given

CELLS = """\
area,size,N_OBS,TOT,MAX
Total,Total,20,100.50,10
north,Total,11,60.25,10
south,Total,9,40.25,8
n1,Total,6,40.00,10
n2,Total,5,20.25,9
Total,small,12,50.50,10
Total,large,8,50.00,8
"""
AREAS = "region,place\nnorth,n1\nnorth,n2\nsouth,south\n"


def given(folder: Path, *tables: str, areas: str = AREAS, **options: object) -> Given:
    paths = []
    for number, text in enumerate(tables):
        paths.append(folder / f"table{number}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    levels = folder / "areas.csv"
    levels.write_text(areas, encoding="utf-8")
    columns = Columns("TOT", "N_OBS", "MAX", decimals=options.get("decimals"))  # type: ignore[arg-type]
    tolerance = Decimal(str(options.get("tolerance", 0)))
    return read_given(paths, columns, {"area": levels}, tolerance)


def test_sound_tables_are_read_in_exact_units(tmp_path: Path) -> None:
    found = given(tmp_path, CELLS)
    assert found.decimals == 2
    assert found.units(found.tables[0].cells["n2", "Total"].value) == 2025
    assert found.parents["area"] == {"north": "Total", "n1": "north", "n2": "north", "south": "Total"}
    assert found.parents["size"] == {"large": "Total", "small": "Total"}


def _without(line: str) -> str:
    assert line in CELLS
    return CELLS.replace(line + "\n", "")


@pytest.mark.parametrize(
    "cells, code, where",
    [
        (CELLS.replace("40.00", "39.99"), "CEL-005", r'{"area":"north"}'),
        (CELLS.replace("8,50.00,8", "8,50.00,8").replace("50.50", "50.49"), "CEL-005", "{}"),
        (CELLS.replace("40.25,8", "-40.25,8"), "CEL-002", r'{"area":"south"}'),
        (CELLS.replace("20.25,9", "much,9"), "CEL-002", r'{"area":"n2"}'),
        (CELLS.replace("20.25,9", "NaN,9"), "CEL-002", r'{"area":"n2"}'),
        (_without("north,Total,11,60.25,10"), "CEL-004", r'{"area":"north"}'),
        (_without("Total,Total,20,100.50,10"), "CEL-004", "{}"),
        (CELLS + "west,Total,3,1,1\n", "CEL-006", r'{"area":"west"}'),
        (CELLS.replace("n2,Total,5", "n2,Total,"), "CEL-007", r'{"area":"n2"}'),
        (CELLS.replace("n2,Total,5", "n2,Total,0"), "CEL-007", r'{"area":"n2"}'),
        (CELLS.replace("20.25,9", "20.25,21"), "CEL-007", r'{"area":"n2"}'),
        (CELLS + "n2,Total,5,20.25,9\n", "CEL-003", r'{"area":"n2"}'),
        (CELLS.replace("20.25,9", "20.250000000001,9"), "CEL-013", r'{"area":"n2"}'),
        (CELLS.replace("MAX", "LARGEST"), "CEL-001", "table0.csv"),
        ("area,size,N_OBS,TOT,MAX\n", "CEL-001", "table0.csv"),
    ],
    ids=[
        *("not additive", "not additive at the top", "negative", "no number", "not a number"),
        *(
            "no subtotal",
            "no grand total",
            "unknown code",
            "no count",
            "a count of 0",
            "a part above the whole",
        ),
        *("twice", "floating point", "no such column", "no rows"),
    ],
)
def test_unsound_cell_is_refused_by_name(tmp_path: Path, cells: str, code: str, where: str) -> None:
    with pytest.raises(DisclosureError) as refused:
        given(tmp_path, cells)
    assert refused.value.code == code
    assert where in refused.value.where


@pytest.mark.parametrize(
    "areas, code",
    [
        ("region,place\nnorth,n1\nsouth,n1\n", "CEL-008"),
        ("region,place\na,b\nb,c\nc,a\n", "CEL-008"),
        ("one,two,three\nb,a,b\n", "CEL-008"),
    ],
    ids=["overlapping", "cyclic over rows", "cyclic in a row"],
)
def test_unsound_hierarchy_is_refused_by_code(tmp_path: Path, areas: str, code: str) -> None:
    with pytest.raises(DisclosureError) as refused:
        given(tmp_path, CELLS, areas=areas)
    assert refused.value.code in (code, "CEL-009")
    assert "hierarchy of area" in refused.value.where


def test_hierarchy_of_a_column_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="CEL-011"):
        given(tmp_path, CELLS.replace("area,", "place,", 1))


def test_linked_tables_that_disagree_are_refused_by_cell(tmp_path: Path) -> None:
    other = "kind,N_OBS,TOT,MAX\nTotal,20,100.51,10\nx,20,100.51,10\n"
    with pytest.raises(DisclosureError) as refused:
        given(tmp_path, CELLS, other)
    assert refused.value.code == "CEL-010"
    assert "table0 and table1" in refused.value.where


def test_rounded_source_is_taken_when_its_tolerance_is_declared(tmp_path: Path) -> None:
    rounded = CELLS.replace("40.00", "39.99")
    assert given(tmp_path, rounded, tolerance="0.01").tolerance == Decimal("0.01")
    with pytest.raises(DisclosureError, match="CEL-005"):
        given(tmp_path, rounded, tolerance="0.009")


def test_noise_of_floating_point_is_rounded_only_when_asked_for(tmp_path: Path) -> None:
    noisy = CELLS.replace("20.25,9", "20.249999999999996,9")
    assert given(tmp_path, noisy, decimals=2).tables[0].cells["n2", "Total"].value == Decimal("20.25")
