"""A home with one published release of the made-up region, and the door to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from contracts.quarters import Quarter
from reports.door.app import Settings, make_app
from reports.facts import ReleaseFacts
from reports.page import render_report
from reports.queryable import furnishing
from reports.tables import Publication
from warehouse import releases
from warehouse.chain import Head
from warehouse.config import Consortium, ConsortiumConfig, announce_releases
from warehouse.home import Home, init_home
from warehouse.ledger import Ledger

PUBLISHED_ON = date(2026, 11, 12)

Open = Callable[..., TestClient]


@pytest.fixture(scope="session")
def published_home(
    publication: Publication, facts: ReleaseFacts, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="rivers", name="Three Rivers & Hills", region="Three <Rivers>"),
        releases=announce_releases(Quarter(2026, 3), 3),
    )
    home = init_home(tmp_path_factory.mktemp("published") / "home", config)
    staging = releases.stage_release(home, "2026-Q3")
    frames = publication.frames()
    releases.write_tables(staging, frames, publication.comments(), furnishing(frames))
    releases.write_files(staging, render_report(frames, facts))
    said = releases.ReleaseFacts(
        ledger_head=Head(12, "ab" * 32),
        published_on=PUBLISHED_ON,
        rule_version="1.0.0",
        code_version="c0de",
        policy={"name": "board", "version": "1.0.0"},
        more={"consortium": "rivers"},
    )
    releases.write_manifest(staging, said)
    with Ledger.open(home) as ledger:
        releases.promote(staging, ledger)
    return home


@pytest.fixture(scope="session")
def door(published_home: Home) -> Iterator[TestClient]:
    """The door on the day after the release."""
    app = make_app(published_home, Settings(today=lambda: date(2026, 11, 13), monotonic=_Slowly()))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


class _Slowly:
    """A clock on which a minute passes between any two looks, so that nobody asks too often."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60
        return self.now
