"""The demo finds the ladders, the circle and the recognition that were planted, and writes the catalog."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Planted, guildhall

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_ladders_are_as_deep_as_planted(planted: Planted) -> None:
    depths = planted.mart("dim_credential").set_index("credential_id")["stack_depth"]
    truth = planted.truth("credentials")["depths"]
    assert {name: int(depths[name]) for name in truth} == truth


def test_planted_circle_is_found(planted: Planted) -> None:
    findings = planted.mart("agg_catalog_findings")
    assert set(findings["finding_code"]) == {"CAT-201"}
    assert set(findings["credential_id"]) == set(planted.truth("credentials")["circle"])


def test_recognition_is_as_planted(planted: Planted) -> None:
    found = planted.mart("agg_credential_recognition").set_index("credential_id")["recognizing_parents"]
    truth = planted.truth("credentials")["recognizing_parents"]
    assert {name: int(found[name]) for name in truth} == truth


def test_progression_is_the_one_planted_though_many_are_not_followed_for_long(
    planted: Planted,
) -> None:
    share = planted.truth("credentials")["goes_on_within_eight_quarters"]
    progress = planted.mart("agg_stack_progression").set_index(["credential", "quarters_since"])
    after_two_years = progress.loc[("all", 8)]
    # Three standard errors of a share among those followed to the end, a third of all.
    assert after_two_years["advanced_share"] == pytest.approx(
        share, abs=3 * (share / (after_two_years["holders"] / 3)) ** 0.5
    )
    assert after_two_years["advanced"] / after_two_years["holders"] < share


@pytest.mark.parametrize("table", ["credential_integrity", "credential_validity"])
def test_credentials_are_published(planted: Planted, table: str) -> None:
    assert (planted.published(table)["value_status"] == 1).any()


def test_catalog_is_written_as_json_ld(planted: Planted, tmp_path: Path) -> None:
    out = tmp_path / "catalog.jsonld"
    done = guildhall("catalog", "--home", str(planted.home.root), "--out", str(out))
    document = json.loads(out.read_text())
    assert len(document["@graph"]) == len(planted.mart("dim_credential"))
    assert "CAT-201" in done.stderr
