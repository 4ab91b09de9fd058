"""The web door: addresses of tables, questions in SQL, pages; starlette wiring and nothing else.

What an address means is in ``addresses``, what a page shows in ``pages``, who may ask in ``boards``.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contracts.errors import DoorError
from reports.door import openapi, pages
from reports.door.addresses import read_selection
from reports.door.answers import Answer, Desk
from reports.door.boards import Allowance, Boards
from reports.door.formats import FORMATS
from reports.door.guarding import Guard, Log
from reports.door.shelf import LATEST, Shelf, Volume
from reports.page import FOLDER
from reports.site.pages import Site, site_pages
from warehouse.door.limits import DEFAULT, Limits
from warehouse.door.workers import Workers
from warehouse.home import Home

STATUS: Mapping[str, int] = {
    "DOR-003": 403,
    "DOR-004": 404,
    "DOR-006": 422,
    "DOR-007": 413,
    "DOR-009": 429,
    "DOR-010": 404,
    "DOR-012": 401,
    "DOR-014": 429,
    "DOR-015": 404,
    "DOR-016": 413,
}
"""HTTP status by error code; 400 for the rest."""

_FOREVER, _ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
_LONGEST_BODY = 64 << 10
_FILES = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "report.xlsx": FORMATS["xlsx"].media_type,
    "manifest.json": "application/json",
    "datapackage.json": "application/json",
    "dcat.json": "application/json",
    "report.jsonld": "application/ld+json",
    "corrections.csv": FORMATS["csv"].media_type,
    "SHA256SUMS": "text/plain; charset=utf-8",
    "guildhall.duckdb": "application/vnd.duckdb",
}
_ZIP = "application/zip"
_PAGES = {
    ".html": _FILES["report.html"],
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".csv": FORMATS["csv"].media_type,
}


@dataclass(frozen=True)
class Settings:
    """How a door is opened: clocks, limits, how many questions run at once and how many may wait."""

    today: Callable[[], date] = date.today
    monotonic: Callable[[], float] = time.monotonic
    limits: Limits = DEFAULT
    at_once: int = 2
    waiting: int = 64
    log: Log | None = None


def make_app(home: Home, settings: Settings) -> Starlette:
    """The door to a home's published releases as an ASGI application."""
    workers = Workers(settings.at_once, settings.waiting)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with workers:
            yield

    door = _Door(home, workers, settings)
    return Starlette(
        routes=door.routes(),
        middleware=[Middleware(Guard, log=settings.log)],
        exception_handlers={DoorError: _told, HTTPException: _not_found},
        lifespan=lifespan,
    )


