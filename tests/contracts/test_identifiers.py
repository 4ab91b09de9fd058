"""Direct identifiers are found by header and by content, and nothing legitimate is taken for one."""

from __future__ import annotations

import random
import re
import string
import uuid
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import CONTRACTS
from contracts.identifiers import (
    _EMAIL,
    _PHONE,
    _SSN_WRITTEN,
    _STREET,
    CELL_END,
    SUSPECT,
    IdentifierKind,
    content_kind,
    direct_identifiers,
    header_kind,
)

N = 5_000
SEEDS = range(5)
Maker = Callable[[random.Random], str]


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def ssn(rng: random.Random) -> str:
    """Areas of one state, as a firm's workforce has them, with some from anywhere."""
    area = rng.randint(268, 302) if rng.random() < 0.7 else rng.randint(1, 665)
    return f"{area:03}{rng.randint(1, 99):02}{rng.randint(1, 9999):04}"


def counted(start: int) -> Maker:
    state = {"next": start}

    def take(rng: random.Random) -> str:
        state["next"] += rng.randint(1, 40)
        return f"{state['next']:09}"

    return take


LEGITIMATE: dict[str, Callable[[], Maker]] = {
    "SOC": lambda: lambda r: f"{r.randint(11, 53)}-{r.randint(1011, 9199)}",
    "O*NET-SOC": lambda: lambda r: f"{r.randint(11, 53)}-{r.randint(1011, 9199)}.{r.randint(0, 9):02}",
    "NAICS": lambda: lambda r: str(r.randint(111110, 928120)),
    "EIN": lambda: lambda r: f"{r.randint(1, 99):02}-{digits(r, 7)}",
    "EIN without dash": lambda: lambda r: f"{r.randint(1, 99):02}{digits(r, 7)}",
    "wages": lambda: lambda r: f"{r.lognormvariate(9.2, 0.5):.2f}",
    "large amounts": lambda: lambda r: str(r.randint(100_000_000, 899_999_999)),
    "CIP": lambda: lambda r: f"{r.randint(1, 61):02}.{r.randint(0, 9999):04}",
    "dates": lambda: lambda r: f"{r.randint(2018, 2026)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "compact dates": lambda: lambda r: f"{r.randint(2018, 2026)}{r.randint(1, 12):02}{r.randint(1, 28):02}",
    "ZIP+4": lambda: lambda r: f"{r.randint(501, 99950):05}-{digits(r, 4)}",
    "ZIP+4 without dash": lambda: lambda r: f"{r.randint(501, 99950):05}{digits(r, 4)}",
    "uuid": lambda: lambda r: str(uuid.UUID(int=r.getrandbits(128))),
    "sha256": lambda: lambda r: sha256(digits(r, 20).encode()).hexdigest(),
    "counties": lambda: lambda r: f"{r.randint(1, 56):02}{r.randint(1, 199):03}",
    "random ids": lambda: lambda r: digits(r, 9),
    "ids below 500,000,000": lambda: lambda r: str(r.randint(100_000_000, 499_999_999)),
    "counted ids": lambda: counted(412_300_000),
    "prefixed ids": lambda: lambda r: f"E{digits(r, 9)}",
    "ten digits": lambda: lambda r: digits(r, 10),
    "seven digits": lambda: lambda r: f"{r.randint(200, 999)}-{digits(r, 4)}",
    "quarters": lambda: lambda r: f"{r.randint(2018, 2026)}Q{r.randint(1, 4)}",
    "job titles": lambda: (
        lambda r: r.choice(["Welder", "5 Axis CNC operator", "2nd shift lead, plant 4", "Court clerk"])
    ),
}
IDENTIFYING: dict[str, tuple[IdentifierKind, str, Maker]] = {
    "dashed SSN": (IdentifierKind.SSN, "", lambda r: (n := ssn(r))[:3] + "-" + n[3:5] + "-" + n[5:]),
    "SSN with blanks": (IdentifierKind.SSN, "", lambda r: (n := ssn(r))[:3] + " " + n[3:5] + " " + n[5:]),
    "bare SSN": (IdentifierKind.SSN, "", ssn),
    "email": (IdentifierKind.EMAIL, "", lambda r: f"a.person{r.randint(1, 999)}@mail.example.org"),
    "phone (aaa) bbb-cccc": (
        IdentifierKind.PHONE,
        "",
        lambda r: f"({r.randint(200, 989)}) 555-{digits(r, 4)}",
    ),
    "phone aaa-bbb-cccc": (IdentifierKind.PHONE, "", lambda r: f"{r.randint(200, 989)}-555-{digits(r, 4)}"),
    "phone aaa.bbb.cccc": (IdentifierKind.PHONE, "", lambda r: f"{r.randint(200, 989)}.555.{digits(r, 4)}"),
    "phone +1": (IdentifierKind.PHONE, "", lambda r: f"+1 {r.randint(200, 989)} 555 {digits(r, 4)}"),
    "street": (
        IdentifierKind.ADDRESS,
        "",
        lambda r: f"{r.randint(1, 9999)} N. Lake Shore {r.choice(['Dr', 'Ave', 'St.'])}",
    ),
    "few bare SSNs, header hints": (IdentifierKind.SSN, "TaxID", ssn),
}


