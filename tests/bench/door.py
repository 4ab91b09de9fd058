"""``make bench-door``: a thousand readers at once and fifty who ask in SQL, beside datasette and plain files.

The same rows, the same client, one after the other in one run: ours on a published release, datasette on the
same tables in SQLite, Python's file server on the CSV files. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench.measuring import machine_facts, write_section
from warehouse import releases
from warehouse.chain import Head
from warehouse.duck import connect_sealed
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.release_manifest import MANIFEST_NAME
from warehouse.release_tables import DATABASE_NAME

READERS, EACH, ASKERS, _FORKED = 1_000, 5, 50, 400
SQL = (
    "SELECT metric_id, count(*) AS n, avg(value) AS mean FROM outcomes_by_area "
    "GROUP BY metric_id ORDER BY metric_id"
)
_PATIENCE = 120.0
_SERVE = "from orchestration.cli import main; main()"
_FILES = """
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
ThreadingHTTPServer.request_queue_size = 2048
handler = partial(SimpleHTTPRequestHandler, directory=sys.argv[2])
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
"""
"""Python's own file server, with a line as long as the crowd: in its five places most would be dropped."""
NAMED = ("placement_by_program", "seats_waiting_longest", "cost_per_placement", "areas_compared")
"""Questions of the release that SQLite can answer too."""
_THROWN_AWAY = """
import json, os, sys
import duckdb
path, *questions = sys.argv[1:]
con = duckdb.connect(path, read_only=True, config={"threads": 1, "memory_limit": "512MB"})
running = 0
for question in questions:
    if running == os.cpu_count():
        os.wait()
        running -= 1
    if os.fork() == 0:
        json.dumps(con.execute(question).fetchall(), default=str)
        os._exit(0)
    running += 1
while running:
    os.wait()
    running -= 1
"""
"""The least that a process for every question costs: forked with the release open, no limits, no HTTP."""


@dataclass(frozen=True)
class Load:
    """What a crowd of readers met: how many answers, how many failed, seconds for each, and for all."""

    answers: int
    errors: int
    seconds: tuple[float, ...]
    wall: float
    cpu: float

    def percentile(self, share: float) -> float:
        """Seconds within which that share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def _read(port: int, address: str) -> tuple[float, bool]:
    """One request on a connection of its own; whether the answer was 200 and whole."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(-1), _PATIENCE)
        writer.close()
    except OSError:
        return time.perf_counter() - began, False
    return time.perf_counter() - began, answer.split(b" ", 2)[1:2] == [b"200"]


async def _crowd(port: int, addresses: Sequence[str], readers: int) -> list[tuple[float, bool]]:
    waiting = list(reversed(addresses))
    done: list[tuple[float, bool]] = []

    async def one() -> None:
        while waiting:
            done.append(await _read(port, waiting.pop()))

    await asyncio.gather(*(one() for _ in range(readers)))
    return done


def load(server: subprocess.Popen[bytes], port: int, addresses: Sequence[str], readers: int) -> Load:
    """Let ``readers`` at once read all addresses from a server."""
    before, began = _cpu(server), time.perf_counter()
    done = asyncio.run(_crowd(port, addresses, readers))
    wall = time.perf_counter() - began
    seconds = tuple(taken for taken, fine in done if fine)
    return Load(len(done), sum(not fine for _, fine in done), seconds, wall, _cpu(server) - before)


def _cpu(server: subprocess.Popen[bytes]) -> float:
    """CPU seconds of a server and of every child it still has or has buried."""
    one = psutil.Process(server.pid)
    times = [process.cpu_times() for process in (one, *one.children(recursive=True))]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


