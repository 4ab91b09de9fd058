"""Effects of a build: estimated from its person-quarters and kept beside it, for journey and rebuild."""

from __future__ import annotations

from reports.impact.estimates import Estimated, estimate_effects
from reports.impact.outcomes import COLUMNS, MART
from warehouse import builds
from warehouse.builds import Build


def estimate(build: Build) -> Estimated:
    """Estimate every effect of a finished build and keep the marts beside it."""
    rows = builds.read_mart(build, MART)[list(COLUMNS)]
    found = estimate_effects(rows)
    builds.write_estimates(build, found.marts)
    return found
