"""The catalog of credentials and what becomes of them, stated a second time: graphs by walking them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import networkx as nx
import pandas as pd

from contracts.quarters import Quarter, quarters_between
from tests.transforms.restated_lake import LakeFrames, Record
from tests.transforms.restatement import wilson
from tests.transforms.systems.restated_supply import is_active

STEPS = {"HAS_PART", "REQUIRES", "ADVANCED_STANDING_FROM"}


@dataclass(frozen=True)
class Credentials:
    """The registers of credentials and the rows of those who hold them."""

    lake: LakeFrames

    @cached_property
    def catalog(self) -> set[str]:
        return {row["credential_id"] for row in self.lake.rows("credential_definition")}

    @cached_property
    def steps(self) -> list[Record]:
        """Steps in force on the announced day; what is only advised is none."""
        return [
            row
            for row in self.lake.rows("credential_component")
            if row["relation"] in STEPS
            and (row["valid_from"] or date.min) <= self.lake.as_of <= (row["valid_to"] or date.max)
        ]

    @cached_property
    def graph(self) -> nx.DiGraph:
        """From the smaller credential to the larger one."""
        return nx.DiGraph([(row["component_credential_id"], row["credential_id"]) for row in self.steps])

    @cached_property
    def on_circles(self) -> set[str]:
        return {node for circle in nx.simple_cycles(self.graph) for node in circle}

    def _depth(self, credential: str, ways: nx.DiGraph) -> int:
        if credential not in ways:
            return 0
        return max((1 + self._depth(below, ways) for below in ways.predecessors(credential)), default=0)

    def dimension(self) -> pd.DataFrame:
        """One row per credential of the catalog."""
        inside = [c for c in nx.strongly_connected_components(self.graph) if len(c) > 1]
        ways = self.graph.copy()
        ways.remove_edges_from([(a, b) for a, b in self.graph.edges if any({a, b} <= c for c in inside)])
        ladders = {node: min(part) for part in nx.weakly_connected_components(self.graph) for node in part}
        rows = [
            (name, ladders.get(name), self._depth(name, ways), name in self.on_circles)
            for name in self.catalog
        ]
        return pd.DataFrame(rows, columns=["credential_id", "ladder_id", "stack_depth", "is_on_circle"])

    def findings(self) -> set[tuple[str, str]]:
        """(code, credential) of everything wrong with the catalog."""
        strangers = set(self.graph.nodes) - self.catalog
        circles = {("CAT-201", name) for name in self.on_circles}
        return circles | {("CAT-203", name) for name in strangers}

    @cached_property
    def _attained(self) -> dict[tuple[str, str, date], list[Record]]:
        found: dict[tuple[str, str, date], list[Record]] = defaultdict(list)
        for row in self.lake.rows("credential"):
            found[row["learner_key"], row["credential_id"], row["attained_date"]].append(row)
        return found

    def validity(self) -> pd.DataFrame:
        """One row per credential (and all) × whole years."""
        cells: dict[tuple[str, int], list[bool]] = defaultdict(list)
        for (_, credential, attained), rows in self._attained.items():
            for years in range(6):
                day = _years_after(attained, years)
                if day < self.lake.as_of:
                    still = all(is_active(row, day) for row in rows)
                    cells[credential, years].append(still)
                    cells["all", years].append(still)
        return pd.DataFrame([self._validity(cell, still) for cell, still in cells.items()])

    @staticmethod
    def _validity(cell: tuple[str, int], still: list[bool]) -> dict[str, Any]:
        lower, upper = wilson(sum(still), len(still))
        return {
            "credential_id": cell[0],
            "years_held": cell[1],
            "attained": len(still),
            "active": sum(still),
            "active_share": sum(still) / len(still),
            "active_lower": lower,
            "active_upper": upper,
        }

    def recognition(self) -> pd.DataFrame:
        """One row per credential of the catalog."""
        day = max(
            quarter.last_day
            for quarter in quarters_between(Quarter(2020, 1), Quarter.of(self.lake.as_of))
            if self.lake.has_ended(quarter)
        )
        members = {
            self.lake.parent(firm)
            for firm, row in self.lake.firms.items()
            if (row["joined_on"] or day) <= day <= (row["left_on"] or date.max)
        }
        by_credential: dict[str, set[str]] = defaultdict(set)
        for row in self.lake.rows("credential_recognition"):
            if row["recognized_from"] <= day <= (row["recognized_to"] or date.max):
                by_credential[row["credential_id"]].add(self.lake.parent(row["firm_id"]))
        rows = [(name, len(members), len(by_credential[name] & members)) for name in self.catalog]
        return pd.DataFrame(rows, columns=["credential_id", "parents", "recognizing_parents"])

    def credits_on_change(self) -> pd.DataFrame:
        """One row per program × other program × unit: what is held, and what counts there."""
        leads = {
            row["program_id"]: {c for c in (row["credential_ids"] or "").split(";") if c in self.catalog}
            for row in self.lake.rows("program")
        }
        rows: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
        for one, own in leads.items():
            for other, theirs in leads.items():
                if one == other or not theirs:
                    continue
                for credential in own:
                    for unit, best in self._worth(credential, None).items():
                        kept = self._worth(credential, theirs).get(unit, Decimal(0))
                        kept = best if credential in theirs else kept
                        held, so_far = rows.get((one, other, unit), (Decimal(0), Decimal(0)))
                        rows[one, other, unit] = (held + best, so_far + kept)
        lines = [(*key, held, kept, held - kept) for key, (held, kept) in rows.items()]
        names = ["from_program_id", "to_program_id", "credit_unit_code", "credits_held", "credits_kept"]
        return pd.DataFrame(lines, columns=[*names, "credits_lost"])

    def _worth(self, credential: str, toward: set[str] | None) -> dict[str, Decimal]:
        """The most that a credential counts for, by unit; toward these credentials, or any."""
        found: dict[str, Decimal] = {}
        for row in self.steps:
            is_meant = toward is None or row["credential_id"] in toward
            if row["component_credential_id"] == credential and is_meant and row["credit_value"] is not None:
                unit = row["credit_unit"]
                found[unit] = max(found.get(unit, Decimal(0)), row["credit_value"])
        return found


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
