"""Keys come from files that only their owner can read, and from nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contracts.pseudonyms import SealError
from warehouse.sealing import read_key

GOOD = bytes(range(32)).hex()


def key_file(folder: Path, content: str = GOOD, mode: int = 0o600) -> Path:
    path = folder / "link.key"
    path.write_text(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [GOOD, GOOD.upper(), f"{GOOD}\n", f" {GOOD}\r\n"])
def test_key_is_read_when_its_file_is_private(tmp_path: Path, content: str) -> None:
    read = read_key(key_file(tmp_path, content), "link key")
    assert read.warning is None
    assert GOOD not in repr(read)


@pytest.mark.skipif(os.name != "posix", reason="file modes say nothing on this system")
@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601])
def test_key_is_refused_when_everyone_can_open_its_file(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SealError, match="SEA-002"):
        read_key(key_file(tmp_path, mode=mode), "link key")


@pytest.mark.skipif(os.name != "posix", reason="file modes say nothing on this system")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o660, True)])
def test_key_is_taken_with_a_warning_when_its_group_can_open_it(
    tmp_path: Path, mode: int, warned: bool
) -> None:
    warning = read_key(key_file(tmp_path, mode=mode), "link key").warning
    assert (warning is not None) == warned
    assert GOOD not in str(warning)


@pytest.mark.parametrize("content", ["", GOOD[:-2], "0" * 64, f"{GOOD}\n{GOOD}", "é" * 64, "ab" * 4000])
def test_key_is_refused_when_it_is_weak_or_no_key(tmp_path: Path, content: str) -> None:
    with pytest.raises(SealError) as caught:
        read_key(key_file(tmp_path, content), "firm key")
    assert caught.value.code == "SEA-003"
    assert not content or content not in str(caught.value)


def test_key_typed_in_place_of_a_path_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SealError) as caught:
        read_key(Path(GOOD), "link key")
    assert caught.value.code == "SEA-001"
    assert GOOD[:16] not in str(caught.value)
    with pytest.raises(SealError, match=r"nothing\.key"):
        read_key(tmp_path / "nothing.key", "link key")
    with pytest.raises(SealError, match="SEA-001"):
        read_key(tmp_path, "link key")
