"""The invented region: its areas, sectors, occupations, programs and credentials.

Counties, industries, occupations and fields of study are real codes (FIPS, NAICS 2022, SOC 2018, CIP 2020);
area codes, firms, programs and people are made up. Sizes and seeds belong in ``settings``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from warehouse.sample.text import BLANK


@dataclass(frozen=True)
class Area:
    """A workforce area: a five-digit code, and its counties as (FIPS, first three ZIP digits)."""

    code: str
    counties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sector:
    """An industry: firms' NAICS codes, workers' occupations, and pay against the region (log points)."""

    name: str
    naics_codes: tuple[str, ...]
    soc_codes: tuple[str, ...]
    pay: float


@dataclass(frozen=True)
class Outcomes:
    """What becomes of a program's people, as shares."""

    completed: float
    employed_q2: float
    retained: float
    new_entrants: float


@dataclass(frozen=True)
class Program:
    """One training program. ``quarters`` is the distance from the entry quarter to the exit quarter."""

    program_id: str
    name: str
    cip_code: str
    soc_code: str
    credential_id: str
    quarters: int
    seats: float
    sectors: Mapping[str, float]
    outcomes: Outcomes
    unit_cost_usd: int
    on_the_job_only: float = 0.0


@dataclass(frozen=True)
class Credential:
    """One entry of the credential register; ``pirl_type`` is PIRL 1800 (1 = secondary diploma)."""

    credential_id: str
    name: str
    ctdl_type: str
    pirl_type: str
    issuer_id: str
    renewal_months: int | None = None


AREAS = (
    Area("55015", (("55079", "532"),)),
    Area("55030", (("55059", "531"), ("55101", "534"), ("55127", "531"))),
    Area("55095", (("55009", "543"), ("55071", "542"), ("55117", "530"))),
    Area("55105", (("55025", "537"), ("55055", "535"), ("55111", "539"))),
)

SECTORS = (
    Sector(
        "manufacturing",
        ("332710", "332312", "333517", "336390"),
        ("51-9161", "51-4121", "49-9041", "51-2092", "51-9061"),
        0.04,
    ),
    Sector("health", ("622110", "623110", "621111"), ("31-1131", "31-9092", "29-2061", "43-6013"), -0.06),
    Sector(
        "construction", ("238210", "238220", "237310"), ("47-2111", "47-2152", "47-2061", "51-4121"), 0.08
    ),
    Sector(
        "transportation", ("484121", "493110", "484110"), ("53-3032", "53-7062", "49-9041", "43-5071"), -0.02
    ),
    Sector(
        "professional", ("541512", "541511", "541330"), ("15-1232", "15-1231", "15-1244", "43-6014"), 0.14
    ),
)

PROGRAMS = (
    Program(
        "CNC",
        "CNC Machining Certificate",
        "48.0510",
        "51-9161",
        "CNC-OPERATOR",
        1,
        1.00,
        {"manufacturing": 0.85, "transportation": 0.15},
        Outcomes(0.82, 0.870, 0.81, 0.14),
        3_200,
    ),
    Program(
        "CNA",
        "Certified Nursing Assistant",
        "51.3902",
        "31-1131",
        "CNA-STATE",
        1,
        1.00,
        {"health": 1.0},
        Outcomes(0.79, 0.775, 0.76, 0.34),
        1_900,
    ),
    Program(
        "CDL",
        "Commercial Driving, Class A",
        "49.0205",
        "53-3032",
        "CDL-A",
        1,
        1.00,
        {"transportation": 0.85, "construction": 0.15},
        Outcomes(0.84, 0.765, 0.77, 0.30),
        3_600,
    ),
    Program(
        "ELE",
        "Electrical Construction, Levels 1 and 2",
        "46.0302",
        "47-2111",
        "ELE-LEVEL2",
        2,
        1.15,
        {"construction": 0.85, "transportation": 0.15},
        Outcomes(0.78, 0.865, 0.81, 0.22),
        4_100,
    ),
    Program(
        "ITS",
        "IT Support and Cloud Administration",
        "11.1006",
        "15-1232",
        "ITS-SUPPORT",
        2,
        1.35,
        {"professional": 0.85, "health": 0.15},
        Outcomes(0.80, 0.840, 0.79, 0.26),
        3_400,
    ),
    Program(
        "WLD",
        "Structural and Pipe Welding",
        "48.0508",
        "51-4121",
        "WLD-D11",
        1,
        1.00,
        {"manufacturing": 0.6, "construction": 0.4},
        Outcomes(0.81, 0.830, 0.80, 0.18),
        3_900,
        on_the_job_only=0.22,
    ),
    Program(
        "MED",
        "Medical Assisting",
        "51.0801",
        "31-9092",
        "MED-CMA",
        1,
        1.00,
        {"health": 1.0},
        Outcomes(0.77, 0.800, 0.78, 0.24),
        2_700,
    ),
    Program(
        "MNT",
        "Industrial Maintenance and Mechatronics",
        "47.0303",
        "49-9041",
        "MNT-CMRT",
        3,
        1.35,
        {"manufacturing": 0.6, "transportation": 0.4},
        Outcomes(0.76, 0.850, 0.81, 0.12),
        4_600,
        on_the_job_only=0.15,
    ),
)

