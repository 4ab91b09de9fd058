"""Lakes that hold nothing, or wages of people nobody trained: every test of the build passes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.small_lake import Drop, write_lake

pytestmark = pytest.mark.slow


def _wages_of_1999() -> Drop:
    pay = {"key_epoch": "1", "firm_id": "V1", "year_quarter": "1999Q4", "gross_wages_usd": "4200.00"}
    return Drop(
        "wage", "V1", "1999Q4", ({**pay, "learner_key": key_of("one")}, {**pay, "learner_key": key_of("two")})
    )


def test_build_passes_when_the_lake_is_empty_and_its_folder_is_oddly_named(tmp_path: Path) -> None:
    folder = tmp_path / "home [1] of O'Hara *"
    folder.mkdir()
    empty = Warehouse(folder)
    write_lake(folder, [])
    empty.build()
    assert empty.read("agg_outcomes").empty
    assert len(empty.read("dim_quarter")) == (2026 + 2 - 1970 + 1) * 4


def test_build_passes_when_there_are_wages_of_an_earlier_version_and_no_program(tmp_path: Path) -> None:
    bare = Warehouse(tmp_path, as_of=date(2002, 6, 28))
    write_lake(tmp_path, [_wages_of_1999()])
    # As where a column came with a later version: a file lacks it, and the empty one does not say otherwise.
    (file,) = (tmp_path / "accepted" / "wage").glob("firm=*/period=*/*.parquet")
    pq.write_table(pq.read_table(file, partitioning=None).drop_columns(["primary_work_zip3"]), file)
    empty = tmp_path / "accepted" / "wage" / "_schema.parquet"
    pq.write_table(pq.read_table(empty).replace_schema_metadata(), empty)
    bare.build()
    assert list(bare.read("int_wages__by_person_firm_quarter")["firm_id"]) == ["V1", "V1"]
    assert list(bare.read("agg_intake_quality")["accepted"]) == [2]
    assert bare.read("agg_outcomes").empty
