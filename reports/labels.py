"""Names of codes as the public reads them. Numbers and what is said about them do not belong here."""

from __future__ import annotations

from types import MappingProxyType

_SECTORS = MappingProxyType(
    {
        "11": "Agriculture, forestry, fishing",
        "21": "Mining, quarrying, oil and gas",
        "22": "Utilities",
        "23": "Construction",
        "31": "Manufacturing",
        "32": "Manufacturing",
        "33": "Manufacturing",
        "42": "Wholesale trade",
        "44": "Retail trade",
        "45": "Retail trade",
        "48": "Transportation and warehousing",
        "49": "Transportation and warehousing",
        "51": "Information",
        "52": "Finance and insurance",
        "53": "Real estate, rental and leasing",
        "54": "Professional and technical services",
        "55": "Management of companies",
        "56": "Administrative and waste services",
        "61": "Educational services",
        "62": "Health care and social assistance",
        "71": "Arts, entertainment, recreation",
        "72": "Accommodation and food services",
        "81": "Other services",
        "92": "Public administration",
    }
)
"""NAICS 2022 sectors, titles shortened; ranges such as 31-33 share a title."""

FUNDING_SOURCES = MappingProxyType(
    {
        "EMPLOYER": "Member firms",
        "PUBLIC_FEDERAL": "Federal funds",
        "PUBLIC_STATE": "State funds",
        "PHILANTHROPY": "Philanthropy",
        "IN_KIND": "In kind",
    }
)


def sector_title(code: str) -> str:
    """The title of a NAICS sector code, ``23`` or ``31-33``; ``unreported`` where firms name none."""
    if code == "unreported":
        return "Sector not reported"
    return _SECTORS.get(str(code)[:2], f"Sector {code}")


def cohort_label(start: str, end: str) -> str:
    """A cohort window in words: ``2025Q1``, or ``2023Q4 to 2025Q1``."""
    return start if start == end else f"{start} to {end}"
