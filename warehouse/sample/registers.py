"""The operator's registers of firms, programs and credentials, as files for whole quarters.

A later file of a register replaces the earlier one. Money the fund takes and pays belongs in ``fund``.
"""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd

from warehouse.sample.draws import Ints, hex_key, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import AREAS, CREDENTIALS, DIPLOMA, PLANNED, SECTORS, STACKED
from warehouse.sample.text import BLANK, cents_texts, frame, number_texts

FUND_LEAD = 2
"""Quarters between the fund's first contributions and the first enrollments."""

SIZE_EDGES = (20, 50, 250, 500)
"""Lower ends of LEHD's firm size classes 2 to 5."""

_NAMESPACE = uuid.UUID("6f1d9c2e-5a0b-4c77-9a53-0d9c1c1f7a10")
_TIERS = ("TIER1", "TIER2", "SERVICE")


def fund_start(files: Files) -> int:
    """The number of the fund's first quarter."""
    return files.region.settings.quarters_before_entry - FUND_LEAD


def firm_rows(files: Files) -> pd.DataFrame:
    """The firm register at the start, and again, with headcounts renewed, when the fund begins."""
    first, renewed = 0, fund_start(files)
    days = files.calendar.first_days
    opening = _firms(files, first, valid_from=str(days[first]), valid_to=BLANK)
    closed = _firms(
        files, first, valid_from=str(days[first]), valid_to=str(days[renewed] - np.timedelta64(1, "D"))
    )
    current = _firms(files, renewed, valid_from=str(days[renewed]), valid_to=BLANK)
    both = pd.concat([closed, current]).sort_values(["firm_id", "valid_from"])
    return pd.concat([_in_file(files, opening, first), _in_file(files, both, renewed)], ignore_index=True)


def _in_file(files: Files, rows: pd.DataFrame, quarter: int) -> pd.DataFrame:
    placed = rows.copy()
    placed.insert(0, "quarter", str(files.region.settings.calendar[quarter]))
    placed.insert(0, "box", "operator")
    return placed


def _firms(files: Files, quarter: int, valid_from: str, valid_to: str) -> pd.DataFrame:
    firms, book, seed = files.region.firms, files.book, files.region.settings.seed
    heads = book.heads[:, quarter]
    union = stream(seed, "unions").random(len(firms)) < 0.25
    columns = {
        "firm_id": firms.ids,
        "parent_group_id": firms.parent_ids,
        "display_label": [f"Firm {number + 1}" for number in range(len(firms))],
        "legal_name_hash": [hex_key(seed, "legal name", firm) for firm in firms.ids],
        "fein_hash": [hex_key(seed, "fein", firm) for firm in firms.ids],
        "naics_code": firms.naics_codes,
        "size_class": number_texts(size_classes(heads)),
        "headcount": number_texts(heads),
        "payroll_usd": cents_texts(4 * book.payroll[:, quarter]),
        "county_fips": firms.counties,
        "lwdb_code": np.array([area.code for area in AREAS], dtype=object)[firms.areas],
        "value_chain_tier": np.array(_TIERS, dtype=object)[
            np.arange(len(firms)) // len(SECTORS) % len(_TIERS)
        ],
        "union_represented": np.where(union, "1", "0"),
        "joined_on": str(files.calendar.first_days[0]),
        "left_on": BLANK,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    return frame(columns, len(firms))


def size_classes(heads: Ints) -> Ints:
    """LEHD firm size classes 1 to 5 of headcounts."""
    return 1 + np.searchsorted(SIZE_EDGES, heads, side="right").astype(np.int64)


def program_rows(files: Files) -> pd.DataFrame:
    """The program register, in force from the fund's first quarter, programs that are only planned last."""
    first, running = fund_start(files), len(files.region.settings.offered)
    listed = (*files.region.settings.offered, *PLANNED)
    columns = {
        "program_id": [one.program_id for one in listed],
        "ctid": [_ctid("program", one.program_id) for one in listed],
        "name": [one.name for one in listed],
        "provider_id": [f"COLLEGE-{n % 3 + 1 if n < running else 4}" for n in range(len(listed))],
        "cip_2020": [one.cip_code for one in listed],
        "soc_codes": [one.soc_code for one in listed],
        "credential_ids": [f"{one.credential_id};{DIPLOMA.credential_id}" for one in listed],
        "delivery_mode": ["BLENDED" if one.program_id == "ITS" else "IN_PERSON" for one in listed],
        "wbl_type": ["5" if one.on_the_job_only else "0" for one in listed],
        "clock_hours": [str(180 * one.quarters) for one in listed],
        "weeks": [str(13 * one.quarters + 6) for one in listed],
        "tuition_usd": [f"{one.unit_cost_usd * 6 // 10}.00" for one in listed],
        "fees_usd": ["75.00"] * len(listed),
        "books_usd": ["140.00"] * len(listed),
        "supplies_usd": ["60.00"] * len(listed),
        "effective_from": str(files.calendar.first_days[first]),
        "effective_to": BLANK,
    }
    return _in_file(files, frame(columns, len(listed)), first)


def credential_definition_rows(files: Files) -> pd.DataFrame:
    """The credential catalog, in force from the fund's first quarter."""
    first, listed = fund_start(files), (*CREDENTIALS, *STACKED)
    columns = {
        "credential_id": [one.credential_id for one in listed],
        "ctid": [_ctid("credential", one.credential_id) for one in listed],
        "name": [one.name for one in listed],
        "ctdl_type": [one.ctdl_type for one in listed],
        "credential_type_pirl": [one.pirl_type for one in listed],
        "level": ["SECONDARY" if one is DIPLOMA else "POSTSECONDARY" for one in listed],
        "issuer_id": [one.issuer_id for one in listed],
        "renewal_months": [str(one.renewal_months or BLANK) for one in listed],
        "valid_from": str(files.calendar.first_days[first]),
        "valid_to": BLANK,
    }
    return _in_file(files, frame(columns, len(listed)), first)


def _ctid(kind: str, name: str) -> str:
    return f"ce-{uuid.uuid5(_NAMESPACE, f'{kind}/{name}')}"