@contextmanager
def serving(
    command: Callable[[int], list[str]], probe: str, folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server on a free port, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(command(port), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not asyncio.run(_read(port, probe))[1]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer to {probe}")
            time.sleep(0.2)
        yield server, port
    finally:
        server.terminate()
        server.wait()


def to_sqlite(release: releases.Release, path: Path) -> None:
    """The release's tables as SQLite, for datasette."""
    with sqlite3.connect(path) as con:
        for file in sorted((release.root / "tables").glob("*.parquet")):
            _insert(con, file.stem, pq.read_table(file))


def _insert(con: sqlite3.Connection, name: str, table: pa.Table) -> None:
    names = ", ".join(f'"{column}"' for column in table.column_names)
    con.execute(f'CREATE TABLE "{name}" ({names})')
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    marks = ", ".join("?" * table.num_columns)
    con.executemany(f'INSERT INTO "{name}" VALUES ({marks})', [tuple(map(_plain, row)) for row in rows])


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def to_canned(release: releases.Release, folder: Path) -> None:
    """The named questions for datasette, and the view they ask as a table beside the others."""
    with connect_sealed(release.root / DATABASE_NAME, threads=1, memory_limit="1GB") as con:
        figures = con.execute("SELECT * FROM figures").to_arrow_table()
        asked = dict(con.execute("SELECT name, sql FROM example_queries").fetchall())
    with sqlite3.connect(folder / "board.db") as lite:
        _insert(lite, "figures", figures)
    canned = {"databases": {"board": {"queries": {name: asked[name] for name in NAMED}}}}
    (folder / "canned.json").write_text(json.dumps(canned), encoding="utf-8")


def named_addresses(count: int) -> tuple[list[str], list[str]]:
    """The questions of the release by their names, in turn."""
    names = [NAMED[number % len(NAMED)] for number in range(count)]
    ours = [f"/latest/queries/{name}.json" for name in names]
    return ours, [f"/board/{name}.json?_shape=array" for name in names]


def thrown_away(release: releases.Release, count: int) -> Load:
    """As many questions as are asked in SQL, each in a forked process that does nothing else."""
    path = release.root / DATABASE_NAME
    questions = _questions(count)
    began, before = time.perf_counter(), _own_children()
    subprocess.run([sys.executable, "-c", _THROWN_AWAY, str(path), *questions[:1]], check=True)
    start, start_cpu = time.perf_counter() - began, _own_children() - before
    subprocess.run([sys.executable, "-c", _THROWN_AWAY, str(path), *questions], check=True)
    wall = time.perf_counter() - began - 2 * start
    each = wall / (count - 1)
    return Load(count - 1, 0, (each,) * (count - 1), wall, _own_children() - before - 2 * start_cpu)


def _own_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table_addresses(release: releases.Release, count: int, *, fresh: bool) -> tuple[list[str], list[str]]:
    """The same filters for us and for datasette; with ``fresh`` no address comes twice."""
    rows = pq.read_table(release.root / "tables" / "outcomes_by_area.parquet").to_pylist()
    pairs = sorted({(row["metric_id"], row["geography"]) for row in rows if row["geography"]})
    ours, theirs = [], []
    for number in range(count):
        metric, area = pairs[number % len(pairs)]
        more = {"limit": str(1000 + number)} if fresh else {}
        size = {"_size": str(number % 1000 + 1)} if fresh else {}
        words = {"metric_id": metric, "geography": area}
        ours.append(f"/latest/tables/outcomes_by_area.json?{urlencode(words | more)}")
        theirs.append(f"/board/outcomes_by_area.json?{urlencode({**words, '_shape': 'array', **size})}")
    return ours, theirs


def sql_addresses(count: int) -> tuple[list[str], list[str]]:
    """As many different questions as are asked."""
    asked = _questions(count)
    ours = [f"/query?sql={quote(sql)}" for sql in asked]
    return ours, [f"/board.json?sql={quote(sql)}&_shape=array" for sql in asked]


def _questions(count: int) -> list[str]:
    return [SQL.replace("GROUP BY", f"WHERE value_status <> {1000 + n} GROUP BY") for n in range(count)]


def publish_another(home: Home, period: str) -> None:
    """Publish the newest release's tables again as ``period``, as a run would."""
    newest = releases.read_release(home)
    staging = releases.stage_release(home, period)
    frames = releases.read_tables(newest.root)
    words = {name: {"": name, **{column: column for column in frame}} for name, frame in frames.items()}
    releases.write_tables(staging, frames, words)
    releases.write_files(staging, {newest.report.name: newest.report.read_bytes()})
    said = json.loads((newest.root / MANIFEST_NAME).read_bytes())
    facts = releases.ReleaseFacts(
        Head(**said["ledger_head"]),
        date.fromisoformat(said["published_on"]),
        said["rule_version"],
        said["code_version"],
        said["policy"],
    )
    releases.write_manifest(staging, facts)
    with Ledger.open(home) as ledger:
        releases.promote(staging, ledger)


def measure(home: Home, datasette: Path, folder: Path) -> list[tuple[str, Load]]:
    """Every crowd, in turn."""
    release = releases.read_release(home)
    to_sqlite(release, folder / "board.db")
    to_canned(release, folder)
    count = READERS * EACH
    kept, theirs = table_addresses(release, count, fresh=False)
    fresh, theirs_fresh = table_addresses(release, count, fresh=True)
    named, theirs_named = named_addresses(count)
    asked, theirs_asked = sql_addresses(ASKERS)
    files = ["/outcomes_by_area.csv"] * count
    done: list[tuple[str, Load]] = []
    with serving(lambda port: _ours(home, port), "/health", folder) as (server, port):
        done.append(("ours, tables by address", load(server, port, kept, READERS)))
        done.append(("ours, every address new", load(server, port, fresh, READERS)))
        done.append(("ours, named questions", load(server, port, named, READERS)))
        publishing = threading.Thread(target=publish_another, args=(home, "2098-Q1"))
        publishing.start()
        done.append(("ours, during a publication", load(server, port, kept, READERS)))
        publishing.join()
        done.append((f"ours, {ASKERS} questions in SQL", load(server, port, asked, ASKERS)))
        done.append((f"ours, the same {ASKERS} again", load(server, port, asked, ASKERS)))
    with serving(lambda port: _datasette(datasette, folder, port), "/board.json", folder) as (server, port):
        done.append(("datasette, the same tables", load(server, port, theirs, READERS)))
        done.append(("datasette, every address new", load(server, port, theirs_fresh, READERS)))
        done.append(("datasette, named questions", load(server, port, theirs_named, READERS)))
        done.append((f"datasette, {ASKERS} questions in SQL", load(server, port, theirs_asked, ASKERS)))
    done.append(("floor: a forked process a question", thrown_away(release, _FORKED)))
    tables = release.root / "tables"
    with serving(lambda port: _files(tables, port), "/outcomes_by_area.csv", folder) as (server, port):
        done.append(("plain files, whole table", load(server, port, files, READERS)))
    return done


def _ours(home: Home, port: int) -> list[str]:
    return [sys.executable, "-c", _SERVE, "serve", "--home", str(home.root), "--port", str(port)]


def _datasette(program: Path, folder: Path, port: int) -> list[str]:
    canned = ["--metadata", str(folder / "canned.json")]
    settings = [*canned, "--setting", "max_returned_rows", "5000", "--setting", "num_sql_threads", "2"]
    return [str(program), "serve", str(folder / "board.db"), "--port", str(port), *settings]


def _files(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-c", _FILES, str(port), str(folder)]


def page(done: Sequence[tuple[str, Load]]) -> str:
    """The section of docs/benchmarks.md."""
    lines = [
        "## The boards' door",
        "",
        f"`make bench-door`: {READERS:,} readers at once, {READERS * EACH:,} requests, each on its own",
        "connection; the same client and rows for all. Answers of ours are kept, since a release never",
        "changes; «every address new» rules that out. The floor forks a process for each of the same",
        "questions in SQL from one that holds the release open, two at a time: no limits, parser or HTTP.",
        "",
        "| who | answers | errors | a second | median s | p99 s | server CPU s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in done:
        figures = (
            f"{one.answers:,}",
            f"{one.errors:,}",
            f"{len(one.seconds) / one.wall:,.0f}",
            f"{one.percentile(0.5):.2f}",
            f"{one.percentile(0.99):.2f}",
            f"{one.cpu:.1f}",
        )
        lines.append(f"| {name} | {' | '.join(figures)} |")
    return "\n".join(
        [*lines, "", f"Goal: no errors, p99 at most 3 s, at least datasette's throughput. {machine_facts()}."]
    )


def main() -> None:
    """Measure on a copy of a home that has a release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--datasette", type=Path, default=Path(".venv-bench-datasette/bin/datasette"))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        subprocess.run(["cp", "-r", str(asked.home), str(copy)], check=True)
        section = page(measure(Home.open(copy), asked.datasette.absolute(), Path(folder)))
    sys.stdout.write(section + "\n")
    if asked.write:
        write_section("bench-door", section)


if __name__ == "__main__":
    main()
