"""Releases that stand open before a question comes: the same answers, and nothing that outlives them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from warehouse.door.limits import DEFAULT
from warehouse.door.opened import Opened, key


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Four small databases, each with its number in it."""
    paths = [tmp_path / f"{number} of four.duckdb" for number in range(4)]
    for number, path in enumerate(paths):
        with duckdb.connect(str(path)) as con:
            con.execute(f"CREATE TABLE one AS SELECT {number} AS number")
    return paths


def asked(opened: Opened, path: Path) -> int:
    with opened.connection(path, DEFAULT) as con:
        (number,) = con.execute("SELECT number FROM one").fetchone() or (None,)
    return int(number)


def test_release_is_opened_once_and_answers_every_question(files: list[Path]) -> None:
    opened = Opened()
    opened.get_ready(key(files[0], DEFAULT))
    with opened.connection(files[0], DEFAULT) as first:
        pass
    opened.get_ready(key(files[0], DEFAULT))
    with opened.connection(files[0], DEFAULT) as second:
        assert second is first
    assert asked(opened, files[0]) == 0


def test_release_asked_about_longest_ago_gives_way_to_a_fourth(files: list[Path]) -> None:
    opened = Opened()
    for path in files[:3]:
        opened.get_ready(key(path, DEFAULT))
    opened.get_ready(key(files[0], DEFAULT))
    opened.get_ready(key(files[3], DEFAULT))
    assert [asked(opened, path) for path in files] == [0, 1, 2, 3]
    assert [about.rpartition("/")[2][0] for about in opened._kept] == ["2", "0", "3"]


@pytest.mark.parametrize("content", [None, b"no database"])
def test_file_that_cannot_be_opened_is_left_to_the_question(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "release.duckdb"
    if content is not None:
        path.write_bytes(content)
    opened = Opened()
    opened.get_ready(key(path, DEFAULT))
    with pytest.raises(duckdb.Error), opened.connection(path, DEFAULT):
        pass


def test_database_with_threads_is_never_opened_before_a_fork(files: list[Path]) -> None:
    limits = replace(DEFAULT, threads=2)
    assert key(files[0], limits) == ""
    opened = Opened()
    opened.get_ready(key(files[0], limits))
    assert not opened._kept
    with opened.connection(files[0], limits) as con:
        assert con.execute("SELECT current_setting('threads')").fetchone() == (2,)


def test_what_a_child_does_is_unknown_to_the_next(files: list[Path]) -> None:
    opened = Opened()
    opened.get_ready(key(files[0], DEFAULT))
    child = os.fork()
    if child == 0:
        with opened.connection(files[0], DEFAULT) as con:
            con.execute("CREATE TEMP TABLE mine AS SELECT 1")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    with opened.connection(files[0], DEFAULT) as con, pytest.raises(duckdb.CatalogException):
        con.execute("FROM mine")
