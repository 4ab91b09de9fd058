"""The fixed words of the report: how to read it, method, definitions, glossary, contact.

Words about numbers that change with the release are in ``findings.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import wording
from reports.document import Block, Note, Points, Table, Terms
from reports.facts import ReleaseFacts
from reports.measures import measure
from reports.published import Published, mark_of
from reports.restated import became, named
from reports.revisions import changed_and_kept
from warehouse.editions import Correction

SHOWN_CORRECTIONS = 40
"""Corrected cells in the report; all of them are in the release's ``corrections.csv``."""

READING = (
    "Every rate comes with a 95% interval, its margin of error. Two figures whose intervals overlap should "
    "not be ranked. Some cells hold shorthand in square brackets instead of, or beside, a number:"
)

SHORTHAND = (
    ("[c]", "Confidential: withheld to protect people or firms."),
    ("[low]", "Rounds to zero but is not zero."),
    ("[p]", "Provisional: a scheduled revision is still to come."),
    ("[r]", "Revised since an earlier release."),
    ("[x]", "Not available: too early, a file is outstanding, or nobody is in the category."),
    ("[z]", "Not applicable: a count or a cost from the books has no margin of error."),
)

GLOSSARY = (
    ("Cohort", "People grouped by the quarter in which they left training, or in which it ended."),
    ("Completer", "Somebody whose training ended and who completed it."),
    ("Consortium-observed", "Seen in the records of member firms; work elsewhere is not seen."),
    ("Exit", "The end of a period of participation. Somebody who takes part twice exits twice."),
    ("In kind", "Rooms, equipment or instructors' time given to the fund instead of money."),
    (
        "Interval, 95%",
        "If the same measurement were repeated often, about 19 of 20 such intervals would hold the truth.",
    ),
    (
        "Mature cohort",
        "A cohort for which enough time has passed and every firm concerned has sent its files.",
    ),
    (
        "Median",
        "The middle value: half are below, half above. Ours is the mean of the 45th and 55th percentile.",
    ),
    ("Nominal and real dollars", "Dollars as paid, and dollars in the prices of one stated quarter (CPI-U)."),
    ("Parent firm", "The firm that controls others; firms with one parent count as one."),
    ("Workforce area", "A local workforce development area, served by its own board."),
)

FUND = (
    "The ledger is the fund's cash book, to the cent: opening balance plus contributions plus matching money "
    "less money paid out is the closing balance. Contributions in kind are not cash and are not in it."
)

QUALITY = (
    "Rows that do not meet the data contract are set aside with the reason, and the firm that sent them is "
    "told. They are in no figure of this report until they are corrected."
)

WITHHELD = (
    "A cell that does not meet the publication rules is left out and marked [c], and so are as few others as "
    "keep it from being worked out, by anybody or by a member firm that subtracts itself. The tables below "
    "hold such cells."
)


_NO_EFFECTS = "Nothing here estimates an effect. The figures describe; other causes are not removed."
_RETURNS = (
    "Returns are the careful effect on earnings times what is assumed of its future, less all costs, at the "
    "quarter of entry. Every input and every assumption is published beside them. What one ledger pays "
    "another cancels in society."
)
_EFFECTS = (
    "Effects are estimated in one chapter, “What the training did”, which says against whom and under which "
    "assumptions. All other figures describe; other causes are not removed from them."
)


def method(facts: ReleaseFacts, *, estimates_effects: bool, states_returns: bool) -> tuple[Block, ...]:
    """How the figures are made and protected, in the words of the policy that was applied.

    ``estimates_effects``, ``states_returns``: whether the release holds estimates of effects beside
    descriptions, and returns.
    """
    return (
        Points(
            (
                "Firms send pseudonymous records of enrollments, credentials, placements and wages. Rows are "
                "checked against published data contracts before they are used.",
                "Employed means paid by a member firm in the quarter, or in a placement there that a "
                "supervisor confirmed. A blank is never read as zero or “no”.",
                "Only mature cohorts are shown. A pooled figure covers the mature cohorts of its measure, so "
                "windows differ between measures.",
                "Intervals of rates are Wilson's; intervals of medians come from order statistics; "
                "differences of rates use Newcombe's hybrid method.",
                _EFFECTS if estimates_effects else _NO_EFFECTS,
                *((_RETURNS,) if states_returns else ()),
            )
        ),
        Note(f"Disclosure policy “{facts.policy.name}”, version {facts.policy.version}:"),
        Points((*facts.policy.in_words(), facts.policy.notice)),
    )


