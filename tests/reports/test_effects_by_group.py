"""Effects by group through the gate and on the page: descriptive, and few differences are named."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.document import Figure, Note
from reports.facts import ReleaseFacts
from reports.group_blocks import group_blocks, standing_out
from reports.published import Published
from reports.rendering import render_report
from reports.tables import Publication

PAGE = "report/what-the-training-did.html"


@pytest.fixture
def rows(publication: Publication) -> pd.DataFrame:
    return publication.tables["effects_by_group"].frame


def test_groups_effects_are_published_rounded_with_their_intervals(rows: pd.DataFrame) -> None:
    female = rows.set_index(["metric_id", "group_value"]).loc[("effect_by_trait", "female")]
    assert (female["value"], female["value_lower"], female["value_upper"]) == (600.0, 400.0, 800.0)
    assert female["denominator_rounded_count"] == 305
    assert female["label"] == "Sex: female"


def test_group_that_is_too_small_has_no_number_and_is_counted(
    rows: pd.DataFrame, publication: Publication
) -> None:
    black = rows.set_index(["metric_id", "group_value"]).loc[("effect_by_trait", "black")]
    assert black["value_status"] == -1
    assert pd.isna(black["value"])
    note = next(iter(group_blocks(Published(publication.frames()))))
    assert isinstance(note, Note)
    assert "1 of 5 groups cannot be shown" in note.text


def test_only_differences_that_survive_many_looks_are_named(publication: Publication) -> None:
    published = Published(publication.frames())
    contrasts = [
        row for kind in ("trait", "dose") for row in published.rows("effects_by_group", f"contrast_by_{kind}")
    ]
    assert [row.label for row in standing_out(contrasts)] == ["Mentoring sessions: 4 to 7"]
    titles = [block.chart.title for block in group_blocks(published) if isinstance(block, Figure)]
    assert titles == [
        "Descriptive: no difference between groups stands out beyond the margin of error",
        "Descriptive: differences stand out for Mentoring sessions: 4 to 7",
    ]


def test_one_finding_among_many_looks_is_corrected_away(publication: Publication) -> None:
    published = Published(publication.frames())
    (row,) = published.rows("effects_by_group", "contrast_by_trait")
    # An interval that just excludes zero: p = 0.045 alone, and not among two.
    frame = publication.tables["effects_by_group"].frame
    is_contrast = frame["metric_id"] == "contrast_by_trait"
    frame.loc[is_contrast, ["value", "value_lower", "value_upper"]] = [409.0, 10.0, 808.0]
    (near,) = Published({"effects_by_group": frame}).rows("effects_by_group", "contrast_by_trait")
    assert standing_out([near]) == [near]
    assert standing_out([near, row]) == []


def test_report_calls_groups_descriptive(publication: Publication, facts: ReleaseFacts) -> None:
    page = render_report(publication.frames(), facts)[PAGE].decode()
    assert "Nobody is put into a group, or given a dose, by chance" in page
    assert page.index("By group and by dose, descriptive") < page.index("What the fund got for it")
