"""The pages: made from published tables only, complete, careful in their words, the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import pytest

from reports import findings
from reports.charts import draw
from reports.disclosure.policy import Policy, load_preset
from reports.document import Document, Figure
from reports.facts import ReleaseFacts
from reports.page import STYLE
from reports.published import Published
from reports.rendering import render_report
from reports.report import impact_report
from reports.summary import NAME as SUMMARY
from reports.tables import Publication, publish_tables

Frames = dict[str, pd.DataFrame]
SVG = "{http://www.w3.org/2000/svg}"


class _Outline(HTMLParser):
    """Headings, ids and figures of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.figures: list[dict[str, int]] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [values["id"]] if values.get("id") else []
        if tag == "figure":
            self._open = True
            self.figures.append(dict.fromkeys(("img", "title", "desc", "table", "figcaption"), 0))
        if self._open:
            name = "img" if values.get("role") == "img" else tag
            if name in self.figures[-1]:
                self.figures[-1][name] += 1

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "figure"


def _words(html: str) -> str:
    """What a reader sees, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def _rendered(publication: Publication, facts: ReleaseFacts) -> dict[str, str]:
    return {name: page.decode() for name, page in render_report(publication.frames(), facts).items()}


def _html(pages: dict[str, str]) -> dict[str, str]:
    return {name: page for name, page in pages.items() if name.endswith(".html")}


def _together(pages: dict[str, str]) -> str:
    return "\n".join(pages.values())


def _withhold_everything(marts: Frames) -> None:
    for frame in marts.values():
        if "parent_group_id" in frame.columns:
            frame["parent_group_id"] = "one owner"
    marts["agg_intake_quality"]["firms"] = 1


def test_pages_are_the_same_bytes_when_rendered_twice(
    publication: Publication, facts: ReleaseFacts, pages: dict[str, str]
) -> None:
    draw.cache_clear()
    assert _rendered(publication, facts) == pages


def test_pages_are_the_same_when_tables_come_back_from_files(
    publication: Publication, facts: ReleaseFacts, pages: dict[str, str]
) -> None:
    read_back = {
        name: pa.Table.from_pandas(frame, preserve_index=False).to_pandas(types_mapper=pd.ArrowDtype)
        for name, frame in publication.frames().items()
    }
    assert {name: page.decode() for name, page in render_report(read_back, facts).items()} == pages


def test_every_page_is_small_with_its_style(pages: dict[str, str]) -> None:
    style = len(pages[STYLE].encode())
    heavy = {name: len(page.encode()) + style for name, page in _html(pages).items()}
    assert {name: size for name, size in heavy.items() if size > 150_000} == {}


def test_report_is_page_one_and_a_page_for_each_chapter(
    publication: Publication, facts: ReleaseFacts, pages: dict[str, str]
) -> None:
    chapters = impact_report(publication.frames(), facts).chapters
    named = [f"report/{one.chapter_id}.html" for one in chapters]
    assert list(pages) == ["report.html", STYLE, *named, SUMMARY]
    for chapter in chapters:
        assert chapter.finding
        assert chapter.finding in unescape(pages["report.html"])
        assert chapter.finding in unescape(pages[f"report/{chapter.chapter_id}.html"])


def test_every_link_leads_to_a_file_of_the_release(pages: dict[str, str]) -> None:
    present = {*pages, "report.pdf", "report.xlsx"}
    for name, page in _html(pages).items():
        found = re.findall(r"""(?:src|href)=["']([^"'#]+)""", page)
        assert {normpath(join(dirname(name), one)) for one in found} <= present
    assert not re.search(r"<script|@import|url\(", _together(pages))


def test_pages_lead_from_one_to_the_next_and_back(pages: dict[str, str]) -> None:
    seen, name = ["report.html"], "report.html"
    while found := re.search(r'<link rel="next" href="([^"]+)"', pages[name]):
        before, name = name, normpath(join(dirname(name), found[1]))
        back = re.search(r'<link rel="prev" href="([^"]+)"', pages[name])
        assert before == "report.html" or (back and f"report/{back[1]}" == before)
        assert 'href="../report.html#contents"' in pages[name]
        seen.append(name)
    assert seen == [name for name in _html(pages) if name != SUMMARY]


def test_every_figure_has_one_named_picture_and_its_table(pages: dict[str, str]) -> None:
    figures = [figure for page in _html(pages).values() for figure in _Outline(page).figures]
    assert len(figures) >= 8
    assert all(set(figure.values()) == {1} for figure in figures)


def test_headings_step_down_one_level_at_a_time(pages: dict[str, str]) -> None:
    for page in _html(pages).values():
        levels = _Outline(page).levels
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_reference_resolves(pages: dict[str, str]) -> None:
    for page in _html(pages).values():
        ids = _Outline(page).ids
        assert len(ids) == len(set(ids))
        wanted = re.findall(r'href="#([^"]+)"', page)
        named = re.findall(r'aria-labelledby="([^"]+)"', page)
        wanted += [name for names in named for name in names.split()]
        assert set(wanted) <= set(ids)


def test_pages_state_release_dates_and_policy_in_words(pages: dict[str, str], facts: ReleaseFacts) -> None:
    for text in (
        facts.release_id,
        "November 12, 2026",
        "February 12, 2027",
        "Final",
        "consortium-observed",
    ):
        assert text in pages["report.html"]
    assert "shows the cohorts of this one as they are here" in pages["report/revisions.html"]
    assert "at least 10 people and 5 separately owned firms" in pages["report/method.html"]
    for page in _html(pages).values():
        assert "Disclosure policy “board”" in page
        assert facts.ledger_hash[:16] in page


@pytest.mark.parametrize("shorthand", ["[c]", "[low]", "[p]", "[r]", "[x]", "[z]"])
def test_shorthand_is_explained_before_the_first_table_that_uses_it(
    pages: dict[str, str], shorthand: str
) -> None:
    term = f"<dt>{shorthand}</dt>"
    assert term in pages["report/how-to-read-the-figures.html"]
    for page in _html(pages).values():
        cells = re.findall(r"<t[dh](?: scope=\"row\")?>([^<]*)</t[dh]>", page)
        if any(shorthand in cell for cell in cells):
            assert page.index(term) < page.index("<table")


@pytest.mark.parametrize("preset", ["board", "earnings", "legacy_safety_zone"])
def test_pages_make_no_claim_of_cause_or_of_law(
    marts: Frames, make_facts: Callable[..., ReleaseFacts], preset: str
) -> None:
    policy = load_preset(preset)
    facts = make_facts(policy=policy)
    words = _words(_together(_html(_rendered(publish_tables(marts, policy, facts), facts))))
    causal = r"\b(caused?|raised|improved|boosted|led to|thanks to|because of the training|impact of)\b"
    assert "complian" not in words.lower()
    assert not re.search(causal, words)
    assert policy.notice in words


def test_every_page_says_that_thresholds_are_off_when_the_input_was_public(
    marts: Frames, make_facts: Callable[..., ReleaseFacts]
) -> None:
    policy = load_preset("already_public", source="published_before")
    facts = make_facts(policy=policy, design="randomised")
    pages = _html(_rendered(publish_tables(marts, policy, facts), facts))
    for page in pages.values():
        assert "published before by others" in page[: page.index("</main>")]
    assert "+$1,794 a year" in pages["report/earnings-in-the-randomized-study.html"]


def test_titles_agree_with_the_rows_they_stand_over(publication: Publication, facts: ReleaseFacts) -> None:
    published = Published(publication.frames())
    document = impact_report(publication.frames(), facts)
    titles = {
        block.chart.chart_id: block.chart.title
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Figure)
    }
    rows = published.rows("outcomes_by_program", "employment_rate_q2")
    shown = [(row.value, row.label) for row in rows if row.value is not None]
    low, high = min(shown), max(shown)
    assert titles["outcomes-by-program-employment-rate-q2"] == (
        f"Employment two quarters after exit ranges from {low[0]:.0%} ({low[1]}) to {high[0]:.0%} ({high[1]})"
    )
    assert titles["cohorts-employment-rate-q2"] == findings.trend(
        published.rows("outcomes_by_cohort", "employment_rate_q2")
    )
    ledger = publication.tables["fund_ledger"].frame
    newest = ledger[(ledger["metric_id"] == "fund_closing") & (ledger["cohort_start"] == "2026Q3")]["value"]
    assert f"${round(sum(newest, Decimal(0)), -3):,.0f}" in titles["fund-balance"]


