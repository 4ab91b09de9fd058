"""Effects of a build: estimated from its person-quarters and kept beside it, for journey and rebuild.

What was estimated already by the same code on the same build is not estimated again.
"""

from __future__ import annotations

from reports.impact.estimates import estimate_effects
from reports.impact.outcomes import COLUMNS, GROUP_COLUMNS, GROUP_MART, MART, region_of
from reports.impact.performance import PERFORMANCE_COLUMNS, PERFORMANCE_MART
from warehouse import builds
from warehouse.builds import Build
from warehouse.code_version import code_digest


def estimate(build: Build) -> None:
    """Estimate every effect of a finished build and keep the marts beside it, unless they stand there."""
    basis = code_digest("reports")
    if not builds.estimates_stand(build, basis):
        region = region_of(builds.read_columns(build, MART, COLUMNS))
        groups = builds.read_columns(build, GROUP_MART, GROUP_COLUMNS)
        performance = builds.read_mart(build, PERFORMANCE_MART)[list(PERFORMANCE_COLUMNS)]
        builds.write_estimates(build, estimate_effects(region, groups, performance).marts, basis)
