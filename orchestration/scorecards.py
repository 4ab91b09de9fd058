"""Scorecards and fund statements in bulk: for every member of a release, delivered once, one bad firm alone.

The order of the work only. What a page says belongs to ``reports.scorecards``, whose rows are read to
``warehouse.own_figures``, how files reach a box to ``warehouse.delivering``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from contracts.errors import GuildhallError, ScorecardError
from contracts.quarters import Quarter
from orchestration import facts
from orchestration.resources import Counter
from reports.published import Published
from reports.scorecards.member import Beside, Member, windows_of
from reports.scorecards.rendering import render_member
from warehouse import builds, releases
from warehouse.attendance import KINDS, FirmStanding, attendance, default_period
from warehouse.boxes import open_boxes
from warehouse.chain import Head
from warehouse.delivering import delivered_firms, put_into_box, put_into_folder
from warehouse.editions import edition_of
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.members import members
from warehouse.own_figures import read_own_figures
from warehouse.releases import Release

SCORED_QUARTERS = 4
FEW_FIRMS = 16
"""So many are made faster in this process than others are started."""


@dataclass(frozen=True)
class Failed:
    """A firm whose pages were not made or not delivered: the code and what happened, never a value."""

    firm_id: str
    code: str
    found: str


@dataclass(frozen=True)
class Outcome:
    """What became of every firm asked for."""

    release: str
    done: tuple[str, ...]
    already: tuple[str, ...]
    failed: tuple[Failed, ...]


@dataclass(frozen=True)
class Wish:
    """Which release (None: the newest), which firms (empty: all members), and into which folder (None:
    boxes).

    ``again``: deliver also what was delivered.
    """

    release: str | None = None
    firms: tuple[str, ...] = ()
    out: Path | None = None
    again: bool = False


Files = Mapping[str, bytes]
Put = Callable[[str, Files], None]


def make_scorecards(home: Home, wish: Wish, count: Counter) -> Outcome:
    """Make what is wished for; ``count`` hears how many firms are finished.

    ReleaseError without such a release, BuildError without its build, ScorecardError SCO-003 for a firm that
    is no member. What fails for one firm is in the outcome and stops nothing.
    """
    release = releases.named_release(home, wish.release)
    name = release.name
    with Ledger.open(home) as ledger:
        beside, every = gathered(home, ledger, release)
        asked = _asked(tuple(every), wish.firms)
        already = frozenset() if wish.again or wish.out else delivered_firms(ledger, name) & set(asked)
        wanted = [every[firm] for firm in asked if firm not in already]
        with _destination(home, ledger, wish, name) as put:
            ended = list(
                _ended(rendered(wanted, beside, home.config.engine.threads), put, count, len(wanted))
            )
    failed = tuple(one for one in ended if isinstance(one, Failed))
    done = tuple(sorted(one for one in ended if isinstance(one, str)))
    return Outcome(name, done, tuple(sorted(already)), failed)


def is_missing(home: Home) -> bool:
    """Whether some member has no pages of the newest release yet; asked before anything is read for them.

    What was public before anybody dropped it has no members to write to.
    """
    if home.config.policy.source != "member_drops" or not releases.all_releases(home):
        return False
    release = releases.read_release(home)
    with Ledger.open(home) as ledger:
        there = delivered_firms(ledger, release.name)
        return not set(members(home, ledger, _quarter_of(release))) <= there


def _quarter_of(release: Release) -> str:
    return release.period.replace("-", "")


def gathered(home: Home, ledger: Ledger, release: Release) -> tuple[Beside, dict[str, Member]]:
    """What a release says, and every member's own figures for it; BuildError without the release's build."""
    beside = _beside(home, release)
    return beside, _members(home, ledger, release, beside)


def _beside(home: Home, release: Release) -> Beside:
    build = builds.build_of(home, release.ledger_head)
    said = facts.release_facts(home, build, edition_of(release))
    return Beside(Published(releases.read_tables(release.root)), said)


def _members(home: Home, ledger: Ledger, release: Release, beside: Beside) -> dict[str, Member]:
    """Every firm that was a member in the release's quarter, with what it sent."""
    head, day = release.ledger_head, beside.facts.published_on
    own = read_own_figures(builds.build_of(home, head), windows_of(beside.published), day)
    firms = [firm for firm in members(home, ledger, _quarter_of(release)) if firm in own]
    standings = _standings(home, ledger, head, firms, day)
    return {firm: Member(own[firm], tuple(standings[firm])) for firm in firms}


