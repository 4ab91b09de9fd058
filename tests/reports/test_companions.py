"""What lies beside the tables: words, bundles, a valid data package, checksums; the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import frictionless
import jsonschema
import pytest

from contracts.quarters import Quarter
from reports.companions import (
    CHECKSUMS,
    PACKAGE,
    checksums,
    data_package,
    dcat_catalog,
    table_companions,
)
from reports.dcat import DCAT
from reports.facts import ReleaseFacts
from reports.tables import Publication
from warehouse.config import Consortium, ConsortiumConfig, Contact, announce_releases
from warehouse.release_tables import typed_table, write_csv, write_parquet

_TEXT = {"type": "string", "minLength": 1}
_DATASET = {
    "type": "object",
    "required": [
        *("title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier"),
        "accessLevel",
    ],
    "properties": {
        "@type": {"const": "dcat:Dataset"},
        "title": _TEXT,
        "description": _TEXT,
        "identifier": _TEXT,
        "keyword": {"type": "array", "minItems": 1, "items": _TEXT},
        "modified": {"type": "string", "pattern": r"\A\d{4}-\d{2}-\d{2}\Z"},
        "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
        "publisher": {"type": "object", "required": ["name"], "properties": {"name": _TEXT}},
        "contactPoint": {
            "type": "object",
            "required": ["fn", "hasEmail"],
            "properties": {
                "fn": _TEXT,
                "hasEmail": {"type": "string", "pattern": r"\Amailto:[^@\s]+@[^@\s]+\Z"},
            },
        },
        "distribution": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["@type", "downloadURL", "mediaType"]},
        },
    },
}
DCAT_US = {
    "type": "object",
    "required": ["conformsTo", "dataset"],
    "properties": {
        "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
        "dataset": {"type": "array", "minItems": 1, "items": _DATASET},
    },
}
"""What DCAT-US 1.1 requires of a catalog that is no federal agency's, restated from the standard."""


def _config(email: str = "data@threerivers.example") -> ConsortiumConfig:
    return ConsortiumConfig(
        consortium=Consortium(id="rivers", name="Three Rivers Training Consortium", region="Three Rivers"),
        releases=announce_releases(Quarter(2026, 3), 1),
        contact=Contact(email=email),
    )


@pytest.fixture(scope="module")
def root(publication: Publication, facts: ReleaseFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("companions")
    (folder / "tables").mkdir()
    for name, frame in publication.frames().items():
        table = typed_table(name, frame)
        write_csv(table, folder / "tables" / f"{name}.csv")
        write_parquet(table, folder / "tables" / f"{name}.parquet")
    made = table_companions(folder, publication.comments(), facts)
    made[PACKAGE] = data_package(folder, publication.comments(), facts)
    made[DCAT] = dcat_catalog(folder, publication.comments(), facts, _config())
    for name, content in made.items():
        (folder / name).write_bytes(content)
    (folder / CHECKSUMS).write_bytes(checksums(folder))
    return folder


def test_data_package_is_valid_under_frictionless(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    report = frictionless.validate(PACKAGE)
    assert report.flatten(["type", "message"]) == []
    assert report.valid


def test_data_package_is_invalid_when_a_table_was_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(root)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    with (tmp_path / "tables" / "outcomes_by_area.csv").open("a", encoding="utf-8") as file:
        file.write("one,more\n")
    monkeypatch.chdir(tmp_path)
    assert not frictionless.validate(PACKAGE).valid


def test_catalog_has_what_dcat_us_requires_and_leads_to_every_file_of_a_table(root: Path) -> None:
    catalog = json.loads((root / DCAT).read_bytes())
    jsonschema.validate(catalog, DCAT_US)
    offered = [one["downloadURL"] for dataset in catalog["dataset"] for one in dataset["distribution"]]
    there = {path.relative_to(root).as_posix() for path in (root / "tables").iterdir()}
    assert set(offered) == {name for name in there if not name.endswith(".json")}
    identifiers = [dataset["identifier"] for dataset in catalog["dataset"]]
    assert len(set(identifiers)) == len(identifiers) == len(list((root / "tables").glob("*.csv")))


def test_catalog_lacks_an_address_when_the_consortium_names_none(
    root: Path, publication: Publication, facts: ReleaseFacts
) -> None:
    catalog = json.loads(dcat_catalog(root, publication.comments(), facts, _config("")))
    assert catalog["dataset"][0]["contactPoint"]["fn"] == "Three Rivers Training Consortium"
    with pytest.raises(jsonschema.ValidationError, match="hasEmail"):
        jsonschema.validate(catalog, DCAT_US)


def test_metadata_names_every_column_and_flag(root: Path, publication: Publication) -> None:
    for name, frame in publication.frames().items():
        said = json.loads((root / "tables" / f"{name}.metadata.json").read_bytes())
        assert [column["name"] for column in said["columns"]] == list(frame.columns)
        assert all(column["description"] for column in said["columns"])
        assert said["rows"] == len(frame)
        assert said["value_status"]["5"]["mark"] == "[c]"


def test_bundle_holds_the_table_its_words_and_a_readme(root: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((root / "tables" / "unit_costs.zip").read_bytes())) as bundle:
        assert sorted(bundle.namelist()) == [
            "README.txt",
            "unit_costs.csv",
            "unit_costs.metadata.json",
            "unit_costs.parquet",
        ]
        assert bundle.read("unit_costs.csv") == (root / "tables" / "unit_costs.csv").read_bytes()


def test_checksums_hold_for_every_file(root: Path) -> None:
    lines = [line.split("  ") for line in (root / CHECKSUMS).read_text(encoding="utf-8").splitlines()]
    named = {name: digest for digest, name in lines}
    assert set(named) == {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and path.name != CHECKSUMS
    }
    for name, digest in named.items():
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == digest


def test_companions_are_the_same_bytes_again(
    root: Path, publication: Publication, facts: ReleaseFacts
) -> None:
    again = table_companions(root, publication.comments(), facts)
    assert all((root / name).read_bytes() == content for name, content in again.items())
