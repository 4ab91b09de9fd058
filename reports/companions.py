"""What lies beside the published tables: words for each, a bundle to hand on, a data package, checksums.

Everything is made from the staged files as they were written, without a clock, so the same release has the
same companions to the byte. What a table holds is decided behind the gate.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reports import dcat
from reports.facts import ReleaseFacts
from reports.queryable import STATUSES
from warehouse.config import ConsortiumConfig
from warehouse.release_tables import Comments

CHECKSUMS, PACKAGE = "SHA256SUMS", "datapackage.json"
_TYPES = {
    "bool": "boolean",
    "int64": "integer",
    "double": "number",
    "date32[day]": "date",
    "string": "string",
}
"""Types of the Table Schema standard by Arrow's names; decimals are numbers."""
_MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}
"""Of a table's files, by how their names end."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def table_companions(root: Path, comments: Comments, facts: ReleaseFacts) -> dict[str, bytes]:
    """For every table of the release in ``root``: ``tables/<name>.metadata.json`` and ``tables/<name>.zip``.

    The bundle holds the table as CSV and Parquet, its metadata, and a README for whoever gets it by mail.
    """
    made: dict[str, bytes] = {}
    for name in _names(root):
        words = _json(_metadata(root, name, comments[name], facts))
        made[f"tables/{name}.metadata.json"] = words
        made[f"tables/{name}.zip"] = _bundle(root, name, words, comments[name][""], facts)
    return made


def data_package(root: Path, comments: Comments, facts: ReleaseFacts) -> bytes:
    """``datapackage.json`` of the Frictionless Data Package standard: one resource for each table's CSV."""
    resources = [_resource(root, name, comments[name]) for name in _names(root)]
    return _json(
        {
            "profile": "tabular-data-package",
            "name": facts.release_id.lower(),
            "title": f"{facts.consortium_name}: training data, {facts.period}",
            "version": facts.version.removeprefix("v"),
            "description": _citation(facts),
            "resources": resources,
        }
    )


def dcat_catalog(root: Path, comments: Comments, facts: ReleaseFacts, config: ConsortiumConfig) -> bytes:
    """``dcat.json``: the tables as a DCAT-US catalog, at addresses that are relative to it."""
    offer = dcat.Offer(config, facts.period, facts.version, facts.public_on.isoformat())
    return _json(dcat.data_catalog(offer, {name: comments[name][""] for name in _names(root)}, _places))


def _places(name: str) -> list[dcat.Distribution]:
    return [dcat.Distribution(f"tables/{name}.{end}", kind) for end, kind in _MEDIA_TYPES.items()]


def checksums(root: Path) -> bytes:
    """``SHA256SUMS`` over every file with fixed bytes: all but the database, which has a logical digest."""
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".duckdb")
    lines = [f"{_sha256(path)}  {path.relative_to(root).as_posix()}\n" for path in paths]
    return "".join(lines).encode()


def _names(root: Path) -> Iterator[str]:
    return (path.stem for path in sorted((root / "tables").glob("*.parquet")))


def _metadata(root: Path, name: str, words: Mapping[str, str], facts: ReleaseFacts) -> dict[str, Any]:
    return {
        "name": name,
        "description": words[""],
        "release": facts.release_id,
        "published_on": facts.public_on.isoformat(),
        "citation": _citation(facts),
        "disclosure_policy": {"name": facts.policy.name, "version": facts.policy.version},
        "rows": pq.read_metadata(root / "tables" / f"{name}.parquet").num_rows,
        "columns": _columns(root, name, words),
        "value_status": {str(flag): {"mark": mark, "meaning": meaning} for flag, mark, meaning in STATUSES},
    }


def _columns(root: Path, name: str, words: Mapping[str, str]) -> list[dict[str, str]]:
    schema = pq.read_schema(root / "tables" / f"{name}.parquet")
    return [
        {"name": field.name, "type": _type(field.type), "description": words[field.name]} for field in schema
    ]


def _type(kind: pa.DataType) -> str:
    return "number" if pa.types.is_decimal(kind) else _TYPES[str(kind)]


def _resource(root: Path, name: str, words: Mapping[str, str]) -> dict[str, Any]:
    path = root / "tables" / f"{name}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "description": words[""],
        "path": f"tables/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_sha256(path)}",
        "schema": {"fields": _columns(root, name, words), "missingValues": [""]},
    }


def _bundle(root: Path, name: str, metadata: bytes, words: str, facts: ReleaseFacts) -> bytes:
    files = {f"{name}{end}": (root / "tables" / f"{name}{end}").read_bytes() for end in (".csv", ".parquet")}
    files |= {f"{name}.metadata.json": metadata, "README.txt": _readme(name, words, facts).encode()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        for member, content in sorted(files.items()):
            entry = zipfile.ZipInfo(member, _ZIP_EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            bundle.writestr(entry, content)
    return written.getvalue()


def _readme(name: str, words: str, facts: ReleaseFacts) -> str:
    return (
        f"{name}\n\n{words}.\n\n{_citation(facts)}\n\n"
        f"{name}.csv and {name}.parquet hold the same rows; {name}.metadata.json says what each column\n"
        "means. An empty value is not zero: value_status says why it is empty. Do not\n"
        "add up around an empty value; totals are published as rows of their own.\n"
    )


def _citation(facts: ReleaseFacts) -> str:
    return (
        f"{facts.consortium_name}: training consortium data, release {facts.release_id}, published "
        f"{facts.public_on.isoformat()}."
    )


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
