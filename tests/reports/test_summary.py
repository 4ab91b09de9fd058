"""The public summary: plain, short, from published cells only, in the release and linked from page one."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from reports import wording
from reports.disclosure.policy import Policy, load_preset
from reports.document import Document, Note, Points
from reports.facts import ReleaseFacts
from reports.published import Published
from reports.summary import NAME, PLAIN, in_tenths, public_summary
from reports.tables import Publication, publish_tables

_EASY = 60
"""Flesch's reading ease of plain English; a page of law has about 20."""


@pytest.fixture(scope="module")
def summary(publication: Publication, facts: ReleaseFacts) -> Document:
    return public_summary(Published(publication.frames()), facts)


def _texts(document: Document) -> list[str]:
    said = [document.headline, document.caveat]
    for section in document.sections:
        said.append(f"{section.title}.")
        for block in section.blocks:
            said += (
                [block.text]
                if isinstance(block, Note)
                else [*block.items]
                if isinstance(block, Points)
                else []
            )
    return said


def _syllables(word: str) -> int:
    """Groups of vowels, less a silent e at the end: Flesch's count to within a few percent."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le")))


def _reading_ease(text: str) -> float:
    words = re.findall(r"[A-Za-z’']+", text)
    sentences = len(re.findall(r"[.:?!](?=\s|$)", text))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * sum(map(_syllables, words)) / len(words)


def test_summary_reads_easily(summary: Document) -> None:
    assert _reading_ease(" ".join(_texts(summary))) >= _EASY
    law = "Notwithstanding aforementioned confidentiality obligations, disclosure necessitates authorization."
    assert _reading_ease(law) < _EASY


def test_summary_has_four_figures_at_most_and_a_headline_with_its_margin(
    summary: Document, publication: Publication
) -> None:
    assert 1 <= len(summary.key_figures) <= 4
    row = Published(publication.frames()).rows("outcomes_consortium", "employment_rate_q2")[0]
    assert wording.number(row) in summary.headline
    assert wording.span(row.interval, row.unit) in summary.headline


def test_every_share_of_the_summary_is_a_published_cell(summary: Document, publication: Publication) -> None:
    published = Published(publication.frames())
    rows = [row for plain in PLAIN for row in published.rows("outcomes_consortium", plain.metric_id)]
    known = {wording.number(row) for row in rows}
    known |= {end for row in rows for end in wording.span(row.interval, row.unit).split(" to ")}
    said = " ".join([*_texts(summary), *(f"{f.value} {f.interval}" for f in summary.key_figures)])
    shares = set(re.findall(r"\d+%", said))
    assert shares
    assert shares <= known


def test_summary_says_what_is_held_back_in_words_when_everything_is(
    marts: dict[str, pd.DataFrame], board: Policy, facts: ReleaseFacts
) -> None:
    for frame in marts.values():
        if "parent_group_id" in frame.columns:
            frame["parent_group_id"] = "one owner"
    hidden = public_summary(Published(publish_tables(marts, board, facts).frames()), facts)
    assert hidden.headline == "No result can be shown yet."
    assert {figure.value for figure in hidden.key_figures} == {"Held back"}
    assert "places, a table holds figures back" in " ".join(_texts(hidden))


def test_summary_says_so_when_thresholds_are_off(publication: Publication, facts: ReleaseFacts) -> None:
    policy = load_preset("already_public", source="published_before")
    said = " ".join(_texts(public_summary(Published(publication.frames()), replace(facts, policy=policy))))
    assert "public before, so no figure is held back" in said
    assert "fewer than" not in said.replace("fewer than 1 in 20", "")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.049, "fewer than 1 in 20"),
        (0.05, "about 1 in 10"),
        (0.149, "about 1 in 10"),
        (0.816, "about 8 in 10"),
        (0.949, "about 9 in 10"),
        (0.95, "nearly all"),
    ],
)
def test_shares_are_said_in_tenths(share: float, said: str) -> None:
    assert in_tenths(share) == said


def test_summary_is_a_page_of_the_report_that_page_one_links_to(pages: dict[str, str]) -> None:
    assert f'href="{NAME}"' in pages["report.html"]
    page = pages[NAME]
    assert 'href="style.css"' in page
    assert 'href="../report.html"' in page
    assert "[c]" not in page
    assert "<style" not in page


@pytest.mark.parametrize(
    "status, says", [(1, "has an estimate"), (-1, "no estimate is out"), (5, "no estimate is out")]
)
def test_summary_speaks_of_an_estimate_only_when_the_report_shows_one(
    publication: Publication, facts: ReleaseFacts, status: int, says: str
) -> None:
    frames = publication.frames()
    row = frames["outcomes_consortium"].head(1).assign(metric_id="effect_earnings", value_status=status)
    text = " ".join(_texts(public_summary(Published(frames | {"effects": row}), facts)))
    assert says in text
