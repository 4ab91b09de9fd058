"""Contracts' programs, compiled once for each state of the code and kept in the user's cache.

A kept program is plain SQL. It answers only for the very code and libraries it was compiled with, and whoever
finds none compiles it anew, so the folder can be emptied at any time. How a contract is compiled belongs to
``contracts.compiler``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

import contracts
from contracts.model import Contract
from contracts.statements import ContextTable, Statements
from warehouse.disk import replace_text

_COMPILED_WITH = ("ibis-framework", "sqlglot")


@cache
def statements_of(contract: type[Contract]) -> Statements:
    """The statements of a contract; ContractError CTR-001 or CTR-007 if engines would not agree on it."""
    folder = user_cache_path("guildhall", appauthor=False) / "programs"
    return kept_statements(contract, folder)


def kept_statements(contract: type[Contract], folder: Path) -> Statements:
    """The same, kept in ``folder``; a folder that cannot be used is done without."""
    if not _is_found_by_name(contract):
        return _compiled(contract)
    path = folder / f"{_kept_as(contract)}-{_code_hash(_own_module(contract))}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _read(contract, path)
    statements = _compiled(contract)
    with suppress(OSError):
        _keep(statements, path)
    return statements


def _compiled(contract: type[Contract]) -> Statements:
    from contracts.compiler import compile_contract  # the compiler takes longer to load than most files take

    return compile_contract(contract).statements()


def _is_found_by_name(contract: type[Contract]) -> bool:
    """A class made by a function is more than its module's text says."""
    return getattr(sys.modules[contract.__module__], contract.__name__, None) is contract


def _kept_as(contract: type[Contract]) -> str:
    """The class, not only the contract's name: two versions of one contract can stand in one module."""
    return f"{contract.meta.name}-{contract.__qualname__}"


def _own_module(contract: type[Contract]) -> str:
    return str(sys.modules[contract.__module__].__file__)


@cache
def _code_hash(module: str) -> str:
    """SHA-256 over all that a program is made of: every contract's text, this module's, the libraries."""
    root = Path(contracts.__file__).parent
    digest = hashlib.sha256(" ".join(version(name) for name in _COMPILED_WITH).encode())
    for path in (*sorted(root.rglob("*.py")), Path(module)):
        digest.update(f"\n{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(contract: type[Contract], path: Path) -> Statements:
    text = path.read_text(encoding="utf-8")
    kept = json.loads(text)
    context = tuple(ContextTable(one["name"], one["columns"]) for one in kept.pop("context"))
    return Statements(contract=contract, context=context, **kept)


def _keep(statements: Statements, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    parts = {name: value for name, value in vars(statements).items() if name not in ("contract", "context")}
    kept = {**parts, "context": [asdict(table) for table in statements.context]}
    replace_text(path, json.dumps(kept))
    for other in path.parent.glob(f"{_kept_as(statements.contract)}-*.json"):
        if other != path:
            other.unlink(missing_ok=True)
