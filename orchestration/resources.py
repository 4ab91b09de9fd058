"""What a run is given: the home it works on, the day it acts on, and whom it tells how far it is.

Every asset takes these as Dagster resources, so the same assets serve the command line, the UI,
the sensor and the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import dagster as dg

from orchestration.reconciling import sign_of_life
from warehouse import releases
from warehouse.approving import is_staged
from warehouse.editions import Edition, Wrong, first_edition
from warehouse.home import CalendarEntry, Home, due_release
from warehouse.ledger import Ledger

Counter = Callable[[int, int], None]


class Progress(Protocol):
    """Somebody who wants to know how far a long step is."""

    def stage(self, name: str) -> Counter:
        """Begin a stage; the returned function is called with (done, total)."""


class Silence:
    """Progress for nobody: Dagster's own event log tells how a scheduled run went."""

    def stage(self, name: str) -> Counter:
        """Ignore every count."""
        return lambda _done, _total: None


class HomeResource(dg.ConfigurableResource[Home]):
    """The consortium home a run works on."""

    path: str

    def open(self) -> Home:
        """The home; HomeError when the folder is none."""
        return Home.open(Path(self.path))

    def ledger(self) -> Ledger:
        """The home's ledger, to be used as a context manager."""
        return Ledger.open(self.open())


class SignOfLife(dg.ConfigurableResource[None]):
    """Held from a run's start to its end, so that a run whose process is gone is known from others."""

    path: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[None]:
        """Hold the lock of the run."""
        if context.run is None:
            yield
            return
        with sign_of_life(Home.open(Path(self.path)), context.run.run_id):
            yield


class Occasion(dg.ConfigurableResource[date]):
    """The day a run acts on; a blank means the day it starts. The only clock of a run.

    ``corrects``: the period whose newest release this run corrects, why and on whose word; blank for a run
    that publishes what is due.
    """

    as_of: str = ""
    corrects: str = ""
    reason: str = ""
    by: str = ""

    @property
    def day(self) -> date:
        """The day to act as if it were today."""
        return date.fromisoformat(self.as_of) if self.as_of else date.today()

    def due(self, home: Home) -> CalendarEntry | None:
        """The newest calendar entry whose day has come, or None before the first."""
        return due_release(home.config, self.day)

    def edition(self, home: Home) -> Edition | None:
        """What this run would publish: its correction, or the due release unless it stands or is staged.

        ReleaseError when the correction is not one that can be made.
        """
        if self.corrects:
            return Wrong(self.corrects, self.reason, self.by).edition(home, self.day)
        entry = self.due(home)
        if entry is None or releases.published(home, entry.period) is not None:
            return None
        first = first_edition(entry)
        return None if is_staged(home, first.period, first.version) else first

    def build_day(self, home: Home) -> date:
        """The day figures are stated for: the due release's announced day, else the day itself.

        A release made late, or again after a crash, is stated for the same day and so has the same bytes; a
        correction, for the day of what it corrects.
        """
        about = self.edition(home) if self.corrects else self.due(home)
        return self.day if about is None else about.date
