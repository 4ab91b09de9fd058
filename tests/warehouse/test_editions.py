"""A correction is a version of its own: with a reason, of the newest period only, and v1.0 stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from contracts.errors import ReleaseError
from tests.warehouse.test_releases import FACTS, contents, publish, stage
from warehouse import releases
from warehouse.editions import Correction, Wrong, edition_of
from warehouse.home import Home
from warehouse.ledger import PUBLISHED, Ledger

LATER = date(2026, 11, 29)
REASON = "One program's completions were counted twice."


def wrong(**changes: str) -> Wrong:
    return Wrong(**({"period": "2026-Q3", "reason": REASON, "by": "the operator"} | changes))


def correct(home: Home, on: date = LATER) -> releases.Release:
    """A correction with a file more, published."""
    edition = wrong().edition(home, on)
    assert edition.correction is not None
    staging = releases.stage_release(home, edition.period, edition.version)
    releases.write_files(staging, {"report.html": b"<title>Corrected</title>", "corrections.csv": b"x\n"})
    facts = releases.ReleaseFacts(
        FACTS.ledger_head,
        edition.date,
        FACTS.rule_version,
        FACTS.code_version,
        FACTS.policy,
        more={"correction": edition.correction.body()},
    )
    releases.write_manifest(staging, facts)
    with Ledger.open(home) as ledger:
        return releases.promote(staging, ledger)


def test_correction_stands_beside_what_it_corrects_and_is_the_newest(home: Home, ledger: Ledger) -> None:
    first = publish(home)
    before = contents(first.root)
    made = correct(home)
    assert (made.version, made.public_on) == ("v1.1", LATER)
    assert contents(first.root) == before
    assert releases.read_release(home).version == "v1.1"
    assert releases.named_release(home, "2026-Q3/v1.0").version == "v1.0"
    assert edition_of(made) == wrong().edition(home, LATER).__class__(
        "2026-Q3", FACTS.published_on, "v1.1", Correction("v1.0", REASON, "the operator", LATER)
    )
    said = [entry.body.get("correction") for entry in ledger.entries(PUBLISHED)]
    assert said == [None, {"of": "v1.0", "reason": REASON, "by": "the operator", "on": "2026-11-29"}]


def test_tenth_correction_follows_the_ninth(home: Home) -> None:
    publish(home)
    for _ in range(10):
        correct(home)
    assert releases.read_release(home).version == "v1.10"
    assert [one.version for one in releases.all_releases(home)][-2:] == ["v1.9", "v1.10"]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "  typo   "},
        {"reason": f"{REASON}\nMore"},
        {"reason": "x" * 301},
        {"reason": "=HYPERLINK(1) was wrong"},
        {"by": " "},
    ],
)
def test_correction_is_refused_when_its_reason_or_its_maker_says_nothing(
    home: Home, changes: dict[str, str]
) -> None:
    publish(home)
    with pytest.raises(ReleaseError, match="REL-040"):
        wrong(**changes).edition(home, LATER)


def test_correction_is_refused_when_nothing_of_the_period_is_published(home: Home) -> None:
    with pytest.raises(ReleaseError, match="REL-003"):
        wrong().edition(home, LATER)


def test_correction_is_refused_when_a_later_period_is_published(home: Home) -> None:
    publish(home)
    publish(home, "2026-Q4")
    with pytest.raises(ReleaseError, match="REL-041"):
        wrong().edition(home, LATER)
    assert wrong(period="2026-Q4").edition(home, LATER).version == "v1.1"


def test_evidence_of_what_was_never_published_is_taken_away_by_the_next_run(
    home: Home, ledger: Ledger
) -> None:
    publish(home)
    kept, left = (home.evidence / "2026-Q3" / version for version in ("v1.0", "v1.1"))
    for folder in (kept, left):
        _evidence(folder)
    stage(home, "2026-Q4")
    releases.settle(home, ledger)
    assert (kept.is_dir(), left.exists()) == (True, False)


def _evidence(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "cells.parquet").write_bytes(b"PAR1")
