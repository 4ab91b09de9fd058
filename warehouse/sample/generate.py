"""From settings to a whole region in a home's boxes: the order of work, and nothing else.

What is drawn and written belongs to the other modules of the package.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

from pydantic import JsonValue

from contracts.errors import SampleError
from contracts.quarters import Quarter
from warehouse.config import CONFIG_NAME, Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home
from warehouse.sample.broken_files import broken_files
from warehouse.sample.careers import Careers, Region, start, walk
from warehouse.sample.credentials import credential_rows
from warehouse.sample.drops import Drops
from warehouse.sample.enrollments import Files, enrollment_rows
from warehouse.sample.firms import make_firms
from warehouse.sample.fund import Fund, make_fund
from warehouse.sample.paybook import PayBook
from warehouse.sample.people import make_people
from warehouse.sample.placements import placement_rows
from warehouse.sample.registers import credential_definition_rows, firm_rows, program_rows
from warehouse.sample.seats import plan_seats
from warehouse.sample.settings import SampleSettings
from warehouse.sample.systems import SYSTEMS
from warehouse.sample.terms import Calendar, effect_quarters, plan_terms
from warehouse.sample.truth import TRUTH, TRUTH_FILE, SampleTruth, tell_truth
from warehouse.sample.wage_files import wage_files
from warehouse.sample.wages import Effects, pay_quarter

CALENDAR = announce_releases(Quarter(2026, 3), 4)
"""When the sample region publishes: 2026-Q3 on 2026-11-12, then quarterly."""

OnProgress = Callable[[int, int], None]

_UNFINISHED = "unfinished.json"
_STEPS_AFTER_WAGES = 4 + len(SYSTEMS)


def make_sample_home(path: Path, settings: SampleSettings, on_progress: OnProgress | None = None) -> Home:
    """Make a home in ``path`` and fill its boxes with a sample region; goes on where one was interrupted."""
    config = ConsortiumConfig(
        consortium=Consortium(id="sample", name="Sample Training Consortium", region="Sample Region"),
        releases=CALENDAR,
        intake=Intake(uploads="renamed"),
    )
    home = Home.open(path) if (path / CONFIG_NAME).is_file() else init_home(path, config)
    write_sample_region(home, settings, on_progress)
    return home


def write_sample_region(
    home: Home, settings: SampleSettings, on_progress: OnProgress | None = None
) -> SampleTruth:
    """Drop a sample region into a home's boxes, and the truth about it beside them (``truth/``).

    Equal settings give equal bytes. SampleError SMP-003 when the home holds a region, or part of another one.
    """
    marker = _claim(home, settings)
    region = _region(settings)
    careers, terms = start(region), plan_terms(settings, region.seats)
    calendar = Calendar.of(settings)
    effects = Effects(effect_quarters(terms, region.seats, calendar), settings.effect_log_points)
    drops, book = Drops(home, settings), PayBook.empty(region)
    steps = _Steps(on_progress, settings.quarters + _STEPS_AFTER_WAGES)
    _drop_wages(drops, _Walk(region, careers, effects, book), steps)
    files = Files(region, careers, terms, book)
    fund = _drop_events_and_registers(drops, files, steps)
    systems = _drop_systems(drops, files, steps)
    truth = tell_truth(files, effects, fund, drops, systems)
    truth.write(home.root / TRUTH)
    marker.unlink()
    return truth


@dataclasses.dataclass
class _Steps:
    """Tells how far the work is."""

    listener: OnProgress | None
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.listener:
            self.listener(self.done, self.total)


def _claim(home: Home, settings: SampleSettings) -> Path:
    """Mark the home as being filled with these settings; a half-filled one is filled again from the start."""
    folder = home.root / TRUTH
    marker, mine = folder / _UNFINISHED, json.dumps(dataclasses.asdict(settings))
    theirs = marker.read_text(encoding="utf-8") if marker.is_file() else mine
    if (folder / TRUTH_FILE).is_file() or theirs != mine:
        raise SampleError(
            "SMP-003",
            found="a sample region, or part of one with other settings",
            expected="a home without one",
            where=str(home.root),
            remedy="Make the region in a new folder, or remove this one first.",
        )
    folder.mkdir(exist_ok=True)
    marker.write_text(mine, encoding="utf-8")
    return marker


def _region(settings: SampleSettings) -> Region:
    firms = make_firms(settings)
    return Region(settings, firms, make_people(settings, firms), plan_seats(settings, firms))


@dataclasses.dataclass(frozen=True)
class _Walk:
    """Everything that moves from quarter to quarter, and what moves it."""

    region: Region
    careers: Careers
    effects: Effects
    book: PayBook


def _drop_wages(drops: Drops, moving: _Walk, steps: _Steps) -> None:
    """Walk the quarters, dropping each one's wage files before the next begins."""
    region, careers, effects = moving.region, moving.careers, moving.effects
    settings, ids = region.settings, region.firms.ids
    early = [str(quarter) for quarter in settings.calendar[: settings.quarters_before_entry]]
    plants = drops.plan("wage", [(str(firm), period) for firm in ids for period in early])
    for quarter in walk(region, careers):
        pay = pay_quarter(region, careers, effects, quarter)
        for firm, content in wage_files(region, careers, effects, pay):
            place = (str(ids[firm]), str(settings.calendar[quarter]))
            drops.put("wage", place, content, plants.get(place, ()))
        moving.book.note(region, careers, pay)
        steps.step()


def _drop_events_and_registers(drops: Drops, files: Files, steps: _Steps) -> Fund:
    drops.put_frame("enrollment", enrollment_rows(files))
    steps.step()
    drops.put_frame("credential", credential_rows(files))
    drops.put_frame("placement", placement_rows(files))
    steps.step()
    drops.put_frame("firm", firm_rows(files))
    drops.put_frame("program", program_rows(files))
    drops.put_frame("credential_definition", credential_definition_rows(files))
    steps.step()
    fund = make_fund(files)
    drops.put_frame("contribution", fund.contributions)
    drops.put_frame("disbursement", fund.disbursements)
    drops.put_frame("transfer", fund.transfers)
    if files.region.settings.plant_faults:
        for broken in broken_files(files.region.settings, [str(firm) for firm in files.region.firms.ids]):
            drops.put_broken(broken)
    steps.step()
    return fund


def _drop_systems(drops: Drops, files: Files, steps: _Steps) -> dict[str, JsonValue]:
    """Drop every other system's files; what is true of each, by its name."""
    truths: dict[str, JsonValue] = {}
    for system in SYSTEMS:
        drawn = system.draw(files)
        for contract, rows in drawn.frames.items():
            drops.put_frame(contract, rows)
        truths[system.name] = dict(drawn.truth)
        steps.step()
    return truths
