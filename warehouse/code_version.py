"""Which code made something: a digest of the source files of the packages that decide what comes out.

Version numbers of contracts and rules are declared where those live.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".html", ".j2", ".css"}
_RENDERED = {"__pycache__", "target", "logs", "dbt_packages"}

BUILD_PACKAGES = ("contracts", "warehouse", "transforms")
"""What decides the content of a warehouse build."""


def code_digest(*packages: str) -> str:
    """sha256 over the paths and contents of these packages' source files (default: those of a build)."""
    digest = hashlib.sha256(b"guildhall-code-v1\0")
    for package in sorted(packages or BUILD_PACKAGES):
        for path in _sources(_ROOT / package):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_ROOT).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _sources(package: Path) -> Iterator[Path]:
    for path in sorted(package.rglob("*")):
        if path.suffix in _SUFFIXES and not _RENDERED & set(path.relative_to(package).parts):
            yield path
