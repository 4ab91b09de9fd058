"""The bench's truth is what the program finds, both ways, so that a rival's misses mean something."""

from __future__ import annotations

from pathlib import Path

from tests.bench.contracts import prepare
from tests.bench.ours import judge
from tests.bench.planted_wages import DUPLICATE, KINDS, ONE_IN, TOO_LITTLE, truth
from warehouse.duck import connect

ROWS = ONE_IN * len(KINDS)
LABELS = {"BWG-301": DUPLICATE, "BWG-201": TOO_LITTLE}


def test_program_finds_what_was_planted_and_nothing_else_when_every_kind_occurs(tmp_path: Path) -> None:
    rows = prepare(tmp_path, ROWS)
    with connect() as con:
        found = judge(con, rows, tmp_path)
    said = {(one["record"], LABELS.get(one["code"], one["column"]), one["code"]) for one in found.to_pylist()}
    planted = truth(ROWS).to_pylist()
    assert {one["kind"] for one in planted} == {kind.name for kind in KINDS}
    assert said == {(one["record"], one["label"], one["code"]) for one in planted}
