"""The lake as dbt sources: one table per contract, with the columns that accepted rows have.

How the lake is read belongs to the dbt project's own macros; nothing is tested here that the contract has
already decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from contracts.model import Contract
from contracts.render.description import ColumnDescription, describe

_PROVENANCE = (
    ("submission_id", "VARCHAR", "Submission the row came with."),
    ("box_firm_id", "VARCHAR", "Firm, or operator, whose box the file came from."),
    ("box_period", "VARCHAR", "Quarter the file is for."),
    ("record", "BIGINT", "Number of the row in its file; 1 is the first below the header."),
    ("tx_from", "BIGINT", "Ledger entry with which the submission was received."),
)


def dbt_sources(contracts: Iterable[type[Contract]]) -> str:
    """The accepted rows of contracts as a dbt source named ``lake``, in YAML."""
    source = {
        "name": "lake",
        "description": "Accepted rows, typed, one table per contract. Rendered from the contracts.",
        "tables": [_table(contract) for contract in contracts],
    }
    document = {"version": 2, "sources": [source]}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _table(contract: type[Contract]) -> dict[str, Any]:
    told = describe(contract)
    columns = [{"name": name, "data_type": kind, "description": words} for name, kind, words in _PROVENANCE]
    return {
        "name": told.name,
        "description": f"{told.title}: {told.description} One row per submission × {told.grain}.",
        "config": {"meta": {"contract_version": told.version, "key": list(told.key)}},
        "columns": [*columns, *(_column(one) for one in told.columns)],
    }


def _column(column: ColumnDescription) -> dict[str, Any]:
    meta = {"privacy": column.privacy, "required": column.required}
    words = {"data_type": column.type, "description": column.description}
    return {"name": column.name, **words, "config": {"meta": meta}}
