"""A staged release is read by nobody until somebody who did not make it lets out exactly its bytes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature

from contracts.errors import GuildhallError, HomeError, ReleaseError
from orchestration.cli.approve_command import command
from orchestration.resources import Occasion
from tests.warehouse.test_releases import FACTS, change, contents, stage
from warehouse import approving, releases
from warehouse.approving import Approver, Waiting, approve, park, waiting
from warehouse.chain import canonical
from warehouse.config import CalendarEntry, PublicationRules, read_config
from warehouse.home import Home
from warehouse.home_template import render_config
from warehouse.keys import make_keys, read_public_key
from warehouse.ledger import APPROVED, PUBLISHED, SENT_BACK, Ledger

DAY = FACTS.published_on
ADA = "Ada Byron"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Ada's private key, kept apart from the home; its public half is named by the settings."""
    make_keys(tmp_path / "ada.key", tmp_path / "ada.pub")
    return tmp_path


@pytest.fixture
def strict(home: Home, keys: Path) -> Home:
    """A home in which Ada approves, written as a person would write it and read again."""
    rules = PublicationRules(
        approval="required",
        approvers={ADA: str(keys / "ada.pub"), "operator": str(keys / "ada.pub"), "house": "keys/ledger.pub"},
    )
    entry = CalendarEntry(period="2026-Q3", date=DAY)
    config = home.config.model_copy(update={"publication": rules, "releases": (entry,)})
    (home.root / "consortium.toml").write_text(render_config(config), encoding="utf-8")
    return Home.open(home.root)


@pytest.fixture
def ada(keys: Path) -> Approver:
    return Approver(ADA, keys / "ada.key")


def parked(home: Home, ledger: Ledger) -> Waiting:
    return park(home, stage(home), ledger)


def test_staged_release_lies_outside_of_what_readers_reach(strict: Home, ledger: Ledger) -> None:
    staging = stage(strict)
    assert strict.releases not in staging.root.parents
    park(strict, staging, ledger)
    assert list(strict.releases.iterdir()) == []
    assert releases.all_releases(strict) == []
    for asked in (None, "2026-Q3", "2026-Q3/v1.0"):
        with pytest.raises(ReleaseError, match="REL-003"):
            releases.named_release(strict, asked)
    assert [one.name for one in waiting(strict, ledger)] == ["2026-Q3/v1.0"]
    assert not list(ledger.entries(PUBLISHED))


def test_approval_publishes_exactly_the_staged_bytes_and_is_signed(
    strict: Home, ledger: Ledger, ada: Approver, keys: Path
) -> None:
    one = parked(strict, ledger)
    before = contents(one.release.root)
    made = approve(strict, ledger, "2026-Q3", ada, DAY)
    assert contents(made.root) == before
    assert releases.read_release(strict) == made
    (entry,) = ledger.entries(APPROVED)
    assert (entry.body["approver"], entry.body["manifest_sha256"]) == (ADA, made.manifest_sha256)
    signed = {name: entry.body[name] for name in ("period", "version", "manifest_sha256")}
    said, key = b"guildhall-approval-v1\0" + canonical(signed), read_public_key(keys / "ada.pub")
    key.verify(bytes.fromhex(str(entry.body["signature"])), said)
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(str(entry.body["signature"])), said + b"x")
    assert waiting(strict, ledger) == []
    assert ledger.verify().entries == 3


def _of_a_stranger(folder: Path) -> Approver:
    make_keys(folder / "other.key", folder / "other.pub")
    return Approver(ADA, folder / "other.key")


@pytest.mark.parametrize(
    "code,who,on",
    [
        ("REL-051", Approver("Nobody", Path("ada.key")), DAY),
        ("REL-052", Approver("operator", Path("ada.key")), DAY),
        ("REL-052", Approver("house", Path("ada.key")), DAY),
        ("REL-053", Approver(ADA, Path("ada.key")), date(2026, 11, 11)),
        ("REL-055", Approver(ADA, Path("other.key")), DAY),
        ("REL-055", Approver(ADA, Path("none.key")), DAY),
    ],
)
def test_approval_is_refused_when_it_is_not_an_approvers_on_its_day(
    strict: Home, ledger: Ledger, keys: Path, code: str, who: Approver, on: date
) -> None:
    parked(strict, ledger)
    _of_a_stranger(keys)
    with pytest.raises(ReleaseError, match=code):
        approve(strict, ledger, "2026-Q3", Approver(who.name, keys / who.key), on)
    assert releases.all_releases(strict) == []
    assert not list(ledger.entries(APPROVED, PUBLISHED))


