"""The gate: the only way from an exact table to a published one.

Conservative for now: a table (published table × measure) with any failing cell is withheld whole and
says so, with every measure that would give its hidden counts away. Only cells of measures that passed
are handed to the function that rounds them, so nothing after the gate can see a withheld number.

``PublishedTable`` can be made here and nowhere else. Suppressing single cells with their complements and
comparing with earlier releases will replace ``_withheld_measures``. Building tables does not belong here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import final

import pandas as pd

from contracts.errors import DisclosureError
from reports.disclosure.policy import Policy
from reports.disclosure.rules import FINDING_COLUMNS, VALUE_STATUSES, Reason, findings
from reports.measures import measure

MeasureKey = tuple[str, str]
"""A withholding unit: (published table, metric_id)."""

EXACT_COLUMNS = ("persons", "numerator", "denominator", "value", "value_lower", "value_upper", "money")
"""Columns of a candidate's cells that hold exact numbers: blanked before a withheld row goes on."""

VALUE_COLUMNS = (
    "value",
    "value_lower",
    "value_upper",
    "numerator_rounded_count",
    "denominator_rounded_count",
)
"""Columns of a published table that must be empty unless the row's status carries a value."""

SUPPRESSED = 5
EXPLANATION_COLUMNS = ("table_name", "metric_id", "cell", "reason", "measured_by")
WITHHELD_WORDS = (
    "Withheld: at least one cell of this measure does not meet the publication rules, so the whole "
    "measure is left out of this table."
)

_KEY = object()


