"""What is rendered is complete, the same every time, and fresh where it is committed."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from contracts import CONTRACTS, contract
from contracts.codes import CELL_CODES
from contracts.fields import BoxFirm, Field, Flag, OneOf, Ref
from contracts.render import RENDERINGS, csv_header, dbt_sources, describe, dictionary_page, rendered_files

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "reference" / "contracts"
DIGEST = """
import hashlib
from contracts import CONTRACTS
from contracts.render import rendered_files
files = rendered_files(CONTRACTS.values())
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""


def test_committed_files_are_fresh() -> None:
    rendered = rendered_files(CONTRACTS.values())
    committed = {path.relative_to(COMMITTED).as_posix() for path in COMMITTED.rglob("*") if path.is_file()}
    assert committed == set(rendered), "run `make render`"
    stale = [name for name, text in rendered.items() if (COMMITTED / name).read_bytes() != text.encode()]
    assert not stale, "run `make render`"


def test_rendering_is_the_same_in_every_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_every_contract_has_every_rendering() -> None:
    rendered = rendered_files(CONTRACTS.values())
    assert {f"{name}/{file}" for name in CONTRACTS for file in RENDERINGS} | {"sources.yml"} == set(rendered)
    assert all(text.endswith("\n") for text in rendered.values())


@pytest.mark.parametrize("name", CONTRACTS)
def test_header_is_one_line_of_all_columns_in_order(name: str) -> None:
    (header,) = csv.reader(csv_header(contract(name)).splitlines())
    assert tuple(header) == contract(name).column_names()


def test_dbt_source_has_every_column_of_an_accepted_row() -> None:
    (source,) = yaml.safe_load(dbt_sources(CONTRACTS.values()))["sources"]
    tables = {table["name"]: table["columns"] for table in source["tables"]}
    assert list(tables) == list(CONTRACTS)
    for name, columns in tables.items():
        listed = {column["name"]: column for column in columns}
        assert {"submission_id", "box_firm_id", "box_period", "record", "tx_from"} < set(listed)
        for column in contract(name).columns():
            assert listed[column.name]["data_type"] == column.field.column_type
            assert listed[column.name]["description"] == column.field.description


@pytest.mark.parametrize("name", CONTRACTS)
def test_page_names_every_column_rule_and_meaning(name: str) -> None:
    page = dictionary_page(contract(name))
    for column in describe(contract(name)).columns:
        assert f"| {column.name} |" in page
        assert all(
            meaning.replace("|", "\\|") in page for meaning in column.codes.values() if column.kind != "Flag"
        )
    assert all(f"`{rule.code}`" in page for rule in contract(name).all_rules())


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_column_has_a_gate_or_a_closed_list_and_known_codes(name: str) -> None:
    for column in describe(contract(name)).columns:
        assert column.gates or column.codes, column.name
        assert set(column.findings) <= set(CELL_CODES)
        assert ("CEL-101" in column.findings) == column.required


@pytest.mark.parametrize(
    "field, codes",
    [
        (OneOf(("A",), description="a list"), ("CEL-160",)),
        (Flag(description="yes or no"), ("CEL-160",)),
        (BoxFirm(description="a firm"), ("CEL-110", "CEL-111", "BOX-001")),
        (Ref("firm", key="firm_id", description="a firm"), ("CEL-110", "CEL-111", "CEL-190")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Field) else "",
)
def test_findings_are_those_of_the_checks_in_order(field: Field, codes: tuple[str, ...]) -> None:
    told = [
        column
        for of in CONTRACTS.values()
        for column in describe(of).columns
        if column.kind == type(field).__name__
    ]
    assert told
    assert all(tuple(code for code in one.findings if code != "CEL-101") == codes for one in told)
