"""What ``consortium.toml`` may say: the settings of one consortium, checked strictly.

Where things lie in a home belongs in ``home``; thresholds of disclosure to the policies in ``reports``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from contracts import CONTRACTS
from contracts.errors import HomeError
from contracts.model import Party
from contracts.quarters import Quarter
from warehouse.formats import MOST_MEGABYTES

CONFIG_NAME = "consortium.toml"
PUBLICATION_LAG_DAYS = 43
"""Days from a quarter's end to its release in a calendar nobody has fixed yet: late enough for its files."""
LEAST_NOTICE = timedelta(days=28)
"""How long before its day a release is announced, at least."""

_EXAMPLE_QUARTER, _EXAMPLE_RELEASES = Quarter(2026, 3), 4

Identifier = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\z")]
Line = Annotated[str, StringConstraints(pattern=r"\A[^\x00-\x1f\x7f]*\z", max_length=200)]
Words = Annotated[Line, StringConstraints(min_length=1)]
MemoryLimit = Annotated[str, StringConstraints(pattern=r"\A[1-9][0-9]*(MB|GB)\z")]
Day = date
"""A calendar day, for classes with a field of that name."""
ReleasePeriod = Annotated[str, StringConstraints(pattern=r"\A[0-9]{4}-Q[1-4]\z")]