@dataclass(frozen=True)
class Candidate:
    """A table that asks to be published.

    ``cells``: one row per cell_id, the columns that ``rules.findings`` reads, EXACT_COLUMNS, and whatever
    ``finish`` needs. ``contributors``: one row per cell_id × parent_group_id. ``finish`` turns cells whose
    withheld numbers are blanked into rounded, published rows. ``shares_counts_with`` names, per metric_id,
    the measures whose published counts would reveal its own: it is withheld whenever one of them is.
    """

    name: str
    description: str
    columns: Mapping[str, str]
    cells: pd.DataFrame
    contributors: pd.DataFrame
    finish: Callable[[pd.DataFrame], pd.DataFrame]
    shares_counts_with: Mapping[str, frozenset[MeasureKey]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """A table of words, with no number about people, firms or money in it."""

    name: str
    description: str
    columns: Mapping[str, str]
    rows: pd.DataFrame


@final
class PublishedTable:
    """A table that passed the gate. Nobody else can make one; its frame cannot be changed in place."""

    __slots__ = ("_frame", "columns", "description", "fingerprint", "name")

    def __init__(self, key: object, source: Candidate | Reference, frame: pd.DataFrame) -> None:
        if key is not _KEY:
            raise DisclosureError(
                "DIS-001",
                found="a PublishedTable made outside the disclosure gate",
                expected="a table that reports.disclosure.gate passed",
                where=f"table {source.name}",
                remedy="Hand the table to the gate as a Candidate.",
            )
        self.name = source.name
        self.description = source.description
        self.columns = {name: source.columns[name] for name in frame.columns}
        self._frame = frame.copy()
        self.fingerprint = _fingerprint(frame)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the published rows."""
        return self._frame.copy()

    def is_untouched(self) -> bool:
        """Whether the rows are still those that passed the gate."""
        return _fingerprint(self._frame) == self.fingerprint


@dataclass(frozen=True)
class Passage:
    """What the gate let through, and why it held the rest back (``explanations`` is never published)."""

    tables: Mapping[str, PublishedTable]
    explanations: pd.DataFrame


def pass_gate(
    candidates: Sequence[Candidate], references: Sequence[Reference], policy: Policy, published_on: date
) -> Passage:
    """Judge every candidate cell by ``policy`` and publish what passes, on the day ``published_on``.

    Out: the published tables by name, among them ``withheld`` (table_name × metric_id, public words only),
    and the operator's explanations (EXPLANATION_COLUMNS: one row per failing cell and rule).
    DisclosureError DIS-002 when a finished row still carries what was withheld.
    """
    found = {c.name: findings(c.cells, c.contributors, policy, published_on) for c in candidates}
    primary = {(name, metric) for name, rows in found.items() for metric in rows["metric_id"].unique()}
    withheld = _withheld_measures(primary, candidates)
    tables = {c.name: _published(c, withheld) for c in candidates}
    tables |= {r.name: PublishedTable(_KEY, r, r.rows) for r in references}
    tables["withheld"] = _withheld_table(withheld)
    return Passage(tables, _explained(found, withheld - primary))


def _withheld_measures(primary: set[MeasureKey], candidates: Sequence[Candidate]) -> set[MeasureKey]:
    """The measures that fail, and those whose counts would give a failing measure away."""
    withheld = set(primary)
    links = {(c.name, metric): others for c in candidates for metric, others in c.shares_counts_with.items()}
    while more := {key for key, others in links.items() if key not in withheld and others & withheld}:
        withheld |= more
    return withheld


def _published(candidate: Candidate, withheld: set[MeasureKey]) -> PublishedTable:
    cells = candidate.cells.copy()
    is_withheld = cells["metric_id"].map(lambda metric: (candidate.name, metric) in withheld).astype(bool)
    cells.loc[is_withheld, "value_status"] = SUPPRESSED
    is_silent = ~cells["value_status"].isin(VALUE_STATUSES)
    for column in EXACT_COLUMNS:
        cells[column] = cells[column].mask(is_silent)
    rows = candidate.finish(cells)
    _refuse_leaks(candidate.name, rows, cells)
    return PublishedTable(_KEY, candidate, rows)


def _refuse_leaks(name: str, rows: pd.DataFrame, cells: pd.DataFrame) -> None:
    silent = rows[~rows["value_status"].isin(VALUE_STATUSES)]
    says = [column for column in VALUE_COLUMNS if silent[column].notna().any()]
    if says or sorted(rows["value_status"]) != sorted(cells["value_status"]):
        raise DisclosureError(
            "DIS-002",
            found=f"numbers or a status that the gate did not give, in columns {says}",
            expected="empty values in every row that is withheld, immature or undefined",
            where=f"table {name}",
            remedy="The table's finish function must not bring in numbers of its own.",
        )


def _withheld_table(withheld: set[MeasureKey]) -> PublishedTable:
    rows = pd.DataFrame(
        [(name, metric, measure(metric).title, WITHHELD_WORDS) for name, metric in sorted(withheld)],
        columns=["table_name", "metric_id", "measure", "statement"],
        dtype="str",
    )
    columns = {
        "table_name": "The published table the measure is left out of",
        "metric_id": "The measure, as in metric_definitions",
        "measure": "The measure in words",
        "statement": "What the public is told",
    }
    reference = Reference("withheld", "Measures withheld from this release, by table", columns, rows)
    return PublishedTable(_KEY, reference, rows)


def _explained(found: Mapping[str, pd.DataFrame], complementary: set[MeasureKey]) -> pd.DataFrame:
    tables = [rows.assign(table_name=name) for name, rows in found.items()]
    linked = pd.DataFrame(
        [("", metric, str(Reason.COMPLEMENTARY), "shared counts", name) for name, metric in complementary],
        columns=[*FINDING_COLUMNS, "table_name"],
    )
    explained = pd.concat([*tables, linked]).rename(columns={"cell_id": "cell"})[list(EXPLANATION_COLUMNS)]
    return explained.sort_values(list(EXPLANATION_COLUMNS)).reset_index(drop=True)


def _fingerprint(frame: pd.DataFrame) -> str:
    text = frame.to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(f"{list(frame.columns)}\n{text}".encode()).hexdigest()
