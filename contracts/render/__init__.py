"""Everything that is rendered from a contract: pure functions from a contract to text, the same every time.

Rendered files are never edited. Reading, checking and keeping data belong to ``warehouse``, and so does the
spreadsheet template, which is no text.
"""

from __future__ import annotations

from contracts.render.csv_header import csv_header
from contracts.render.dbt_source import dbt_sources
from contracts.render.description import ColumnDescription, ContractDescription, RuleDescription, describe
from contracts.render.dictionary import codes_page, contracts_page, dictionary_page
from contracts.render.files import RENDERINGS, rendered_files
from contracts.render.gx_suite import RESULT_FORMAT, gx_suite, suite
from contracts.render.json_schema import json_schema, row_schema
from contracts.render.odcs import odcs, read_odcs, write_odcs

__all__ = [
    "RENDERINGS",
    "RESULT_FORMAT",
    "ColumnDescription",
    "ContractDescription",
    "RuleDescription",
    "codes_page",
    "contracts_page",
    "csv_header",
    "dbt_sources",
    "describe",
    "dictionary_page",
    "gx_suite",
    "json_schema",
    "odcs",
    "read_odcs",
    "rendered_files",
    "row_schema",
    "suite",
    "write_odcs",
]
