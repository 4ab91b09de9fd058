"""Facts about one release that no table holds: its name, its dates, its policy, its ledger head.

Everything here may be printed. Numbers about people, firms or money do not belong here: they come
from published tables only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from reports.disclosure.policy import Policy
from warehouse.editions import Correction


@dataclass(frozen=True)
class ReleaseFacts:
    """The identity of one release.

    ``status`` is provisional while a scheduled revision is still to come. ``targets`` holds what the
    committee has resolved to reach, by metric id, in the measure's unit; ``decisions`` are asked of the
    committee; ``restated`` says in words what changed since the last release. ``published_on`` is the
    announced day, for which figures are stated, of a ``correction`` too; ``affected`` are the published cells
    that one changed (``revisions.affected_cells``).
    """

    release_id: str
    consortium_id: str
    consortium_name: str
    region: str
    period: str
    version: str
    published_on: date
    next_on: date | None
    policy: Policy
    ledger_seq: int
    ledger_hash: str
    code_version: str
    rule_version: str
    contact: str
    design: Literal["observational", "randomised"] = "observational"
    targets: Mapping[str, float] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()
    restated: tuple[str, ...] = ()
    correction: Correction | None = None
    affected: pd.DataFrame | None = None

    @property
    def public_on(self) -> date:
        """The day it became public: the announced one, or that of the correction."""
        return self.published_on if self.correction is None else self.correction.on

    @property
    def status(self) -> str:
        """Provisional where the policy revises in batches and a next release is announced."""
        is_revised = self.policy.revision == "batch" and self.next_on is not None
        return "provisional" if is_revised else "final"
