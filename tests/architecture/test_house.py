"""What the import linter cannot see: the root, where engines are opened, and that importing does nothing."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("contracts", "warehouse", "reports", "orchestration")
AT_THE_ROOT = {
    *FLOORS,
    *("transforms", "tests", "docs", "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md", "LICENSE"),
    "requirements.lock",
}

# Calls that open an engine, and the one module that may make them.
OPENERS = {"duckdb.connect": "warehouse/duck.py", "sqlite3.connect": "warehouse/ledger_store.py"}

WATCHED = """
import importlib, sys
third_party, modules = sys.argv[1].split(","), sys.argv[2].split(",")
for name in third_party:
    importlib.import_module(name)
touched = []
def hook(event, arguments):
    path, mode = (*arguments, None, None)[:2]
    if event == "open" and isinstance(path, str) and isinstance(mode, str) and mode[0] in "wax+":
        touched.append("wrote " + path)
    elif event in {"socket.connect", "sqlite3.connect", "subprocess.Popen", "os.system", "os.mkdir"}:
        touched.append(event)
sys.addaudithook(hook)
for module in modules:
    importlib.import_module(module)
    for what in touched:
        print(module, what)
    touched.clear()
"""

# Third-party packages that touch the disk or start threads when first imported are none of our doing.
THIRD_PARTY = (
    "dagster",
    "dagster_dbt",
    "ibis",
    "duckdb",
    "pandas",
    "pyarrow.parquet",
    "altair",
    "vl_convert",
    "rich",
)


def _modules() -> Iterator[Path]:
    for floor in FLOORS:
        yield from sorted((ROOT / floor).rglob("*.py"))


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_root_holds_only_what_people_expect_there() -> None:
    top = {name.split("/")[0] for name in _tracked()}
    strangers = {name for name in top if not name.startswith(".")} - AT_THE_ROOT
    assert not strangers


@pytest.mark.parametrize("call", sorted(OPENERS))
def test_engine_is_opened_in_one_place_only(call: str) -> None:
    places = {
        path.relative_to(ROOT).as_posix()
        for path in _modules()
        if call
        in {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
        }
    }
    assert places == {OPENERS[call]}


@pytest.mark.parametrize("path", list(_modules()), ids=_dotted)
def test_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring
    assert docstring[0].isupper() or docstring.startswith("``")


def test_importing_touches_nothing() -> None:
    modules = sorted({_dotted(path) for path in _modules()})
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-B", "-c", WATCHED, ",".join(THIRD_PARTY), ",".join(modules)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""


def test_exported_names_exist() -> None:
    for path in _modules():
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                names = ast.literal_eval(node.value)
                defined = {
                    name.asname or name.name
                    for imported in tree.body
                    if isinstance(imported, ast.ImportFrom)
                    for name in imported.names
                }
                defined |= {getattr(one, "name", "") for one in tree.body}
                defined |= {
                    t.id
                    for one in tree.body
                    if isinstance(one, ast.Assign)
                    for t in one.targets
                    if isinstance(t, ast.Name)
                }
                defined |= {
                    one.target.id
                    for one in tree.body
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
                }
                assert set(names) <= defined, path


def test_lock_file_pins_every_dependency_by_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    requirements = [block for block in re.split(r"\n(?=[a-zA-Z])", lock) if "==" in block]
    assert len(requirements) > 100
    assert all("--hash=sha256:" in block for block in requirements)


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    words = (
        "/" + "work" + "/",
        "/" + "tmp" + "/",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "npmjs" + ".org",
    )
    for name in _tracked():
        text = (ROOT / name).read_bytes()
        found = [word for word in words if word.encode() in text]
        assert not found, f"{name} names {found}"


def test_policy_numbers_stand_in_the_policy_files_only() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "reports").rglob("*.py"))
    assert not re.search(r"min_(persons|firms)\s*[:=]\s*[0-9]", source)


def test_every_decision_is_short_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    for record in sorted(folder.glob("[0-9]*.md")):
        assert record.name in index
        assert len(record.read_text().splitlines()) <= 60
        assert json.dumps(record.name)[1:5].isdigit()


def test_install_empties_no_environment_that_is_only_linked(tmp_path: Path) -> None:
    """A second working tree may share the first one's environment by a link."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shared = tmp_path / "elsewhere" / "kept.txt"
    shared.parent.mkdir()
    shared.write_text("kept", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(shared.parent)
    # An interpreter that does nothing stands in for one that would empty the folder and download.
    made = ["make", "install", "PYTHON=true"]
    done = subprocess.run(made, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert ".venv is a link" in done.stdout
    assert list(shared.parent.iterdir()) == [shared]
