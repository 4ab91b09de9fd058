"""S06: what is printed, logged and kept holds no secret of the house and no cell that a firm sent."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Copies, Seen
from tests.faults.region import WAGE_HEADER, put
from warehouse.home import Home

GUILDHALL = str(Path(sys.executable).with_name("guildhall"))
CANARY = "Zz9canary"
MAY_HOLD_CELLS = ("lake/quarantine/", "lake/accepted/", "refused/", ".errors.xlsx")
"""Where a firm's own cells belong: rows in the lake, what was set aside, the workbook in its own box."""

_SECRET = re.compile(rb"AGE-SECRET-KEY-[A-Z0-9]+|^[A-Za-z0-9+/=]{40,}$", re.MULTILINE)


def secrets_of(home: Home) -> set[bytes]:
    """Every secret in the keys folder: what only the owner may read, its armor left away."""
    keys = [path for path in (home.root / "keys").rglob("*") if path.is_file() and path.suffix != ".pub"]
    return {found for path in keys for found in _SECRET.findall(path.read_bytes())}


def holding(home: Home, wanted: Iterable[bytes], allowed: tuple[str, ...] = ()) -> set[str]:
    """The files of a home, keys apart, in which any of the texts stand as they are."""
    words = list(wanted)
    return {name for name, content in _files(home, allowed) if any(word in content for word in words)}


def _files(home: Home, allowed: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(home.root.rglob("*")):
        name = path.relative_to(home.root).as_posix()
        if path.is_file() and not name.startswith("keys/") and not any(part in name for part in allowed):
            yield name, path.read_bytes()


@pytest.mark.fault("S06")
def test_run_prints_and_keeps_no_secret_and_no_cell(copies: Copies, seen: Seen) -> None:
    home = copies()
    bad = f"{'ab' * 32},1,F002,2026Q2,{CANARY},520,500\n{CANARY},{CANARY}\n{CANARY},1,F002,2026Q2,1,1,1\n"
    put(home, "F002", "wage_2026Q2.csv", f"{WAGE_HEADER}\n{bad}".encode())
    put(home, "F003", "wage_2026Q2.csv", f"{CANARY},{CANARY}\n{CANARY},1\n".encode())
    put(home, "F003", "wage_2026Q3.csv", f'{WAGE_HEADER}\n"{CANARY}\n'.encode())
    environment = {**os.environ, "DO_NOT_TRACK": "1"}
    run = [GUILDHALL, "run", "--home", str(home.root), "--take-only"]
    done = subprocess.run(run, check=True, capture_output=True, env=environment)
    secrets = secrets_of(home)
    assert len(secrets) >= 3
    assert not any(word in done.stdout + done.stderr for word in {*secrets, CANARY.encode()})
    assert holding(home, secrets) == set()
    assert holding(home, [CANARY.encode()], MAY_HOLD_CELLS) == set()
    # The search finds what is there.
    assert any("quarantine" in name for name in holding(home, [CANARY.encode()]))
    (home.root / "note.txt").write_bytes(b"key: " + min(secrets))
    assert holding(home, secrets) == {"note.txt"}
    seen(
        f"{len(secrets)} secrets and a canary in every cell: in no line printed and no file but a firm's own"
    )


@pytest.mark.fault("S06")
def test_command_that_crashes_leaves_no_core_file() -> None:
    look = (
        "import resource, sys; from orchestration.cli import main; sys.argv = ['guildhall', '--version']; "
        "main(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    limits = "ulimit -c unlimited 2>/dev/null; exec "
    done = subprocess.run(
        ["bash", "-c", f'{limits} "$0" -c "$1"', sys.executable, look],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "(0, 0)"
