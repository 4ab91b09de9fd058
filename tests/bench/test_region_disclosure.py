"""What a region's releases are made of, told from a list of what is in force."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench.region_disclosure import editions, taken_back
from tests.bench.stamped import Stamped
from warehouse.home import HomeSettings, init_home

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2")
FIRMS = ("F001", "F001~1", "F002", "F002~1", "F003")


def _region(folder: Path) -> Stamped:
    home = init_home(folder / "home", HomeSettings("Sample", "Sample Region"))
    lines = [
        {
            "submission_id": f"{contract}-{firm}-{quarter}",
            "contract": contract,
            "firm_id": firm,
            "period": quarter,
            "accepted": 9,
        }
        for contract in ("wage", "placement")
        for firm in FIRMS
        for quarter in QUARTERS
    ]
    pq.write_table(pa.Table.from_pylist(lines), folder / "in_force.parquet")
    return Stamped(home, folder / "in_force.parquet")


def test_taken_back_are_one_firms_wages_in_every_copy_and_another_firms_in_one(tmp_path: Path) -> None:
    region = _region(tmp_path)
    before, after = (
        {line["submission_id"] for line in pq.read_table(path).to_pylist()}
        for path in (region.in_force, taken_back(region).in_force)
    )
    assert before - after == {f"wage-{firm}-2025Q2" for firm in ("F001", "F001~1", "F002")}
    assert after < before


def test_releases_in_a_row_are_a_first_its_correction_and_the_next_period(tmp_path: Path) -> None:
    made = editions(_region(tmp_path).home)
    assert [one.version for one in made] == ["v1.0", "v1.1", "v1.0"]
    assert [one.order for one in made] == sorted(one.order for one in made)
    assert made[0].period == made[1].period < made[2].period
    assert made[1].correction is not None
    assert made[1].correction.of == "v1.0"
