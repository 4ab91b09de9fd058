"""The regions that the soak of effects draws without files are those that the files hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reports.impact.regions import draw_region, to_base
from tests.sample.conftest import SMALL, Sample


def test_rows_are_the_pay_that_members_report(small: Sample) -> None:
    wages = small.genuine("wage")
    dollars = wages.assign(usd=wages["gross_wages_usd"].astype(float))
    paid = dollars.groupby(["learner_key", "year_quarter"])["usd"].sum().reset_index()
    rows = draw_region(SMALL).rows
    nominal = rows["real_wages_usd"] / to_base(rows["year_quarter"].tolist())
    for quarter in ("2018Q3", "2023Q4", "2026Q2"):
        ours = np.sort(nominal[rows["year_quarter"] == quarter].to_numpy())
        theirs = np.sort(paid.loc[paid["year_quarter"] == quarter, "usd"].to_numpy())
        assert ours == pytest.approx(theirs, abs=0.005)


def test_entries_are_those_of_the_enrollment_files(small: Sample) -> None:
    files = small.genuine("enrollment").sort_values("entry_date").drop_duplicates("learner_key")
    entries = draw_region(SMALL).rows.drop_duplicates("learner_key")
    ours = entries.dropna(subset=["entry_quarter"]).groupby("entry_quarter").size()
    theirs = pd.PeriodIndex(files["entry_date"], freq="Q").astype(str).value_counts()
    # Those who have not been paid by any member yet are in no row of pay.
    assert set(ours.index) <= set(theirs.index)
    assert (ours <= theirs.reindex(ours.index)).all()
    assert ours.sum() > 0.8 * theirs.sum()


def test_truth_is_what_truth_json_names(small: Sample) -> None:
    drawn = draw_region(SMALL)
    assert drawn.told == pytest.approx(small.document["effect"]["mean_in_window"], abs=1e-6)
    assert drawn.lifts.to_numpy().max() == 0.06
