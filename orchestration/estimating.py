"""Effects of a build: estimated from its person-quarters and kept beside it, for journey and rebuild.

What was estimated already by the same code on the same build is not estimated again.
"""

from __future__ import annotations

import pandas as pd

from reports.impact.estimates import ESTIMATED, estimate_effects
from reports.impact.outcomes import COLUMNS, MART
from warehouse import builds
from warehouse.builds import Build
from warehouse.code_version import code_digest


def estimated(build: Build) -> dict[str, pd.DataFrame]:
    """Every effect of a finished build, by mart, kept beside it."""
    basis = code_digest("reports")
    if not builds.estimates_stand(build, basis):
        rows = builds.read_mart(build, MART)[list(COLUMNS)]
        builds.write_estimates(build, estimate_effects(rows).marts, basis)
    return {name: builds.read_mart(build, name) for name in ESTIMATED}
