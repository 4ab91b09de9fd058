"""Tables by address: formats, filters, freshness, and clear answers to wrong addresses."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from reports.door.app import Settings, make_app
from reports.tables import Publication
from warehouse.home import Home

AREAS = "/latest/tables/outcomes_by_area"
PLACEMENT = "/latest/queries/placement_by_program"


def _rows(content: bytes, ending: str) -> list[dict[str, object]]:
    if ending == "json":
        return list(json.loads(content)["rows"])
    if ending == "arrow":
        return pa.ipc.open_stream(content).read_all().to_pylist()
    if ending == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    if ending == "csv":
        return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False).to_dict("records")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.mark.parametrize("ending", ["csv", "json", "arrow", "parquet", "xlsx"])
def test_table_is_the_published_one_in_every_format(
    door: TestClient, publication: Publication, ending: str
) -> None:
    answer = door.get(f"{AREAS}.{ending}")
    assert answer.status_code == 200
    frame = publication.frames()["outcomes_by_area"]
    told = _rows(answer.content, ending)
    assert [str(row["label"]) for row in told] == frame["label"].tolist()
    shown = [None if row["value"] in ("", None) else float(str(row["value"])) for row in told]
    assert shown == [None if pd.isna(v) else pytest.approx(float(v), rel=1e-11) for v in frame["value"]]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx", "arrow"])
def test_same_address_gives_the_same_bytes(door: TestClient, ending: str) -> None:
    query = {"columns": "label,value", "limit": "3"}
    first = door.get(f"{AREAS}.{ending}", params=query).content
    pinned = door.get(f"/releases/2026-Q3/v1.0/tables/outcomes_by_area.{ending}", params=query).content
    assert first == pinned


def test_filters_choose_rows_and_columns(door: TestClient, publication: Publication) -> None:
    frame = publication.frames()["outcomes_by_area"]
    areas = sorted(frame["geography"].dropna().unique())[:2]
    query = {
        "geography": ",".join(areas),
        "metric_id": "completion_rate",
        "columns": "geography,metric_id,value",
    }
    rows = door.get(f"{AREAS}.json", params=query).json()["rows"]
    expected = frame[frame["geography"].isin(areas) & (frame["metric_id"] == "completion_rate")]
    assert [row["geography"] for row in rows] == expected["geography"].tolist()
    assert {tuple(row) for row in rows} == {("geography", "metric_id", "value")}


def test_filter_finds_blanks_and_numbers_by_their_text(door: TestClient, publication: Publication) -> None:
    frame = publication.frames()["outcomes_by_area"]
    blank = door.get(f"{AREAS}.json", params={"program_id": ""}).json()["rows"]
    assert len(blank) == int(frame["program_id"].isna().sum())
    published = door.get(f"{AREAS}.json", params={"value_status": "1"}).json()["rows"]
    assert len(published) == int((frame["value_status"] == 1).sum())


def test_limit_and_offset_page_through_a_table(door: TestClient) -> None:
    whole = door.get(f"{AREAS}.json").json()["rows"]
    page = door.get(f"{AREAS}.json", params={"limit": "2", "offset": "1"}).json()["rows"]
    assert page == whole[1:3]


def test_metadata_travels_with_json_parquet_and_workbook(door: TestClient) -> None:
    about = door.get(f"{AREAS}.json").json()["about"]
    assert about["release"] == "rivers 2026-Q3 v1.0"
    assert about["columns"]["value_status"]
    assert about["value_status"]["5"]
    assert "2026-11-12" in about["citation"]
    schema = pq.read_schema(io.BytesIO(door.get(f"{AREAS}.parquet").content))
    assert json.loads(schema.metadata[b"guildhall"])["citation"] == about["citation"]
    sheet = openpyxl.load_workbook(io.BytesIO(door.get(f"{AREAS}.xlsx").content))["About"]
    assert about["citation"] in [cell.value for cell in sheet["B"]]


def test_named_question_has_an_address_with_the_answer_that_sql_gives(door: TestClient) -> None:
    examples = door.get("/latest/tables/example_queries.json").json()["rows"]
    assert len(examples) >= 5
    for example in examples:
        named = door.get(f"/latest/queries/{example['name']}.json")
        asked = door.get("/query", params={"sql": example["sql"]})
        assert named.json()["rows"] == asked.json()["rows"] != []
        pinned = door.get(f"/releases/2026-Q3/v1.0/queries/{example['name']}.json")
        assert pinned.content == named.content
        assert "immutable" in pinned.headers["cache-control"]


def test_answer_of_a_named_question_is_filtered_like_a_table(door: TestClient) -> None:
    rows = door.get(f"{PLACEMENT}.json").json()["rows"]
    one = rows[0]["about"]
    query = {"about": one, "columns": "about,value", "limit": "1"}
    answer = door.get(f"{PLACEMENT}.csv", params=query)
    assert answer.headers["content-disposition"] == 'inline; filename="placement_by_program.csv"'
    (told,) = _rows(answer.content, "csv")
    assert list(told) == ["about", "value"]
    assert (told["about"], float(str(told["value"]))) == (one, pytest.approx(rows[0]["value"], rel=1e-11))
    about = door.get(f"{PLACEMENT}.json").json()["about"]
    assert about["description"] == "Which programs place best, with their intervals?"
    assert about["columns"]["people_behind"]


def test_release_from_before_questions_had_names_shows_them_without_addresses(
    published_home: Home, tmp_path: Path
) -> None:
    early = tmp_path / "home"
    shutil.copytree(published_home.root, early)
    (path,) = early.glob("releases/*/*/tables/example_queries.parquet")
    path.chmod(0o644)
    pq.write_table(pq.read_table(path).drop_columns(["name"]), path)
    with TestClient(make_app(Home.open(early), Settings(today=lambda: date(2026, 11, 13)))) as door:
        page = door.get("/sql").text
        assert "Which programs place best" in page
        assert "by address" not in page
        assert door.get(f"{PLACEMENT}.csv").status_code == 404


def test_pinned_address_is_kept_for_good_and_latest_is_asked_again(door: TestClient) -> None:
    latest = door.get(f"{AREAS}.csv")
    assert latest.headers["cache-control"] == "no-cache"
    pinned = door.get("/releases/2026-Q3/v1.0/tables/outcomes_by_area.csv")
    assert "immutable" in pinned.headers["cache-control"]
    again = door.get(f"{AREAS}.csv", headers={"if-none-match": latest.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status", "code", "hint"),
    [
        (f"{AREAS}.csv?geografy=1", 400, "DOR-011", "did you mean geography"),
        (f"{AREAS}.csv?columns=label,vaule", 400, "DOR-011", "did you mean value"),
        (f"{AREAS}.csv?limit=-1", 400, "DOR-011", "whole number"),
        (f"{AREAS}.csv?limit=٣", 400, "DOR-011", "whole number"),
        (f"{AREAS}.csv?offset=1e9", 400, "DOR-011", "whole number"),
        (f"{AREAS}.exe", 404, "DOR-015", "ending in"),
        ("/latest/tables/agg_outcomes.csv", 404, "DOR-015", "a table of"),
        ("/latest/tables/figures.csv", 404, "DOR-015", "a table of"),
        ("/latest/tables/..%2f..%2fledger.sqlite", 404, "DOR-015", ""),
        ("/latest/tables/%2e%2e%2fmanifest.json", 404, "DOR-015", ""),
        ("/latest/ledger.sqlite", 404, "DOR-015", ""),
        ("/latest/consortium.toml", 404, "DOR-015", ""),
        ("/releases/2026-Q3/v9.9/tables/outcomes_by_area.csv", 404, "DOR-010", "2026-Q3/v1.0"),
        ("/releases/../keys/tables/door.json", 404, "DOR-015", ""),
        ("/releases/2025-Q1/v1.0/report.html", 404, "DOR-010", "latest"),
        ("/static/..%2fbase.html.j2", 404, "DOR-015", ""),
        ("/releases/2026-Q3/v1.0/report/nothing.html", 404, "DOR-015", ""),
        ("/latest/report/..%2fmanifest.json", 404, "DOR-015", ""),
        (f"{PLACEMENT}.csv?abuot=1", 400, "DOR-011", "did you mean about"),
        (f"{PLACEMENT}.csv?limit=x", 400, "DOR-011", "whole number"),
        (f"{PLACEMENT}.exe", 404, "DOR-015", "a named question of"),
        ("/latest/queries/outcomes_by_program.csv", 404, "DOR-015", "a named question of"),
        ("/latest/queries/.csv", 404, "DOR-015", "a named question of"),
        ("/releases/2026-Q3/v9.9/queries/placement_by_program.csv", 404, "DOR-010", "2026-Q3/v1.0"),
        ("/nowhere", 404, "DOR-015", ""),
    ],
)
def test_wrong_address_gets_a_clear_answer(
    door: TestClient, address: str, status: int, code: str, hint: str
) -> None:
    answer = door.get(address)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert hint in json.dumps(answer.json(), ensure_ascii=False)


def test_chapters_of_a_report_are_found_from_its_first_page(door: TestClient) -> None:
    for address in ("/latest/", "/releases/2026-Q3/v1.0/"):
        first = door.get(f"{address}report.html")
        chapters = re.findall(r'href="(report/[^"]+)"', first.text)
        assert len(chapters) >= 10
        for chapter in chapters:
            answer = door.get(f"{address}{chapter}")
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == first.headers["cache-control"]
            kind = "text/css" if chapter.endswith(".css") else "text/html"
            assert answer.headers["content-type"].startswith(kind)
        assert "script-src" not in first.headers["content-security-policy"]


def test_address_that_is_too_long_is_refused(door: TestClient) -> None:
    assert door.get(f"{AREAS}.csv?label={'x' * 20_000}").status_code == 414


def test_every_address_of_the_guide_answers(door: TestClient) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "door.md").read_text(encoding="utf-8")
    addresses = set(re.findall(r"(/latest/(?:tables|queries)/[a-z_]+\.(?:csv|json)[^\s`\")]*)", guide))
    assert len(addresses) >= 6
    assert {address: door.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