def _standings(
    home: Home, ledger: Ledger, head: Head, firms: Sequence[str], day: date
) -> Mapping[str, Sequence[FirmStanding]]:
    """What each firm had sent by the release's ledger head, for the newest quarters that had ended."""
    entries, newest = list(ledger.entries(*KINDS, up_to=head.seq)), Quarter.parse(default_period(day))
    found: defaultdict[str, list[FirmStanding]] = defaultdict(list)
    for quarter in (newest + -back for back in reversed(range(SCORED_QUARTERS))):
        for one in attendance(entries, firms, str(quarter), home.config.submissions, day):
            found[one.firm_id].append(one)
    return found


def _asked(every: Sequence[str], firms: Sequence[str]) -> list[str]:
    """All members, or those named; ScorecardError SCO-003 for one that is none."""
    strangers = sorted(set(firms) - set(every))
    if strangers:
        raise ScorecardError(
            "SCO-003",
            found=f"no member firm {strangers[0]} in the quarter of the release",
            expected="a firm of the firm register, or one with a box",
            where="--firm",
            remedy="`guildhall status --firms` lists the members.",
        )
    return sorted(set(firms) or set(every))


@contextmanager
def _destination(home: Home, ledger: Ledger, wish: Wish, release: str) -> Iterator[Put]:
    """Where a firm's files go: a folder, or its box, which the ledger then knows of."""
    if wish.out is not None:
        yield partial(put_into_folder, wish.out)
        return
    with open_boxes(home) as boxes:
        yield lambda firm, files: put_into_box(boxes, ledger, firm, release, files)


def _ended(
    made: Iterable[tuple[str, Files | Failed]], put: Put, count: Counter, total: int
) -> Iterator[str | Failed]:
    """Each firm's id once its files are where they belong, or what failed."""
    for number, (firm, files) in enumerate(made, start=1):
        yield files if isinstance(files, Failed) else _put(put, firm, files)
        count(number, total)


def _put(put: Put, firm: str, files: Files) -> str | Failed:
    try:
        put(firm, files)
    except (GuildhallError, OSError) as error:
        return _failed(firm, error)
    return firm


def rendered(wanted: Sequence[Member], beside: Beside, workers: int) -> Iterator[tuple[str, Files | Failed]]:
    """Each firm with its files, in the order given; many firms in several processes."""
    if len(wanted) < FEW_FIRMS or workers == 1:
        yield from (_render(member, beside) for member in wanted)
        return
    spawn = get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _begin, (beside,)) as pool:
        yield from pool.map(_render_beside, wanted, chunksize=4)


_shared: list[Beside] = []
"""What a worker was begun with: the release, which is the same for every firm."""


def _begin(beside: Beside) -> None:
    _shared[:] = [beside]


def _render_beside(member: Member) -> tuple[str, Files | Failed]:
    return _render(member, _shared[0])


def _render(member: Member, beside: Beside) -> tuple[str, Files | Failed]:
    firm = member.own.firm_id
    try:
        return firm, render_member(member, beside)
    except Exception as error:
        return firm, _failed(firm, error)


def _failed(firm: str, error: Exception) -> Failed:
    """Of an unforeseen error the kind only: its own words may hold a value."""
    if isinstance(error, GuildhallError):
        return Failed(firm, error.code, f"{error.found}. {error.remedy}")
    return Failed(firm, "SCO-004", f"{type(error).__name__}, while its pages were made or written")