@pytest.mark.parametrize("is_consistent", [False, True])
def test_approval_is_refused_when_a_staged_byte_has_changed(
    strict: Home, ledger: Ledger, ada: Approver, is_consistent: bool
) -> None:
    place = parked(strict, ledger).release.root
    change(place / "report.html", b"<title>Better</title>")
    if is_consistent:
        (place / "manifest.json").unlink()
        releases.write_manifest(releases.Staging(place, strict.releases, "2026-Q3", "v1.0"), FACTS)
    with pytest.raises(ReleaseError, match="REL-054"):
        approve(strict, ledger, "2026-Q3", ada, DAY)
    assert releases.all_releases(strict) == []


def test_approval_is_refused_when_another_release_was_published_since(
    strict: Home, ledger: Ledger, ada: Approver
) -> None:
    first, second = park(strict, stage(strict), ledger), park(strict, stage(strict, "2026-Q4"), ledger)
    assert (first.name, second.name) == ("2026-Q3/v1.0", "2026-Q4/v1.0")
    approve(strict, ledger, "2026-Q3", ada, DAY)
    with pytest.raises(ReleaseError, match="REL-056"):
        approve(strict, ledger, "2026-Q4", ada, DAY)


def test_approval_is_refused_when_nothing_waits_or_the_ledger_knows_nothing_of_it(
    strict: Home, ledger: Ledger, ada: Approver
) -> None:
    with pytest.raises(ReleaseError, match="REL-050"):
        approve(strict, ledger, "2026-Q3", ada, DAY)
    smuggled = stage(strict).root
    shutil.move(smuggled, strict.staged / "2026-Q3" / "v1.0")
    with pytest.raises(ReleaseError, match="REL-050"):
        approve(strict, ledger, "2026-Q3", ada, DAY)


def test_run_makes_nothing_again_while_a_release_waits_and_anew_once_it_is_sent_back(
    strict: Home, ledger: Ledger
) -> None:
    occasion = Occasion(as_of="2026-11-13")
    assert occasion.edition(strict) is not None
    parked(strict, ledger)
    releases.settle(strict, ledger)
    assert occasion.edition(strict) is None
    approving.send_back(strict, ledger, "2026-Q3", ADA, "The headline names another quarter.")
    assert waiting(strict, ledger) == []
    assert occasion.edition(strict) is not None
    (entry,) = ledger.entries(SENT_BACK)
    assert entry.body["reason"] == "The headline names another quarter."


def test_evidence_of_a_staged_release_is_kept(strict: Home, ledger: Ledger) -> None:
    parked(strict, ledger)
    kept = strict.evidence / "2026-Q3" / "v1.0"
    kept.mkdir(parents=True)
    releases.settle(strict, ledger)
    assert kept.is_dir()


def test_approval_that_was_killed_before_the_rename_is_repeated(
    strict: Home, ledger: Ledger, ada: Approver, monkeypatch: pytest.MonkeyPatch
) -> None:
    parked(strict, ledger)
    with monkeypatch.context() as patch:
        patch.setattr(releases, "promote", _killed)
        with pytest.raises(KeyboardInterrupt):
            approve(strict, ledger, "2026-Q3", ada, DAY)
    assert approve(strict, ledger, "2026-Q3", ada, DAY).version == "v1.0"
    assert len(list(ledger.entries(APPROVED))) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_settings_that_ask_for_approval_by_nobody_but_the_builder_are_refused(strict: Home) -> None:
    config = strict.root / "consortium.toml"
    lines = config.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("approvers")]
    config.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(HomeError, match=r"HOM-011.*approvers"):
        read_config(config)


def test_command_lists_what_waits_and_lets_it_out(strict: Home, ledger: Ledger, keys: Path) -> None:
    parked(strict, ledger)
    at = ["--home", str(strict.root)]
    assert "2026-Q3/v1.0, for 2026-11-12" in CliRunner().invoke(command, at).output
    asked = [*at, "--release", "2026-Q3", "--as", ADA, "--key", str(keys / "ada.key")]
    early = CliRunner().invoke(command, [*asked, "--as-of", "2026-11-11"])
    assert isinstance(early.exception, GuildhallError)
    told = CliRunner().invoke(command, [*asked, "--as-of", "2026-11-12"], catch_exceptions=False)
    assert f"Release 2026-Q3 v1.0 stands, approved by {ADA}" in told.output
    assert "Nothing waits" in CliRunner().invoke(command, at).output
