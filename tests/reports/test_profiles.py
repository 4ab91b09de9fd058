"""A chapter for each program and area: all its published measures, beside those of the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports import findings, wording
from reports.document import Chapter, Figure, Table
from reports.intervals import wilson
from reports.profiles import AREAS, PROGRAMS, _as_file, profiles
from reports.published import Published, Row
from reports.tables import Publication


@pytest.fixture(scope="module")
def published(publication: Publication) -> Published:
    return Published(publication.frames())


@pytest.fixture(scope="module")
def chapters(published: Published) -> dict[str, Chapter]:
    return {chapter.chapter_id: chapter for chapter in profiles(published)}


def test_every_program_and_every_area_has_its_chapter(
    published: Published, chapters: dict[str, Chapter]
) -> None:
    programs = set(published.frames["outcomes_by_program"]["program_id"])
    areas = set(published.frames["outcomes_by_area"]["geography"])
    assert set(chapters) == {f"program-{one}" for one in programs} | {f"area-{one}" for one in areas}
    assert {chapter.part for chapter in chapters.values()} == {PROGRAMS, AREAS}


def test_profile_holds_every_published_measure_of_its_program(
    published: Published, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters["program-P2"]
    table = next(block for block in chapter.sections[0].blocks if isinstance(block, Table))
    lines = {row[0]: row for row in table.rows}
    for name in ("outcomes_by_program", "unit_costs"):
        frame = published.frames[name]
        for metric in frame.loc[frame["program_id"] == "P2", "metric_id"]:
            own = next(row for row in published.rows(name, metric) if row.label == chapter.title)
            assert lines[own.measure.title][1] == wording.number(own)
    whole = published.rows("outcomes_consortium", "completion_rate")[0]
    assert lines[whole.measure.title][4:6] == (wording.number(whole), wording.span(whole.interval, "share"))


def test_chart_of_a_profile_draws_the_rates_of_its_table(chapters: dict[str, Chapter]) -> None:
    for chapter in chapters.values():
        for figure in (block for block in chapter.sections[0].blocks if isinstance(block, Figure)):
            drawn = [(point.label, point.printed) for point in figure.chart.points]
            assert drawn == [row[:2] for row in figure.table.rows]


def _row(metric: str, numerator: int, denominator: int) -> Row:
    share, interval = numerator / denominator, wilson(numerator, denominator)
    return Row(
        metric, "x", "", "2025Q1", "2025Q1", 1, "share", share, None, interval, numerator, denominator, ""
    )


def test_standing_names_only_what_lies_apart() -> None:
    whole = _row("completion_rate", 700, 1000)
    above, below, near = (_row("completion_rate", count, 200) for count in (180, 90, 141))
    said = findings.standing([(above, whole), (below, whole), (near, whole)])
    assert said == (
        "Above the whole: training completed; below the whole: training completed; "
        "within the margin of error in 1 of 3 measures"
    )
    assert findings.standing([(near, whole)]) == "Within the margin of error of the whole in 1 of 1 measures"


def test_standing_says_nothing_of_what_is_not_shown() -> None:
    whole = _row("completion_rate", 700, 1000)
    assert findings.standing([(replace(whole, value=None, interval=None), whole)]) == findings.NOTHING_SHOWN


def test_codes_are_told_apart_in_the_names_of_files() -> None:
    codes = ["P1", "P.1", "P-1", "P_1", "P 1", "../P1", "É"]
    assert len({_as_file(code) for code in codes}) == len(codes)
    assert all("/" not in _as_file(code) and "." not in _as_file(code) for code in codes)
