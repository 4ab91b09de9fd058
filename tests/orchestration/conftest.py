"""A home with one announced day, for tests that need no more of a consortium."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig
from warehouse.home import Home, init_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Nothing but its calendar: 2026-Q3 is announced for November 12, 2026."""
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=date(2026, 11, 12)),),
    )
    return init_home(tmp_path / "home", config)
