"""What the table of the core outcome marts says of the tools beside ours."""

from __future__ import annotations

from tests.bench.measuring import Measured
from tests.bench.outcome_marts import OURS, UNTESTED, Compared, table_of

TOOK = {OURS: 40.0, UNTESTED: 30.0, "pandas": 100.0, "Polars": 20.0}


def compared(agrees: dict[str, bool]) -> Compared:
    measured = {name: Measured(cpu, cpu, cpu, cpu / 2, 2**30, 3) for name, cpu in TOOK.items()}
    return Compared(measured, agrees)


def test_table_holds_every_tool_against_ours() -> None:
    lines = table_of(compared({"pandas": True, "Polars": True}), 10)
    assert "| pandas | 100 | 50 | 1024 | 2.50 | 2.50 | yes |" in lines
    assert "| Polars | 20 | 10 | 1024 | 0.50 | 0.50 | yes |" in lines
    assert "It takes 2.5 times our CPU seconds" in lines[-1]


def test_table_says_so_when_a_peer_has_other_rows() -> None:
    lines = table_of(compared({"pandas": False, "Polars": True}), 10)
    assert [line for line in lines if line.endswith("| NO |")] == [
        "| pandas | 100 | 50 | 1024 | 2.50 | 2.50 | NO |"
    ]
