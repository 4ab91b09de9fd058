"""Amounts that add up across tables: gifts by kind are the ledger's gifts by quarter, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.audit.published import Opened, published_findings
from reports.disclosure.gate import Candidate, Passage, pass_gate
from reports.disclosure.policy import Policy
from reports.disclosure.protect.evidence import write_evidence
from reports.disclosure.suppression import SYSTEMS
from reports.facts import ReleaseFacts
from reports.fund_tables import ledger_candidate
from reports.systems.funding import TABLES
from reports.systems.table import candidate

Frames = dict[str, pd.DataFrame]
QUARTER = "2024Q1"
LARGE, SMALL = {"A": 86_000} | {f"F{n}": 1_000 for n in range(14)}, {"X": 1_000, "Y": 1_000}
"""Gifts of one kind, of which one firm gave more than 85 %, and of another, too small to hide that behind."""


def _with_gifts(marts: Frames, kinds: Mapping[str, Mapping[str, int]]) -> None:
    """All gifts in one quarter: dollars by kind and firm."""
    given = [(kind, firm, Decimal(usd)) for kind, by_firm in kinds.items() for firm, usd in by_firm.items()]
    parts = pd.DataFrame(given, columns=["category_code", "parent_group_id", "amount_usd"])
    by_kind = parts.groupby("category_code", as_index=False)["amount_usd"].sum()
    window = {"first_quarter": QUARTER, "last_quarter": QUARTER}
    marts["agg_in_kind"] = by_kind.rename(columns={"amount_usd": "in_kind_usd"}).assign(**window)
    marts["agg_in_kind_contributors"] = parts.assign(persons=1, numerator_persons=0)
    ledger, firms = marts["agg_fund_ledger"], marts["agg_fund_contributors"]
    ledger["in_kind_in_usd"] = Decimal(0)
    is_it = (ledger["period"] == QUARTER) & (ledger["funding_source"] == "IN_KIND")
    ledger.loc[is_it, "in_kind_in_usd"] = by_kind["amount_usd"].sum()
    own = parts.groupby("parent_group_id", as_index=False)["amount_usd"].sum()
    own = own.rename(columns={"amount_usd": "in_kind_usd"}).assign(
        period=QUARTER, amount_usd=Decimal(0), assessed_usd=Decimal(0), firms=1
    )
    marts["agg_fund_contributors"] = pd.concat([firms.assign(in_kind_usd=Decimal(0)), own])


def _candidates(marts: Frames, board: Policy, facts: ReleaseFacts) -> list[Candidate]:
    gifts = next(table for table in TABLES if table.name == "gifts_in_kind")
    return [ledger_candidate(marts, board, facts), candidate(gifts, marts, board, facts)]


def _passed(candidates: list[Candidate], board: Policy, facts: ReleaseFacts) -> Passage:
    return pass_gate(candidates, [], board, facts.published_on)


def _shown(passage: Passage, table: str, metric: str) -> list[float]:
    rows = passage.tables[table].frame
    return [float(value) for value in rows.loc[rows["metric_id"] == metric, "value"] if not pd.isna(value)]


def _codes(passage: Passage, board: Policy, folder: Path) -> set[str]:
    meta = {"systems": dict(SYSTEMS), "unprotectable": []}
    write_evidence(folder, passage.evidence, board.model_dump(mode="json"), meta)
    return {finding.code for finding in audit_evidence(read_evidence(folder)).findings}


def test_ledger_gives_no_gift_away_when_another_kind_is_too_small_to_hide_it(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    _with_gifts(marts, {"FACILITY": LARGE, "EQUIPMENT": SMALL})
    passage = _passed(_candidates(marts, board, facts), board, facts)
    assert not _shown(passage, "gifts_in_kind", "in_kind_value")
    # 102,000 in the ledger would bound the 100,000 from above by less than a tenth.
    assert not any(_shown(passage, "fund_ledger", "fund_in_kind"))
    assert not _codes(passage, board, tmp_path)


def test_ledger_is_shown_when_other_kinds_hide_the_gift(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    _with_gifts(marts, {"FACILITY": LARGE, "EQUIPMENT": dict.fromkeys("XYZ", 9000)})
    passage = _passed(_candidates(marts, board, facts), board, facts)
    assert not _shown(passage, "gifts_in_kind", "in_kind_value")
    assert max(_shown(passage, "fund_ledger", "fund_in_kind")) == 127_000
    assert not _codes(passage, board, tmp_path)


def test_auditor_finds_the_sum_when_the_protector_was_not_told_of_it(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    _with_gifts(marts, {"FACILITY": LARGE, "EQUIPMENT": SMALL})
    silent = [replace(c, equations=(), is_whole=True) for c in _candidates(marts, board, facts)]
    passage = _passed(silent, board, facts)
    assert max(_shown(passage, "fund_ledger", "fund_in_kind")) == 102_000
    assert _codes(passage, board, tmp_path) == {"AUD-106"}


@pytest.mark.parametrize("kinds, found", [(1, {"AUD-204"}), (2, set())])
def test_reader_of_the_files_alone_finds_the_only_kind_of_gift_in_the_ledger(
    marts: Frames, board: Policy, facts: ReleaseFacts, kinds: int, found: set[str]
) -> None:
    given = {"FACILITY": LARGE, "EQUIPMENT": SMALL, "OVENS": SMALL}
    _with_gifts(marts, dict([*given.items()][:kinds]))
    silent = [replace(c, equations=(), is_whole=True) for c in _candidates(marts, board, facts)]
    tables = {name: table.frame for name, table in _passed(silent, board, facts).tables.items()}
    rows = tables["fund_ledger"]
    is_shown_after_all = (rows["metric_id"] == "fund_in_kind") & (rows["value_status"] == 5)
    rows.loc[is_shown_after_all, ["value", "value_status"]] = [0, 1]
    opened = Opened(tables, "", board.model_dump(mode="json"))
    assert {finding.code for finding in published_findings(opened)} == found
