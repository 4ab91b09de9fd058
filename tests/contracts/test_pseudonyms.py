"""How identifiers are written alike, what is hashed with whose key, and what a key never shows."""

from __future__ import annotations

import copy
import csv
import hashlib
import pickle
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import contract
from contracts.pseudonyms import (
    FirmPseudonyms,
    LearnerPseudonyms,
    Person,
    Refusal,
    SecretKey,
    TokenKind,
    UnusableIdentifierError,
)
from contracts.pseudonyms.normalize import (
    age_in_years,
    normalize_birth_date,
    normalize_name,
    normalize_ssn,
    normalize_zip3,
)
from contracts.pseudonyms.tokens import WeakKeyError

HERE = Path(__file__).parent
KEY = "2b7e151628aed2a6abf7158809cf4f3c603deb1015ca71be2b73aef0857d7781"
RULES: dict[str, Callable[[str], str]] = {
    "ssn": normalize_ssn,
    "name": normalize_name,
    "dob": lambda text: normalize_birth_date(text).isoformat(),
    "zip3": normalize_zip3,
}

ssns = st.builds(
    "{:03}{:02}{:04}".format,
    st.integers(1, 899).filter(lambda area: area != 666),
    st.integers(1, 99),
    st.integers(1, 9999),
).filter(lambda n: n not in {"078051120", "219099999"} and len(set(n)) > 1)
separators = st.sampled_from(["", "-", " ", "\u2013", "\xa0", "--", " - "])
keys = st.binary(min_size=32, max_size=64).filter(lambda secret: len(set(secret)) >= 16)
epochs = st.integers(0, 9999)


def rows_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def learners(secret: bytes = bytes.fromhex(KEY), epoch: int = 1) -> LearnerPseudonyms:
    return LearnerPseudonyms(SecretKey(secret), epoch)


def refusal_of(person: Person) -> Refusal:
    with pytest.raises(UnusableIdentifierError) as caught:
        learners().learner_key(person)
    return caught.value.refusal


def _normalized(rule: str, text: str) -> str:
    try:
        return RULES[rule](text)
    except UnusableIdentifierError as error:
        return error.refusal.code


@pytest.mark.parametrize("row", rows_of("pseudonym_vectors.csv"), ids=lambda r: f"{r['rule']}:{r['input']}")
def test_normalization_gives_the_golden_vector(row: dict[str, str]) -> None:
    assert _normalized(row["rule"], row["input"]) == row["expected"]


@pytest.mark.parametrize("row", rows_of("pseudonym_tokens.csv"), ids=lambda r: r["message"])
def test_key_is_the_golden_vector_computed_with_openssl(row: dict[str, str]) -> None:
    """Each token is ``printf %s MESSAGE | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY``."""
    key = SecretKey.from_hex(row["key"])
    if row["kind"] == "position":
        assert FirmPseudonyms(key).position_key(row["message"].split("|")[-1]) == row["token"][:32]
        return
    person = Person(*(row[part] for part in Person._fields))
    assert LearnerPseudonyms(key, int(row["epoch"])).tokens(person)[TokenKind(row["kind"])] == row["token"]


def test_vectors_name_every_reason_normalization_can_refuse_for() -> None:
    named = {row["expected"] for row in rows_of("pseudonym_vectors.csv")}
    elsewhere = {Refusal.DOB_AFTER_ENTRY, Refusal.TOO_LITTLE, Refusal.RAGGED}
    assert {one.code for one in Refusal if one not in elsewhere} <= named


def test_refusal_codes_are_told_apart() -> None:
    assert len({one.code for one in Refusal}) == len(Refusal)


@given(ssns, st.tuples(*[separators] * 10))
def test_learner_key_is_the_same_however_the_ssn_is_written(ssn: str, between: tuple[str, ...]) -> None:
    written = "".join(mark + digit for mark, digit in zip(between, ssn + " ", strict=True))
    assert learners().learner_key(Person(ssn=written)) == learners().learner_key(Person(ssn=ssn))


@given(ssns, keys, keys, epochs, epochs)
def test_learner_key_differs_when_key_or_epoch_differs(
    ssn: str, one: bytes, other: bytes, epoch: int, later: int
) -> None:
    tokens = {
        (secret, number): learners(secret, number).learner_key(Person(ssn=ssn))
        for secret in (one, other)
        for number in (epoch, later)
    }
    assert len(set(tokens.values())) == len(tokens)


@given(ssns, ssns)
def test_learner_keys_are_equal_only_for_equal_numbers(one: str, other: str) -> None:
    same = learners().learner_key(Person(ssn=one)) == learners().learner_key(Person(ssn=other))
    assert same == (one == other)


@given(ssns)
def test_learner_key_is_no_plain_hash(ssn: str) -> None:
    key = learners().learner_key(Person(ssn=ssn))[1]
    plain = {
        hashlib.new(name, text.encode()).hexdigest()
        for name in ("sha256", "md5", "sha1")
        for text in (ssn, f"v1|ssn|1|{ssn}")
    }
    assert key not in plain


@given(st.text(max_size=30))
def test_ssn_is_nine_digits_or_refused_whatever_is_written(text: str) -> None:
    try:
        digits = normalize_ssn(text)
    except UnusableIdentifierError:
        return
    assert len(digits) == 9
    assert set(digits) <= set(string.digits)


