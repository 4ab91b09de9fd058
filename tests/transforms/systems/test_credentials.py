"""The catalog as a graph, and credentials over time, as drawn, by hand and by their restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems.restated_credentials import Credentials

pytestmark = pytest.mark.xdist_group("transforms")


@pytest.fixture(scope="module")
def restated_credentials(lake: LakeFrames) -> Credentials:
    return Credentials(lake)


@pytest.fixture(scope="module")
def catalog(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("dim_credential").set_index("credential_id")


def test_depth_is_the_longest_way_up(catalog: pd.DataFrame) -> None:
    depths = catalog["stack_depth"]
    assert (depths["WELD-CERT"], depths["WELD-ADV"], depths["WELD-MASTER"]) == (0, 1, 2)
    assert catalog.loc["WELD-CERT", "ladder_depth"] == 2


def test_circle_is_a_finding_and_makes_no_ladder(warehouse: Warehouse, catalog: pd.DataFrame) -> None:
    findings = warehouse.read("agg_catalog_findings")
    circles = findings[findings["finding_code"] == "CAT-201"]
    assert set(circles["credential_id"]) == {"LOOP-A", "LOOP-B"}
    # The step into the circle still counts, those of the circle do not.
    assert (catalog.loc["LOOP-A", "stack_depth"], catalog.loc["LOOP-B", "stack_depth"]) == (1, 0)


def test_advice_and_ended_requirements_are_no_steps(catalog: pd.DataFrame) -> None:
    assert pd.isna(catalog.loc["NOTHING", "ladder_id"])
    assert pd.isna(catalog.loc["DIPLOMA", "ladder_id"])


def test_credit_that_counts_for_less_elsewhere_is_lost(warehouse: Warehouse) -> None:
    keys = ["from_program_id", "to_program_id"]
    changes = warehouse.read("agg_credits_on_change").set_index(keys)
    to_top = changes.loc[("NIGHT", "TOP")]
    assert (float(to_top["credits_held"]), float(to_top["credits_kept"])) == (6.0, 4.0)
    assert (float(to_top["credits_lost"]), to_top["changers"]) == (2.0, 1)
    assert float(changes.loc[("NIGHT", "PIPE"), "credits_lost"]) == 0
    assert float(changes.loc[("PIPE", "NIGHT"), "credits_lost"]) == 9


def test_parent_recognizes_what_one_of_its_firms_does(warehouse: Warehouse) -> None:
    coverage = warehouse.read("agg_credential_recognition").set_index("credential_id").loc["WELD-CERT"]
    assert (coverage["recognizing_parents"], coverage["parents"]) == (2, 4)


def test_catalog_equals_its_restatement(warehouse: Warehouse, restated_credentials: Credentials) -> None:
    restated = restated_credentials.dimension()
    joined = side_by_side(warehouse.read("dim_credential"), restated, ["credential_id"])
    assert_equal(joined, ["ladder_id", "stack_depth", "is_on_circle"])


def test_findings_equal_their_restatement(warehouse: Warehouse, restated_credentials: Credentials) -> None:
    found = warehouse.read("agg_catalog_findings")[["finding_code", "credential_id"]]
    assert set(found.itertuples(index=False, name=None)) == restated_credentials.findings()


def test_validity_equals_its_restatement(warehouse: Warehouse, restated_credentials: Credentials) -> None:
    keys = ["credential_id", "years_held"]
    mart = warehouse.read("agg_credential_validity")
    joined = side_by_side(mart, restated_credentials.validity(), keys)
    assert_equal(joined, ["attained", "active"], ["active_share", "active_lower", "active_upper"])
    assert mart["active_share"].lt(1).any()


def test_recognition_equals_its_restatement(warehouse: Warehouse, restated_credentials: Credentials) -> None:
    mart = warehouse.read("agg_credential_recognition")
    joined = side_by_side(mart, restated_credentials.recognition(), ["credential_id"])
    assert_equal(joined, ["parents", "recognizing_parents"])


def test_credits_on_change_equal_their_restatement(
    warehouse: Warehouse, restated_credentials: Credentials
) -> None:
    keys = ["from_program_id", "to_program_id", "credit_unit_code"]
    mart = warehouse.read("agg_credits_on_change")
    joined = side_by_side(mart, restated_credentials.credits_on_change(), keys)
    assert_equal(joined, [], ["credits_held", "credits_kept", "credits_lost"])


@pytest.mark.parametrize(
    ("mart", "keys", "total", "hits"),
    [
        ("agg_credential_validity", ["credential_id", "years_held"], "attained", "active"),
        ("agg_credential_recognition", ["credential_id"], "parents", "recognizing_parents"),
    ],
)
def test_contributors_add_up_to_their_cells(
    warehouse: Warehouse, mart: str, keys: list[str], total: str, hits: str
) -> None:
    cells = warehouse.read(mart).set_index(keys)
    sums = warehouse.read(f"{mart}_contributors").groupby(keys)[["persons", "numerator_persons"]].sum()
    assert (sums["persons"].reindex(cells.index) == cells[total]).all()
    assert (sums["numerator_persons"].reindex(cells.index) == cells[hits]).all()