class Section(BaseModel):
    """A part of the file: no unknown keys, no silent conversion, no later change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


class Consortium(Section):
    """Who the consortium is: a short id, its name, and the region it serves."""

    id: Identifier
    name: Words
    region: Words


class CalendarEntry(Section):
    """One announced release: its period (``2026-Q3``) and the day it becomes public.

    Where it says when it was ``announced``, that lies at least LEAST_NOTICE before ``date``.
    """

    period: ReleasePeriod
    date: date
    announced: Day | None = None

    @property
    def quarter(self) -> Quarter:
        """The calendar quarter the period names."""
        return Quarter.parse(self.period.replace("-", ""))

    @model_validator(mode="after")
    def _comes_after_its_quarter(self) -> Self:
        if self.date <= self.quarter.last_day:
            raise ValueError(f"a date after the period's last day, {self.quarter.last_day}")
        if self.announced is not None and self.date - self.announced < LEAST_NOTICE:
            days = LEAST_NOTICE.days
            raise ValueError(f"a date at least {days} days after announced, {self.announced + LEAST_NOTICE}")
        return self


class PolicyChoice(Section):
    """Which disclosure policy applies, and whether the input was published before anybody dropped it.

    ``tighten``: thresholds stricter than the preset's, by the policy's own names. The policy itself judges
    them when it is read: here they are only carried. ``revision``: what late records do to a count that was
    published: nothing (frozen), or it is stated anew where the change itself meets the rules (batch).
    """

    preset: Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_]{0,31}\z")] = "board"
    source: Literal["member_drops", "published_before"] = "member_drops"
    tighten: Mapping[str, Any] = Field(default_factory=dict)
    revision: Literal["frozen", "batch"] = "frozen"

    @model_validator(mode="after")
    def _opens_only_what_was_public(self) -> Self:
        if (self.preset == "already_public") != (self.source == "published_before"):
            raise ValueError(
                "preset 'already_public' together with source 'published_before', or neither of the two: "
                "members' drops are always protected"
            )
        return self


class Study(Section):
    """How participants came to take part: it decides which comparisons may be called effects."""

    design: Literal["observational", "randomised"] = "observational"


class Engine(Section):
    """What computes, and how much of the machine it may take."""

    name: Literal["duckdb"] = "duckdb"
    threads: Annotated[int, Field(ge=1, le=256)] = 2
    memory_limit: MemoryLimit = "3GB"


class Intake(Section):
    """How large one dropped file may be, how many are judged together, and when a file counts as whole.

    ``uploads``: "renamed" where every firm uploads under a name that ends in .part and then renames, else
    "any". ``quiet_seconds``: how long a file must rest that nothing else proves whole. ``provisional``:
    whether such a file is taken ("accept") or waits for its manifest ("confirm").
    """

    max_file_mb: Annotated[int, Field(ge=1, le=16_384)] = MOST_MEGABYTES
    batch_files: Annotated[int, Field(ge=1, le=10_000)] = 500
    uploads: Literal["any", "renamed"] = "any"
    quiet_seconds: Annotated[int, Field(ge=0, le=86_400)] = 120
    provisional: Literal["accept", "confirm"] = "accept"


FIRM_PLACE = "{firm}"
_BOX_URL = re.compile(
    r"\A(?:(?:file://)?[^\x00-\x1f:@?#]*|sftp://[^\s/:@?#]+@[^\s?#@]+|s3://[^\s/:@?#]+(?:/[^\s?#]*)?)\Z"
)


class BoxPlace(Section):
    """Where a box lies and how the house gets in. Secrets are files or the AWS chain, never in here.

    ``key_file`` and ``known_hosts`` (SFTP) are paths, relative to the home; ``endpoint_url`` and ``profile``
    (S3) name a service other than AWS, and a profile of the AWS configuration.
    """

    url: Line
    key_file: Line = ""
    known_hosts: Line = ""
    endpoint_url: Line = ""
    profile: Line = ""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not _BOX_URL.match(self.url):
            raise ValueError(
                "a folder, sftp://user@host[:port]/path or s3://bucket/prefix, without a password"
            )
        if self.url.startswith("sftp://") and not (self.key_file and self.known_hosts):
            raise ValueError("key_file and known_hosts, paths of files, for boxes on SFTP")
        return self


class BoxPlaces(BoxPlace):
    """Where the boxes are: ``url`` holds one folder a firm, or ``{firm}`` stands in it for the firm's id.

    ``firm`` gives single firms a place of their own. ``firms`` names those with a box when no folder can.
    """

    url: Line = "boxes"
    firms: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    firm: Mapping[Identifier, BoxPlace] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _knows_its_firms(self) -> Self:
        if FIRM_PLACE in self.url and not self.firms:
            raise ValueError(f"firms, a list of firm ids, where {FIRM_PLACE} stands in url")
        return self


class Submissions(Section):
    """Until when a quarter's files are on time, in days after its last day; what every firm sends."""

    due_days_after_quarter: Annotated[int, Field(ge=1, le=366)] = 30
    expected: Annotated[tuple[Words, ...], Field(strict=False)] = (
        "enrollment",
        "credential",
        "placement",
        "wage",
    )

    @field_validator("expected")
    @classmethod
    def _are_contracts_of_firms(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        sent = {name for name, one in CONTRACTS.items() if one.meta.dropped_by is Party.FIRM}
        if not names or set(names) - sent or len(set(names)) != len(names):
            raise ValueError("extracts that firms drop, each once: " + ", ".join(sorted(sent)))
        return names


class Notify(Section):
    """Who is written to: for each firm the name of an address in ``keys/notify.toml``, never the address.

    ``owner``: likewise for "operator", who is told of missed days, and for seats, which own alerts.
    """

    remind_days_before: Annotated[int, Field(ge=0, le=90)] = 7
    firm: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    owner: Mapping[Identifier, Identifier] = Field(default_factory=dict)


class PublicationRules(Section):
    """Who lets a release out: nobody ("none"), or somebody other than its builder ("required").

    ``built_by``: who runs the house. ``approvers``: names, each with the path of a public key (Ed25519, PEM),
    relative to the home.
    """

    approval: Literal["none", "required"] = "none"
    built_by: Words = "operator"
    approvers: Mapping[Words, Words] = Field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """Whether somebody must approve before anything is published."""
        return self.approval == "required"

    @model_validator(mode="after")
    def _can_be_approved(self) -> Self:
        if self.is_required and not set(self.approvers) - {self.built_by}:
            raise ValueError('approvers, at least one besides built_by, where approval = "required"')
        return self


class Contact(Section):
    """Whom a reader of a report or a receipt can ask."""

    name: Line = ""
    email: Line = ""


class ConsortiumConfig(Section):
    """Everything ``consortium.toml`` says."""

    consortium: Consortium
    releases: Annotated[tuple[CalendarEntry, ...], Field(alias="release", min_length=1, strict=False)]
    policy: PolicyChoice = PolicyChoice()
    study: Study = Study()
    engine: Engine = Engine()
    intake: Intake = Intake()
    boxes: BoxPlaces = BoxPlaces()
    submissions: Submissions = Submissions()
    notify: Notify = Notify()
    publication: PublicationRules = PublicationRules()
    contact: Contact = Contact()

    @field_validator("releases")
    @classmethod
    def _is_a_calendar(cls, entries: tuple[CalendarEntry, ...]) -> tuple[CalendarEntry, ...]:
        for earlier, later in pairwise(entries):
            if earlier.quarter >= later.quarter or earlier.date >= later.date:
                raise ValueError(f"periods and dates that rise from entry to entry; {later.period} does not")
        return entries


def due_release(config: ConsortiumConfig, as_of: date) -> CalendarEntry | None:
    """The newest calendar entry whose day has come by ``as_of``, or None before the first."""
    due = [entry for entry in config.releases if entry.date <= as_of]
    return due[-1] if due else None


def next_release(config: ConsortiumConfig, after: date) -> CalendarEntry | None:
    """The first calendar entry whose day lies after ``after``, or None when none is announced."""
    return next((entry for entry in config.releases if entry.date > after), None)


def announce_releases(first: Quarter, count: int, announced: date | None = None) -> tuple[CalendarEntry, ...]:
    """A calendar of ``count`` quarterly releases from ``first`` on, each the usual lag after its quarter."""
    quarters = [first + step for step in range(count)]
    lag = timedelta(days=PUBLICATION_LAG_DAYS)
    return tuple(
        CalendarEntry(period=f"{q.year}-Q{q.number}", date=q.last_day + lag, announced=announced)
        for q in quarters
    )


@dataclass(frozen=True)
class HomeSettings:
    """What somebody who makes a home says about it; all else starts with its default.

    The id is made from the name. The calendar is an example to be edited where none is given.
    """

    name: str
    region: str
    releases: tuple[CalendarEntry, ...] = ()
    preset: str = "board"
    source: str = "member_drops"
    design: str = "observational"

    def as_config(self) -> ConsortiumConfig:
        """The whole configuration; HomeError when a setting does not hold."""
        settings = {
            "consortium": {"id": _slug(self.name), "name": self.name, "region": self.region},
            "release": self.releases or announce_releases(_EXAMPLE_QUARTER, _EXAMPLE_RELEASES),
            "policy": {"preset": self.preset, "source": self.source},
            "study": {"design": self.design},
        }
        try:
            return ConsortiumConfig.model_validate(settings)
        except ValidationError as error:
            raise _misconfigured(Path(CONFIG_NAME), error) from error


def read_config(path: Path) -> ConsortiumConfig:
    """Read and check one ``consortium.toml``; a HomeError lists every problem with its key."""
    try:
        return ConsortiumConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    except ValidationError as error:
        raise _misconfigured(path, error) from error


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32].rstrip("-") or "consortium"


