"""The whole journey on the sample region, through the command line, against the truth written beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.acceptance.conftest import Demo, bytes_of_releases, guildhall
from tests.faults.test_secrets import secrets_of
from warehouse import releases
from warehouse.home import Home
from warehouse.vault import Vault

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]
KEY = ["firm_id", "contract", "period", "record", "column", "code"]
_LONG = [
    re.compile(words) for words in (rb"AGE-SECRET-KEY-[A-Z0-9]+", rb"[0-9a-f]{64}", rb"[A-Za-z0-9+/=]{40,}")
]


def _violations(home: Home) -> pd.DataFrame:
    parts = [pd.read_parquet(path) for path in sorted((home.lake / "violations").rglob("*.parquet"))]
    return pd.concat(parts, ignore_index=True)


def test_demo_ends_with_the_path_of_its_report(demo: Demo) -> None:
    last = demo.printed.strip().splitlines()[-1]
    assert Path(last).is_file()
    assert Path(last).parent.name == "v1.0"


def test_status_shows_that_rows_add_up(demo: Demo) -> None:
    done = guildhall("status", "--home", str(demo.home.root), "--json")
    rows = json.loads(done.stdout)
    assert {row["contract"] for row in rows} >= {"enrollment", "credential", "placement", "wage"}
    assert all(row["rows_in"] == row["accepted"] + row["quarantined"] for row in rows)
    assert sum(row["quarantined"] for row in rows) > 0


def test_planted_faults_are_found_and_nothing_else_is(demo: Demo) -> None:
    planted = pd.read_csv(demo.home.root / "truth" / "faults.csv", dtype=str, keep_default_na=False)
    found = _violations(demo.home)
    expected = set(planted[KEY].itertuples(index=False, name=None))
    actual = set(found.fillna("")[KEY].astype(str).itertuples(index=False, name=None))
    assert actual - expected == set()
    assert expected - actual == set()
    assert planted["code"].nunique() >= 30


def test_refused_files_are_those_that_were_planted(demo: Demo) -> None:
    truth = json.loads((demo.home.root / "truth" / "truth.json").read_text())
    done = guildhall("status", "--home", str(demo.home.root), "--refused", "--json")
    refused = {(row["firm_id"], row["file_name"], row["code"]) for row in json.loads(done.stdout)}
    assert refused == {(row["firm_id"], row["file_name"], row["code"]) for row in truth["refused_files"]}


@pytest.mark.fault("S06")
def test_logs_of_dagster_and_dbt_hold_no_secret_and_no_person(demo: Demo) -> None:
    rows = sorted((demo.home.lake / "accepted" / "wage").rglob("*.parquet"))
    read = (pq.read_table(path, columns=["learner_key"], partitioning=None) for path in rows)
    people = {key.encode() for table in read for key in table["learner_key"].to_pylist()}
    secrets = secrets_of(demo.home)
    private = people | secrets
    logs = [demo.home.root / "dagster", *demo.home.builds.glob("*/dbt"), demo.home.builds / "parsed"]
    seen = [path for folder in logs for path in folder.rglob("*") if path.is_file()]
    assert len(people) > 10_000
    assert {path.name for path in seen} >= {"dbt.log", "run_results.json", "build.log"}
    assert {path.suffix for path in seen} >= {".db", ".out", ".err"}
    assert [path.name for path in seen if private & _long_words(path.read_bytes())] == []
    assert not private & _long_words(demo.printed.encode())
    for told in (min(people), min(secrets), max(secrets)):
        assert private & _long_words(b"ERROR key='" + told + b"'\n")


def _long_words(text: bytes) -> set[bytes]:
    """Whatever in it could be a person's key or a secret of the house."""
    return {word for one in _LONG for word in one.findall(text)}


def test_second_run_changes_nothing_when_nothing_is_new(demo: Demo) -> None:
    before = bytes_of_releases(demo.home)
    head = guildhall("verify", "--home", str(demo.home.root)).stdout
    guildhall("run", "--home", str(demo.home.root), "--as-of", "2026-11-12")
    assert bytes_of_releases(demo.home) == before
    assert guildhall("verify", "--home", str(demo.home.root)).stdout == head


def test_same_bytes_dropped_again_have_no_effect(demo: Demo) -> None:
    landed = next((demo.home.boxes).glob("*/out/*.receipt.json"))
    receipt = json.loads(landed.read_text())
    sent = Vault(demo.home).read(receipt["firm_id"], receipt["period"], receipt["sha256"])
    (demo.home.boxes / receipt["firm_id"] / "in" / receipt["file_name"]).write_bytes(sent)
    before = guildhall("status", "--home", str(demo.home.root), "--json").stdout
    guildhall("run", "--home", str(demo.home.root), "--as-of", "2026-11-12")
    assert guildhall("status", "--home", str(demo.home.root), "--json").stdout == before
    assert not list((demo.home.boxes / receipt["firm_id"] / "in").iterdir())


def test_fund_totals_are_the_planted_ones(demo: Demo) -> None:
    truth = json.loads((demo.home.root / "truth" / "truth.json").read_text())["fund"]
    ledger = releases.read_table(releases.read_release(demo.home, "2026-Q3"), "fund_ledger")
    for source, totals in truth["by_source"].items():
        lines = ledger[ledger["group_value"] == source].sort_values("cohort_start")
        closing = lines.loc[lines["metric_id"] == "fund_closing", "value"]
        assert f"{closing.iloc[-1]:.2f}" == totals["closing_usd"]
        disbursed = lines.loc[lines["metric_id"] == "fund_disbursed", "value"]
        assert f"{disbursed.sum():.2f}" == totals["disbursed_usd"]


def test_release_names_every_file_by_its_hash(demo: Demo) -> None:
    root = releases.read_release(demo.home, "2026-Q3").root
    manifest = json.loads((root / "manifest.json").read_text())
    listed = set(manifest["files"])
    assert listed == {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()} - {
        "manifest.json"
    }
    assert re.fullmatch("[0-9a-f]{64}", manifest["ledger_head"]["hash"])
