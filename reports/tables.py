"""The plan of a release: which tables are published, and the one way to publish them.

Marts go in, gated tables come out. What a table holds is in the ``*_tables`` modules and in ``systems``,
what may pass in ``disclosure``. Files, comments in databases and pages are made from the result elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from contracts.errors import DisclosureError
from reports import (
    fund_books,
    fund_tables,
    other_tables,
    outcome_tables,
    performance_cards,
    queryable,
    return_tables,
    study_cards,
)
from reports.disclosure.gate import Candidate, MeasureKey, PublishedTable, pass_gate
from reports.disclosure.policy import Policy
from reports.disclosure.protect.evidence import Evidence
from reports.disclosure.rules import SUPPRESSED, VALUE_STATUSES
from reports.disclosure.standing import Standing
from reports.facts import ReleaseFacts
from reports.impact.performance import PERFORMANCE, PERFORMANCE_CONTRIBUTORS
from reports.systems import SYSTEM_REFERENCES, SYSTEM_TABLES, candidate, reference

MARTS = (
    outcome_tables.OUTCOMES,
    outcome_tables.CONTRIBUTORS,
    fund_tables.LEDGER,
    fund_tables.LEDGER_FIRMS,
    fund_tables.COSTS,
    fund_tables.COSTS_FIRMS,
    other_tables.INTAKE,
    other_tables.DEFINITIONS,
    other_tables.ARMS,
    "dim_program",
    "dim_area",
    PERFORMANCE,
    PERFORMANCE_CONTRIBUTORS,
    *(mart for table in SYSTEM_TABLES for mart in table.marts),
    *(table.mart for table in SYSTEM_REFERENCES),
)
"""Every mart that ``publish_tables`` reads."""


@dataclass(frozen=True)
class Publication:
    """What may leave the building, and the operator's explanations and evidence, which may not.

    ``kept_back``: as the gate's ``Passage`` says; public.
    """

    tables: Mapping[str, PublishedTable]
    internal_explanations: pd.DataFrame
    internal_evidence: Evidence
    internal_amounts: pa.Table
    kept_back: tuple[MeasureKey, ...] = ()

    def frames(self) -> dict[str, pd.DataFrame]:
        """The published rows by table name; DisclosureError DIS-004 when the gate passed others."""
        if not self.is_whole():
            raise DisclosureError(
                "DIS-004",
                found="a table that was changed after the gate",
                expected="every table exactly as the disclosure gate passed it",
                where="the publication",
                remedy="Run again; change what a table holds before the gate, never behind it.",
            )
        return {name: table.frame for name, table in self.tables.items()}

    def comments(self) -> dict[str, dict[str, str]]:
        """Words beside the released files, by table: its own under ``""``, then each column's."""
        return {name: {"": table.description, **table.columns} for name, table in self.tables.items()}

    @property
    def withheld_count(self) -> int:
        """How many measures are withheld, counted by table."""
        return len(self.tables["withheld"].frame)

    def is_whole(self) -> bool:
        """Whether every table is still exactly what the gate passed."""
        return all(table.is_untouched() for table in self.tables.values())

    @property
    def shown_share(self) -> float:
        """The share of the cells that could carry a value which do."""
        status = [
            s
            for t in self.tables.values()
            if {"value_status", "metric_id"} <= {*t.columns}
            for s in t.frame["value_status"]
        ]
        shown, hidden = (sum(s in of for s in status) for of in (VALUE_STATUSES, (SUPPRESSED,)))
        return shown / max(shown + hidden, 1)

    def reasons(self) -> dict[str, int]:
        """How many cells failed for each reason. Internal: a reason can give something away."""
        return {str(k): int(n) for k, n in self.internal_explanations["reason"].value_counts().items()}


def publish_tables(
    marts: Mapping[str, pd.DataFrame],
    policy: Policy,
    facts: ReleaseFacts,
    earlier: Sequence[Evidence] = (),
    standing: Standing | None = None,
) -> Publication:
    """Every table of the plan, judged by ``policy`` and rounded.

    ``marts``: the frames named in MARTS. ``earlier``: the evidence of earlier releases, oldest first;
    ``standing``: what was published last, and whether this release corrects it.
    DisclosureError DIS-003 when the facts that the page will print name another policy than the one applied;
    DIS-010 and DIS-011 for marts that do not fit the plan.
    """
    if facts.policy.sha256 != policy.sha256:
        raise DisclosureError(
            "DIS-003",
            found=f"policy {policy.name} applied, {facts.policy.name} stated",
            expected="the release to state the policy it was judged by",
            where=f"release {facts.release_id}",
            remedy="Build the release facts with the same policy.",
        )
    references = [
        other_tables.definitions_reference(marts),
        queryable.statuses_reference(),
        queryable.examples_reference(),
        *(reference(table, marts) for table in SYSTEM_REFERENCES),
    ]
    plan = _plan(fund_books.booked(marts, standing), policy, facts)
    passage = pass_gate(plan, references, policy, facts.published_on, earlier, standing=standing)
    return Publication(
        passage.tables, passage.explanations, passage.evidence, passage.amounts, passage.kept_back
    )


def _plan(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> list[Candidate]:
    plan = [
        *outcome_tables.outcome_candidates(marts, policy, facts),
        fund_tables.ledger_candidate(marts, policy, facts),
        fund_tables.cost_candidate(marts, policy, facts),
        other_tables.intake_candidate(marts, policy, facts),
        *(candidate(table, marts, policy, facts) for table in SYSTEM_TABLES),
        study_cards.cards_candidate(marts, policy, facts),
        *return_tables.return_candidates(marts, policy, facts),
        performance_cards.performance_candidate(marts, policy, facts),
    ]
    if facts.design == "randomised":
        plan.append(other_tables.arms_candidate(marts, policy, facts))
    return plan