def _unreadable(path: Path, error: Exception) -> HomeError:
    return HomeError(
        "HOM-010",
        found=f"text that is not TOML ({error})",
        expected="a TOML file in UTF-8",
        where=str(path),
        remedy="Mend the place the message names; strings stand in double quotes, dates do not.",
    )


def _misconfigured(path: Path, error: ValidationError) -> HomeError:
    problems = [_problem(detail) for detail in error.errors(include_url=False)]
    remedy = f"Correct it in {path.name}; `guildhall init` writes a commented example into an empty folder."
    if len(problems) == 1:
        key, found, expected = problems[0]
        return HomeError("HOM-011", found=found, expected=expected, where=f"{path}, key {key}", remedy=remedy)
    return HomeError(
        "HOM-011",
        found=f"{len(problems)} problems: " + "; ".join(f"{key} is {found}" for key, found, _ in problems),
        expected="; ".join(f"{key}: {expected}" for key, _, expected in problems),
        where=str(path),
        remedy=remedy.replace("Correct it", "Correct them"),
    )


def _problem(detail: Mapping[str, Any]) -> tuple[str, str, str]:
    """One pydantic finding as (key, found, expected)."""
    key = _key(detail["loc"])
    if detail["type"] == "missing":
        return key, "missing", "this key"
    if detail["type"] == "extra_forbidden":
        return key, "a key that means nothing here", "only the keys of the commented example"
    expected = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return key, _brief(detail["input"]), expected


def _key(location: Sequence[str | int]) -> str:
    """``("release", 1, "date")`` as a person writes it: ``release[2].date``."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the file"


def _brief(value: object) -> str:
    text = str(value) if isinstance(value, date) else repr(value)
    # Somebody may have put a password into an address: a message is no place for it.
    text = re.sub(r"(://[^/@:]*):[^@]*@", r"\1:***@", text)
    return text if len(text) <= 120 else text[:117] + "..."
