"""The demo finds what its spot checks were drawn to find."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_verified_rates_are_those_planted(planted: Planted) -> None:
    truth = planted.truth("assurance")
    rates = planted.mart("agg_verified_rates")
    found = {f"{row['checked_contract']}.{row['checked_column']}": row for row in rates.to_dict("records")}
    assert set(found) == set(truth)
    for fact, row in found.items():
        counts = (row["agreed_count"], row["verified_count"])
        assert counts == (truth[fact]["agreed"], truth[fact]["verified"])
        assert row["verified_lower"] < truth[fact]["agrees"] < row["verified_upper"]


def test_verified_rates_are_published(planted: Planted) -> None:
    table = planted.published("verified_rates")
    assert list(table["value_status"]) == [1, 1, 1]
