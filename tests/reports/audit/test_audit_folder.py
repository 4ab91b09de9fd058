"""The folder of a release: every format says the same, hidden numbers are printed nowhere, evidence is found
beside.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from contracts.errors import ReleaseError
from reports.disclosure.amounts import table_of, write_amounts
from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.folder import NO_EVIDENCE, audit_release, places_of
from reports.disclosure.audit.leaks import leaks
from reports.disclosure.policy import load_preset
from tests.reports.audit.patterns import META, Cube, frames, from_grid, write
from warehouse.release_tables import typed_table, write_csv, write_database, write_parquet

BOARD = load_preset("already_public", source="published_before").model_dump(mode="json")
MADE = from_grid([[20_011, 40_022], [30_033, 50_044]])


def _release(home: Path, period: str = "2026-Q3", version: str = "v1.0.tmp") -> Path:
    root = home / "releases" / period / version
    (root / "tables").mkdir(parents=True)
    table = typed_table("words", pd.DataFrame({"term": ["a"], "persons": [5]}))
    write_parquet(table, root / "tables" / "words.parquet")
    write_csv(table, root / "tables" / "words.csv")
    comments = {"words": {"": "Words", "term": "A term", "persons": "A number"}}
    write_database({"words": table}, comments, root / "guildhall.duckdb")
    return root


def _evidence(home: Path, made: Cube = MADE, period: str = "2026-Q3") -> Path:
    hidden, rules = np.zeros(made.size, dtype=bool), np.zeros(made.size, dtype=bool)
    inner = [made.cell(row=r, column=c) for r in ("r0", "r1") for c in ("c0", "c1")]
    hidden[inner], rules[inner[0]] = True, True
    meta = META | {"systems": {"pay": {"unit": "usd", "kind": "count"}}}
    return write(home / "evidence" / period / "v1.0", frames(made, hidden, rules), BOARD, meta)


def _codes(root: Path) -> set[str]:
    return {finding.code for finding in audit_release(places_of(root), BOARD).findings}


def test_release_passes_when_its_formats_agree(tmp_path: Path) -> None:
    audit = audit_release(places_of(_release(tmp_path)), BOARD)
    assert audit.passed
    assert NO_EVIDENCE in audit.unchecked


def test_changed_csv_is_found_against_parquet(tmp_path: Path) -> None:
    root = _release(tmp_path)
    (root / "tables" / "words.csv").write_text("term,persons\na,6\n")
    assert _codes(root) == {"AUD-208"}


def test_table_that_only_the_database_holds_is_found(tmp_path: Path) -> None:
    root = _release(tmp_path)
    table = typed_table("words", pd.DataFrame({"term": ["a"], "persons": [5]}))
    comments = {"": "Words", "term": "A term", "persons": "A number"}
    (root / "guildhall.duckdb").unlink()
    both = {"words": table, "secret": table}
    write_database(both, dict.fromkeys(both, comments), root / "guildhall.duckdb")
    assert _codes(root) == {"AUD-208"}


def test_evidence_is_found_beside_a_release_with_all_earlier_evidence(tmp_path: Path) -> None:
    root = _release(tmp_path)
    own, old = _evidence(tmp_path), _evidence(tmp_path, period="2026-Q2")
    _evidence(tmp_path, period="2026-Q4")
    places = places_of(root)
    assert (places.evidence, places.earlier) == (own, (old,))
    audit = audit_release(places, BOARD)
    assert audit.passed
    assert dict(audit.checked)["earlier releases"] == 1


@pytest.mark.parametrize("text", ["20,011", "20011", "$20,011.00"])
def test_hidden_number_is_found_wherever_it_is_printed(tmp_path: Path, text: str) -> None:
    root = _release(tmp_path)
    _evidence(tmp_path)
    assert _codes(root) == set()
    (root / "report.html").write_text(f"<svg><title>North</title><desc>from {text} on</desc></svg>")
    assert _codes(root) == {"AUD-205"}


@pytest.mark.parametrize("said", ["20011", "20012"])
def test_hidden_number_is_no_secret_where_an_average_of_others_is_the_same(tmp_path: Path, said: str) -> None:
    root, folder = _release(tmp_path), _evidence(tmp_path)
    rows = [("outcomes", "1", "median_earnings_q2", True, False, f"{said}.000000", "", "", "", 0, 0)]
    write_amounts(folder, table_of(rows))
    (root / "report.html").write_text(f"<p>{said}, and 20011</p>")
    found = [one.code for one in leaks(root, read_evidence(folder))]
    assert found == ([] if said == "20011" else ["AUD-205"])


@pytest.mark.parametrize("step, codes", [(5, []), (1, ["AUD-205"])])
def test_hidden_number_is_no_secret_where_a_published_count_is_rounded_to_it(
    tmp_path: Path, step: int, codes: list[str]
) -> None:
    """The total of the first row is 60,033; the hidden cell below it 60,035."""
    root, folder = _release(tmp_path), _evidence(tmp_path, from_grid([[20_011, 40_022], [60_035, 50_044]]))
    (root / "report.html").write_text("<p>60,035</p>")
    evidence = read_evidence(folder)
    evidence = replace(evidence, policy={**evidence.policy, "round_counts_to": step})
    assert [one.code for one in leaks(root, evidence)] == codes


def test_hidden_number_is_found_in_the_outcomes_for_registries(tmp_path: Path) -> None:
    root = _release(tmp_path)
    _evidence(tmp_path)
    (root / "report.jsonld").write_text('{"qdata:sizeOfData": 20011}')
    assert _codes(root) == {"AUD-205"}


@pytest.mark.parametrize("value", [20011, "20,011"])
def test_hidden_number_is_found_in_a_workbook_and_in_a_chapter(tmp_path: Path, value: int | str) -> None:
    root = _release(tmp_path)
    _evidence(tmp_path)
    book = openpyxl.Workbook()
    book.create_sheet("North").append(["North", value])
    book.save(root / "report.xlsx")
    assert _codes(root) == {"AUD-205"}
    (root / "report.xlsx").unlink()
    (root / "report").mkdir()
    for name in ("north.html", "summary.html"):
        page = root / "report" / name
        page.write_text(f"<table><tr><td>{value}</td></tr></table>")
        assert _codes(root) == {"AUD-205"}, name
        page.unlink()


def test_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="REL-012"):
        audit_release(places_of(tmp_path), BOARD)
