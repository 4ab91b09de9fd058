"""The sample region: a seeded generator of what the firms of an invented consortium would drop.

Its effect, faults and totals are known (``truth/``), so that the whole house can be tried against them.
Reading, judging and reporting what it drops do not belong here.
"""

from __future__ import annotations

from warehouse.sample.generate import CALENDAR, make_sample_home, write_sample_region
from warehouse.sample.settings import SampleSettings
from warehouse.sample.truth import SampleTruth

__all__ = ["CALENDAR", "SampleSettings", "SampleTruth", "make_sample_home", "write_sample_region"]
