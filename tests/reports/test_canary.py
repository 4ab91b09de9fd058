"""What is not published stands nowhere in a release: every byte of every file is searched."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pyarrow.parquet as pq
import pytest

from contracts.quarters import Quarter
from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.page import render_pages
from reports.pdf import render_pdf
from reports.report import impact_report
from reports.report_workbook import render_workbook
from reports.tables import publish_tables
from tests.reports.releasing import stage, tables_of
from warehouse import releases
from warehouse.config import Consortium, ConsortiumConfig, announce_releases
from warehouse.home import init_home
from warehouse.release_tables import read_database

Frames = dict[str, pd.DataFrame]

FIRM = "CANARYFIRM"
CANARIES = (
    *("717171", "71717", "71720", "71715"),  # cells finer than what is published, exact and rounded
    *("72727", "72700"),  # an exact median
    *("737373", "73737", "73735", "60600"),  # a cell that one firm fills
    *("74747", "74700"),  # a table for another policy
)


def _plant(marts: Frames) -> None:
    """Canaries in rows that are not published, in exact values, in a cell that must be hidden, in a firm's
    name.
    """
    outcomes = marts["agg_outcomes"]
    finer = outcomes["breakdown"] == "program_cohort_year"
    median = outcomes["metric_id"] == "median_earnings_q2"
    failing = (outcomes["metric_id"] == "completion_rate") & (outcomes["breakdown"] == "program")
    failing &= outcomes["member"] == "P4"
    outcomes.loc[finer, ["value", "value_lower", "value_upper"]] = 0.717171
    outcomes.loc[finer, ["numerator", "denominator", "distinct_persons"]] = 71717
    outcomes.loc[median, "value"] = 72727.27
    outcomes.loc[failing, ["value", "value_lower", "value_upper"]] = 0.737373
    outcomes.loc[failing, ["numerator", "denominator", "distinct_persons"]] = [60600, 73737, 73737]
    behind = marts["agg_outcome_contributors"]
    behind.loc[(behind["metric_id"] == "completion_rate") & (behind["member"] == "P4"), "parent_group_id"] = (
        FIRM
    )
    marts["agg_earnings_by_arm"]["mean_annual_earnings_usd"] = 74747.47
    for frame in marts.values():
        if "parent_group_id" in frame.columns:
            frame["parent_group_id"] = frame["parent_group_id"].replace({"G00": FIRM, "G1": FIRM})


@pytest.fixture
def released(marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path) -> Path:
    """A whole release of the region with canaries, as a run writes it."""
    _plant(marts)
    publication = publish_tables(marts, board, facts)
    config = ConsortiumConfig(
        consortium=Consortium(id="demo", name="Three Rivers", region="Three Rivers"),
        releases=announce_releases(Quarter(2026, 3), 3),
    )
    return stage(init_home(tmp_path / "home", config), tables_of(publication), facts).root


def _said(path: Path) -> Iterator[str]:
    """Everything a file says, in whatever form it keeps it."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        yield pq.read_table(path).to_pandas().to_csv()
    elif path.suffix == ".duckdb":
        yield from (table.to_pandas().to_csv() for table in read_database(path).values())
    elif path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from (packed.read(part).decode("latin-1") for part in packed.namelist())
    elif path.suffix == ".pdf":
        yield from _said_by_pdf(content)
    else:
        yield content.decode()


def _said_by_pdf(content: bytes) -> Iterator[str]:
    """The text of its pages, and every text that is kept beside them: alternatives, outline, properties."""
    yield subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    with pikepdf.open(io.BytesIO(content)) as opened:
        for one in opened.objects:
            if isinstance(one, pikepdf.Dictionary):
                yield " ".join(str(value) for value in one.values() if isinstance(value, pikepdf.String))


def _found(root: Path, wanted: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which of the texts stand in which file; a name is looked for in the bytes as they lie as well."""
    found: set[tuple[str, str]] = set()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        said = "\n".join(_said(path)).replace(",", "")
        lying = path.read_bytes()
        heard = {one for one in wanted if one in said or (one == FIRM and one.encode() in lying)}
        found |= {(path.relative_to(root).as_posix(), one) for one in heard}
    return found


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext: run `make browser`")
def test_nothing_unpublished_stands_in_any_byte_of_a_release(released: Path, facts: ReleaseFacts) -> None:
    assert {path.suffix for path in released.rglob("*.*")} >= {
        ".html",
        ".css",
        ".pdf",
        ".xlsx",
        ".duckdb",
        ".zip",
    }
    assert _found(released, (*CANARIES, FIRM)) == set()
    # The search itself finds what is published, in every form.
    kinds = {Path(name).suffix for name, _ in _found(released, (facts.release_id,))}
    assert kinds >= {".html", ".pdf", ".xlsx", ".zip"}
    document = impact_report(releases.read_tables(released), facts)
    spoiled = replace(document, headline="Of 73,737 people", caveat=f"among them {FIRM}")
    whole = {"report.pdf": render_pdf(spoiled), "report.xlsx": render_workbook(spoiled)}
    for name, content in (render_pages(spoiled) | whole).items():
        (released / name).write_bytes(content)
    expected = {(f"report.{kind}", one) for kind in ("html", "pdf", "xlsx") for one in ("73737", FIRM)}
    assert _found(released, (*CANARIES, FIRM)) == expected
