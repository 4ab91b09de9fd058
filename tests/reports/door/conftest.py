"""The door to the home with one published release."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import uvicorn
from starlette.testclient import TestClient

from reports.door.app import Settings, make_app
from warehouse.home import Home

Open = Callable[..., TestClient]


@pytest.fixture(scope="session")
def door(published_home: Home) -> Iterator[TestClient]:
    """The door on the day after the release."""
    app = make_app(published_home, Settings(today=lambda: date(2026, 11, 13), monotonic=_Slowly()))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def address(published_home: Home) -> Iterator[str]:
    """Where the door is open on this machine: a real server on a free port."""
    app = make_app(published_home, Settings(today=lambda: date(2026, 11, 13)))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class _Slowly:
    """A clock on which a minute passes between any two looks, so that nobody asks too often."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60
        return self.now
