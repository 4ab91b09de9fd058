"""What both private pages have in common: whose they are, which release they stand beside, why figures are
hidden.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reports import wording
from reports.document import Chapter, Document, KeyFigure, Section
from reports.scorecards.hidden import why
from reports.scorecards.marks import SHORTHAND
from reports.scorecards.member import Beside, Member, footer, head


@dataclass(frozen=True)
class Sheet:
    """What one page says of its own. ``used``: the published figures that it shows, by table and measure."""

    sheet_id: str
    name: str
    finding: str
    caveat: str
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    used: Collection[tuple[str, str]]

    def document(self, member: Member, beside: Beside) -> Document:
        """The page as a document of its own, with the section that explains its marks at the end."""
        facts = beside.facts
        sections = (*self.sections, why(beside.published, self.sections, self.used))
        return Document(
            title=f"Your {self.name.lower()}, {wording.period(facts.period)}",
            subtitle=f"{facts.consortium_name}, {facts.region}",
            facts=head(member, facts),
            notice=facts.policy.notice if facts.policy.is_off else "",
            headline=self.finding,
            caveat=self.caveat,
            key_figures=self.key_figures,
            alerts=(),
            decisions=(),
            restated=(),
            shorthand=SHORTHAND,
            chapters=(Chapter(self.sheet_id, self.name, self.name, self.finding, sections),),
            footer=footer(facts),
        )
