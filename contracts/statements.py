"""A contract's compiled program as what an engine is given: SQL, and the tables it reads and yields.

Plain text, so that it can be kept and used without the compiler and what that loads. How a contract becomes
statements belongs to ``compiler``; keeping and running them to ``warehouse``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.model import Contract

RAW = "raw"
"""The name of the input table: the submission's columns, then every column of the contract as text."""

SUBMISSION: Mapping[str, str] = {
    "submission_id": "VARCHAR",
    "record": "BIGINT",
    "box_firm_id": "VARCHAR",
    "box_period": "VARCHAR",
}
"""What a row says of where it came from; ``record`` 1 is the first row after the header."""

IS_ERROR, IS_SUSPECT = "is__error", "is__suspect"
"""What ``screened`` says of a row: some finding of severity ERROR, any finding at all."""


@dataclass(frozen=True)
class ContextTable:
    """A table the caller provides beside ``raw``: column names and DuckDB types; more columns do no harm."""

    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Statements:
    """The parts of a program in DuckDB's SQL, by the names that ``compiler.Program`` explains.

    ``columns``: the contract's columns with their DuckDB types. ``context``: the tables read besides ``raw``.
    """

    contract: type[Contract]
    columns: Mapping[str, str]
    context: tuple[ContextTable, ...]
    screened: str
    violations: str
    typed: str
    accepted: str

    @property
    def contract_hash(self) -> str:
        """SHA-256 over everything the contract decides: names, types and the statements intake runs."""
        promise = [
            self.contract.meta.name,
            self.contract.meta.version,
            dict(self.columns),
            self.screened,
            self.violations,
            self.typed,
        ]
        return hashlib.sha256(json.dumps(promise).encode()).hexdigest()
