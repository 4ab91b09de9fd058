"""Rows drawn as grids: a small region in which every rule of the marts has somebody it decides about.

The grids lie in ``small_region/``, one text table for each contract, and ``<contract>.<system>.txt`` for rows
that one system adds with columns of its own: a row a line, columns separated by ``|``, a blank cell missing.
The crowd is drawn by a seeded generator, so that medians, intervals and pools have something to bite on. What
the rows must come to belongs to the tests.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from contracts.quarters import Quarter, quarters_between
from tests.transforms.small_lake import Drop, Row

GRIDS = Path(__file__).parent / "small_region"
AS_OF = date(2026, 11, 12)
FIRMS = ("F1", "F2", "F3", "F4", "F5", "F6")
LAST_WAGES = Quarter(2026, 2)
PROGRAMS = ("WELD", "NURSE", "CODE")
AREAS = ("41005", "41010")
NICKNAMES = ("learner", "mentor", "mentee")


def draw(contract: str) -> list[dict[str, str]]:
    """Rows of a contract's grids, its own and each system's; blank cells are left out."""
    return [row for path in sorted(GRIDS.glob(f"{contract}.*")) for row in _drawn(path)]


def _drawn(path: Path) -> list[dict[str, str]]:
    lines = path.read_text().splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
    return [{k: v for k, v in zip(cells[0], row, strict=True) if v} for row in cells[1:]]


def key_of(nickname: str) -> str:
    """A learner key, as sealed at a firm: 64 hexadecimal digits."""
    return hashlib.sha256(nickname.encode()).hexdigest()


def region() -> list[Drop]:
    """Every drop of the small region: registers, hand-drawn people, the crowd."""
    return [*_registers(), *_extracts(), *_wage_drops(), *_systems()]


def _registers() -> Iterator[Drop]:
    yield Drop("firm", "operator", "2023Q1", tuple(draw("firm")))
    yield Drop("program", "operator", "2023Q1", tuple(draw("program")))
    yield Drop("credential_definition", "operator", "2023Q1", tuple(draw("credential_definition")))
    early = (
        {"contribution_id": "C1", "firm_id": "F1", "period": "2024Q1", "amount_usd": "1.00", "kind": "CASH"},
    )
    yield Drop("contribution", "operator", "2024Q1", early, quarantined=2, status="PARTIAL")
    yield Drop("contribution", "operator", "2026Q2", tuple(draw("contribution")))
    yield Drop("disbursement", "operator", "2026Q1", tuple(draw("disbursement")))


def _systems() -> Iterator[Drop]:
    """Every other grid in the folder, one drop a box: the operator's where the grid has no column ``box``."""
    drawn_above = {drop.contract for drop in (*_registers(), *_extracts(), *_wage_drops())}
    for contract in sorted({path.name.split(".")[0] for path in GRIDS.glob("*.txt")} - drawn_above):
        yield from _drops_by_box(contract, [{"box": "operator"} | _named(row) for row in draw(contract)])


def _named(row: dict[str, str]) -> dict[str, str]:
    """Nicknames in columns called learner, mentor and mentee become keys of the current epoch."""
    people = {f"{who}_key": key_of(row[who]) for who in NICKNAMES if who in row}
    rest = {name: cell for name, cell in row.items() if name not in NICKNAMES}
    return rest | people | ({"key_epoch": "1"} if people else {})


def _extracts() -> Iterator[Drop]:
    yield from _first_reports()
    people = [_enrollment(row) for row in draw("enrollment")] + _crowd_enrollments()
    yield from _drops_by_box("enrollment", people)
    yield from _drops_by_box(
        "credential", [_person(row) for row in draw("credential")] + _crowd_credentials()
    )
    placements = [
        _person(row) | {"firm_id": row["box"], "placement_type": "NEW_HIRE"} for row in draw("placement")
    ]
    yield from _drops_by_box("placement", placements)


def _first_reports() -> Iterator[Drop]:
    """What F1 said of two_jobs before the exit was known, and a file that was replaced whole."""
    begun = {
        "learner_key": key_of("two_jobs"),
        "key_epoch": "1",
        "program_id": "WELD",
        "entry_date": "2024-02-01",
    }
    wrong = {**begun, "learner_key": key_of("nobody")}
    yield Drop("enrollment", "F1", "2024Q1", (begun,))
    yield Drop("enrollment", "F2", "2024Q1", (wrong,), is_superseded=True)
    yield Drop("enrollment", "F3", "2026Q3", (), quarantined=3, status="REJECTED")


