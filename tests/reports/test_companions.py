"""What lies beside the tables: words, bundles, a valid data package, checksums; the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import frictionless
import pytest

from reports.companions import CHECKSUMS, PACKAGE, checksums, data_package, table_companions
from reports.facts import ReleaseFacts
from reports.tables import Publication
from warehouse.release_tables import typed_table, write_csv, write_parquet


@pytest.fixture(scope="module")
def root(publication: Publication, facts: ReleaseFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("companions")
    (folder / "tables").mkdir()
    for name, frame in publication.frames().items():
        table = typed_table(name, frame)
        write_csv(table, folder / "tables" / f"{name}.csv")
        write_parquet(table, folder / "tables" / f"{name}.parquet")
    made = table_companions(folder, publication.comments(), facts)
    for name, content in (made | {PACKAGE: data_package(folder, publication.comments(), facts)}).items():
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
