"""Rendered pages are fresh, and every command has a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cli import COMMANDS
from orchestration.reference import pages

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["../capabilities.md", "codes.md", "commands.md", "contracts.md"])
def test_rendered_page_is_fresh(name: str) -> None:
    assert (REFERENCE / name).read_text() == pages()[name], "run `make render`"


def test_every_command_has_its_section() -> None:
    page = pages()["commands.md"]
    assert all(f"## guildhall {verb}\n" in page for verb in COMMANDS)
