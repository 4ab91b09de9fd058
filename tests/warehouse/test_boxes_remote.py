"""A store that fails costs time, never a byte: tried again, given up on, and never half taken."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from tests.faults.fault_fs import Fault, FaultFS, breaks, cut_short, ends, passes, stale, times_out
from warehouse.blobs import copy_aside
from warehouse.boxes import BoxUnreachable, Unstable
from warehouse.boxes.line import ATTEMPTS, LONGEST_PAUSE_SECONDS, Line, Store
from warehouse.boxes.remote import RemoteBox

NAME = "wage_2026Q1.csv"
CONTENT = b"learner_key\n" + b"x" * 3_000_000


class Setting:
    """A box in a folder that is spoken to as if it lay behind a network, with faults to be planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = FaultFS(LocalFileSystem())
        self.pauses: list[float] = []
        self.connected = 0
        for part in ("in", "out"):
            (folder / part).mkdir(parents=True)
        (folder / "in" / NAME).write_bytes(CONTENT)
        store = Store("store", self._connect, failures=(OSError,), cuts=(TimeoutError, ConnectionError))
        self.box = RemoteBox("acme", Line(store, self.pauses.append), str(folder))

    def _connect(self) -> FaultFS:
        self.connected += 1
        return self.files

    def aside(self) -> Path:
        return self.folder / "aside"

    def copy(self) -> bytes:
        copy_aside(self.box, NAME, self.aside(), 10_000_000)
        return self.aside().read_bytes()


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path / "acme")


@pytest.mark.fault("F10")
@pytest.mark.parametrize(
    "call,faults",
    [
        ("open", [breaks(errno.EIO)]),
        ("open", [times_out, times_out]),
        ("info", [breaks(errno.EIO)]),
        ("info", [passes, breaks(errno.EIO)]),
        ("read", [passes, breaks(errno.EIO)]),
        ("read", [passes, times_out, passes, times_out]),
        ("read", [cut_short, ends]),
        ("read", [passes, ends]),
    ],
)
def test_file_is_copied_whole_when_its_store_fails_and_recovers(
    setting: Setting, call: str, faults: list[Fault]
) -> None:
    setting.files.plant(call, *faults)
    assert setting.copy() == CONTENT
    assert len(setting.pauses) in (1, 2)


@pytest.mark.fault("F10")
@pytest.mark.parametrize("fault", [breaks(errno.EIO), times_out])
def test_no_part_of_a_file_stays_when_its_store_fails_for_good(setting: Setting, fault: Fault) -> None:
    setting.files.plant("read", *[passes, fault] * ATTEMPTS)
    with pytest.raises(BoxUnreachable):
        setting.copy()
    assert not setting.aside().exists()
    assert (setting.folder / "in" / NAME).read_bytes() == CONTENT


@pytest.mark.fault("F10")
def test_tries_are_bounded_and_their_pauses_too(setting: Setting) -> None:
    setting.files.plant("ls", *[times_out] * ATTEMPTS)
    with pytest.raises(BoxUnreachable, match="TimeoutError"):
        setting.box.look()
    assert setting.files.calls == ["ls"] * ATTEMPTS
    assert len(setting.pauses) == ATTEMPTS - 1
    assert all(0 <= pause <= LONGEST_PAUSE_SECONDS for pause in setting.pauses)


def test_line_is_made_anew_after_a_cut_only(setting: Setting) -> None:
    setting.files.plant("ls", breaks(errno.EIO))
    setting.box.look()
    assert setting.connected == 1
    setting.files.plant("ls", times_out)
    setting.box.look()
    assert setting.connected == 2


def test_dead_store_is_asked_no_more_in_the_same_run(setting: Setting) -> None:
    setting.files.plant("ls", *[times_out] * ATTEMPTS)
    for _ in range(3):
        with pytest.raises(BoxUnreachable):
            setting.box.look()
    assert len(setting.files.calls) == ATTEMPTS


@pytest.mark.fault("F10")
def test_other_files_are_read_when_one_cannot_be(setting: Setting) -> None:
    setting.files.plant("read", *[breaks(errno.EIO)] * ATTEMPTS)
    with pytest.raises(BoxUnreachable):
        setting.copy()
    assert setting.copy() == CONTENT


@pytest.mark.fault("F10")
def test_file_is_found_the_next_time_when_a_listing_was_stale(setting: Setting) -> None:
    setting.files.plant("ls", stale)
    assert setting.box.look() == []
    assert [found.name for found in setting.box.look()] == [NAME]


def test_nothing_is_taken_when_the_file_changes_while_it_is_read(setting: Setting) -> None:
    def grow(honest: bytes) -> bytes:
        with (setting.folder / "in" / NAME).open("ab") as file:
            file.write(b"more")
        return honest

    setting.files.plant("read", grow)
    with pytest.raises(Unstable):
        setting.copy()
    assert not setting.aside().exists()


@pytest.mark.fault("F09", "F10")
def test_full_disk_of_ours_is_not_the_stores_fault(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.blobs._write_whole", breaks_on_write)
    with pytest.raises(OSError, match="planted"):
        setting.copy()
    assert not setting.pauses


def breaks_on_write(*_: object) -> None:
    raise OSError(errno.ENOSPC, "planted")


def test_newer_file_is_not_removed_in_the_place_of_the_one_that_was_read(setting: Setting) -> None:
    (found,) = setting.box.look()
    (setting.folder / "in" / NAME).write_bytes(b"newer")
    setting.box.remove(NAME, found.identity)
    assert (setting.folder / "in" / NAME).read_bytes() == b"newer"


@pytest.mark.fault("F04", "F10")
@pytest.mark.parametrize("call", ["makedirs", "pipe_file", "mv"])
def test_receipt_is_written_whole_when_the_store_fails_once(setting: Setting, call: str) -> None:
    setting.files.plant(call, times_out)
    setting.box.put("a.receipt.json", b"{}")
    assert {path.name: path.read_bytes() for path in (setting.folder / "out").iterdir()} == {
        "a.receipt.json": b"{}"
    }


@pytest.mark.fault("F10")
@pytest.mark.parametrize("call", ["ls", "makedirs", "mv"])
def test_refused_file_is_set_aside_once_when_the_store_fails_once(setting: Setting, call: str) -> None:
    setting.files.plant(call, times_out)
    setting.box.set_aside((NAME, "gone.manifest.json"), 7)
    assert [path.name for path in (setting.folder / "refused").rglob("*.csv")] == [NAME]
    assert not list((setting.folder / "in").iterdir())


def test_link_is_no_file_and_is_not_opened(setting: Setting, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"rows of another")
    link = setting.folder / "in" / "wage_2026Q2.csv"
    link.symlink_to(tmp_path / "secret")
    found = {one.name: one.is_file for one in setting.box.look()}
    assert found == {NAME: True, link.name: False}
    with pytest.raises(Unstable):
        copy_aside(setting.box, link.name, setting.aside(), 100)
