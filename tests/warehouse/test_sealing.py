"""A sealed file holds pseudonyms and no identifier, appears whole or not at all, losing no row silently."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.pseudonyms import LearnerPseudonyms, Person, Refusal, SealError, SecretKey, TokenKind
from warehouse.sealing import IdentifierColumns, SealOrder, SealReport, seal_file

LINK = SecretKey(bytes(range(32)))
FIRM = SecretKey(bytes(range(32, 64)))
HEADER = ["SSN", "Last", "First", "DOB", "Zip", "Position", "entry_date", "program_id", "note"]
PERSON = [
    "219-09-9998",
    "Canaryson",
    "Mary",
    "1990-06-15",
    "44115",
    "PX-0042",
    "2026-06-14",
    "welding-1",
    'Ünïcode, "quoted"',
]
COLUMNS = IdentifierColumns(ssn="SSN", last="Last", first="First", dob="DOB", zip="Zip", position="Position")


def write(path: Path, rows: list[list[str]], header: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header or HEADER, *rows])
    return path


def order(folder: Path, columns: IdentifierColumns = COLUMNS) -> SealOrder:
    firm = FIRM if columns.position else None
    return SealOrder(
        source=folder / "in.csv",
        target=folder / "out.csv",
        columns=columns,
        link_key=LINK,
        key_epoch=3,
        firm_key=firm,
    )


def sealed(folder: Path, name: str = "out.csv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seal(folder: Path, rows: list[list[str]]) -> SealReport:
    write(folder / "in.csv", rows)
    return seal_file(order(folder))


def changed(**cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(HEADER, PERSON, strict=True)]


def refused(made: SealOrder) -> SealError:
    """The error of an order that cannot be carried out; it must leave nothing behind."""
    before = {path: path.read_bytes() for path in made.target.parent.iterdir()}
    with pytest.raises(SealError) as caught:
        seal_file(made)
    assert {path: path.read_bytes() for path in made.target.parent.iterdir()} == before
    assert caught.value.__cause__ is None or isinstance(caught.value.__cause__, OSError)
    assert caught.value.__context__ is caught.value.__cause__ or caught.value.__suppress_context__
    return caught.value


def test_sealed_row_holds_keys_and_age_and_every_other_column_as_it_was(tmp_path: Path) -> None:
    report = seal(tmp_path, [PERSON])
    (row,) = sealed(tmp_path)
    assert list(row) == [
        *("learner_key", "key_epoch", "position_key", "entry_date", "program_id", "note", "age_at_entry")
    ]
    assert row["learner_key"] == LearnerPseudonyms(LINK, 3).learner_key(Person(ssn="219099998"))[1]
    assert row["position_key"] == FIRM.sign("v1|firm|position|PX-0042")[:32]
    assert (row["key_epoch"], row["age_at_entry"], row["note"]) == ("3", "35", 'Ünïcode, "quoted"')
    assert (report.rows_in, report.sealed, report.refused) == (1, 1, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_sealed_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    seal(tmp_path, [PERSON])
    assert (tmp_path / "out.csv").stat().st_mode & 0o077 == 0


words = st.text(alphabet="QXZJ", min_size=4, max_size=9)
people = st.tuples(
    st.builds("{:03}-{:02}-{:04}".format, st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999)),
    words,
    words,
    st.dates(min_value=date(1930, 1, 1), max_value=date(2009, 12, 31)),
    st.builds("{:05}".format, st.integers(1000, 99999)),
    st.builds("POS{:06}".format, st.integers(0, 999999)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(people, min_size=1, max_size=8), st.booleans())
def test_no_identifier_of_the_input_is_in_any_file_written(
    rows: list[tuple[object, ...]], masked: bool
) -> None:
    """The canary law, for rows that are sealed and rows that are refused alike."""
    identity = pyrage.x25519.Identity.generate()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [["000-12-3456" if masked else str(row[0]), *map(str, row[1:])] for row in rows]
        write(folder / "in.csv", [[*cells, "2026-01-05", "p1", "note"] for cells in texts])
        seal_file(replace(order(folder), recipients=(str(identity.to_public()),)))
        (folder / "in.csv").unlink()
        clear = b"".join(path.read_bytes() for path in folder.glob("*.csv"))
        clear += pyrage.decrypt((folder / "out.csv.age").read_bytes(), [identity])
    # Five digits of a ZIP code stand in some keys by chance.
    clear = re.sub(rb"\b[0-9a-f]{32}(?:[0-9a-f]{32})?\b", b"", clear)
    for cells in texts:
        for identifier in (*cells, cells[0].replace("-", "")):
            assert identifier.encode() not in clear


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"SSN": "900-12-3456"}, Refusal.SSN_AREA),
        ({"SSN": "219-09-998"}, Refusal.SSN_LENGTH),
        ({"SSN": "", "DOB": "06/15/1990"}, Refusal.DOB_SHAPE),
        ({"DOB": "1990-02-30"}, Refusal.DOB_NO_SUCH_DAY),
        ({"DOB": "2026-06-15"}, Refusal.DOB_AFTER_ENTRY),
        ({"SSN": "", "Last": ""}, Refusal.TOO_LITTLE),
    ],
)
def test_row_is_left_out_and_listed_without_values_when_it_cannot_be_sealed(
    tmp_path: Path, cells: dict[str, str], refusal: Refusal
) -> None:
    report = seal(tmp_path, [PERSON, changed(**cells), PERSON])
    assert (report.rows_in, report.sealed, report.refused) == (3, 2, 1)
    assert report.refusals[refusal].first_records == [2]
    (listed,) = sealed(tmp_path, "out.rejected.csv")
    assert (listed["record"], listed["line"], listed["code"]) == ("2", "3", refusal.code)
    assert "Canaryson" not in (tmp_path / "out.rejected.csv").read_text()


@pytest.mark.parametrize("cells", [PERSON[:-1], [*PERSON, ""]])
def test_row_is_refused_when_it_is_ragged(tmp_path: Path, cells: list[str]) -> None:
    report = seal(tmp_path, [PERSON, cells])
    assert list(report.refusals) == [Refusal.RAGGED]


def test_line_counts_lines_inside_quotation_marks_and_blank_ones(tmp_path: Path) -> None:
    text = ",".join(HEADER) + "\r\n\r\n" + ",".join(PERSON[:-1]) + ',"two\nlines"\r\n'
    (tmp_path / "in.csv").write_bytes((text + ",".join(changed(SSN="1")[:-1]) + ",x\r\n").encode("utf-8-sig"))
    seal_file(order(tmp_path))
    (listed,) = sealed(tmp_path, "out.rejected.csv")
    assert (listed["record"], listed["line"]) == ("2", "5")


def test_many_refusals_are_counted_whole_and_their_first_records_kept(tmp_path: Path) -> None:
    report = seal(tmp_path, [changed(SSN="000-12-3456")] * 8)
    count = report.refusals[Refusal.SSN_AREA]
    assert (count.rows, count.first_records) == (8, [1, 2, 3, 4, 5])
    assert len(sealed(tmp_path, "out.rejected.csv")) == 8


@pytest.mark.parametrize(
    ("cells", "age"),
    [
        ({"entry_date": "2026-06-14"}, "35"),
        ({"entry_date": "2026-06-15"}, "36"),
        ({"entry_date": "20260616"}, "36"),
        ({"entry_date": ""}, ""),
        ({"entry_date": "June"}, ""),
        ({"DOB": ""}, ""),
    ],
)
def test_age_at_entry_is_in_completed_years_or_blank(tmp_path: Path, cells: dict[str, str], age: str) -> None:
    seal(tmp_path, [changed(**cells)])
    assert sealed(tmp_path)[0]["age_at_entry"] == age


def test_no_age_is_made_when_there_is_no_entry_date(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON], [name.replace("entry_date", "hired_on") for name in HEADER])
    seal_file(order(tmp_path))
    assert "age_at_entry" not in sealed(tmp_path)[0]


def test_kinds_are_counted_by_what_the_keys_are_made_of(tmp_path: Path) -> None:
    report = seal(tmp_path, [PERSON, changed(SSN=""), changed(SSN="", First="")])
    assert dict(report.kinds) == dict.fromkeys(TokenKind, 1)


def _header_with(name: str, place: int = 8) -> Callable[[Path], object]:
    header = [name if i == place else one for i, one in enumerate(HEADER)]
    return lambda path: write(path, [PERSON], header)


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_header_with("Work Email"), "FIL-040"),
        (_header_with("age_at_entry"), "SEA-013"),
        (_header_with("learner_key"), "SEA-013"),
        (_header_with("program_id"), "SEA-013"),
        (_header_with("ssn", 0), "SEA-011"),
        (_bytes(b""), "SEA-010"),
        (_bytes((",".join(HEADER) + "\n").encode()), "SEA-010"),
        (_bytes((",".join(HEADER) + "\n" + ",".join(PERSON[:8])).encode() + b",M\xfcller\n"), "SEA-010"),
        (_bytes((",".join(HEADER) + "\n").encode("utf-16")), "SEA-010"),
        (_bytes((",".join(HEADER) + "\n" + ",".join(PERSON[:8]) + ',"open\n').encode()), "SEA-010"),
        (_bytes((";".join(HEADER) + "\n" + ";".join(PERSON)).encode()), "SEA-011"),
        (_bytes((",".join(PERSON[:8]) + ",x\n").encode()), "SEA-011"),
    ],
)
def test_file_is_refused_and_nothing_written_when_it_is_unusable(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    make(tmp_path / "in.csv")
    error = refused(order(tmp_path))
    assert error.code == code
    assert not any(value in str(error) for value in ("Canaryson", "219", "ller"))


@pytest.mark.parametrize(
    "note", ["219099998", "id 219-09-9998", "mail a.person@firm.example.org", "E:219 09 9998"]
)
def test_file_is_refused_when_a_kept_column_holds_identifiers(tmp_path: Path, note: str) -> None:
    write(tmp_path / "in.csv", [changed(note="")] * 30 + [changed(note=note)])
    error = refused(order(tmp_path))
    assert error.code == "FIL-041"
    assert "note" in str(error)
    assert note not in str(error)


def test_email_is_found_when_it_stands_far_down_the_file(tmp_path: Path) -> None:
    write(
        tmp_path / "in.csv", [changed(note="x")] * 2_500 + [changed(note="a@firm.example.org")] + [PERSON] * 9
    )
    assert refused(order(tmp_path)).code == "FIL-041"


def test_longer_number_that_contains_the_ssn_is_no_leak(tmp_path: Path) -> None:
    assert seal(tmp_path, [changed(note="12190999981")]).sealed == 1


def test_column_is_left_out_when_it_is_dropped(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON], [*HEADER[:8], "Work Email"])
    seal_file(order(tmp_path, replace(COLUMNS, drop=("Work Email",))))
    assert "Work Email" not in sealed(tmp_path)[0]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (IdentifierColumns(), "SEA-012"),
        (IdentifierColumns(last="Last", first="First"), "SEA-012"),
        (IdentifierColumns(ssn="SSN", last="SSN"), "SEA-013"),
        (IdentifierColumns(ssn="SSN"), "FIL-040"),
    ],
)
def test_order_is_refused_when_its_columns_do_not_fit(
    tmp_path: Path, columns: IdentifierColumns, code: str
) -> None:
    write(tmp_path / "in.csv", [PERSON])
    assert refused(order(tmp_path, columns)).code == code


def test_order_is_refused_when_it_would_write_over_the_input_or_a_key(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON])
    (tmp_path / "link.key").write_text("k")
    made = order(tmp_path)
    os.link(tmp_path / "in.csv", tmp_path / "same.csv")
    assert refused(replace(made, target=tmp_path / "in.csv")).code == "SEA-014"
    assert refused(replace(made, target=tmp_path / "same.csv")).code == "SEA-014"
    protected = replace(made, target=tmp_path / "link.key", protected=(tmp_path / "link.key",))
    assert refused(protected).code == "SEA-014"


def test_order_is_refused_when_keys_do_not_fit(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON])
    made = order(tmp_path)
    assert refused(replace(made, firm_key=None)).code == "SEA-014"
    assert refused(replace(made, firm_key=SecretKey(bytes(range(32))))).code == "SEA-014"


def test_order_is_refused_when_the_folder_is_missing(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON])
    with pytest.raises(SealError, match="SEA-030"):
        seal_file(replace(order(tmp_path), target=tmp_path / "nowhere" / "out.csv"))
    with pytest.raises(SealError, match="SEA-010"):
        seal_file(replace(order(tmp_path), source=tmp_path / "nothing.csv"))


def test_earlier_output_stands_when_a_later_run_fails(tmp_path: Path) -> None:
    seal(tmp_path, [PERSON])
    before = (tmp_path / "out.csv").read_bytes()
    (tmp_path / "in.csv").write_bytes((tmp_path / "in.csv").read_bytes() + b'"open')
    assert refused(order(tmp_path)).code == "SEA-010"
    assert (tmp_path / "out.csv").read_bytes() == before


def test_companions_of_an_earlier_run_go_when_they_no_longer_hold(tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    write(tmp_path / "in.csv", [PERSON, changed(SSN="1")])
    seal_file(replace(order(tmp_path), recipients=(str(identity.to_public()),)))
    assert {"out.csv", "out.csv.age", "out.rejected.csv"} < {path.name for path in tmp_path.iterdir()}
    seal(tmp_path, [PERSON])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_encrypted_copy_opens_for_every_recipient_and_for_nobody_else(tmp_path: Path) -> None:
    trustee, operator, stranger = (pyrage.x25519.Identity.generate() for _ in range(3))
    write(tmp_path / "in.csv", [PERSON])
    recipients = tuple(str(one.to_public()) for one in (trustee, operator))
    seal_file(replace(order(tmp_path), recipients=recipients))
    encrypted = (tmp_path / "out.csv.age").read_bytes()
    for one in (trustee, operator):
        assert pyrage.decrypt(encrypted, [one]) == (tmp_path / "out.csv").read_bytes()
    tampered = encrypted[:-1] + bytes([encrypted[-1] ^ 1])
    for content, identity in ((encrypted, stranger), (tampered, trustee)):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(content, [identity])


def test_recipient_is_refused_and_never_repeated_when_it_is_no_public_key(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON])
    secret = str(pyrage.x25519.Identity.generate())
    for text in (secret, "age1canary", ""):
        error = refused(replace(order(tmp_path), recipients=(text,)))
        assert error.code == "SEA-040"
        assert not text or text not in str(error)


def test_progress_ends_no_further_than_the_file(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [PERSON] * 25_000)
    told: list[tuple[int, int]] = []
    seal_file(order(tmp_path), lambda done, total: told.append((done, total)))
    size = (tmp_path / "in.csv").stat().st_size
    assert [total for _, total in told] == [size] * len(told)
    assert 0 < told[-1][0] <= size
    assert sorted(told) == told


def test_sealing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    seal(tmp_path, [PERSON] * 3)
    before = (tmp_path / "out.csv").read_bytes()
    seal(tmp_path, [PERSON] * 3)
    assert (tmp_path / "out.csv").read_bytes() == before
    assert before.count(b"\n") == 4