class _Door:
    """One handler for each kind of address."""

    def __init__(self, home: Home, workers: Workers, settings: Settings) -> None:
        self._home = home
        self._shelf = Shelf(home, settings.today)
        self._desk = Desk(workers, settings.limits)
        self._boards = Boards.read(home.root / "keys")
        self._allowance = Allowance(settings.monotonic)
        self._made: tuple[tuple[str, ...] | None, Mapping[str, bytes]] = (None, {})

    def routes(self) -> list[Route]:
        """Every address, the fixed ones first."""
        return [
            Route("/", self.first_page),
            Route("/tables", self.tables_page),
            Route("/sql", self.sql_page),
            Route("/hidden", self.hidden_page),
            Route("/query", self.query, methods=["GET", "POST"]),
            Route("/openapi.json", self.openapi),
            Route("/data.json", self.catalog),
            Route("/health", self.health),
            Route("/dictionary/{page}", self.site_page),
            Route("/{page}", self.site_page),
            Route("/static/{name}", self.static),
            Route("/latest/tables/{file}", self.latest_table),
            Route("/latest/queries/{file}", self.latest_named),
            Route("/latest/report/{page}", self.latest_chapter),
            Route("/latest/{file}", self.latest_file),
            Route("/releases/{period}/{version}/tables/{file}", self.table),
            Route("/releases/{period}/{version}/queries/{file}", self.named),
            Route("/releases/{period}/{version}/report/{page}", self.chapter),
            Route("/releases/{period}/{version}/{file}", self.file),
        ]

    # --- data ---------------------------------------------------------------------------------------

    async def latest_table(self, request: Request) -> Response:
        """A table of the newest release: the address stays, the content follows the releases."""
        return await self._table(request, self._shelf.volume(LATEST), _ASK_AGAIN)

    async def table(self, request: Request) -> Response:
        """A table of one release, for good."""
        return await self._table(request, self._pinned(request), _FOREVER)

    async def _table(self, request: Request, volume: Volume, freshness: str) -> Response:
        self._admit(request)
        name, _, ending = request.path_params["file"].rpartition(".")
        bundle = volume.release.root / "tables" / f"{name}.zip"
        if ending == "zip" and name in volume.tables and bundle.is_file():
            return await _sent(request, bundle, _ZIP, freshness)
        if ending not in FORMATS or name not in volume.tables:
            raise _no_such_file(volume, request.path_params["file"])
        columns = tuple(column.name for column in volume.catalog.tables[name].columns)
        selection = read_selection(request.query_params.multi_items(), columns)
        answer = await run_in_threadpool(self._desk.table, volume, name, selection, ending)
        return _answered(request, answer, freshness, f"{name}.{ending}")

    async def latest_named(self, request: Request) -> Response:
        """The answer to a question that the newest release brings with it."""
        return await self._named(request, self._shelf.volume(LATEST), _ASK_AGAIN)

    async def named(self, request: Request) -> Response:
        """The answer to a question that one release brings with it, for good."""
        return await self._named(request, self._pinned(request), _FOREVER)

    async def _named(self, request: Request, volume: Volume, freshness: str) -> Response:
        self._admit(request)
        name, _, ending = request.path_params["file"].rpartition(".")
        if ending not in FORMATS or name not in volume.named:
            raise _no_such_file(volume, request.path_params["file"], "a named question")
        words = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
        answer = await run_in_threadpool(self._desk.named, volume, name, words, ending)
        return _answered(request, answer, freshness, f"{name}.{ending}")

    async def query(self, request: Request) -> Response:
        """A question in SQL, from the address or the body."""
        asker = self._admit(request)
        said = await _said(request)
        volume = self._shelf.volume(said.get("release") or LATEST)
        ending = said.get("format") or "json"
        if ending not in FORMATS:
            raise _bad_word("format", ending, ", ".join(FORMATS))
        count = partial(self._allowance.take, asker)
        answer = await run_in_threadpool(self._desk.question, volume, said.get("sql", ""), ending, count)
        return _answered(request, answer, _ASK_AGAIN, f"answer.{ending}")

    async def latest_file(self, request: Request) -> Response:
        """The newest report, manifest or database."""
        return await self._file(request, self._shelf.volume(LATEST), _ASK_AGAIN)

    async def file(self, request: Request) -> Response:
        """One release's report, manifest or database."""
        return await self._file(request, self._pinned(request), _FOREVER)

    async def _file(self, request: Request, volume: Volume, freshness: str) -> Response:
        name = request.path_params["file"]
        if name not in _FILES or not (volume.release.root / name).is_file():
            raise _no_such_file(volume, name)
        return await _sent(request, volume.release.root / name, _FILES[name], freshness)

    async def latest_chapter(self, request: Request) -> Response:
        """A chapter of the newest report, or the style of its pages."""
        return await self._chapter(request, self._shelf.volume(LATEST), _ASK_AGAIN)

    async def chapter(self, request: Request) -> Response:
        """A chapter of one release's report, or the style of its pages."""
        return await self._chapter(request, self._pinned(request), _FOREVER)

    async def _chapter(self, request: Request, volume: Volume, freshness: str) -> Response:
        name = request.path_params["page"]
        found = {path.name: path for path in (volume.release.root / FOLDER).glob("*")}
        if name not in found:
            raise _no_such_file(volume, name)
        return await _sent(request, found[name], _PAGES[found[name].suffix], freshness)

    def _pinned(self, request: Request) -> Volume:
        return self._shelf.volume(f"{request.path_params['period']}/{request.path_params['version']}")

    def _admit(self, request: Request) -> str:
        """Who asks: a board by its token, else an address; DoorError DOR-012 for one who may not."""
        board = self._boards.whose(request.headers.get("authorization"), request.query_params.get("token"))
        request.scope["board"] = board
        return board if board != "anyone" else request.client.host if request.client else ""

    # --- pages --------------------------------------------------------------------------------------

    async def first_page(self, request: Request) -> Response:
        """Releases, and the ways in."""
        return _page(pages.first(self._home, self._shelf.volumes()))

    async def tables_page(self, request: Request) -> Response:
        """Every table and column of a release."""
        volume = self._shelf.volume(request.query_params.get("release") or LATEST)
        return _page(pages.tables(volume, self._shelf.volumes()))

    async def hidden_page(self, request: Request) -> Response:
        """Why a cell may be empty."""
        return _page(pages.hidden())

    async def sql_page(self, request: Request) -> Response:
        """A question, its answer as a table and a chart, and how to take it home."""
        words = request.query_params
        volume = self._shelf.volume(words.get("release") or LATEST)
        shown = pages.Asked(volume, words.get("sql", ""), words.get("chart") == "on")
        if shown.sql:
            try:
                count = partial(self._allowance.take, self._admit(request))
                answer = await run_in_threadpool(self._desk.question, volume, shown.sql, "json", count)
            except DoorError as error:
                return _page(pages.sql(shown, error=error), STATUS.get(error.code, 400))
            return _page(await run_in_threadpool(pages.sql, shown, json.loads(answer.content)["rows"]))
        return _page(pages.sql(shown))

    async def site_page(self, request: Request) -> Response:
        """A page of the site of all releases, as `guildhall site` writes it."""
        name = request.url.path.removeprefix("/")
        found = (await run_in_threadpool(self._site)).get(name)
        if found is None:
            raise HTTPException(404)
        response = _answered(request, Answer.of(found, _PAGES[PurePath(name).suffix]), _ASK_AGAIN, None)
        response.headers["content-security-policy"] = pages.POLICY
        return response

    def _site(self) -> Mapping[str, bytes]:
        """The site of today's releases, made again when there is another one."""
        volumes = self._shelf.volumes()
        names = tuple(volume.name for volume in volumes)
        if self._made[0] != names:
            self._made = names, site_pages(Site(self._home.config, volumes))
        return self._made[1]

    async def static(self, request: Request) -> Response:
        """The pages' own style and script."""
        found = pages.STATIC.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return _answered(request, Answer.of(found.read(), found.media_type), _ASK_AGAIN, None)

    # --- for programs -------------------------------------------------------------------------------

    async def openapi(self, request: Request) -> Response:
        """The door described for programs."""
        return _answered(request, openapi.description(), _ASK_AGAIN, None)

    async def catalog(self, request: Request) -> Response:
        """The newest release as a DCAT-US catalog."""
        volume = self._shelf.volume(LATEST)
        answer = await run_in_threadpool(openapi.data_catalog, volume, self._home.config)
        return _answered(request, answer, _ASK_AGAIN, None)

    async def health(self, request: Request) -> Response:
        """Whether there is a release to show."""
        newest = [volume.name for volume in self._shelf.volumes()][-1:]
        body = json.dumps(
            {"status": "ok" if newest else "no release", "latest": newest[0] if newest else None}
        )
        return Response(body, 200 if newest else 503, media_type="application/json")


