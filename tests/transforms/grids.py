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
from tests.transforms.steering_crowd import line_enrollments

GRIDS = Path(__file__).parent / "small_region"
AS_OF = date(2026, 11, 12)
FIRMS = ("F1", "F2", "F3", "F4", "F5", "F6")
LAST_WAGES = Quarter(2026, 2)
PROGRAMS = ("WELD", "NURSE", "CODE")
AREAS = ("41005", "41010")
SOCS = ("49-9041", "43-5071")
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
    return [*_registers(), *_extracts(), *_wage_drops(), *_systems(), *_crowd_systems()]


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
    people += [_person(row) for row in line_enrollments()]
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
        "since": "enrolled_in_credential_program_date",
        "milestone": "msg_milestone_date",
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
    dollars, _, hours = pay.rstrip("*?").partition("/")
    return told | {
        "learner_key": key_of(row["learner"]),
        "key_epoch": "1",
        "firm_id": row["firm"],
        "year_quarter": quarter,
        "gross_wages_usd": dollars,
        "hours_paid": hours,
        "subsidized": subsidized,
    }


# The crowd: sixty people who enter between 2023Q3 and 2025Q4, drawn by one seed for each question.
CROWD = tuple(f"crowd{number:02d}" for number in range(60))


def _crowd_enrollments() -> list[dict[str, str]]:
    random = np.random.default_rng(7)
    rows = [_crowd_enrollment(name, random) for name in CROWD]
    return [row | _traits(name) for name, row in zip(CROWD, rows, strict=True)]


def _traits(name: str) -> dict[str, str]:
    """Who somebody of the crowd is: drawn from a stream of their own."""
    random = np.random.default_rng([23, int(name.removeprefix("crowd"))])
    return {
        "funding_source": str(random.choice(["FUND", "WIOA_ADULT", "EMPLOYER"])),
        "sex": str(random.choice(["1", "2", "9"], p=[0.5, 0.4, 0.1])),
        "hispanic": str(random.choice(["1", "0", "9"])),
        "race_black": str(random.choice(["1", "0"])),
        "race_white": str(random.choice(["1", "0", "9"])),
        "age_at_entry": str(random.integers(17, 64)),
        "disability": str(random.choice(["1", "0", "9"])),
        "incumbent_worker": str(random.choice(["1", "0"])),
        "single_parent": str(random.choice(["1", "0"])),
        "low_income": str(random.choice(["1", "0", "9"])),
    }


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
    random, hours = np.random.default_rng(13), _crowd_hours()
    for name in CROWD:
        firm = str(random.choice(FIRMS[:4]))
        quarters = [q for q in quarters_between(Quarter(2023, 1), LAST_WAGES) if random.random() < 0.7]
        pay = [f"{q}: {random.integers(0, 1_200_000) / 100:.2f}/{next(hours)}" for q in quarters]
        yield {
            "learner": name,
            "firm": firm,
            "pay": ", ".join(pay),
            "soc_code": SOCS[int(name[-2:]) % len(SOCS)],
        }


def _crowd_hours() -> Iterator[str]:
    random = np.random.default_rng(17)
    while True:
        yield str(random.integers(10, 520)) if random.random() < 0.95 else ""


def _crowd_matches() -> list[Row]:
    """A board's answer for everybody in every quarter but the newest, which is not yet available."""
    random = np.random.default_rng(19)
    quarters = quarters_between(Quarter(2024, 1), LAST_WAGES)
    return [_match(name, quarter, random) for name in CROWD for quarter in quarters]


def _match(name: str, quarter: Quarter, random: np.random.Generator) -> Row:
    works, cents = random.random() < 0.5, int(random.integers(100_000, 1_200_000))
    answer = {"employed": "9", "match_type": "5"}
    if quarter != LAST_WAGES:
        answer = {"employed": "0", "match_type": "0"}
        if works:
            hash_ = f"e{random.integers(1, 9)}"
            answer = {"employed": "1", "match_type": "1", "wages_usd": f"{cents / 100:.2f}"}
            answer["employer_id_hash"] = hash_
    dates = {"received_on": "2026-10-01", "destroy_after": "2031-10-01"}
    return {"learner_key": key_of(name), "key_epoch": "1", "year_quarter": str(quarter), **answer, **dates}


