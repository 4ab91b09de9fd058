"""The folder of evidence: read back whole, and refused when it is not what it says it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contracts.errors import DisclosureError
from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.proof import audit_evidence
from tests.reports.audit.patterns import Frames, frames, from_grid, with_flows, write

MADE = from_grid([[20, 40], [30, 50]])
TARGET = MADE.cell(row="r0", column="c0")
INNER = [MADE.cell(row=r, column=c) for r in ("r0", "r1") for c in ("c0", "c1")]


def _tables() -> Frames:
    rules, hidden = np.zeros(MADE.size, dtype=bool), np.zeros(MADE.size, dtype=bool)
    rules[TARGET], hidden[INNER] = True, True
    flow = dict(zip(INNER, (2, -2, -2, 2), strict=True))
    back = {cell: -delta for cell, delta in flow.items()}
    return with_flows(frames(MADE, hidden, rules), MADE, [(TARGET, 1, flow), (TARGET, -1, back)])


def test_evidence_is_the_same_when_read_back_in_any_order(tmp_path: Path) -> None:
    plain = read_evidence(write(tmp_path / "plain", _tables())).blocks["pay"]
    mixed_up = {name: table.sample(frac=1, random_state=1) for name, table in _tables().items()}
    mixed = read_evidence(write(tmp_path / "mixed", mixed_up)).blocks["pay"]
    assert plain.units.tolist() == mixed.units.tolist() == MADE.units.tolist()
    assert (plain.equations != mixed.equations).nnz == 0
    assert (plain.flows != mixed.flows).nnz == 0
    assert plain.sole.tolist() == mixed.sole.tolist()


def test_evidence_in_files_passes_the_audit(tmp_path: Path) -> None:
    assert audit_evidence(read_evidence(write(tmp_path, _tables()))).passed


@pytest.mark.parametrize("name", ["cells", "equations", "contributors", "certificates", "flows"])
def test_missing_table_is_refused_by_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, _tables())
    (tmp_path / f"{name}.parquet").unlink()
    with pytest.raises(DisclosureError, match=f"AUD-001 .*{name}.parquet"):
        read_evidence(tmp_path)


@pytest.mark.parametrize("text", ["", "[1]", "{"])
def test_unreadable_document_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, _tables())
    (tmp_path / "policy.json").write_text(text)
    with pytest.raises(DisclosureError, match=r"AUD-001 .*policy.json"):
        read_evidence(tmp_path)


def _column(tables: Frames) -> None:
    tables["cells"] = tables["cells"].drop(columns="units")


def _gap(tables: Frames) -> None:
    tables["cells"].loc[0, "cell"] = 99


def _status(tables: Frames) -> None:
    tables["cells"].loc[0, "status"] = "SHOWN"


def _stranger(tables: Frames) -> None:
    tables["flows"].loc[0, "cell"] = 99


@pytest.mark.parametrize(
    "spoil, code", [(_column, "AUD-001"), (_gap, "AUD-002"), (_status, "AUD-002"), (_stranger, "AUD-002")]
)
def test_malformed_evidence_is_refused(tmp_path: Path, spoil: Callable[[Frames], None], code: str) -> None:
    tables = _tables()
    spoil(tables)
    with pytest.raises(DisclosureError, match=code):
        read_evidence(write(tmp_path, tables))


def test_contributor_named_twice_counts_once_with_both_parts(tmp_path: Path) -> None:
    tables = _tables()
    parts = tables["contributors"]
    half = parts.assign(units=parts["units"] // 2, persons=5)
    rest = parts.assign(units=parts["units"] - parts["units"] // 2, persons=5)
    split = tables | {"contributors": pd.concat([half, rest])}
    whole = read_evidence(write(tmp_path / "whole", tables)).blocks["pay"]
    found = read_evidence(write(tmp_path / "split", split)).blocks["pay"]
    assert found.sole.tolist() == whole.sole.tolist()
    assert found.parts.units.sum() == whole.parts.units.sum()
    assert found.parts.persons.sum() == whole.parts.persons.sum()
