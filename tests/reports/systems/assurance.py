"""Three checked facts of nine firms, enough to pass, and one for which no document was ever found."""

from __future__ import annotations

import pandas as pd

_FACTS = {
    ("wage", "gross_wages_usd"): (540, 522),
    ("enrollment", "training_completed"): (450, 423),
    ("placement", "job_start_date"): (360, 315),
    ("credential", "attained_date"): (0, 0),
}
_PARENTS = tuple(f"G{number}" for number in range(1, 10))


def marts() -> dict[str, pd.DataFrame]:
    """agg_verified_rates and agg_verified_rate_contributors, with columns that publication reads."""
    rates = [(*fact, "2024Q1", "2026Q1", agreed, verified) for fact, (verified, agreed) in _FACTS.items()]
    columns = ["checked_contract", "checked_column", "first_quarter", "last_quarter", "agreed_count"]
    frame = pd.DataFrame(rates, columns=[*columns, "verified_count"])
    shares = frame["agreed_count"] / frame["verified_count"].where(frame["verified_count"] > 0)
    behind = [
        (*fact, parent, verified // 9, agreed // 9, 0)
        for fact, (verified, agreed) in _FACTS.items()
        for parent in _PARENTS
    ]
    numbers = ["parent_group_id", "persons", "numerator_persons", "amount_usd"]
    return {
        "agg_verified_rates": frame.assign(
            verified_share=shares, verified_lower=shares - 0.03, verified_upper=shares + 0.03
        ),
        "agg_verified_rate_contributors": pd.DataFrame(behind, columns=[*columns[:2], *numbers]),
    }
