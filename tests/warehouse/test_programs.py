"""Programs kept between runs: the same as compiled, only for the code they came from, and never needed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar

import pytest

from contracts import CONTRACTS, contract
from contracts.compiler import compile_contract
from contracts.corrections import correction_of
from contracts.extracts.wage import Wage
from contracts.fields import IsoDate
from contracts.model import ContractMeta
from warehouse import programs
from warehouse.programs import kept_statements

IN_A_NEW_PROCESS = """
import sys
from contracts import contract
from warehouse.programs import kept_statements
from pathlib import Path
found = kept_statements(contract("wage"), Path(sys.argv[1]))
print("ibis" in sys.modules, found.contract_hash)
"""


def loads_ibis(folder: Path) -> tuple[str, str]:
    """Whether a fresh process that asks for the wage program loads Ibis, and the hash of what it gets."""
    command = [sys.executable, "-c", IN_A_NEW_PROCESS, str(folder)]
    loaded, digest = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return loaded, digest


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_kept_program_is_the_compiled_one(tmp_path: Path, name: str) -> None:
    compiled = compile_contract(contract(name)).statements()
    assert kept_statements(contract(name), tmp_path) == compiled
    assert kept_statements(contract(name), tmp_path) == compiled
    assert [path.name.rpartition("-")[0] for path in tmp_path.iterdir()] == [
        f"{name}-{contract(name).__name__}"
    ]


def test_kept_program_needs_no_compiler(tmp_path: Path) -> None:
    first, second = loads_ibis(tmp_path), loads_ibis(tmp_path)
    assert (first[0], second[0]) == ("True", "False")
    assert first[1] == second[1] == compile_contract(Wage).statements().contract_hash


def test_kept_program_is_not_used_when_the_code_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_statements(Wage, tmp_path)
    (old,) = tmp_path.iterdir()
    old.write_text(json.dumps({**json.loads(old.read_text()), "screened": "of yesterday"}))
    assert kept_statements(Wage, tmp_path).screened == "of yesterday"
    monkeypatch.setattr(programs, "_code_hash", lambda _: "of today")
    assert kept_statements(Wage, tmp_path) == compile_contract(Wage).statements()
    assert [path.name for path in tmp_path.iterdir()] == ["wage-Wage-of today.json"]


def test_code_hash_changes_with_a_contract_outside_the_house(tmp_path: Path) -> None:
    own = tmp_path / "own_contract.py"
    own.write_text("LEAST = 1\n")
    before = programs._code_hash.__wrapped__(str(own))
    own.write_text("LEAST = 2\n")
    assert programs._code_hash.__wrapped__(str(own)) != before


@pytest.mark.parametrize("found", ["", "{}", '{"context": 1}', "[]", "\x00"])
def test_program_is_compiled_when_what_is_kept_cannot_be_read(tmp_path: Path, found: str) -> None:
    kept_statements(Wage, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_text(found)
    assert kept_statements(Wage, tmp_path) == compile_contract(Wage).statements()
    assert json.loads(path.read_text())["screened"]


def test_program_is_compiled_when_the_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert kept_statements(Wage, tmp_path / "file" / "programs") == compile_contract(Wage).statements()


class Next(Wage):
    """A next version of the wage contract, in the same module as the other."""

    meta: ClassVar[ContractMeta] = replace(Wage.meta, version="9.0.0")


class Longer(Wage):
    """Another next version of it, with one more column."""

    meta: ClassVar[ContractMeta] = replace(Wage.meta, version="9.0.0")
    paid_on: Annotated[str, IsoDate(description="Pay day.")]


def test_versions_of_one_contract_in_one_module_are_kept_apart(tmp_path: Path) -> None:
    for _ in range(2):
        for version in (Next, Longer):
            assert kept_statements(version, tmp_path) == compile_contract(version).statements()
    assert len(list(tmp_path.iterdir())) == 2


def test_class_made_by_a_function_is_never_kept(tmp_path: Path) -> None:
    made = correction_of(Wage)
    assert kept_statements(made, tmp_path) == compile_contract(made).statements()
    assert list(tmp_path.iterdir()) == []
