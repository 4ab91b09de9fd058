"""Programs that were installed beside this Python, found whether or not its environment is activated."""

from __future__ import annotations

import sys
from pathlib import Path


def installed(name: str) -> str:
    """The path of a program such as ``dbt`` in this environment."""
    return str(Path(sys.executable).with_name(name))
