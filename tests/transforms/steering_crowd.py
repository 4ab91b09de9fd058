"""A fourth program whose cohorts are large enough to be charted, tested and judged: thirty people a quarter.

How many complete is set by hand, so that limits are crossed, drifts begin and figures stay hidden on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from contracts.quarters import Quarter

PROGRAM, SIZE = "LINE", 30

COMPLETED = {
    **{"2023Q3": 15, "2023Q4": 16, "2024Q1": 14, "2024Q2": 15},
    # Far below, but on so few people that nobody may see it; then far above; then nobody at all.
    **{"2024Q3": 3, "2024Q4": 30, "2025Q1": 0},
    # Within the limits quarter by quarter, and drifting.
    **{"2025Q2": 12, "2025Q3": 11, "2025Q4": 12, "2026Q1": 11, "2026Q2": 12},
    # Nobody yet: the extract of the quarter has not arrived.
    "2026Q3": 0,
}


def line_enrollments() -> Iterator[dict[str, str]]:
    """One enrollment a person, begun and ended within the quarter, at five firms in turn."""
    for quarter, completed in COMPLETED.items():
        entry = Quarter.parse(quarter).first_day + timedelta(days=2)
        leaves = entry + timedelta(days=40)
        for number in range(SIZE):
            firm = f"F{number % 5 + 1}"
            yield {
                "box": firm,
                "firm_id": firm,
                "learner": f"line{quarter}{number:02d}",
                "program_id": PROGRAM,
                "cohort_id": f"{PROGRAM}-{quarter}",
                "entry_date": entry.isoformat(),
                "training_start_date": entry.isoformat(),
                "exit_date": leaves.isoformat(),
                "training_end_date": leaves.isoformat(),
                "training_completed": "1" if number < completed else "0",
                "training_type": "06",
                "lwdb_code": "41005",
            }