def _crowd_systems() -> Iterator[Drop]:
    """What other systems know of the crowd, in files of a later quarter than the drawn rows'."""
    yield Drop("ui_match", "operator", "2026Q3", tuple(_crowd_matches()))
    yield Drop("skill_assessment", "F1", "2026Q3", tuple(_crowd_assessments()))
    yield from (Drop(name, "F1", "2026Q3", tuple(rows)) for name, rows in _crowd_practice().items())


def _crowd_assessments() -> Iterator[Row]:
    """Before, after (often by two raters) and at work, on quarters of a level."""
    random = np.random.default_rng(29)
    for person in _crowd_enrollments():
        for competency in ("READ", "MATH"):
            site, low = f"S{random.integers(1, 4)}", int(random.integers(0, 14))
            before = {
                "assessed_on": person["entry_date"],
                "occasion": "PRE",
                "program_id": person["program_id"],
            }
            yield _rating(person, before, (competency, "A", low / 4), site)
            for rater in ("A", "B")[: int(random.integers(1, 3))]:
                after = before | {"assessed_on": "2026-05-01", "occasion": "POST"}
                yield _rating(person, after, (competency, rater, (low + random.integers(0, 12)) / 4), site)
            work = {
                "assessed_on": "2026-06-01",
                "occasion": "INVENTORY",
                "soc_code": str(random.choice(SOCS)),
            }
            yield _rating(person, work, (competency, "S", random.integers(0, 20) / 4), "")


def _rating(person: Row, occasion: dict[str, str], seen: tuple[str, str, float], site: str) -> Row:
    competency, rater, level = seen
    who = {
        "learner_key": person["learner_key"],
        "key_epoch": "1",
        "competency_id": competency,
        "site_id": site,
    }
    role = {"S": "SUPERVISOR", "A": "INSTRUCTOR"}.get(rater, "ASSESSOR")
    marks = {"level": f"{level:.2f}", "rater_id": rater, "rater_role": role, "method": "PERFORMANCE"}
    return who | occasion | marks | ({"cut_level": "3.00"} if site else {})


def _crowd_practice() -> dict[str, list[Row]]:
    """Supports, awards and mentors of the crowd, soon after entry."""
    random, rows = np.random.default_rng(31), defaultdict[str, list[Row]](list)
    for number, person in enumerate(_crowd_enrollments()):
        who = {name: person[name] for name in ("learner_key", "key_epoch", "program_id")}
        day = (
            date.fromisoformat(person["entry_date"]) + timedelta(days=int(random.integers(0, 25)))
        ).isoformat()
        if random.random() < 0.6:
            provided = {"support_status": "UNFUNDED"}
            if random.random() < 0.5:
                provided = {"support_status": "PROVIDED", "provided_from": day}
            need = {"support_type": str(random.choice(["TRANSPORT", "CHILDCARE"])), "need_found_on": day}
            rows["support_service"].append(who | need | provided)
        if random.random() < 0.5:
            kind = str(random.choice(["FINANCIAL", "ACCESS"]))
            award = {"milestone": "MODULE_COMPLETED", "incentive_type": kind, "awarded_on": day}
            worth = {"amount_usd": f"{random.integers(50, 400)}.00", "award_tier": "1"}
            rows["incentive_award"].append(who | award | (worth if kind == "FINANCIAL" else {}))
        if random.random() < 0.6:
            pair = {"mentor_key": key_of(f"m{number}"), "mentee_key": person["learner_key"], "key_epoch": "1"}
            held = {"mode": "ONE_TO_ONE", "started_on": day, "sessions_held": str(random.integers(1, 12))}
            rows["mentoring_pair"].append(pair | held)
    return rows
