"""What landed is readable with its key only, and no plain copy outlives its use."""

from __future__ import annotations

import hashlib
import stat
import tracemalloc
from pathlib import Path

import pytest

from contracts.errors import HomeError, VaultError
from tests.warehouse.conftest import Drop, MakeHome
from warehouse.blobs import copy_aside
from warehouse.boxes.local import LocalBox
from warehouse.home import Home, open_box
from warehouse.landing import land_pending
from warehouse.ledger import Ledger
from warehouse.vault import Shelved, Vault, plain_folder, write_plain

CONTENT = b"gross_wages_usd\n9000.00\n"
SHA = hashlib.sha256(CONTENT).hexdigest()


def keep(home: Home, firm: str, period: str, content: bytes = CONTENT) -> None:
    (open_box(home, firm) / "source").write_bytes(content)
    box = LocalBox(firm, home.boxes / firm)
    copy = copy_aside(box, "source", home.landing / ".tmp" / "0", 1_000_000)
    Vault(home).keep([Shelved(firm, period, copy)])


@pytest.mark.parametrize("content", [b"", b"x", b"y" * 65_535, b"y" * 65_536, b"y" * 65_537])
def test_vault_gives_back_the_bytes_that_were_kept(home: Home, content: bytes) -> None:
    keep(home, "F001", "2026Q1", content)
    digest = hashlib.sha256(content).hexdigest()
    assert Vault(home).read("F001", "2026Q1", digest) == content
    assert not list((home.landing / ".tmp").iterdir())


def test_vault_keeps_the_same_bytes_apart_when_two_boxes_or_periods_sent_them(home: Home) -> None:
    shelves = [("F001", "2026Q1"), ("F002", "2026Q1"), ("F001", "2026Q2")]
    for firm, period in shelves:
        keep(home, firm, period)
    home.data_key_path("F001", "2026Q1").unlink()
    with pytest.raises(VaultError, match="VLT-003"):
        Vault(home).read("F001", "2026Q1", SHA)
    assert [Vault(home).read(*shelf, SHA) for shelf in shelves[1:]] == [CONTENT, CONTENT]


def test_vault_opens_nothing_when_a_data_key_of_another_shelf_is_put_in_place(home: Home) -> None:
    keep(home, "F001", "2026Q1")
    keep(home, "F002", "2026Q1")
    home.data_key_path("F002", "2026Q1").replace(home.data_key_path("F001", "2026Q1"))
    with pytest.raises(VaultError, match="VLT-002"):
        Vault(home).read("F001", "2026Q1", SHA)


def test_vault_opens_nothing_when_the_home_key_is_another(home: Home, make_home: MakeHome) -> None:
    keep(home, "F001", "2026Q1")
    make_home("other").landing_key_path.replace(home.landing_key_path)
    with pytest.raises(VaultError, match="VLT-003"):
        Vault(home).read("F001", "2026Q1", SHA)


def test_vault_holds_a_file_in_memory_once_while_it_reads_it(home: Home) -> None:
    large = CONTENT * 40_000
    keep(home, "F001", "2026Q1", large)
    vault, digest = Vault(home), hashlib.sha256(large).hexdigest()
    tracemalloc.start()
    try:
        assert len(vault.read("F001", "2026Q1", digest)) == len(large)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * len(large)


@pytest.mark.parametrize("content", [CONTENT, CONTENT * 9_000], ids=["one piece", "four pieces"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "swap"])
def test_vault_says_so_when_a_file_is_not_what_was_kept(home: Home, damage: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    keep(home, "F001", "2026Q1", content)
    blob = home.blob("F001", "2026Q1", digest)
    kept = blob.read_bytes()
    blob.unlink()
    if damage == "swap":
        keep(home, "F001", "2026Q1", b"other")
        home.blob("F001", "2026Q1", hashlib.sha256(b"other").hexdigest()).rename(blob)
    elif damage != "gone":
        blob.write_bytes(kept[:-1] + (bytes([kept[-1] ^ 1]) if damage == "flip" else b""))
    with pytest.raises(VaultError, match="VLT-002"):
        Vault(home).read("F001", "2026Q1", digest)


def test_home_key_is_never_repeated_when_it_is_broken(home: Home) -> None:
    broken = home.landing_key_path.read_text()[:-3]
    home.landing_key_path.unlink()
    home.landing_key_path.write_text(broken)
    with pytest.raises(VaultError, match="VLT-001") as raised:
        Vault(home)
    assert broken not in repr(raised.value) + repr(raised.value.__cause__)


def test_keys_are_readable_by_their_owner_only_and_without_them_a_home_does_not_open(home: Home) -> None:
    keep(home, "F001", "2026Q1")
    for path in (home.landing_key_path, home.data_key_path("F001", "2026Q1")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    home.landing_key_path.unlink()
    with pytest.raises(HomeError, match="HOM-002"):
        Home.open(home.root)


def test_plain_folder_clears_what_a_killed_run_left_but_not_what_is_in_use(home: Home) -> None:
    abandoned = home.landing / ".plain" / "left"
    abandoned.mkdir(parents=True)
    (abandoned / SHA).write_bytes(CONTENT)
    with plain_folder(home) as first:
        path = write_plain(first, SHA, CONTENT)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with plain_folder(home):
            assert path.read_bytes() == CONTENT
    assert not list((home.landing / ".plain").iterdir())


def test_no_byte_that_landed_lies_plainly_in_the_home_when_it_was_taken(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    canary = b"Zz9canary"
    drop(home, "F001", "wage_2026Q1.csv", canary * 20_000, manifest='{"attestation": "Zz9canary"}')
    land_pending(home, ledger)
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if canary in Path(path).read_bytes()]