def _drops_by_box(contract: str, rows: list[dict[str, str]]) -> Iterator[Drop]:
    boxes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        boxes[row["box"]].append({k: v for k, v in row.items() if k != "box"})
    for box, own in boxes.items():
        yield Drop(contract, box, "2026Q2", tuple(own))


def _person(row: dict[str, str]) -> dict[str, str]:
    rest = {k: v for k, v in row.items() if k != "learner"}
    return rest | {"learner_key": key_of(row["learner"]), "key_epoch": "1"}


def _enrollment(row: dict[str, str]) -> dict[str, str]:
    names = {
        "reason": "other_reason_for_exit",
        "outcome": "program_of_study_outcome",
        "done": "training_completed",
    }
    return {names.get(k, k): v for k, v in _person(row).items()}


def _wage_drops() -> Iterator[Drop]:
    """One file per firm and quarter, empty ones too; F5 owes 2025Q4, F6 sends nothing after it left."""
    rows = _wage_rows()
    for quarter in quarters_between(Quarter(2023, 1), LAST_WAGES):
        for firm in FIRMS:
            if (firm, str(quarter)) != ("F5", "2025Q4") and not (firm == "F6" and quarter > Quarter(2025, 1)):
                yield Drop("wage", firm, str(quarter), tuple(rows[firm, str(quarter)]))


def _wage_rows() -> dict[tuple[str, str], list[Row]]:
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in [*draw("wage"), *_crowd_pay()]:
        for quarter, pay in (part.strip().split(": ") for part in row["pay"].split(",")):
            rows[row["firm"], quarter].append(_wage(row, quarter, pay))
    return rows


def _wage(row: dict[str, str], quarter: str, pay: str) -> Row:
    subsidized = {"*": "1", "?": ""}.get(pay[-1], "0")
    told = {name: row[name] for name in ("soc_code", "primary_work_county_fips") if name in row}
    return told | {
        "learner_key": key_of(row["learner"]),
        "key_epoch": "1",
        "firm_id": row["firm"],
        "year_quarter": quarter,
        "gross_wages_usd": pay.rstrip("*?"),
        "subsidized": subsidized,
    }


# The crowd: sixty people who enter between 2023Q3 and 2025Q4, drawn by one seed for each question.
CROWD = tuple(f"crowd{number:02d}" for number in range(60))


def _crowd_enrollments() -> list[dict[str, str]]:
    random = np.random.default_rng(7)
    return [_crowd_enrollment(name, random) for name in CROWD]


def _crowd_enrollment(name: str, random: np.random.Generator) -> dict[str, str]:
    entry = date(2023, 7, 1) + timedelta(days=int(random.integers(0, 900)))
    leaves = entry + timedelta(days=int(random.integers(30, 300)))
    firm, done = str(random.choice(FIRMS[:5])), int(random.integers(0, 2))
    row = {
        "box": firm,
        "firm_id": firm,
        "learner_key": key_of(name),
        "key_epoch": "1",
        "program_id": str(random.choice(PROGRAMS)),
        "entry_date": entry.isoformat(),
        "training_start_date": entry.isoformat(),
        "training_type": str(random.choice(["01", "06", "06", "09"])),
        "lwdb_code": str(random.choice(AREAS)),
        "wages_q1_prior": str(random.integers(0, 9000)),
        "wages_q2_prior": str(random.integers(0, 9000)),
        "wages_q3_prior": str(random.integers(0, 9000)),
    }
    if leaves > date(2026, 6, 30):
        return row
    day = leaves.isoformat()
    return row | {"exit_date": day, "training_completed": str(done), "training_end_date": day}


def _crowd_credentials() -> list[dict[str, str]]:
    random = np.random.default_rng(11)
    half = [name for name in CROWD if random.integers(0, 2)]
    certificate = {
        "credential_id": "WELD-CERT",
        "attained_date": "2025-01-31",
        "status": "ACTIVE",
        "key_epoch": "1",
    }
    return [{"box": "F1", "learner_key": key_of(name), **certificate} for name in half]


def _crowd_pay() -> Iterator[dict[str, str]]:
    random = np.random.default_rng(13)
    for name in CROWD:
        firm = str(random.choice(FIRMS[:4]))
        quarters = [q for q in quarters_between(Quarter(2023, 1), LAST_WAGES) if random.random() < 0.7]
        pay = [f"{quarter}: {random.integers(0, 1_200_000) / 100:.2f}" for quarter in quarters]
        yield {"learner": name, "firm": firm, "pay": ", ".join(pay)}
