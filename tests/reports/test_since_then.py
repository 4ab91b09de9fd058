"""What was restated since the last release, and what happened since the last meeting."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.document import Chapter, Document
from reports.facts import ReleaseFacts
from reports.published import Published
from reports.rendering import render_report
from reports.report import impact_report
from reports.tables import Publication

Frames = dict[str, pd.DataFrame]


@pytest.fixture
def before(publication: Publication) -> Frames:
    return {name: frame.copy() for name, frame in publication.frames().items()}


def _chapter(document: Document, chapter_id: str) -> Chapter:
    return next(one for one in document.chapters if one.chapter_id == chapter_id)


def _cells(chapter: Chapter, table_id: str) -> tuple[tuple[str, ...], ...]:
    tables = [table for section in chapter.sections for table in section.tables()]
    return next((table.rows for table in tables if table.table_id == table_id), ())


def _completion(frame: pd.DataFrame) -> pd.Index:
    return frame.index[frame["metric_id"] == "completion_rate"][:1]


def test_first_release_restates_nothing(
    publication: Publication, facts: ReleaseFacts, pages: dict[str, str]
) -> None:
    document = impact_report(publication.frames(), facts)
    assert "cell by cell" not in pages["report.html"]
    assert document.restated == ("No figure is restated in this release.",)
    assert _cells(_chapter(document, "revisions"), "revised-cells") == ()


def test_same_figures_again_are_not_restated(
    publication: Publication, facts: ReleaseFacts, before: Frames
) -> None:
    assert impact_report(publication.frames(), facts, before).restated == (
        "No figure is restated in this release.",
    )


def test_restated_figures_stand_on_page_one_and_cell_by_cell(
    publication: Publication, facts: ReleaseFacts, before: Frames
) -> None:
    frame = before["outcomes_consortium"]
    place = _completion(frame)
    frame.loc[place, "value"] = 0.5001
    document = impact_report(publication.frames(), facts, before)
    assert document.restated == (
        "1 figure of the last release reads differently in this one: 1 with another value.",
        "Training completed: 1 figure.",
    )
    ((*_, was, now),) = _cells(_chapter(document, "revisions"), "revised-cells")
    row = Published(publication.frames()).rows("outcomes_consortium", "completion_rate")[0]
    assert (was, now) == ("50%", f"{row.value:.0%}")
    pages = {name: page.decode() for name, page in render_report(publication.frames(), facts, before).items()}
    assert "1 with another value" in pages["report.html"]
    assert 'href="report/revisions.html">What was restated, cell by cell' in pages["report.html"]
    assert "1 with another value" in pages["report/since-the-last-meeting.html"]


def test_value_that_is_hidden_by_now_is_not_said_again(
    publication: Publication, facts: ReleaseFacts, before: Frames
) -> None:
    after = {name: frame.copy() for name, frame in publication.frames().items()}
    place = _completion(before["outcomes_consortium"])
    before["outcomes_consortium"].loc[place, "value"] = 0.4321
    after["outcomes_consortium"].loc[place, ["value", "value_lower", "value_upper"]] = None
    after["outcomes_consortium"].loc[place, "value_status"] = 5
    document = impact_report(after, facts, before)
    assert "1 no longer shown" in document.restated[0]
    ((*_, was, now),) = _cells(_chapter(document, "revisions"), "revised-cells")
    assert (was, now) == ("shown", "[c]")
    assert "43%" not in repr(_chapter(document, "revisions"))


def test_value_that_was_hidden_is_shown_for_the_first_time(
    publication: Publication, facts: ReleaseFacts, before: Frames
) -> None:
    frame = before["outcomes_consortium"]
    place = _completion(frame)
    frame.loc[place, "value"] = None
    frame.loc[place, "value_status"] = 5
    document = impact_report(publication.frames(), facts, before)
    assert "1 shown for the first time" in document.restated[0]
    ((*_, was, _),) = _cells(_chapter(document, "revisions"), "revised-cells")
    assert was == "not shown"


def test_meeting_page_says_what_was_decided_opened_and_closed(
    publication: Publication, facts: ReleaseFacts
) -> None:
    frames = dict(publication.frames())
    changes = [
        ("STEERING", "2026-05-20", "ACTION", "ACT-7", "OPENED", "2026-06-01"),
        ("STEERING", "2026-05-20", "ACTION", "ACT-5", "CLOSED_DONE", "2026-07-02"),
        ("STEERING", "2026-05-20", "ACTION", "ACT-6", "FELL_DUE", "2026-08-03"),
        ("STEERING", "2026-05-20", "DECISION", "DEC-2", "CAME_INTO_FORCE", "2026-07-01"),
        ("QUALITY", "", "ACTION", "ACT-9", "OPENED", "2026-07-01"),
    ]
    columns = ["body_id", "last_meeting_date", "kind", "thing_id", "change", "changed_date"]
    frames["since_last_meeting"] = pd.DataFrame(changes, columns=columns)
    frames["bodies"] = pd.DataFrame(
        [("STEERING", "Steering committee", "2026-05-20"), ("QUALITY", "Quality committee", "")],
        columns=["body_id", "body_name", "last_meeting_date"],
    ).assign(due_actions="3", done_actions="1", overdue_actions="1")
    decisions = [
        ("DEC-2", "Set the levy", "Payrolls rose", "2026-07-01", "2026-05-20", "STEERING"),
        ("DEC-1", "Long ago", "Settled", "2023-01-01", "2022-11-22", "STEERING"),
    ]
    names = ["decision_id", "motion", "rationale", "effective_date", "decided_date", "body_id"]
    rules = pd.DataFrame(decisions, columns=names)
    frames["rules_in_force"] = rules.assign(rule_name="LEVY", version_in_force="2.0")
    chapter = _chapter(impact_report(frames, facts), "since-the-last-meeting")
    assert chapter.finding == (
        "Since May 20, 2026: 1 decision came into force, 1 action opened, 1 action closed and 1 action fell "
        "due and is open"
    )
    assert [row[0] for row in _cells(chapter, "decided-steering")] == ["DEC-2"]
    listed = _cells(chapter, "changes-steering")
    assert [row[1] for row in listed] == ["ACT-7", "DEC-2", "ACT-5", "ACT-6"]
    assert listed[2][2:] == ("closed: done", "July 2, 2026")
    assert "ACT-9" not in repr(chapter)


def test_there_is_no_meeting_page_before_anybody_has_met(
    publication: Publication, facts: ReleaseFacts
) -> None:
    frames = {name: frame for name, frame in publication.frames().items() if name != "bodies"}
    ids = [chapter.chapter_id for chapter in impact_report(frames, facts).chapters]
    assert "since-the-last-meeting" not in ids
