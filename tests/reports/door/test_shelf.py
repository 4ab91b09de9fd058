"""The shelf of a door that stands: what comes later is on it, each release on its day and read once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reports.door.shelf import Shelf
from tests.warehouse.test_releases import publish
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig
from warehouse.home import init_home

DAY = date(2026, 11, 12)


def test_release_stands_on_the_shelf_from_its_day_on_when_it_was_published_later(tmp_path: Path) -> None:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=DAY),),
    )
    home, days = init_home(tmp_path / "home", config), [date(2026, 11, 11)]
    shelf = Shelf(home, lambda: days[-1])
    publish(home, "2026-Q2")
    assert shelf.volumes() == []
    days.append(DAY)
    (first,) = shelf.volumes()
    publish(home)
    again, second = shelf.volumes()
    assert again is first
    assert [again.name, second.name] == ["2026-Q2/v1.0", "2026-Q3/v1.0"]
