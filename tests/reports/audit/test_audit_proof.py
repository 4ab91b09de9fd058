"""The whole audit: what is safe passes, what an independent linear program calls exposed is found, and so is
every lie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reports.disclosure.audit.evidence import evidence_of
from reports.disclosure.audit.findings import MEANINGS, Attacker, Audit
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.policy import load_preset
from tests.reports.audit.patterns import (
    META,
    POLICY,
    Cube,
    Frames,
    exposed,
    frames,
    from_grid,
    needs,
    primary,
    protect,
    region,
)

SEED = 0


@cache
def protected() -> tuple[Cube, np.ndarray, np.ndarray]:
    """A region, its primaries, and a pattern that our own linear programs call safe."""
    made = region(SEED)
    rules = primary(made)
    return made, rules, protect(made, rules)


def audited(tables: Frames, meta: dict[str, Any] = META) -> Audit:
    return audit_evidence(evidence_of(tables, POLICY, meta, name="made here"))


def codes(audit: Audit) -> set[str]:
    return {finding.code for finding in audit.findings}


def safe() -> Frames:
    made, rules, hidden = protected()
    return {name: table.copy() for name, table in frames(made, hidden, rules).items()}


def test_audit_passes_when_every_need_is_met() -> None:
    audit = audited(safe())
    assert audit.passed
    assert dict(audit.checked)["primary"] > 3


def test_audit_agrees_with_linear_programs_when_any_one_cell_is_shown_after_all() -> None:
    made, rules, hidden = protected()
    verdicts = set()
    for cell in np.flatnonzero(hidden & ~rules):
        shown = hidden.copy()
        shown[cell] = False
        matters = bool(exposed(made, shown, rules))
        assert audited(frames(made, shown, rules)).passed is not matters
        verdicts.add(matters)
    assert True in verdicts


def test_audit_finds_who_could_know_when_only_primaries_are_hidden() -> None:
    made, rules, _ = protected()
    found = audited(frames(made, rules, rules))
    kinds = {finding.attacker for finding in found.findings}
    assert {Attacker.PUBLIC} <= kinds
    assert len({finding.where for finding in found.findings}) == len(
        {target for target, _, _ in exposed(made, rules, rules)}
    )


def _show_a_primary(tables: Frames) -> None:
    cells = tables["cells"]
    cells.loc[cells["status"] == "PRIMARY", "status"] = "PUBLISHED"


def _ask_for_less(tables: Frames) -> None:
    cells = tables["cells"]
    cells.loc[cells["status"] == "PRIMARY", "need_up"] -= 2


def _ask_for_nothing_below(tables: Frames) -> None:
    tables["cells"]["need_down"] = 0


def _change_a_value(tables: Frames) -> None:
    tables["cells"].loc[0, "units"] += 1


def _forget_the_firms(tables: Frames) -> None:
    tables["contributors"] = tables["contributors"].head(0)


def _move_dollars_to_one_firm(tables: Frames) -> None:
    parts = tables["contributors"]
    shown = tables["cells"].query("status == 'PUBLISHED'")["cell"].iloc[0]
    inside = parts["cell"] == shown
    whole = parts.loc[inside, "units"].sum()
    parts.loc[inside, "units"] = 1
    parts.loc[parts[inside].index[0], "units"] = whole - inside.sum() + 1


@pytest.mark.parametrize(
    "lie, code",
    [
        (_show_a_primary, "AUD-102"),
        (_ask_for_less, "AUD-103"),
        (_ask_for_nothing_below, "AUD-103"),
        (_change_a_value, "AUD-101"),
        (_forget_the_firms, "AUD-102"),
        (_move_dollars_to_one_firm, "AUD-102"),
    ],
)
def test_audit_finds_a_lie_in_the_evidence(lie: Callable[[Frames], None], code: str) -> None:
    tables = safe()
    lie(tables)
    assert code in codes(audited(tables))


def test_audit_repeats_what_the_protector_could_not_protect() -> None:
    entry = {"system": "pay", "target": 3, "attacker": "F01"}
    found = audited(safe(), META | {"unprotectable": [entry]})
    assert codes(found) == {"AUD-112"}
    assert "F01" not in str(found.findings[0])


@pytest.mark.parametrize("which, is_found", [("PRIMARY", True), ("PUBLISHED", False)])
def test_average_and_count_give_a_hidden_sum_away(which: str, is_found: bool) -> None:
    tables = safe()
    made, rules, _ = protected()
    nothing = np.zeros_like(rules)
    counts = frames(made, nothing, nothing, system="persons")
    both = {name: pd.concat([tables[name], counts[name]]) for name in tables}
    key = tables["cells"].query("status == @which")["key"].iloc[0]
    meta = {"averages": [{"sum": "pay", "count": "persons", "shown": [key]}]}
    off = load_preset("already_public", source="published_before").model_dump(mode="json")
    found = audit_evidence(evidence_of(both, off, meta, name="made here"))
    assert ("AUD-111" in codes(found)) is is_found


def test_system_too_large_to_compute_is_called_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.disclosure.audit.intervals.LARGEST", 3)
    assert codes(audited(safe())) == {"AUD-108"}


def test_policy_without_thresholds_needs_no_firm_behind_a_cell() -> None:
    made = from_grid([[1, 2], [3, 4]])
    nothing = np.zeros(made.size, dtype=bool)
    tables = frames(made, nothing, nothing)
    tables["contributors"] = tables["contributors"].head(0)
    policy = load_preset("already_public", source="published_before").model_dump(mode="json")
    assert audit_evidence(evidence_of(tables, policy, META, name="made here")).passed
    assert not audited(tables).passed


def test_public_hears_only_whether_the_audit_passed() -> None:
    made, rules, _ = protected()
    found = audited(frames(made, rules, rules))
    assert found.in_public() == "The disclosure audit did not pass."
    assert audited(safe()).in_public() == "The disclosure audit passed."
    assert not any(key in found.in_public() for key in made.keys)


def test_every_code_has_a_meaning_and_every_finding_says_it() -> None:
    made, rules, _ = protected()
    for finding in audited(frames(made, rules, rules)).findings:
        assert finding.code in MEANINGS
        assert MEANINGS[finding.code] in str(finding)
    assert needs(made, rules)[0].max() > 0


def test_guide_lists_every_code_with_its_meaning() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "disclosure.md").read_text(encoding="utf-8")
    assert [f"| {code} | {meaning} |" in guide for code, meaning in MEANINGS.items()] == [True] * len(
        MEANINGS
    )
