"""A home is made once, opened strictly, and says of every wrong setting where it is and what is expected."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import HomeError
from contracts.quarters import Quarter
from warehouse.config import (
    BoxPlace,
    BoxPlaces,
    CalendarEntry,
    Consortium,
    ConsortiumConfig,
    announce_releases,
)
from warehouse.home import OPERATOR, Home, HomeSettings, due_release, init_home, next_release, open_box
from warehouse.ledger import Ledger


def edit(home: Home, old: str, new: str) -> None:
    path = home.root / "consortium.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_init_makes_a_home_that_opens_with_the_same_settings(home: Home, config: ConsortiumConfig) -> None:
    assert Home.open(home.root) == home
    assert home.config == config
    assert home.inbox(OPERATOR).is_dir()
    assert stat.S_IMODE(home.private_key_path.stat().st_mode) == 0o400
    with Ledger.open(home) as ledger:
        assert ledger.verify().entries == 0


@pytest.mark.parametrize("name", ['A "quoted" name', "back\\slash", "Ünïted ✓ 𝔊uild", "[x] # = {y}"])
def test_init_writes_settings_that_read_back_when_names_hold_odd_characters(
    tmp_path: Path, name: str
) -> None:
    odd = ConsortiumConfig(
        consortium=Consortium(id="a", name=name, region=name), releases=announce_releases(Quarter(2026, 1), 1)
    )
    assert init_home(tmp_path / "odd", odd).config == odd


PLACES = (
    {"url": "/srv/boxes"},
    {"url": "sftp://house@example.org:2222/srv", "key_file": "keys/a", "known_hosts": "keys/b"},
    {"url": "s3://bucket/{firm}/x", "endpoint_url": "https://s3.example.org", "firms": ("F001", "F.2")},
    {"firm": {"F.2": BoxPlace(url="s3://bucket", profile="two"), "F001": BoxPlace(url="/srv/one")}},
)


@pytest.mark.parametrize("place", PLACES)
def test_init_writes_places_of_boxes_that_read_back(
    tmp_path: Path, config: ConsortiumConfig, place: dict[str, Any]
) -> None:
    chosen = config.model_copy(update={"boxes": BoxPlaces(**place)})
    assert init_home(tmp_path / "placed", chosen).config == chosen


@pytest.mark.parametrize(
    "boxes",
    [
        'url = "ftp://example.org/boxes"',
        'url = "sftp://example.org/boxes"',
        'url = "sftp://house:secret@example.org/boxes"',
        'url = "sftp://house@example.org/boxes"',
        'url = "s3://{firm}/boxes"',
        'url = "s3://key:secret@bucket/boxes"',
        'url = "boxes"\npassword = "secret"',
    ],
)
def test_open_refuses_when_a_place_of_boxes_does_not_hold(home: Home, boxes: str) -> None:
    edit(home, 'url = "boxes"', boxes)
    with pytest.raises(HomeError, match=r"HOM-011.*boxes") as refused:
        Home.open(home.root)
    assert "secret" not in str(refused.value)


def test_init_goes_on_when_an_earlier_one_was_interrupted(tmp_path: Path, config: ConsortiumConfig) -> None:
    first = init_home(tmp_path / "h", config)
    key = first.private_key_path.read_bytes()
    (first.root / "consortium.toml").unlink()
    first.public_key_path.unlink()
    assert init_home(tmp_path / "h", config).private_key_path.read_bytes() == key


def test_init_refuses_when_the_folder_is_a_home_already(home: Home, config: ConsortiumConfig) -> None:
    with pytest.raises(HomeError, match=r"HOM-003.*a consortium home"):
        init_home(home.root, config)


def test_init_refuses_and_touches_nothing_when_the_folder_is_foreign(
    tmp_path: Path, config: ConsortiumConfig
) -> None:
    (tmp_path / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(HomeError, match="HOM-003"):
        init_home(tmp_path, config)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_open_says_how_to_make_a_home_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"HOM-001.*guildhall init"):
        Home.open(tmp_path)


@pytest.mark.parametrize("part", ["ledger.sqlite", "keys/ledger.key", "keys/ledger.pub"])
def test_open_names_the_part_when_a_home_is_incomplete(home: Home, part: str) -> None:
    (home.root / part).unlink()
    with pytest.raises(HomeError, match=rf"HOM-002.*no {part}"):
        Home.open(home.root)


@pytest.mark.parametrize(
    "old,new,key,says",
    [
        ("threads = 2", "threads = 0", r"engine\.threads", "greater than or equal to 1"),
        ("threads = 2", 'threads = "2"', r"engine\.threads", "a valid integer"),
        ("threads = 2", "thread = 2", r"engine\.thread", "means nothing here"),
        ('memory_limit = "3GB"', 'memory_limit = "all"', r"engine\.memory_limit", "pattern"),
        ('name = "duckdb"', 'name = "oracle"', r"engine\.name", "duckdb"),
        ('design = "observational"', 'design = "random"', r"study\.design", "randomised"),
        ('id = "valley"', 'id = "../x"', r"consortium\.id", "pattern"),
        ('region = "Two counties"\n', "", r"consortium\.region", "missing"),
        ('preset = "board"', 'preset = "already_public"', "policy", "members' drops are always protected"),
        ('source = "member_drops"', 'source = "published_before"', "policy", "neither of the two"),
        ("date = 2026-11-12", "date = 2026-09-30", r"release\[1\]", "after the period's last day"),
        ("date = 2026-11-12", "date = 2027-02-12", "release", "2026-Q4 does not"),
        ('period = "2026-Q4"', 'period = "2026-Q3"', "release", "2026-Q3 does not"),
        ('period = "2026-Q4"', 'period = "2026Q4"', r"release\[2\]\.period", "pattern"),
        ("date = 2027-02-12", 'date = "2027-02-12"', r"release\[2\]\.date", "a valid date"),
    ],
)
def test_open_names_key_and_expectation_when_a_setting_is_wrong(
    home: Home, old: str, new: str, key: str, says: str
) -> None:
    edit(home, old, new)
    with pytest.raises(HomeError, match=rf"HOM-011.*consortium\.toml, key {key}:") as caught:
        Home.open(home.root)
    assert says in caught.value.found + caught.value.expected


def test_open_lists_every_problem_when_several_settings_are_wrong(home: Home) -> None:
    edit(home, "threads = 2", "threads = 0")
    edit(home, "batch_files = 500", "batch_files = 0")
    with pytest.raises(HomeError) as caught:
        Home.open(home.root)
    assert caught.value.found.startswith("2 problems")
    assert "engine.threads" in caught.value.expected
    assert "intake.batch_files" in caught.value.expected


def test_open_says_so_when_the_file_is_not_toml(home: Home) -> None:
    edit(home, "[engine]", "[engine")
    with pytest.raises(HomeError, match="HOM-010"):
        Home.open(home.root)


def test_open_takes_the_policy_pair_when_the_input_was_public_before(home: Home) -> None:
    edit(home, 'preset = "board"', 'preset = "already_public"')
    edit(home, 'source = "member_drops"', 'source = "published_before"')
    assert Home.open(home.root).config.policy.preset == "already_public"


@pytest.mark.parametrize(
    "day,period",
    [
        (date(2026, 11, 11), None),
        (date(2026, 11, 12), "2026-Q3"),
        (date(2026, 11, 13), "2026-Q3"),
        (date(2027, 2, 11), "2026-Q3"),
        (date(2027, 2, 12), "2026-Q4"),
        (date(2099, 1, 1), "2026-Q4"),
    ],
)
def test_due_release_is_the_newest_whose_day_has_come(
    config: ConsortiumConfig, day: date, period: str | None
) -> None:
    due = due_release(config, day)
    assert (due.period if due else None) == period


def test_calendar_announces_quarters_across_years_with_the_usual_lag() -> None:
    assert announce_releases(Quarter(2026, 4), 2) == (
        CalendarEntry(period="2026-Q4", date=date(2027, 2, 12)),
        CalendarEntry(period="2027-Q1", date=date(2027, 5, 13)),
    )


@pytest.mark.parametrize("firm", ["", ".", "..", "../x", "a/b", "a" * 33, ".hidden", "a b", "a\n"])
def test_box_is_not_made_when_the_firm_id_could_lead_elsewhere(home: Home, firm: str) -> None:
    with pytest.raises(HomeError, match="HOM-020"):
        open_box(home, firm)


@pytest.mark.parametrize("firm", ["a", "A" * 32, "firm_007.x-y"])
def test_box_is_made_when_the_firm_id_is_plain(home: Home, firm: str) -> None:
    assert open_box(home, firm) == home.boxes / firm / "in"
    assert home.outbox(firm).is_dir()


@pytest.mark.parametrize(
    "day,period",
    [
        (date(2026, 11, 11), "2026-Q3"),
        (date(2026, 11, 12), "2026-Q4"),
        (date(2027, 2, 11), "2026-Q4"),
        (date(2027, 2, 12), None),
    ],
)
def test_next_release_is_the_first_whose_day_lies_ahead(
    config: ConsortiumConfig, day: date, period: str | None
) -> None:
    ahead = next_release(config, day)
    assert (ahead.period if ahead else None) == period


@pytest.mark.parametrize(
    "name,slug", [("Valley Alliance!", "valley-alliance"), ("Ü", "consortium"), ("x" * 31 + " y", "x" * 31)]
)
def test_home_is_made_from_a_name_and_a_region_alone(tmp_path: Path, name: str, slug: str) -> None:
    made = init_home(tmp_path / "h", HomeSettings(name=name, region="Two counties"))
    assert (made.config.consortium.id, made.config.consortium.name) == (slug, name)
    assert len(made.config.releases) == 4


def test_home_is_not_made_when_a_setting_does_not_hold(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"HOM-011.*key policy"):
        init_home(tmp_path / "h", HomeSettings(name="x", region="y", preset="already_public"))
    assert not (tmp_path / "h").exists()
