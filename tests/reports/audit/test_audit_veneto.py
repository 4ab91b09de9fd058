"""A real panel of workers and firms: nothing is exposed in a cube of its pay, to anybody or to any firm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from reports.disclosure.audit.evidence import evidence_of
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.protect.evidence import Named, evidence
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.search import Effort, protect
from reports.disclosure.protect.system import Contributors, Needs, plain_system
from tests.reports.audit.patterns import META, POLICY, Cube, cube, frames, needs, primary

FILE = Path(__file__).parents[4] / "shared" / "data" / "veneto" / "veneto_wages.csv"
SIZES = [0, 2, 5, 20, 100, 10**6]


def _pay() -> Cube:
    """Daily pay in cents by year, size of the firm and quarter of the pay distribution."""
    rows = pd.read_csv(FILE, header=0, names=["worker", "firm", "year", "log_pay"])
    rows["units"] = np.rint(np.exp(rows["log_pay"]) * 100).astype("int64")
    workers = rows.groupby(["firm", "year"])["worker"].transform("size")
    rows["size"] = pd.cut(workers, SIZES).astype("str")
    rows["band"] = pd.qcut(rows["units"], [0, 0.002, 0.25, 0.5, 0.998, 1]).astype("str")
    rows = rows.astype({"year": "str", "firm": "str"}).assign(persons=1)
    keys = ["firm", "year", "size", "band"]
    whole = rows.groupby(keys, as_index=False)[["units", "persons"]].sum()
    return cube(whole, {"year": ["year"], "size": ["size"], "band": ["band"]})


@pytest.mark.skipif(not FILE.is_file(), reason="the Veneto panel is not in ../shared/data")
def test_nothing_is_exposed_in_a_cube_of_the_veneto_panel() -> None:
    made = _pay()
    rules = primary(made)
    assert rules.any()
    firm, names = pd.factorize(made.parts["firm"], sort=True)
    cell, units = (made.parts[name].to_numpy(dtype=np.int64) for name in ("cell", "units"))
    system = plain_system(
        made.units.astype(np.int64),
        sparse.csr_array(made.equations),
        Needs(*needs(made, rules)),
        Contributors(cell, firm.astype(np.int64), units, tuple(names)),
    )
    pattern = protect(system, ProgramFinder(system), Effort(seed=0, rounds=0))
    assert not pattern.unprotected
    named = Named(["pay"] * made.size, ["pay"] * made.size, made.keys, ["PERSON_N"] * made.size)
    found = evidence(system, pattern, named)
    tables = {name.removesuffix(".parquet"): table.to_pandas() for name, table in found.files()}
    audit = audit_evidence(evidence_of(tables, POLICY, META, name="veneto"))
    assert audit.passed, audit.findings[:3]
    only_primaries = frames(made, rules, rules)
    assert not audit_evidence(evidence_of(only_primaries, POLICY, META, name="veneto")).passed