def test_pages_are_rendered_when_everything_is_withheld(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _withhold_everything(marts)
    publication = publish_tables(marts, board, facts)
    pages = _html(_rendered(publication, facts))
    together = _together(pages)
    assert "This release shows no outcome" in pages["report.html"]
    assert _Outline(together).figures == []
    assert "[c]" in together
    assert not re.search(r"\bnan\b|None|&lt;NA&gt;", together)


def test_pages_show_no_raw_missing_value(pages: dict[str, str]) -> None:
    assert not re.search(r">\s*(nan|None|NaN|<NA>)\s*<|\bnan\b", _together(pages))


@pytest.mark.parametrize("next_on, is_final", [(date(2027, 2, 12), False), (None, True)])
def test_report_is_provisional_only_while_the_next_release_may_revise_it(
    publication: Publication,
    make_facts: Callable[..., ReleaseFacts],
    board: Policy,
    next_on: date | None,
    is_final: bool,
) -> None:
    facts = make_facts(policy=board.revising("batch"), next_on=next_on)
    document = impact_report(publication.frames(), facts)
    assert dict(document.facts)["Status"] == ("Final" if is_final else "Provisional, to be revised")
    assert ("[p]" in _cohorts_text(document)) != is_final


def _cohorts_text(document: Document) -> str:
    blocks = {s.section_id: s.blocks for s in document.sections}["cohorts"]
    return " ".join(cell for b in blocks if isinstance(b, Figure) for row in b.table.rows for cell in row)


def test_gap_is_labeled_and_provisional_marker_is_open(
    publication: Publication, make_facts: Callable[..., ReleaseFacts], board: Policy
) -> None:
    document = impact_report(publication.frames(), make_facts(policy=board.revising("batch")))
    blocks = {s.section_id: s.blocks for s in document.sections}["cohorts"]
    figure = next(block for block in blocks if isinstance(block, Figure))
    svg = ElementTree.fromstring(draw(figure.chart))
    texts = [node.text for node in svg.iter(f"{SVG}text")]
    assert texts.count("[x]") == 3
    groups = [(group.get("fill"), len(group.findall(f"{SVG}circle"))) for group in svg.iter(f"{SVG}g")]
    assert [(fill, dots) for fill, dots in groups if dots] == [("#12436D", 8), ("white", 1)]
    assert any("[p]" in cell for row in figure.table.rows for cell in row)


def test_chart_draws_rows_in_the_order_of_its_table(publication: Publication, facts: ReleaseFacts) -> None:
    document = impact_report(publication.frames(), facts)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Figure) and block.chart.kind == "rows":
                svg = ElementTree.fromstring(draw(block.chart))
                labels = [_clipped(row[0]) for row in block.table.rows]
                texts = [_clipped((node.text or "").removesuffix("…")) for node in svg.iter(f"{SVG}text")]
                assert [text for text in texts if text in labels] == labels


def _clipped(label: str) -> str:
    """As much of a label as a chart has room for."""
    return label[:37].rstrip()


def test_chart_is_named_and_the_same_when_drawn_twice(publication: Publication, facts: ReleaseFacts) -> None:
    document = impact_report(publication.frames(), facts)
    charts = [b.chart for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    for chart in charts:
        svg = draw(chart)
        assert svg == draw(chart)
        assert svg.count('role="') == 1
        assert f'<title id="{chart.chart_id}-title">' in svg
        assert f'<desc id="{chart.chart_id}-desc">' in svg


@pytest.mark.fault("I51")
def test_text_from_registers_is_escaped_in_pages_and_charts(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    marts["dim_program"].loc[0, "name"] = '<img src=x onerror="alert(1)"> & Sons'
    together = _together(_rendered(publish_tables(marts, board, facts), facts))
    assert "<img" not in together
    assert "&lt;img" in together


def test_template_folder_is_found_beside_the_package() -> None:
    import reports

    assert (Path(reports.__path__[0]) / "templates" / "report" / "first.html.j2").is_file()
