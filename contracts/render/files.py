"""Which files are rendered from the contracts, and what they hold. Writing them is left to the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from contracts.model import Contract
from contracts.render.csv_header import csv_header
from contracts.render.dbt_source import dbt_sources
from contracts.render.dictionary import dictionary_page
from contracts.render.gx_suite import gx_suite
from contracts.render.json_schema import json_schema
from contracts.render.odcs import odcs

RENDERINGS: Mapping[str, Callable[[type[Contract]], str]] = MappingProxyType(
    {
        "schema.json": json_schema,
        "odcs.yaml": odcs,
        "gx_suite.json": gx_suite,
        "header.csv": csv_header,
        "dictionary.md": dictionary_page,
    }
)
"""What is rendered from each contract, by file name."""

SOURCES = "sources.yml"

_NOTE = "Rendered from the contracts by `guildhall contract render`; edit the contract instead."
_NOTES = {".md": f"<!-- {_NOTE} -->\n\n", ".yaml": f"# {_NOTE}\n", ".yml": f"# {_NOTE}\n"}


def rendered_files(contracts: Iterable[type[Contract]]) -> dict[str, str]:
    """Every rendered file of these contracts by its path: a folder for each, and one dbt source for all."""
    listed = list(contracts)
    files = {
        f"{contract.meta.name}/{name}": render(contract)
        for contract in listed
        for name, render in RENDERINGS.items()
    }
    files[SOURCES] = dbt_sources(listed)
    return {path: _noted(path) + text for path, text in files.items()}


def _noted(path: str) -> str:
    """What tells a reader not to edit the file, where its format has remarks."""
    return next((note for ending, note in _NOTES.items() if path.endswith(ending)), "")
