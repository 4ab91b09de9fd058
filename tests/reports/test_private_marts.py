"""What is between one firm and the fund stays in the building: no plan reads it, no table names a firm."""

from __future__ import annotations

import pytest

from reports.tables import MARTS, Publication

PRIVATE = ("fct_contribution_statements", "fct_assessments", "fct_participation", "dim_firm")


@pytest.mark.parametrize("mart", PRIVATE)
def test_no_release_is_made_from_a_private_mart(mart: str) -> None:
    assert mart not in MARTS


def test_no_published_table_names_a_firm(publication: Publication) -> None:
    parents = {f"G{number}" for number in range(1, 10)} | {f"G{number:02d}" for number in range(41)}
    for name, frame in publication.frames().items():
        assert not {"firm_id", "parent_group_id"} & set(frame.columns), name
        assert not any(frame[column].astype("str").isin(parents).any() for column in frame.columns), name
