"""What the command line settles before any command runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

THREADS = "OPENBLAS_NUM_THREADS"
LOOK = (
    "import os, sys; from orchestration.cli import main; sys.argv = ['guildhall', '--version']; "
    f"assert 'numpy' not in sys.modules; main(); print(os.environ['{THREADS}'])"
)


@pytest.mark.parametrize(("told", "expected"), [(None, "1"), ("4", "4")])
def test_command_line_multiplies_in_one_thread_unless_told_otherwise(told: str | None, expected: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != THREADS}
    surroundings |= {} if told is None else {THREADS: told}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], check=True, capture_output=True, text=True, env=surroundings
    )
    assert done.stdout.splitlines()[-1] == expected
