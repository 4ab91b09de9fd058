"""The door described for programs: OpenAPI 3.1 for its addresses, DCAT-US 1.1 for what the newest release
holds. What a catalog says of a table is in ``dcat``.
"""

from __future__ import annotations

import json
from typing import Any

from reports import dcat
from reports.door.answers import Answer
from reports.door.formats import FORMATS
from reports.door.shelf import Volume
from warehouse.config import ConsortiumConfig

_TEXT: dict[str, Any] = {"type": "string"}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["code", "found"],
    "properties": dict.fromkeys(("code", "found", "expected", "where", "remedy"), _TEXT),
}
_TABLE = "A published table"
_NAMED = "The answer to a question that the release brings with it"
_FAILURES = {
    "400": "The request cannot be read",
    "401": "A token is needed",
    "403": "A part of the question is not allowed",
    "404": "No such release, table or address",
    "413": "The answer or the request is too large",
    "414": "The address is too long",
    "422": "The question takes too long or too much memory",
    "429": "Too many questions",
}


def description() -> Answer:
    """The OpenAPI document."""
    paths = {
        "/query": {
            "get": _asked(_QUERY_PARAMETERS),
            "post": _asked([]) | {"requestBody": _BODY},
        },
        "/latest/tables/{file}": {"get": _rows_of(_TABLE, [_file("outcomes_by_area.csv")])},
        "/releases/{period}/{version}/tables/{file}": {
            "get": _rows_of(_TABLE, [*_PINNED, _file("outcomes_by_area.csv")])
        },
        "/latest/queries/{file}": {"get": _rows_of(_NAMED, [_file("placement_by_program.csv")])},
        "/releases/{period}/{version}/queries/{file}": {
            "get": _rows_of(_NAMED, [*_PINNED, _file("placement_by_program.csv")])
        },
        "/data.json": {"get": _plain("The newest release as a DCAT-US catalog", "application/json")},
        "/openapi.json": {"get": _plain("This document", "application/json")},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Guildhall: the boards' door", "version": "1", "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": {"Error": _ERROR},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{}, {"bearer": []}, {"basic": []}],
    }
    return Answer.of(json.dumps(document).encode(), "application/json")


def data_catalog(volume: Volume, config: ConsortiumConfig) -> Answer:
    """The newest release as DCAT-US 1.1, with this door's addresses: one distribution a format."""
    offer = dcat.Offer(config, volume.release.period, volume.release.version, volume.about.published_on)
    tables = {name: volume.catalog.tables[name].words for name in volume.tables}
    document = dcat.data_catalog(offer, tables, lambda name: _places(volume.name, name))
    return Answer.of(json.dumps(document).encode(), "application/json")


def _places(release: str, table: str) -> list[dcat.Distribution]:
    address = f"/releases/{release}/tables/{table}"
    return [dcat.Distribution(f"{address}.{ending}", form.media_type) for ending, form in FORMATS.items()]


def _parameter(name: str, place: str, words: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": words,
        "schema": _TEXT | more,
    }


_PINNED = [_parameter("period", "path", "such as 2026-Q3"), _parameter("version", "path", "such as v1.0")]
_QUERY_PARAMETERS = [
    _parameter("sql", "query", "one SELECT in DuckDB's SQL", maxLength=10_000) | {"required": True},
    _parameter("release", "query", "latest, 2026-Q3 or 2026-Q3/v1.0"),
    _parameter("format", "query", "how rows are written", enum=list(FORMATS)),
]
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["sql"],
                "properties": {"sql": _TEXT, "release": _TEXT, "format": _TEXT | {"enum": list(FORMATS)}},
                "additionalProperties": _TEXT,
            }
        }
    },
}


def _file(example: str) -> dict[str, Any]:
    return _parameter("file", "path", f"such as {example}")


def _failures() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": words, "content": content} for status, words in _FAILURES.items()}


def _rows() -> dict[str, Any]:
    content: dict[str, Any] = {form.media_type.split(";")[0]: {} for form in FORMATS.values()}
    return {"200": {"description": "The rows", "content": content}, "304": {"description": "Unchanged"}}


def _asked(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"summary": "Ask one SELECT", "parameters": parameters, "responses": _rows() | _failures()}


def _rows_of(summary: str, places: list[dict[str, Any]]) -> dict[str, Any]:
    chosen = [
        _parameter("columns", "query", "names separated by commas"),
        _parameter("limit", "query", "how many rows at the most"),
        _parameter("offset", "query", "how many rows to leave out first"),
    ]
    return {
        "summary": f"{summary}; any column's name is a filter",
        "parameters": [*places, *chosen],
        "responses": _rows() | _failures(),
    }


def _plain(words: str, media_type: str) -> dict[str, Any]:
    return {
        "summary": words,
        "responses": {"200": {"description": words, "content": {media_type: {}}}} | _failures(),
    }
