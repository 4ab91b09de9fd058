"""A consortium home for each test, and the few things every test does with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.quarters import Quarter
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home, open_box
from warehouse.ledger import Ledger

MakeHome = Callable[[str], Home]
Drop = Callable[..., Path]


@pytest.fixture
def config() -> ConsortiumConfig:
    return ConsortiumConfig(
        consortium=Consortium(id="valley", name="Valley Alliance", region="Two counties"),
        releases=announce_releases(Quarter(2026, 3), 2),
        intake=Intake(max_file_mb=1, uploads="renamed"),
    )


@pytest.fixture
def make_home(tmp_path: Path, config: ConsortiumConfig) -> MakeHome:
    return lambda name: init_home(tmp_path / name, config)


@pytest.fixture
def home(make_home: MakeHome) -> Home:
    return make_home("home")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with Ledger.open(home, clock=lambda: datetime(2026, 11, 12, 9, 30, tzinfo=UTC)) as opened:
        yield opened


@pytest.fixture
def drop() -> Drop:
    """Put a file, and a manifest if one is given, into a firm's box."""

    def put(
        home: Home, firm: str, name: str, content: bytes = b"a\n1\n", manifest: str | None = None
    ) -> Path:
        path = open_box(home, firm) / name
        path.write_bytes(content)
        if manifest is not None:
            path.with_name(name + ".manifest.json").write_text(manifest, encoding="utf-8")
        return path

    return put
