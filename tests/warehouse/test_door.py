"""Strangers' SQL is answered on one release, or refused with a reason; nothing else can be reached."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import psutil
import pytest

from contracts.errors import DoorError
from tests.warehouse.door_probes import BOMBS, LISTED, MORE, REPLACED
from warehouse.door.answering import Question
from warehouse.door.limits import DEFAULT
from warehouse.door.statement import read_statement
from warehouse.door.workers import Workers
from warehouse.duck import connect, connect_sealed
from warehouse.release_tables import typed_table, write_database

Ask = Callable[..., list[dict[str, object]]]

REFUSED = {"DOR-001", "DOR-002", "DOR-003", "DOR-004"}
TABLES = ("outcomes",)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published database with 500 figures, and beside the published schema one that must not be read."""
    path = tmp_path_factory.mktemp("release") / "guildhall.duckdb"
    rows = pd.DataFrame(
        {
            "metric_id": [f"measure_{number % 7}" for number in range(500)],
            "value": [None if number % 10 == 0 else number / 4 for number in range(500)],
            "value_status": [5 if number % 10 == 0 else 1 for number in range(500)],
        }
    )
    words = {"": "One row per figure.", **{name: name for name in rows}}
    write_database({"outcomes": typed_table("outcomes", rows)}, {"outcomes": words}, path)
    with connect(path) as con:
        con.execute("CREATE SCHEMA hidden; CREATE TABLE hidden.secrets AS SELECT 'canary' AS secret")
    return path


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(at_once=2, waiting=4) as running:
        yield running


@pytest.fixture
def ask(workers: Workers, release: Path) -> Ask:
    def answer(sql: str, **limits: float) -> list[dict[str, object]]:
        question = Question(release, sql, TABLES, replace(DEFAULT, **limits))
        rows: list[dict[str, object]] = workers.ask(question).to_pylist()
        return rows

    return answer


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM outcomes ORDER BY ALL",
        "SELECT metric_id, avg(value) AS mean, count(*) FILTER (WHERE value_status = 5) AS hidden "
        "FROM outcomes GROUP BY ALL HAVING count(*) > 3 ORDER BY mean DESC NULLS LAST LIMIT 5",
        "WITH a AS (SELECT metric_id, max(value) AS top FROM outcomes GROUP BY metric_id) "
        "SELECT o.metric_id, a.top - o.value AS below FROM outcomes AS o "
        "JOIN a USING (metric_id) ORDER BY ALL",
        "SELECT metric_id, row_number() OVER (PARTITION BY metric_id ORDER BY value) AS place FROM outcomes "
        "QUALIFY place <= 2 ORDER BY ALL",
        "SELECT CASE WHEN value > 60 THEN 'high' ELSE 'low' END AS band, round(median(value), 1) AS middle "
        "FROM outcomes WHERE metric_id ILIKE 'MEASURE%' AND value BETWEEN 1 AND 99 "
        "GROUP BY band ORDER BY band",
        "SELECT upper(metric_id) AS m, coalesce(value, 0)::INTEGER AS v FROM outcomes "
        "WHERE metric_id IN (SELECT metric_id FROM outcomes WHERE value > 120) ORDER BY ALL",
        "SELECT 1 AS x UNION ALL SELECT 2 EXCEPT SELECT 3 ORDER BY x",
        "SELECT date_trunc('month', DATE '2026-11-12') AS m, "
        "date_diff('day', DATE '2026-01-01', DATE '2026-02-01') AS d",
    ],
)
def test_question_gets_the_answer_that_the_database_gives(ask: Ask, release: Path, sql: str) -> None:
    with connect(release, read_only=True) as con:
        expected = con.execute(sql).to_arrow_table().to_pylist()
    assert ask(sql) == expected


@pytest.mark.parametrize("sql", [*LISTED, *MORE])
def test_probe_is_refused_before_it_is_run(release: Path, sql: str) -> None:
    with pytest.raises(DoorError) as refused:
        read_statement(sql.format(file=release), TABLES, DEFAULT)
    assert refused.value.code in REFUSED


def test_there_are_more_than_two_hundred_further_probes() -> None:
    assert len(LISTED) == 42
    assert len(set(MORE)) >= 200


def test_python_variable_does_not_answer_to_a_name(ask: Ask) -> None:
    frame_in_python = pd.DataFrame({"secret": ["canary"]})
    with pytest.raises(DoorError, match="DOR-004"):
        ask(REPLACED)
    assert len(frame_in_python) == 1


