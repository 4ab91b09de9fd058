"""How often an alert is false: rates that never change, drawn by a seed, are charted as the warehouse charts.

The charts are those of the restatement, which a test holds against the dbt models cohort by cohort. What an
alert is and whose it is does not belong here.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from itertools import product

import numpy as np

from contracts.quarters import Quarter
from tests.bench.measuring import write_section
from tests.transforms.systems.restated_steering import (
    BASELINE,
    LIMIT,
    SIGMAS,
    SLACK,
    Figure,
    cusum,
    p_chart,
    side,
)

SEED, SERIES, COHORTS = 2026, 2000, 12
PEOPLE, RATES = (60, 125, 400), (0.5, 0.8)
"""People in a cohort: a program's year, the sample region's quarter, a large consortium's quarter."""


@dataclass(frozen=True)
class Alarms:
    """False alarms of one setting: cohorts beyond the p-chart, series with an alert of either chart."""

    people: int
    rate: float
    judged: int
    beyond: int
    series_beyond: int
    series_drifting: int

    @property
    def line(self) -> str:
        """One row of the table."""
        shares = (self.beyond / self.judged, self.series_beyond / SERIES, self.series_drifting / SERIES)
        cells = [str(self.people), f"{self.rate:.0%}", *(f"{share:.2%}" for share in shares)]
        return f"| {' | '.join(cells)} |"


def steady(people: int, rate: float, rng: np.random.Generator) -> list[Figure]:
    """Cohorts of one rate that never changes."""
    first = Quarter(2023, 3)
    hits = rng.binomial(people, rate, COHORTS)
    return [Figure(first + n, int(hit), people, "MATURE", first + n) for n, hit in enumerate(hits)]


def alarms(people: int, rate: float, rng: np.random.Generator) -> Alarms:
    """Chart so many steady series, and count what is raised."""
    judged = beyond = series_beyond = series_drifting = 0
    for _ in range(SERIES):
        series = steady(people, rate, rng)
        shown = [figure for figure in series if figure.can_be_shown]
        if len(shown) <= BASELINE:
            continue
        limits = [(figure, around) for figure, around in zip(shown, p_chart(shown), strict=True) if around]
        out = sum(side(figure.hits / figure.n, *around[1:]) != "WITHIN" for figure, around in limits)
        judged, beyond = judged + len(limits), beyond + out
        series_beyond += out > 0
        series_drifting += any(max(sums) > LIMIT for sums in cusum(shown))
    return Alarms(people, rate, judged, beyond, series_beyond, series_drifting)


def section() -> str:
    """The section of docs/benchmarks.md."""
    rng = np.random.default_rng(SEED)
    lines = [alarms(people, rate, rng).line for people, rate in product(PEOPLE, RATES)]
    told = (
        f"`make bench-alerts`: {SERIES:,} series of {COHORTS} cohorts whose rate never changes, for each",
        f"line; seed {SEED}. p-chart: {SIGMAS:g} standard errors around the rate of all earlier cohorts,",
        f"from the {BASELINE + 1}th on. CUSUM: slack {SLACK:g}, limit {LIMIT:g} standard errors, base the",
        f"first {BASELINE} cohorts. Figures that could not be shown are no point of a chart. With limits",
        "known for certain, a p-chart would raise 0.27 % of cohorts.",
    )
    columns = ("people in a cohort", "true rate", "cohorts beyond the p-chart", "series with one")
    header = f"| {' | '.join((*columns, 'series with a CUSUM alert'))} |"
    return "\n".join(["## False alarms", "", " ".join(told), "", header, "|---|---|---|---|---|", *lines])


def main() -> None:
    """Simulate, print, and write the section."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    chosen, text = options.parse_args(), section()
    sys.stdout.write(text + "\n")
    if chosen.write:
        write_section("bench-alerts", text)


if __name__ == "__main__":
    main()
