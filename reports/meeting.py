"""The chapter "Since the last meeting": what was decided, which actions opened and closed, what was restated.

From published tables of words only. Tasks in their own words and votes of single seats stay with the bodies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reports import wording
from reports.document import Block, Note, Points, Section, Table
from reports.published import Published

MEETING = "Since the last meeting"
_CHANGES: Mapping[str, str] = {
    "OPENED": "opened",
    "FELL_DUE": "fell due, and is open",
    "CLOSED_DONE": "closed: done",
    "CLOSED_PARTLY_DONE": "closed: done in part",
    "CLOSED_DROPPED": "closed: dropped",
    "CLEARED": "cleared",
    "CAME_INTO_FORCE": "came into force",
}
_KINDS: Mapping[str, str] = {"ACTION": "Action", "ALERT": "Alert", "DECISION": "Decision"}
_READING = (
    "A body meets when it decides. What is listed came after its last decision; how a task is worded is for "
    "the body alone. Decisions stand in the chapter on governance with their reasons."
)


def since_last_meeting(published: Published, restated: tuple[str, ...]) -> Iterator[Section]:
    """A section for each body that has met, and one on figures; nothing where no body has met."""
    bodies = published.texts("bodies", ("body_id", "body_name", "last_meeting_date"))
    met = [body for body in bodies if body[2]]
    for body_id, name, day in met:
        yield Section(f"since-{body_id.lower()}", name, tuple(_body(published, body_id, day)))
    if met:
        figures = restated or ("No figure of the last release was restated in this one.",)
        yield Section("since-figures", "Figures since the last release", (Points(figures),))


def _body(published: Published, body_id: str, day: str) -> Iterator[Block]:
    changes = [row for row in _changed(published) if row[0] == body_id]
    said = _counts(changes)
    yield Note(
        f"Last met on {_day(day)}. Since then: {said}.",
        finding=f"Since {_day(day)}: {said}",
    )
    yield Note(_READING)
    decided = tuple(_decisions(published, body_id, day))
    if decided:
        yield Table(
            f"decided-{body_id.lower()}",
            "Decided at the last meeting, or in force since",
            ("Decision", "Motion", "Why", "In force from"),
            decided,
            is_numeric=False,
        )
    if changes:
        yield Table(
            f"changes-{body_id.lower()}",
            "What changed since the last meeting",
            ("What", "Which", "What happened", "Day"),
            tuple(
                (_KINDS.get(kind, kind), which, _words(change), _day(on))
                for _, kind, which, change, on in changes
            ),
            is_numeric=False,
        )


def _changed(published: Published) -> list[tuple[str, ...]]:
    """Changes in order of days."""
    columns = ("body_id", "kind", "thing_id", "change", "changed_date")
    return sorted(published.texts("since_last_meeting", columns), key=lambda row: (row[4], row[1:4]))


def _counts(changes: list[tuple[str, ...]]) -> str:
    """How much happened, in a sentence."""
    tallies = (
        ("decision came into force", "decisions came into force", "DECISION", "CAME_INTO_FORCE"),
        ("action opened", "actions opened", "ACTION", "OPENED"),
        ("action closed", "actions closed", "ACTION", "CLOSED"),
        ("action fell due and is open", "actions fell due and are open", "ACTION", "FELL_DUE"),
        ("alert opened", "alerts opened", "ALERT", "OPENED"),
        ("alert cleared", "alerts cleared", "ALERT", "CLEARED"),
    )
    said = []
    for one, many, kind, change in tallies:
        count = sum(row[1] == kind and row[3].startswith(change) for row in changes)
        said += [f"{count} {one if count == 1 else many}"] if count else []
    return wording.listed(tuple(said)) or "nothing that is on record"


def _decisions(published: Published, body_id: str, day: str) -> Iterator[tuple[str, ...]]:
    """Decisions of a body taken at its last meeting, or in force only since."""
    columns = ("decision_id", "motion", "rationale", "effective_date", "decided_date", "body_id")
    for decision, motion, why, effective, decided, body in published.texts("rules_in_force", columns):
        if body == body_id and decision and (decided == day or effective > day):
            yield decision, motion, why, _day(effective)


def _words(change: str) -> str:
    return _CHANGES.get(change, change.replace("_", " ").lower())


def _day(iso: str) -> str:
    return wording.day(date.fromisoformat(iso[:10])) if iso else "not set"
