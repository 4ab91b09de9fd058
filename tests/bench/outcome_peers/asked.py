"""What both peers of ``agg_outcomes`` are asked: the metrics, the cells, the places. Imports nothing of ours.

A peer reads the lake's accepted files that are in force, and writes one Parquet file: CELL and FIGURES, one
row per metric × breakdown × member × window of cohorts. How each does it is its own business.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

CELL = ["metric_id", "breakdown", "member", "cohort_start", "cohort_end"]
COUNTS = ["numerator", "denominator", "distinct_persons", "value_status", "maturity"]
VALUES = ["value", "value_fuzzy", "value_lower", "value_upper"]
FIGURES = [*COUNTS, *VALUES]


@dataclass(frozen=True)
class Metric:
    """Quarters after exit it looks at, whose extracts it waits for, and those quarters of wages it needs."""

    after: int
    waits_for: str
    wage_quarters: tuple[int, ...] = ()


METRICS = {
    "employment_rate_q2": Metric(2, "wage", (2,)),
    "employment_rate_q4": Metric(4, "wage", (4,)),
    "median_earnings_q2": Metric(2, "wage", (2,)),
    "retention_same_employer_q2_q4": Metric(4, "wage", (2, 4)),
    "credential_attainment": Metric(4, "credential"),
    "employment_rate_q2_wioa": Metric(2, "ui_match"),
    "employment_rate_q4_wioa": Metric(4, "ui_match"),
    "median_earnings_q2_wioa": Metric(2, "ui_match"),
}
MEDIANS = ["median_earnings_q2", "median_earnings_q2_wioa"]
WINDOWS = {
    "consortium": "all",
    "cohort": "quarter",
    "program": "all",
    "area": "all",
    "sector": "all",
    "program_cohort_year": "year",
    "area_cohort_year": "year",
}
"""By breakdown, how many cohorts its cells pool: each quarter, each calendar year, or all."""
MEMBERS = {
    "consortium": "consortium",
    "cohort": "consortium",
    "program": "program_id",
    "area": "area_code",
    "sector": "sector_code",
    "program_cohort_year": "program_id",
    "area_cohort_year": "area_code",
}
"""By breakdown, the column of a participation that says in which of its cells it is."""
EXCLUDED_EXITS = ["01", "02", "03", "04", "05", "06", "07"]
NOT_BEYOND_THE_JOB = ["00", "01", "05"]
POSTSECONDARY = ["2", "3", "4", "5", "6", "7"]
IN_WORK, ANSWERED = ["1", "2", "3"], ["0", "1", "2", "3"]
SECTORS = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
"""NAICS sectors of more than one prefix; every other is its own two digits."""
ALL_PREFIXES = [
    *("11", "21", "22", "23", "31", "32", "33", "42", "44", "45", "48", "49", "51"),
    *("52", "53", "54", "55", "56", "61", "62", "71", "72", "81", "92"),
]
LONG_AFTER, LONG_BEFORE = date(9999, 12, 31), date(1, 1, 1)
GAP_DAYS = 90
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Lake:
    """The folder with ``accepted/``, the list of what is in force, and the announced day."""

    folder: Path
    in_force: Path
    as_of: date

    def files(self, contract: str, submissions: list[tuple[str, str, str]]) -> list[str]:
        """The typed empty file, then the files of these (firm, period, submission)."""
        zone = self.folder / "accepted" / contract
        return [
            str(zone / "_schema.parquet"),
            *(f"{zone}/firm={firm}/period={period}/{name}.parquet" for firm, period, name in submissions),
        ]


def asked() -> tuple[Lake, Path]:
    """The lake and where the answer goes, from the command line."""
    folder, in_force, day, answer = sys.argv[1:]
    return Lake(Path(folder), Path(in_force), date.fromisoformat(day)), Path(answer)
