"""Where everyone stands in a home, asked once for the command line, the page, the asset and the reminders.

The rules lie in ``attendance``; how it is shown belongs to the callers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from contracts.errors import HomeError
from warehouse.attendance import KINDS, FirmStanding, attendance, default_period
from warehouse.deadlines import due_on
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.members import members_and_parents
from warehouse.pages import page_template


@dataclass(frozen=True)
class StandingOfAll:
    """Every expected firm in one quarter, seen on one day; ``parents``: by firm the controlling entity."""

    consortium: str
    period: str
    due: date
    as_of: date
    firms: tuple[FirmStanding, ...]
    parents: Mapping[str, str] = field(default_factory=dict)

    def parent_of(self, firm_id: str) -> str:
        """By whom a firm is counted: its controlling entity, where the register knows one, or itself."""
        return self.parents.get(firm_id, firm_id)

    def only(self, firm_id: str | None) -> StandingOfAll:
        """The same for one firm (None: all); HomeError HOM-021 when it is not among them."""
        chosen = tuple(one for one in self.firms if firm_id in (None, one.firm_id))
        if firm_id is not None and not chosen:
            raise HomeError(
                "HOM-021",
                found="no member firm of this id in the quarter",
                expected="a firm of the firm register, or one with a box",
                where=f"the quarter {self.period}",
                remedy="Ask without --firm for the list, or send the firm register anew.",
            )
        return replace(self, firms=chosen)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        firms = [asdict(one) | {"accepted_share": one.accepted_share} for one in self.firms]
        for firm in firms:
            for place in firm["places"]:
                place["due"] = place["due"].isoformat()
        about = {"period": self.period, "due_on": self.due.isoformat(), "as_of": self.as_of.isoformat()}
        return about | {"firms": firms}

    def as_page(self) -> str:
        """As a page for the operator."""
        return page_template("standing.html").render(s=self)


def where_everyone_stands(home: Home, ledger: Ledger, period: str | None, as_of: date) -> StandingOfAll:
    """The standing of every member firm for a quarter (default: the newest that has ended)."""
    quarter, rules = period or default_period(as_of), home.config.submissions
    parents = members_and_parents(home, ledger, quarter)
    firms = attendance(ledger.entries(*KINDS), tuple(parents), quarter, rules, as_of)
    due = due_on(quarter, rules.due_days_after_quarter)
    return StandingOfAll(home.config.consortium.name, quarter, due, as_of, firms, parents)