async def _sent(request: Request, path: Path, media_type: str, freshness: str) -> Response:
    """A file of a release as it lies there; nothing in it may fetch anything from elsewhere."""
    content = await run_in_threadpool(path.read_bytes)
    response = _answered(request, Answer.of(content, media_type), freshness, None)
    if path.suffix == ".html":
        response.headers["content-security-policy"] = pages.REPORT_POLICY
    return response


async def _said(request: Request) -> dict[str, str]:
    """The question's words, from the query string or, for POST, from a JSON object of texts."""
    if request.method == "GET":
        return dict(request.query_params)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_BODY:
            raise DoorError(
                "DOR-016",
                found=f"a body of more than {_LONGEST_BODY >> 10} KiB",
                expected="a JSON object with sql, release and format",
                where="the request",
                remedy="Shorten the question.",
            )
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise _bad_word("body", "other content", "a JSON object of texts: sql, release, format")
    return said


def _answered(request: Request, answer: Answer, freshness: str, name: str | None) -> Response:
    headers = {
        "etag": answer.etag,
        "cache-control": freshness,
        "link": '</tables>; rel="describedby"',
        "access-control-allow-origin": "*",
    }
    if name is not None:
        headers["content-disposition"] = f'inline; filename="{name}"'
    if answer.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(answer.content, headers=headers, media_type=answer.media_type)


def _page(html: str, status: int = 200) -> Response:
    headers = {"cache-control": _ASK_AGAIN, "content-security-policy": pages.POLICY}
    return Response(html, status, headers, media_type="text/html; charset=utf-8")


def _told(request: Request, error: Exception) -> Response:
    """An error in the words of its family: as a page for a browser, else as JSON."""
    if not isinstance(error, DoorError):
        raise error
    status = STATUS.get(error.code, 400)
    if "text/html" in request.headers.get("accept", "") and request.url.path != "/query":
        return _page(pages.failed(error), status)
    headers = {"retry-after": "5"} if status == 429 else {}
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="Guildhall", charset="UTF-8"'
    return Response(json.dumps(vars(error)), status, headers, media_type="application/json")


def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    words: dict[str, Any] = {
        "code": "DOR-015",
        "found": f"no such address ({status})",
        "remedy": "Begin at /.",
    }
    return Response(json.dumps(words), status, media_type="application/json")


def _no_such_file(volume: Volume, name: str, kind: str = "a table") -> DoorError:
    return DoorError(
        "DOR-015",
        found=f"no {name[:80]!r}",
        expected=f"{kind} of {volume.name} ending in {', '.join(f'.{e}' for e in FORMATS)}",
        where="the address",
        remedy="/tables lists every table with its addresses, /sql the named questions.",
    )


def _bad_word(name: str, found: str, expected: str) -> DoorError:
    return DoorError(
        "DOR-011",
        found=f"{name} {found[:40]!r}",
        expected=expected,
        where="the request",
        remedy="/openapi.json describes every address.",
    )
