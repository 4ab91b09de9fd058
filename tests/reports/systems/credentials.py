"""A ladder of two credentials and a circle, held by people of nine firms, recognized by half of forty."""

from __future__ import annotations

import pandas as pd

_PARENTS = [f"G{number}" for number in range(1, 10)]


def marts() -> dict[str, pd.DataFrame]:
    """Every mart of credentials that publication reads, in the columns it reads."""
    years = pd.DataFrame([("all", 0), ("all", 1), ("WELD", 1)], columns=["credential_id", "years_held"])
    held = _rates(years.assign(attained=900, active=810), "active", "attained", "active")
    moved = pd.DataFrame(
        [("2025Q2", "all", "all", True), ("2025Q2", "area", "41005", True), ("2025Q1", "all", "all", False)],
        columns=["base_quarter", "group_dim", "group_value", "is_newest"],
    ).assign(newest_quarter="2026Q2", maturity="MATURE", movers_with_credential=90, movers_with_kept=45)
    moved = _rates(moved, "movers_with_kept", "movers_with_credential", "integrity")
    window = {"first_quarter": "2023Q4", "last_quarter": "2025Q2"}
    return {
        "agg_credential_validity": held.assign(**window),
        "agg_credential_validity_contributors": _spread(
            held, ["credential_id", "years_held"], "attained", "active"
        ),
        "agg_credential_integrity": moved,
        "agg_credential_integrity_contributors": _spread(
            moved, list(moved.columns[:3]), "movers_with_credential", "movers_with_kept"
        ),
        **_recognition(),
        "dim_credential": _catalog(),
        "agg_credits_on_change": _credits(),
    }


def _recognition() -> dict[str, pd.DataFrame]:
    coverage = pd.DataFrame([("WELD", 40, 20)], columns=["credential_id", "parents", "recognizing_parents"])
    each = pd.DataFrame(
        {"parent_group_id": [f"G{n}" for n in range(40)], "credential_id": "WELD", "persons": 1}
    )
    return {
        "agg_credential_recognition": coverage.assign(year_quarter="2026Q3", recognition_coverage=0.5),
        "agg_credential_recognition_contributors": each.assign(
            numerator_persons=[int(n < 20) for n in range(40)], amount_usd=0
        ),
    }


def _catalog() -> pd.DataFrame:
    columns = ["credential_id", "credential_name", "ladder_id", "stack_depth", "is_on_circle"]
    rows = [("WELD", "Welder", "WELD", 0, False), ("PIPE", "Pipe welder", "WELD", 1, False)]
    rows += [("LOOP", "Loop", "LOOP", 0, True), ("ALONE", "Alone", None, 0, False)]
    more = {"ctid": None, "ctdl_type": "Certification", "issuer_id": "BOARD", "renewal_months": 24}
    return pd.DataFrame(rows, columns=columns).assign(**more)


def _credits() -> pd.DataFrame:
    columns = [
        "from_program_id",
        "to_program_id",
        "credit_unit_code",
        "credits_held",
        "credits_kept",
        "credits_lost",
    ]
    return pd.DataFrame([("P1", "P2", "SEMESTER_HOUR", 6.0, 4.0, 2.0)], columns=columns)


def _rates(rows: pd.DataFrame, hits: str, total: str, name: str) -> pd.DataFrame:
    share = rows[hits] / rows[total]
    ends = {f"{name}_share": share, f"{name}_lower": share - 0.02, f"{name}_upper": share + 0.02}
    return rows.assign(**ends)


def _spread(rows: pd.DataFrame, keys: list[str], total: str, hits: str) -> pd.DataFrame:
    """Each row's people in nine equal parts, one for each firm."""
    parts = rows.merge(pd.DataFrame({"parent_group_id": _PARENTS}), how="cross")
    people = {"persons": parts[total] // 9, "numerator_persons": parts[hits] // 9, "amount_usd": 0}
    return parts[[*keys, "parent_group_id"]].assign(**people)