def column(make: Maker, seed: int, count: int = N) -> list[str]:
    rng = random.Random(seed)
    return [make(rng) for _ in range(count)]


@pytest.mark.parametrize("kind", LEGITIMATE)
def test_content_is_left_alone_when_the_column_is_legitimate(kind: str) -> None:
    for seed in SEEDS:
        for count in (N, 800, 60):
            assert content_kind(column(LEGITIMATE[kind](), seed, count)) is None, (seed, count)


@pytest.mark.parametrize("case", IDENTIFYING)
def test_content_is_recognized_when_the_column_identifies_people(case: str) -> None:
    kind, name, make = IDENTIFYING[case]
    count = 20 if name else N
    for seed in SEEDS:
        assert content_kind(column(make, seed, count), name) is kind, seed


def test_content_is_recognized_when_one_in_a_hundred_ssns_is_a_placeholder_or_tax_number() -> None:
    rng = random.Random(3)
    cells = [
        rng.choice(["000000000", "999999999", "", f"9{digits(rng, 8)}"]) if i % 100 == 0 else ssn(rng)
        for i in range(N)
    ]
    assert content_kind(cells) is IdentifierKind.SSN


@pytest.mark.parametrize(("share", "found"), [(49, False), (50, False), (51, True)])
def test_bare_ssns_with_a_hint_are_found_when_they_are_more_than_half(share: int, found: bool) -> None:
    cells = ["219099998"] * share + ["n/a"] * (100 - share)
    assert (content_kind(cells, "tax_id") is IdentifierKind.SSN) == found


@pytest.mark.parametrize(("distinct", "found"), [(499, False), (500, True), (501, True)])
def test_bare_ssns_without_a_hint_are_found_when_enough_differ(distinct: int, found: bool) -> None:
    cells = [f"{100 + i:03}{i % 99 + 1:02}{i + 1:04}" for i in range(distinct)]
    assert (content_kind(cells) is IdentifierKind.SSN) == found


@pytest.mark.parametrize(("phones", "found"), [(9, False), (10, True), (11, True)])
def test_phones_are_found_when_one_cell_in_ten_is_one(phones: int, found: bool) -> None:
    cells = ["216-555-0100"] * phones + ["n/a"] * (100 - phones)
    assert (content_kind(cells) is IdentifierKind.PHONE) == found


@pytest.mark.parametrize("cell", ["ask a.person@firm.example.org", "SSN 219-09-9998 on file"])
def test_one_cell_decides_the_column_when_nothing_legitimate_looks_so(cell: str) -> None:
    assert content_kind(["Welder"] * 999 + [cell]) is not None
    assert content_kind(["Welder"] * 1000) is None


@pytest.mark.parametrize("cell", ["@home", "219-00-9998", "1219-09-9998", "219-09-99981", "078-05-1120"])
def test_cell_that_only_resembles_an_identifier_is_left_alone(cell: str) -> None:
    assert content_kind([cell] * 50) is None


def test_bare_ssns_are_found_where_a_key_of_a_person_belongs() -> None:
    cells = column(ssn, 1, 20)
    assert [one.code for one in direct_identifiers(["learner_key"], [cells], keys={"learner_key"})] == [
        "FIL-041"
    ]
    assert direct_identifiers(["gross_wages_usd"], [cells], keys={"learner_key"}) == []


def test_no_file_is_refused_when_a_thousand_of_legitimate_columns_are_drawn() -> None:
    """The rate measured in the field for these kinds is nil; chance must not add up over many files."""
    rng = random.Random(20261124)
    refused = []
    for number in range(1_000):
        kinds = ["sha256", *rng.sample(sorted(LEGITIMATE), 7)]
        rows = 600 if number % 10 == 0 else rng.randint(1, 60)
        cells = [column(LEGITIMATE[kind](), number, rows) for kind in kinds]
        names = ["learner_key", *(f"column_{place}" for place in range(7))]
        if direct_identifiers(names, cells, keys={"learner_key"}):
            refused.append((number, kinds))
    assert refused == []