PLANNED = (replace(PROGRAMS[5], program_id="WLD-EVE", name="Structural Welding, Evenings"),)
"""Programs in the register that nobody has entered yet: this one teaches what another provider teaches."""

DIPLOMA = Credential(
    "HS-EQUIV", "High School Equivalency Diploma", "GeneralEducationDevelopment", "1", "STATE-ED"
)
CREDENTIALS = (
    Credential("CNC-OPERATOR", "CNC Operator Certification", "Certification", "6", "METALWORK-BOARD", 60),
    Credential("CNA-STATE", "Nursing Assistant Registry Listing", "License", "4", "STATE-HEALTH", 24),
    Credential("CDL-A", "Commercial Driver License, Class A", "License", "4", "STATE-MOTOR", 96),
    Credential("ELE-LEVEL2", "Electrical Construction Level 2", "Certificate", "5", "BUILDERS-COUNCIL"),
    Credential("ITS-SUPPORT", "IT Support Professional", "Certification", "6", "IT-ALLIANCE", 36),
    Credential("WLD-D11", "Structural Welder Qualification", "Certification", "6", "WELDING-SOCIETY", 24),
    Credential("MED-CMA", "Certified Medical Assistant", "Certification", "6", "MED-ASSIST-BOARD", 60),
    Credential(
        "MNT-CMRT", "Maintenance and Reliability Technician", "Certification", "6", "MAINT-SOCIETY", 36
    ),
    DIPLOMA,
)
STACKED = (
    Credential("CNC-SETUP", "CNC Setup and Programming", "Certification", "6", "METALWORK-BOARD", 60),
    Credential("CNC-MASTER", "Master Machinist", "MasterCertificate", "5", "METALWORK-BOARD"),
    Credential("WLD-PIPE", "Pipe Welder Qualification", "Certification", "6", "WELDING-SOCIETY", 24),
    Credential("LPN", "Licensed Practical Nurse", "License", "4", "STATE-HEALTH", 24),
    Credential("RN-ASSOC", "Associate Degree in Nursing", "AssociateDegree", "2", "COLLEGE-2"),
    Credential("ELE-JOURNEY", "Journeyman Electrician", "JourneymanCertificate", "5", "BUILDERS-COUNCIL"),
    Credential("ITS-NETWORK", "Network Administrator", "Certification", "6", "IT-ALLIANCE", 36),
    Credential("ITS-CLOUD", "Cloud Administrator", "Certification", "6", "IT-ALLIANCE", 36),
    Credential("MNT-FLUID", "Fluid Power Technician", "Certification", "6", "MAINT-SOCIETY", 36),
    Credential("MNT-ROBOT", "Robotics Technician", "Certification", "6", "MAINT-SOCIETY", 36),
)
"""Credentials higher up the ladders, in the catalog for whoever goes on."""
STEPS = (
    ("CNC-SETUP", "CNC-OPERATOR", "REQUIRES", "9"),
    ("CNC-MASTER", "CNC-SETUP", "REQUIRES", "12"),
    ("WLD-PIPE", "WLD-D11", "REQUIRES", "6"),
    ("LPN", "CNA-STATE", "ADVANCED_STANDING_FROM", "6"),
    ("RN-ASSOC", "LPN", "ADVANCED_STANDING_FROM", "30"),
    ("RN-ASSOC", "MED-CMA", "ADVANCED_STANDING_FROM", "8"),
    ("ELE-JOURNEY", "ELE-LEVEL2", "HAS_PART", "15"),
    ("ITS-NETWORK", "ITS-SUPPORT", "REQUIRES", "6"),
    ("ITS-CLOUD", "ITS-NETWORK", "REQUIRES", "9"),
    ("MNT-FLUID", "MNT-ROBOT", "REQUIRES", BLANK),
    ("MNT-ROBOT", "MNT-FLUID", "REQUIRES", BLANK),
)
"""Larger credential, smaller one, relation, credit in semester hours."""

CIRCLE = ("MNT-FLUID", "MNT-ROBOT")
"""Two that each require the other."""