@pytest.mark.parametrize("sql", LISTED)
def test_sealed_connection_holds_by_itself_when_the_reading_of_a_probe_fails(
    release: Path, tmp_path: Path, sql: str
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\ncanary\n")
    before = {path.name for path in tmp_path.iterdir()}
    with connect_sealed(release, threads=1, memory_limit="512MB") as con:
        try:
            told = str(con.execute(sql.format(file=outside)).fetchall())
        except duckdb.Error as error:
            told = str(error)
    assert "canary" not in told or "hidden" in sql
    assert {path.name for path in tmp_path.iterdir()} == before


def test_every_function_of_this_database_is_refused_unless_it_was_looked_at(release: Path) -> None:
    with connect() as con:
        names = [
            row[0] for row in con.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
        ]
    plain = sorted(name for name in names if name.isidentifier())
    passed = [name for name in plain if _passes(f"SELECT {name}(value) FROM outcomes")]
    assert passed == LOOKED_AT
    assert [name for name in plain if _passes(f"SELECT * FROM {name}('outcomes')")] == []


def _passes(sql: str) -> bool:
    try:
        read_statement(sql, TABLES, DEFAULT)
    except DoorError:
        return False
    return True


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_ended_and_others_are_answered_meanwhile(ask: Ask, bomb: str) -> None:
    ended: list[str] = []

    def explode() -> None:
        try:
            ask(bomb, seconds=4.0)
        except DoorError as error:
            ended.append(error.code)

    thread = threading.Thread(target=explode)
    thread.start()
    assert ask("SELECT count(*) AS n FROM outcomes", seconds=60.0) == [{"n": 500}]
    thread.join()
    assert ended == ["DOR-006"]


def test_answer_is_refused_when_it_is_larger_than_may_be_sent(ask: Ask) -> None:
    with pytest.raises(DoorError, match="DOR-007"):
        ask("SELECT a.value FROM outcomes AS a, outcomes AS b", rows=1000)


def test_unknown_column_is_answered_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(DoorError, match=r"DOR-008.*value_status"):
        ask("SELECT value_statu FROM outcomes")


def test_unknown_table_is_answered_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(DoorError, match=r"DOR-004.*did you mean outcomes"):
        ask("SELECT * FROM outcome")


def test_question_is_turned_away_when_the_line_is_full(release: Path) -> None:
    slow = Question(release, BOMBS[0], TABLES, replace(DEFAULT, seconds=3.0))
    codes: list[str] = []

    def explode(workers: Workers) -> None:
        try:
            workers.ask(slow)
        except DoorError as error:
            codes.append(error.code)

    with Workers(at_once=1, waiting=1) as workers:
        threads = [threading.Thread(target=explode, args=(workers,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(codes) == ["DOR-006", "DOR-006", "DOR-009", "DOR-009"]


def test_door_opens_again_when_its_parent_process_was_killed(release: Path) -> None:
    question = Question(release, "SELECT count(*) AS n FROM outcomes", TABLES, replace(DEFAULT, seconds=60.0))
    others = set(psutil.Process().children())
    with Workers() as workers:
        assert workers.ask(question).to_pylist() == [{"n": 500}]
        (parent,) = set(psutil.Process().children()) - others
        parent.kill()
        parent.wait()
        assert workers.ask(question).to_pylist() == [{"n": 500}]


def test_no_process_is_left_when_the_door_is_closed(release: Path) -> None:
    others = set(psutil.Process().children())
    with Workers() as workers:
        workers.ask(Question(release, "SELECT 1 AS x", TABLES, replace(DEFAULT, seconds=60.0)))
        (parent,) = set(psutil.Process().children()) - others
    assert not parent.is_running()


_LOOKED_AT = """
abs any_value approx_count_distinct arg_max arg_min argmax argmin avg bool_and bool_or cbrt ceil ceiling
char_length character_length concat concat_ws count count_if countif cume_dist current_date date_part day
dense_rank even exp favg first first_value floor fsum greatest isfinite kahan_sum kurtosis lag last
last_day last_value lcase lead least len length ln log log10 log2 lower ltrim mad make_date max max_by
median min min_by mode month ntile percent_rank product quantile quantile_cont quantile_disc quarter rank
regr_count regr_intercept regr_r2 regr_slope reverse round row_number rtrim sign skewness split_part sqrt
stddev stddev_pop stddev_samp substr substring sum today trim trunc ucase upper var_pop var_samp variance
year
"""
LOOKED_AT = _LOOKED_AT.split()
"""Functions of DuckDB that may be called with one argument; whoever adds one has looked at what it can reach.
"""