def definitions(published: Published) -> tuple[Block, ...]:
    """What every measure counts, out of what, and who is left out."""
    columns = ("name", "metric_id", "numerator", "denominator", "exclusions")
    rows = published.texts("metric_definitions", columns)
    if not rows:
        return ()
    cells = tuple((name or metric_id, *rest) for name, metric_id, *rest in rows)
    header = ("Measure", "Counted", "Out of", "Left out")
    return (Table("definitions-table", "Definitions of the measures", header, cells, is_numeric=False),)


def revisions(facts: ReleaseFacts) -> tuple[Block, ...]:
    """What was restated, and whether the next release may restate what this one shows."""
    if facts.correction is not None:
        return corrected(facts.correction, facts.affected)
    restated = facts.restated or ("No figure is restated in this release.",)
    if facts.next_on is None:
        return (Points(restated),)
    day = wording.day(facts.next_on)
    coming = (
        f"Late records are taken in with the next release on {day}, where the change gives nobody away."
        if facts.status == "provisional"
        else f"The next release, on {day}, shows the cohorts of this one as they are here; what comes late "
        "counts in windows that end later."
    )
    return (Points((*restated, coming)),)


def corrected(correction: Correction, cells: pd.DataFrame | None) -> tuple[Block, ...]:
    """What a correction says of itself: of which version, why, by whom, and the first of the cells."""
    if cells is None:
        return ()
    changed, kept = changed_and_kept(cells)
    said = Terms(
        (
            ("Corrects", f"Version {correction.of}, which stays readable."),
            ("Reason", correction.reason),
            ("Made", f"{wording.day(correction.on)}, by {correction.by}."),
            ("Cells", f"{_differing(len(changed))}; corrections.csv lists all of them."),
            *((("Kept back", kept_back_in_words(correction)),) if len(kept) else ()),
        )
    )
    shown = changed.head(SHOWN_CORRECTIONS)
    header = ("Measure", "Of", "Quarters", "In table", "Before", "After", "Differs")
    rows = tuple(_corrected(row) for row in shown.to_dict("records"))
    caption = "Corrected cells" if len(rows) == len(changed) else f"The first {len(rows)} corrected cells"
    blocks = (said, Table("corrected-cells", caption, header, rows, False))
    return (*blocks, _kept_back(kept)) if len(kept) else blocks


def _differing(count: int) -> str:
    return "1 published cell differs" if count == 1 else f"{count:,} published cells differ"


def kept_back_in_words(correction: Correction) -> str:
    """Why figures of a correction read as they did."""
    return (
        f"Some figures still read as in {correction.of}: the difference would be about too few persons or "
        "firms, or about figures that add up with such. A later release states them anew where nobody is "
        "given away by it."
    )


def _kept_back(kept: pd.DataFrame) -> Table:
    rows = tuple(
        (measure(metric).title, table.replace("_", " "))
        for table, metric in zip(kept["table_name"], kept["metric_id"], strict=True)
    )
    caption = "Measures of which figures are kept as they were"
    return Table("kept-back", caption, ("Measure", "Table"), rows, False)


_PARTS = {
    "value": "value",
    "status": "status",
    "value_lower": "interval",
    "value_upper": "interval",
    "numerator_rounded_count": "counts",
    "denominator_rounded_count": "counts",
}
"""What of a cell may differ, in words."""


def _corrected(row: Mapping[Any, Any]) -> tuple[str, ...]:
    return *named(row), *_before_and_after(row), _differs(row)


def _before_and_after(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Both values as printed elsewhere, to the last digit where that would not tell them apart."""
    before, after = (_printed(row, when) for when in ("before", "after"))
    if before == after and row["before"] != row["after"]:
        return row["before"], row["after"]
    return before, after


def _printed(row: Mapping[Any, Any], when: str) -> str:
    value, status = row[when], row[f"status_{when}"]
    if value:
        return wording.in_unit(float(value), row["unit"]) if row["unit"] else str(value)
    return mark_of(int(status)) if status else "none"


def _differs(row: Mapping[Any, Any]) -> str:
    parts = row["differs"].split()
    if not {*parts} <= {*_PARTS}:
        return str(row["differs"])
    return became(row) or ", ".join(dict.fromkeys(_PARTS[part] for part in parts))


def contact(facts: ReleaseFacts) -> tuple[Block, ...]:
    """Whom to ask, and what to cite."""
    whom = facts.contact or f"the data house of the {facts.consortium_name}"
    return (
        Terms(
            (
                ("Questions", f"Write to {whom}."),
                (
                    "Cite as",
                    f"{facts.consortium_name}, {facts.release_id}, {wording.day(facts.public_on)}.",
                ),
                ("Data", "The folder “tables” of this release holds every table as CSV and Parquet."),
            )
        ),
    )