def suspect(cell: str) -> bool:
    row = CELL_END.join(("", "F001", cell, "2026Q1", ""))
    return re.search(SUSPECT, row) is not None


@pytest.mark.parametrize("case", IDENTIFYING)
def test_suspicion_falls_on_every_row_that_identifies_people(case: str) -> None:
    cells = column(IDENTIFYING[case][2], 4, 500)
    assert [cell for cell in cells if not suspect(cell)] == []
    assert all(suspect(f" {cell} ") for cell in cells)


@pytest.mark.parametrize("kind", sorted({*LEGITIMATE} - {"random ids", "counted ids", "large amounts"}))
def test_suspicion_spares_rows_of_legitimate_columns(kind: str) -> None:
    nine_digits = {"EIN without dash", "ZIP+4 without dash", "ids below 500,000,000"}
    assert any(map(suspect, column(LEGITIMATE[kind](), 4, 500))) == (kind in nine_digits)


@given(
    st.one_of(
        *(
            st.from_regex(pattern, alphabet=st.characters(codec="ascii"))
            for pattern in (_EMAIL, _PHONE, _STREET, _SSN_WRITTEN)
        )
    )
)
def test_suspicion_falls_on_whatever_is_looked_at_twice(cell: str) -> None:
    assert suspect(cell)


def test_blank_columns_are_left_alone() -> None:
    assert content_kind([]) is None
    assert content_kind(["", " "]) is None


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_columns_are_left_alone(name: str) -> None:
    columns = CONTRACTS[name].column_names()
    assert direct_identifiers(columns, known=columns) == []
    # Even not knowing the contract; but a bare "name" is a person's until a contract says otherwise.
    assert {column for column in columns if header_kind(column)} <= {"name"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            IdentifierKind.SSN,
            "SSN ssn EmployeeSSN EMPSSN SSN# ssn_hash SSN_1 Social_Security_No SocSecNo soc.sec.",
        ),
        (
            IdentifierKind.NAME,
            "name Name LastName last_name LASTNAME Empl-First-Name legal_name Surname EMPNAME NAME1",
        ),
        (IdentifierKind.BIRTH, "DOB dob BirthDate birth_dt DateOfBirth DATEOFBIRTH Birthday birthdt"),
        (IdentifierKind.ADDRESS, "street Street1 HomeAddress addr_line_1 ADDRESS2 mailing_address"),
        (IdentifierKind.EMAIL, "email E-Mail WorkEmail email_addr"),
        (IdentifierKind.PHONE, "phone CellPhone home_phone_no Telephone tel mobile fax"),
        (IdentifierKind.DOCUMENT, "passport DriversLicenseNo bank_account_number iban"),
    ],
)
def test_header_is_recognized_when_it_names_an_identifier(kind: IdentifierKind, names: str) -> None:
    assert {name: header_kind(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "position_key",
            "learner_key",
            "program_name",
            "EmployerName",
            "county_name",
            "className",
            "soc_code",
        ),
        *("soc_sector", "cell_id", "work_cell", "lesson", "session_id", "homeless", "licensure_date", "zip3"),
        *("hourly_wage", "tuition_usd", "employee_id", "record_action", "county", "age_at_entry"),
    ],
)
def test_header_is_left_alone_when_it_names_none(name: str) -> None:
    assert header_kind(name) is None


@pytest.mark.parametrize("name", ["Site contact name", "employer_contact_name", "program first name"])
def test_header_is_recognized_when_a_person_at_a_thing_is_named(name: str) -> None:
    assert header_kind(name) is IdentifierKind.NAME


def test_findings_name_position_and_code_and_never_a_header_or_value() -> None:
    found = direct_identifiers(
        ["soc_code", "Canary Last Name", "note"],
        [["49-9041"], ["Canary"], ["canary@firm.example.org"]],
    )
    assert [(one.code, one.position, one.kind) for one in found] == [
        ("FIL-040", 2, IdentifierKind.NAME),
        ("FIL-041", 3, IdentifierKind.EMAIL),
    ]
    assert "canary" not in str(found).lower()


def test_known_columns_are_judged_by_content_alone() -> None:
    assert direct_identifiers(["name"], [["Welding I"]], known=["name"]) == []
    found = direct_identifiers(["name"], [["219-09-9998"]], known=["name"])
    assert [one.code for one in found] == ["FIL-041"]


def test_header_alone_is_judged_when_there_is_no_sample() -> None:
    assert [one.position for one in direct_identifiers(["ssn", "soc_code"])] == [1]
