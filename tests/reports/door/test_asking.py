"""Questions over HTTP, who may ask them, and what is never shown."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from contracts.errors import DoorError
from reports.door.app import Settings, make_app
from reports.door.boards import Allowance, give_token, take_token
from reports.door.guarding import Log
from tests.warehouse.door_probes import LISTED
from warehouse.home import Home

SQL = "SELECT about, value FROM figures WHERE value IS NOT NULL ORDER BY ALL LIMIT 3"


def _today() -> date:
    return date(2026, 11, 13)


def test_question_is_answered_by_get_and_by_post(door: TestClient) -> None:
    got = door.get("/query", params={"sql": SQL})
    posted = door.post("/query", json={"sql": SQL, "release": "2026-Q3"})
    assert got.status_code == 200
    assert len(got.json()["rows"]) == 3
    assert got.json() == posted.json()


def test_answer_comes_as_csv_when_asked_for(door: TestClient) -> None:
    answer = door.get("/query", params={"sql": "SELECT 1 AS x, '=1+1' AS y", "format": "csv"})
    assert answer.text == "x,y\n1,'=1+1\n"
    assert answer.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("sql", LISTED)
def test_probe_is_refused_over_http(door: TestClient, sql: str) -> None:
    answer = door.post("/query", json={"sql": sql})
    assert answer.status_code in (400, 403, 404)
    assert answer.json()["code"] in {"DOR-001", "DOR-002", "DOR-003", "DOR-004"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"sql": 1}', 400),
        (b"{" * 5000, 400),
        (b'{"sql": "SELECT 1", "format": "exe"}', 400),
        (b'{"sql": "SELECT 1", "release": "1999-Q1"}', 404),
        (b'{"sql": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_body_that_is_no_question_is_refused(door: TestClient, body: bytes, status: int) -> None:
    assert door.post("/query", content=body).status_code == status


def test_release_is_not_shown_before_its_day(published_home: Home) -> None:
    app = make_app(published_home, Settings(today=lambda: date(2026, 11, 11)))
    with TestClient(app) as door:
        assert door.get("/latest/tables/outcomes_by_area.csv").status_code == 404
        assert door.get("/releases/2026-Q3/v1.0/report.html").status_code == 404
        assert door.get("/query", params={"sql": SQL}).status_code == 404
        assert door.get("/health").status_code == 503
        assert "No release is public yet" in door.get("/").text


def test_boards_need_their_token_when_any_has_one(published_home: Home) -> None:
    keys = published_home.root / "keys"
    token = give_token(keys, "north-board")
    try:
        assert token not in (keys / "door.json").read_text(encoding="utf-8")
        with TestClient(make_app(published_home, Settings(today=_today))) as door:
            address = "/latest/tables/outcomes_by_area.csv"
            assert door.get(address).status_code == 401
            assert door.get(address, headers={"authorization": f"Bearer {token}"}).status_code == 200
            basic = base64.b64encode(f"north-board:{token}".encode()).decode()
            assert door.get(address, headers={"authorization": f"Basic {basic}"}).status_code == 200
            assert door.get(address, params={"token": token, "limit": "1"}).status_code == 200
            for wrong in (
                "",
                "Bearer",
                "Bearer x",
                "Basic !!",
                f"Bearer {token[:-1]}",
                f"Basic {token}",
                "\x7f",
            ):
                assert door.get(address, headers={"authorization": wrong}).status_code == 401
            assert door.get("/").status_code == 200
    finally:
        assert take_token(keys, "north-board")


def test_answer_that_is_kept_is_given_again_when_the_allowance_is_used_up(published_home: Home) -> None:
    settings = Settings(today=_today, monotonic=lambda: 0.0)
    with TestClient(make_app(published_home, settings)) as door:
        kept = door.get("/query", params={"sql": SQL})
        told = [door.get("/query", params={"sql": f"SELECT {n} AS n"}).status_code for n in range(70)]
        assert set(told) == {200, 429}
        again = [door.get("/query", params={"sql": SQL}) for _ in range(3)]
        assert [one.content for one in again] == [kept.content] * 3
        assert "Answer: 3 rows" in door.get("/sql", params={"sql": SQL}).text
        assert door.get("/query", params={"sql": "SELECT 1", "format": "csv"}).status_code == 429


def test_asker_waits_when_the_allowance_is_used_up() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0], full=2, refill=1)
    allowance.take("a")
    allowance.take("a")
    with pytest.raises(DoorError, match="DOR-014"):
        allowance.take("a")
    allowance.take("b")
    now[0] = 1.0
    allowance.take("a")


def test_log_says_who_and_what_came_of_it_and_no_question(published_home: Home, tmp_path: Path) -> None:
    log = tmp_path / "door.log"
    with TestClient(make_app(published_home, Settings(today=_today, log=Log(log)))) as door:
        door.get("/query", params={"sql": "SELECT 'canary' AS x"})
        door.get("/latest/tables/outcomes_by_area.csv", params={"label": "canary"})
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["status"], line["board"]) for line in lines] == [
        ("/query", 200, "anyone"),
        ("/latest", 200, "anyone"),
    ]
    assert "canary" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "address", ["/", "/tables", "/sql", "/hidden", "/latest/report.html", "/query", "/x"]
)
def test_every_answer_carries_safe_headers(door: TestClient, address: str) -> None:
    headers = door.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy or "script-src 'self'" in policy


def test_sql_page_shows_answer_chart_and_downloads(door: TestClient) -> None:
    page = door.get("/sql", params={"sql": SQL, "chart": "on"}).text
    assert "Answer: 3 rows" in page
    assert page.count('role="img"') == 1
    assert 'download="answer.xlsx"' in page


def test_sql_page_escapes_what_was_asked(door: TestClient) -> None:
    hostile = "SELECT '<script>alert(1)</script>' AS \"<b>\", 1 AS n"
    page = door.get("/sql", params={"sql": hostile, "chart": "on"}).text
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_sql_page_says_what_is_wrong(door: TestClient) -> None:
    answer = door.get("/sql", params={"sql": "SELECT * FROM outcome_by_area"})
    assert answer.status_code == 404
    assert "did you mean outcomes_by_area?" in answer.text


def test_browser_gets_errors_as_a_page(door: TestClient) -> None:
    answer = door.get("/latest/tables/x.csv", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "That did not work" in answer.text


def test_openapi_and_catalog_describe_the_door(door: TestClient) -> None:
    assert "/query" in door.get("/openapi.json").json()["paths"]
    catalog = door.get("/data.json").json()
    datasets = catalog["dataset"]
    assert {d["title"] for d in datasets} >= {"Outcomes by area", "Fund ledger"}
    first = datasets[0]["distribution"][0]["downloadURL"]
    assert door.get(first).status_code == 200


def test_doors_catalog_and_the_releases_own_differ_in_addresses_only(door: TestClient) -> None:
    ours = door.get("/data.json").json()
    release = _first_of(ours).split("/tables/")[0]
    theirs = door.get(f"{release}/dcat.json").json()
    for dataset in (*ours["dataset"], *theirs["dataset"]):
        assert dataset.pop("distribution")
    assert ours == theirs


def _first_of(catalog: dict[str, Any]) -> str:
    return str(catalog["dataset"][0]["distribution"][0]["downloadURL"])
