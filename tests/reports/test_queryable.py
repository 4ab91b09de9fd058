"""The published database is furnished: plain views, macros that refuse withheld parts, examples that run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from reports.disclosure.rules import VALUE_STATUSES
from reports.queryable import furnishing
from reports.tables import Publication
from warehouse.door.answering import Question
from warehouse.door.catalog import Catalog, read_catalog
from warehouse.door.limits import DEFAULT
from warehouse.door.workers import Workers
from warehouse.release_tables import DATABASE_NAME, logical_digest, typed_table, write_database


def _database(publication: Publication, folder: Path) -> Path:
    frames = publication.frames()
    typed = {name: typed_table(name, frame) for name, frame in frames.items()}
    path = folder / DATABASE_NAME
    write_database(typed, publication.comments(), path, furnishing(frames))
    return path


@pytest.fixture
def catalog(publication: Publication, tmp_path: Path) -> Catalog:
    return read_catalog(_database(publication, tmp_path).parent)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as running:
        yield running


def _ask(workers: Workers, catalog: Catalog, sql: str) -> pa.Table:
    return workers.ask(Question(catalog.path, sql, catalog.names, DEFAULT))


def test_every_example_has_an_answer(workers: Workers, catalog: Catalog) -> None:
    examples = _ask(workers, catalog, "SELECT question, sql FROM example_queries").to_pylist()
    assert len(examples) >= 5
    for example in examples:
        assert _ask(workers, catalog, example["sql"]).num_rows > 0, example["question"]


def test_every_table_view_and_column_has_words(catalog: Catalog) -> None:
    bare = [
        f"{table.name}.{column}"
        for table in catalog.tables.values()
        for column, words in (("", table.words), *((c.name, c.words) for c in table.columns))
        if not words
    ]
    assert bare == []


def test_figures_hold_every_row_of_every_table_of_figures(
    workers: Workers, catalog: Catalog, publication: Publication
) -> None:
    told = {
        row["table_name"]: row["n"]
        for row in _ask(
            workers, catalog, "SELECT table_name, count(*) AS n FROM figures GROUP BY table_name"
        ).to_pylist()
    }
    published = {
        name: len(f) for name, f in publication.frames().items() if "value_status" in f and "as_of" in f
    }
    assert told == {name: rows for name, rows in published.items() if rows}


def test_publication_day_is_a_date_in_every_table_with_rows_or_without(publication: Publication) -> None:
    dated = {name: frame for name, frame in publication.frames().items() if "as_of" in frame}
    assert any(frame.empty for frame in dated.values())
    for name, frame in dated.items():
        assert typed_table(name, frame).schema.field("as_of").type == pa.date32(), name


def test_every_status_that_is_published_has_a_meaning(workers: Workers, catalog: Catalog) -> None:
    known = _ask(workers, catalog, "SELECT value_status, mark FROM value_statuses").to_pylist()
    assert {row["value_status"] for row in known} >= set(VALUE_STATUSES)
    unknown = _ask(workers, catalog, "SELECT count(*) AS n FROM figures WHERE status IS NULL").to_pylist()
    assert unknown == [{"n": 0}]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT safe_sum(v, s) AS x FROM (VALUES (1, 1), (2, 1)) AS t(v, s)", 3),
        ("SELECT safe_sum(v, s) AS x FROM (VALUES (1, 1), (NULL, 5)) AS t(v, s)", None),
        ("SELECT safe_sum(v, s) AS x FROM (VALUES (1, 1), (2, 5)) AS t(v, s)", None),
        ("SELECT safe_rate(n, d, s) AS x FROM (VALUES (1, 4, 1), (2, 4, 1)) AS t(n, d, s)", 0.375),
        ("SELECT safe_rate(n, d, s) AS x FROM (VALUES (1, 4, 1), (NULL, 4, 5)) AS t(n, d, s)", None),
        ("SELECT safe_rate(n, d, s) AS x FROM (VALUES (0, 0, 1)) AS t(n, d, s)", None),
    ],
)
def test_safe_macro_is_empty_when_a_part_is_withheld(
    workers: Workers, catalog: Catalog, sql: str, expected: float | None
) -> None:
    assert _ask(workers, catalog, sql).to_pylist() == [{"x": expected}]


def test_digest_changes_when_a_view_does(publication: Publication, tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in "abc")
    for folder in (first, second, other):
        folder.mkdir()
    assert logical_digest(_database(publication, first)) == logical_digest(_database(publication, second))
    frames = publication.frames()
    typed = {name: typed_table(name, frame) for name, frame in frames.items()}
    write_database(typed, publication.comments(), other / DATABASE_NAME)
    assert logical_digest(other / DATABASE_NAME) != logical_digest(first / DATABASE_NAME)