@given(st.text(max_size=30))
def test_name_normalized_twice_is_normalized_once(text: str) -> None:
    once = _normalized("name", text)
    if not once.startswith("SEA-"):
        assert set(once) <= set(string.ascii_uppercase)
        assert normalize_name(once) == once


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=30))
def test_name_is_the_same_in_capitals(text: str) -> None:
    assert _normalized("name", text.upper()) == _normalized("name", text)


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (Person("219-09-9998", "Smith", "Mary", "1990-02-03", "44115"), TokenKind.SSN),
        (Person("219-09-9998"), TokenKind.SSN),
        (Person("219-09-9998", "李", "", "n/a", "?"), TokenKind.SSN),
        (Person(" ", "Smith", "Mary", "1990-02-03", "44115"), TokenKind.LAST_FIRST3_DOB),
        (Person("", "Smith", "Mary", "1990-02-03", "?"), TokenKind.LAST_FIRST3_DOB),
        (Person("", "Smith", "", "1990-02-03", "44115"), TokenKind.LAST_DOB_ZIP3),
    ],
)
def test_learner_key_is_made_of_the_best_identifiers_filled_in(person: Person, kind: TokenKind) -> None:
    assert learners().learner_key(person)[0] is kind


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (Person(), Refusal.TOO_LITTLE),
        (Person(last="Smith", first="Mary", zip="44115"), Refusal.TOO_LITTLE),
        (Person(last="Smith", dob="1990-02-03"), Refusal.TOO_LITTLE),
        (Person("000-12-3456", "Smith", "Mary", "1990-02-03", "44115"), Refusal.SSN_AREA),
        (Person("", "Smith", "Mary", "02/03/1990", "44115"), Refusal.DOB_SHAPE),
        (Person("", "李", "Mary", "1990-02-03", "44115"), Refusal.NAME_LETTERS),
        (Person("", "Smith", "", "1990-02-03", "4411"), Refusal.ZIP_SHAPE),
    ],
)
def test_person_is_refused_when_what_is_written_is_wrong_or_too_little(
    person: Person, refusal: Refusal
) -> None:
    assert refusal_of(person) is refusal


def test_tokens_hold_every_kind_in_order_of_preference() -> None:
    person = Person("219-09-9998", "Smith", "Mary", "1990-02-03", "44115")
    assert list(learners().tokens(person)) == list(TokenKind)
    assert len(set(learners().tokens(person).values())) == len(TokenKind)


def test_learner_key_and_position_key_pass_their_contracts() -> None:
    token = learners().learner_key(Person(ssn="219-09-9998"))[1]
    position = FirmPseudonyms(SecretKey.from_hex(KEY)).position_key("PX-0042")
    row = {"learner_key": token, "key_epoch": 1, "firm_id": "f1", "position_key": position}
    placed = contract("placement").model_validate(
        {**row, "job_start_date": date(2026, 1, 5), "placement_type": "NEW_HIRE"}
    )
    assert placed.model_dump()["learner_key"] == token


def test_position_key_is_blank_when_the_position_is() -> None:
    firm = FirmPseudonyms(SecretKey.from_hex(KEY))
    assert firm.position_key("  ") == ""
    assert firm.position_key(" P1 ") == firm.position_key("P1") != firm.position_key("p1")


def test_firm_and_link_messages_never_meet_when_one_key_is_used_for_both() -> None:
    key = SecretKey.from_hex(KEY)
    learner = LearnerPseudonyms(key, 1).learner_key(Person(ssn="219-09-9998"))[1]
    assert not learner.startswith(FirmPseudonyms(key).position_key("219099998"))


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1990, 6, 15), date(2026, 6, 14), 35),
        (date(1990, 6, 15), date(2026, 6, 15), 36),
        (date(1990, 6, 15), date(2026, 6, 16), 36),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_age_counts_completed_years(born: date, on: date, age: int) -> None:
    assert age_in_years(born, on) == age


def test_age_is_refused_when_entry_is_before_birth() -> None:
    with pytest.raises(UnusableIdentifierError, match="SEA-114"):
        age_in_years(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(("size", "good"), [(31, False), (32, True), (33, True)])
def test_key_is_taken_when_it_has_32_bytes(size: int, good: bool) -> None:
    secret = bytes(range(size)).hex()
    if good:
        SecretKey.from_hex(f"  {secret.upper()}\n")
        return
    with pytest.raises(WeakKeyError):
        SecretKey.from_hex(secret)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00" * 32,
        "0123456789abcdef" * 4,
        "passphrase",
        KEY + "f",
        KEY[:-1] + "g",
        KEY + "\n" + KEY,
        "0x" + KEY,
    ],
)
def test_key_is_refused_when_it_is_no_random_hex(text: str) -> None:
    with pytest.raises(WeakKeyError) as caught:
        SecretKey.from_hex(text)
    assert not text or text not in str(caught.value)


def test_secrets_show_nothing_when_printed_or_copied() -> None:
    key = SecretKey.from_hex(KEY)
    person = Person("219-09-9998", "Canary", "Mary", "1990-02-03", "44115")
    shown = f"{key} {key!r} {[key]} {person} {person!r} {[person]} {learners()!r} {vars(learners())}"
    assert KEY not in shown.lower()
    assert str(bytes.fromhex(KEY)) not in shown
    assert "Canary" not in shown
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(key)


def test_check_digits_tell_keys_apart_and_are_no_key_of_anybody() -> None:
    one, other = SecretKey.from_hex(KEY), SecretKey(bytes(range(32)))
    assert one.check_digits() == SecretKey.from_hex(KEY).check_digits() != other.check_digits()
    assert len(one.check_digits()) == 8
    assert one.is_same_as(SecretKey.from_hex(KEY))
    assert not one.is_same_as(other)
