"""Real tables through the whole of it: protected, and audited against everybody and every largest firm."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reports.disclosure.audit.tables import audit_tables
from reports.disclosure.disclosed_files import Terms, write_disclosed
from reports.disclosure.disclosing import disclose
from reports.disclosure.policy import MeasureKind, read_policy
from reports.disclosure.protect.search import Effort
from reports.disclosure.tables_of_cells import Columns, read_given

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "disclosure"
POLICY = Path(__file__).parents[2] / "bench" / "policies" / "insee_turnover.yaml"


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the INSEE tables are not in ../shared/data")
def test_nothing_is_exposed_in_turnover_by_activity_and_size(tmp_path: Path) -> None:
    given = read_given(
        [FOLDER / "turnover_act_size.csv"],
        Columns("TOT", "N_OBS", "MAX", decimals=4),
        {"ACTIVITY": FOLDER / "activity_corr_table.csv"},
        Decimal("0.006"),
    )
    terms = Terms(read_policy(POLICY), MeasureKind.COUNT, Effort(seed=0, rounds=0))
    told: list[str] = []
    found = disclose(given, terms.policy, terms.kind, terms.effort, lambda stage, *_: told.append(stage))
    assert found.status.count("PRIMARY") == 77
    assert "Protecting cells" in told
    write_disclosed(tmp_path, found, terms)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]
    assert dict(audit.checked)["firms as attackers"] > 100
