"""Facts about one release that no table holds: its name, its dates, its policy, its ledger head.

Everything here may be printed. Numbers about people, firms or money do not belong here: they come
from published tables only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reports.disclosure.policy import Policy


@dataclass(frozen=True)
class ReleaseFacts:
    """The identity of one release.

    ``status`` is provisional while a scheduled revision is still to come. ``targets`` holds what the
    committee has resolved to reach, by metric id, in the measure's unit; ``decisions`` are asked of the
    committee; ``restated`` says in words what changed since the last release.
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

    @property
    def status(self) -> str:
        """Provisional until the last release of the calendar: the next one revises the newest cohorts."""
        return "final" if self.next_on is None else "provisional"
