"""The dbt project's own rules, read from its manifest: layers, descriptions, contracts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contracts import CONTRACTS
from contracts.corrections import CORRECTION_COLUMNS
from tests.transforms.conftest import Warehouse
from transforms import PROJECT_DIR
from warehouse.lake import accepted_columns

# One warehouse for all of them: a second worker would build its own.
pytestmark = pytest.mark.xdist_group("transforms")

ALLOWED_BELOW = {
    "staging": set(),
    "intermediate": {"staging", "intermediate", "seeds"},
    "marts": {"intermediate", "seeds"},
}
DUCKDB_ONLY = (
    r"::",
    r"\bqualify\b",
    r"\bexclude\s*\(",
    r"\bread_parquet\b",
    r"\bquantile_cont\b",
    r"\blist_",
    r"\bfilter\s*\(",
    r"//",
)


@pytest.fixture(scope="module")
def models(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = warehouse.manifest["nodes"]
    return {name: node for name, node in nodes.items() if node["resource_type"] == "model"}


def _layer(node_id: str, models: dict[str, dict[str, Any]]) -> str:
    return str(models[node_id]["fqn"][1]) if node_id in models else "seeds"


def test_marts_never_read_staging(models: dict[str, dict[str, Any]]) -> None:
    strangers = [
        (name, below)
        for name, node in models.items()
        for below in node["depends_on"]["nodes"]
        if _layer(below, models) not in ALLOWED_BELOW[_layer(name, models)]
    ]
    assert strangers == []


def test_layer_rule_sees_a_mart_that_reads_staging(models: dict[str, dict[str, Any]]) -> None:
    assert _layer("model.guildhall.stg_wage", models) not in ALLOWED_BELOW["marts"]


def test_every_model_is_described_with_its_grain_first(models: dict[str, dict[str, Any]]) -> None:
    assert [
        node["name"] for node in models.values() if not node["description"].startswith("One row per ")
    ] == []


def test_every_model_begins_with_its_grain(models: dict[str, dict[str, Any]]) -> None:
    assert [
        node["name"] for node in models.values() if not node["raw_code"].startswith("-- One row per ")
    ] == []


def test_every_mart_has_an_enforced_contract_with_described_columns(
    models: dict[str, dict[str, Any]],
) -> None:
    marts = [node for name, node in models.items() if _layer(name, models) == "marts"]
    assert marts
    assert [node["name"] for node in marts if not node["config"]["contract"]["enforced"]] == []
    bare = [
        (n["name"], c["name"])
        for n in marts
        for c in n["columns"].values()
        if not (c["description"] and c["data_type"])
    ]
    assert bare == []


def test_names_say_the_layer(models: dict[str, dict[str, Any]]) -> None:
    shapes = {
        "staging": r"stg_[a-z_]+",
        "intermediate": r"int_[a-z_]+__[a-z_]+",
        "marts": r"(dim|fct|agg)_[a-z_]+",
    }
    wrong = [
        node["name"]
        for name, node in models.items()
        if not re.fullmatch(shapes[_layer(name, models)], node["name"])
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((PROJECT_DIR / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_model_keeps_engine_specific_syntax_in_macros(path: Path) -> None:
    found = [pattern for pattern in DUCKDB_ONLY if re.search(pattern, path.read_text(), re.IGNORECASE)]
    assert found == []


def test_usage_statistics_are_off(warehouse: Warehouse) -> None:
    assert warehouse.manifest["metadata"]["send_anonymous_usage_stats"] is False


STAGED = sorted(path.stem.removeprefix("stg_") for path in (PROJECT_DIR / "models" / "staging").glob("*.sql"))


@pytest.mark.parametrize("contract", sorted(set(STAGED) & set(CONTRACTS)))
def test_staging_carries_every_column_of_its_contract(warehouse: Warehouse, contract: str) -> None:
    staged = warehouse.query(f"DESCRIBE stg_{contract}")
    promised = accepted_columns(contract)
    own = {column.name for column in CONTRACTS[contract].columns()}
    beside = {"record", "tx_from"} | (set(CORRECTION_COLUMNS) - own)
    kinds = [_kind(kind) for name, kind in promised.items() if name not in beside]
    assert len(staged) == len(kinds)
    assert Counter(map(_kind, staged["column_type"])) == Counter(kinds)


def _kind(column_type: str) -> str:
    """A type without its precision: staging widens money."""
    return column_type.split("(")[0]
