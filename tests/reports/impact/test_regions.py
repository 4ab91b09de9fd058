"""A region of the soak, from everybody's pay to what its returns hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.impact import regions
from tests.reports.impact.region_page import region_lines
from tests.reports.impact.regions import SHORT, check_region


def test_region_is_checked_from_pay_to_returns_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(SHORT, firms=24, workers=3_000, participants=400)
    monkeypatch.setattr(regions, "VARIANTS", {"short": small})
    run = check_region("short", 3)
    assert run.history == 8
    assert 4 < run.log_pay.truth < 6
    for one in (run.log_pay, run.pay):
        for name, holds in one.covers.items():
            assert holds == (abs(one.values[name] - one.truth) <= one.halves[name])
        assert one.halves["careful"] > one.halves["default"]
    assert set(run.net_covers) == {"worker", "firm", "public", "society"}
    text = "\n".join(region_lines({"long": [], "short": [run]}))
    assert "| 8 | 1 | log pay, points |" in text
    assert region_lines({"long": []}) == []
    # An effect that is not there is not held by the interval of one that is.
    monkeypatch.setattr(regions, "VARIANTS", {"short": replace(small, effect_log_points=0.4)})
    far = check_region("short", 3)
    assert far.log_pay.truth > 25
    assert far.log_pay.values["default"] - far.log_pay.halves["default"] > run.log_pay.truth
