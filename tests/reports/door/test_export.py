"""A release in a real PostgreSQL server: the same rows, types, comments and views; all of it or nothing."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contracts.errors import ReleaseError
from reports.tables import Publication
from warehouse.exporting import export_release
from warehouse.home import Home
from warehouse.releases import Release, read_release

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server: run `make postgres`"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own on a free port of this machine."""
    assert PROGRAMS is not None
    folder = tmp_path_factory.mktemp("postgres")
    as_user = _someone_else(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "user": as_user}
    subprocess.run([PROGRAMS / "initdb", "-D", data, "-A", "trust", "-U", "board", "--no-sync"], **quiet)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [PROGRAMS / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **quiet)
    yield f"postgresql://board@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


def _someone_else(folder: Path) -> int | None:
    """PostgreSQL does not run as root: the user it brought, who gets the folder."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("postgres").pw_uid
    for place in (folder, *folder.parents):
        if place == Path("/tmp") or place.stat().st_mode & 0o001:
            continue
        place.chmod(place.stat().st_mode | 0o011)
    shutil.chown(folder, "postgres")
    return user


@pytest.fixture(scope="module")
def release(published_home: Home) -> Release:
    return read_release(published_home)


def test_export_holds_the_same_rows_views_and_words(
    server: str, release: Release, publication: Publication
) -> None:
    told: dict[str, int] = {}
    export_release(release.root, server, "guildhall", told.__setitem__)
    frames = publication.frames()
    assert told == {name: len(frame) for name, frame in frames.items()}
    with psycopg.connect(server) as con:
        values = con.execute("SELECT label, value FROM guildhall.outcomes_by_area").fetchall()
        expected = frames["outcomes_by_area"]
        assert [label for label, _ in values] == expected["label"].tolist()
        assert sum(v is None for _, v in values) == int(expected["value"].isna().sum())
        figures = con.execute("SELECT count(*) FROM guildhall.figures").fetchone()
        tidy = con.execute("SELECT count(*) FROM guildhall.fct_values").fetchone()
        assert figures == tidy != (0,)
        words = con.execute("SELECT obj_description('guildhall.outcomes_by_area'::regclass)").fetchone()
        assert words is not None
        assert words[0]
        registry = con.execute("SELECT count(ctid_) FROM guildhall.credential_catalog").fetchone()
        assert registry == (int(frames["credential_catalog"]["ctid"].notna().sum()),)


def test_failed_export_leaves_the_older_one(server: str, release: Release) -> None:
    export_release(release.root, server, "kept", lambda *_: None)

    def fail(_name: str, _rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_release(release.root, server, "kept", fail)
    with psycopg.connect(server) as con:
        schemas = {row[0] for row in con.execute("SELECT schema_name FROM information_schema.schemata")}
        assert "kept" in schemas
        assert "kept__new" not in schemas
        assert con.execute("SELECT count(*) > 0 FROM kept.figures").fetchone() == (True,)


def test_server_that_does_not_answer_is_told_without_the_address(release: Release) -> None:
    with pytest.raises(ReleaseError, match="REL-020") as refused:
        export_release(release.root, "postgresql://u:canary@127.0.0.1:1/x", "guildhall", lambda *_: None)
    assert "canary" not in str(refused.value)
