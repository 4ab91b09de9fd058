"""What changed between two versions, for whom it is a breach, and that too small a step is caught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import CONTRACTS, contract
from contracts.codes import Severity
from contracts.errors import ContractError
from contracts.fields import Field, Identifier, OneOf, Privacy, Ref, WholeNumber
from contracts.model import Cadence, Contract, Party
from contracts.versions import history
from contracts.versions.describe import codes_digest, describe
from contracts.versions.description import Coded, ContractDescription
from contracts.versions.diff import Compatibility, Difference, compare
from contracts.versions.history import (
    Standing,
    read_codes,
    release_files,
    released,
    released_versions,
    standing,
    standing_of,
)
from contracts.versions.semver import Bump, Version, step_between
from tests.contracts.trial_contracts import changed, trial, within

RELEASED = Path(history.__file__).parent / "released"
WITH_RELEASES = [name for name in CONTRACTS if released_versions(name)]
NOTE = {"note": (str, Identifier(description="Note."), False)}
NEEDED_NOTE = {"note": (str, Identifier(description="Note."), True)}
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def difference(old: type[Contract], new: type[Contract], *open_lists: str) -> Difference:
    return compare(describe(old), describe(new), read_codes, frozenset(open_lists))


BASE = trial()
# What changes from the trial contract, and the verdicts (producer safe, consumer safe).
CASES: Mapping[str, tuple[type[Contract], bool, bool]] = {
    "optional column added": (trial(NOTE), True, True),
    "required column added": (trial(NEEDED_NOTE), False, True),
    "column dropped": (trial({"paid": None}), False, False),
    "column renamed": (
        trial({"paid": None, "pay": (Decimal, changed("paid")["paid"][1], False)}),
        False,
        False,
    ),
    "now required": (trial(changed("hours", required=True)), False, True),
    "now optional": (trial(changed("kind", required=False)), True, False),
    "bound wider": (trial(changed("hours", most="1200.01")), True, True),
    "bound narrower": (trial(changed("hours", most="1199.99")), False, True),
    "bound moved": (trial(changed("hours", least="1", most="1300")), False, True),
    "more decimals": (trial(changed("hours", scale=3, digits=8)), True, False),
    "day bound narrower": (trial(changed("day", earliest=date(1950, 1, 2))), False, True),
    "longer key": (trial(changed("id", most=33)), True, True),
    "shorter key": (trial(changed("id", most=31)), False, True),
    "list longer": (trial(changed("kind", values=("A", "B", "C"))), True, False),
    "list shorter": (trial(changed("kind", values=("A",))), False, True),
    "list other": (trial(changed("kind", values=("A", "C"))), False, False),
    "type": (
        trial({"hours": (int, WholeNumber(description="Hours.", least=0, most=1200), False)}),
        False,
        False,
    ),
    "unit": (trial(changed("hours", unit="days")), False, False),
    "register checked": (
        trial({"id": (str, Ref("firm", key="firm_id", description="Key.", privacy=Privacy.FIRM), True)}),
        False,
        True,
    ),
    "more guarded": (trial(changed("id", privacy=Privacy.SENSITIVE)), True, False),
    "less guarded": (trial(changed("id", privacy=Privacy.PUBLIC)), False, True),
    "key wider": (trial(key=("id", "kind")), True, False),
    "key other": (trial(key=("kind",)), False, False),
    "cadence": (trial(cadence=Cadence.STATE), False, False),
    "sender": (trial(dropped_by=Party.OPERATOR), False, False),
    "codes' prefix": (trial(prefix="TRX"), True, False),
    "unknown columns let pass": (trial(strict=False), True, True),
    "error rule added": (trial(rules=(within(1000),)), False, True),
    "warning rule added": (trial(rules=(within(1000, WARNING),)), True, True),
}
BACK: Mapping[str, tuple[type[Contract], bool, bool]] = {
    "error rule dropped": (trial(rules=(within(1000),)), True, False),
    "warning rule dropped": (trial(rules=(within(1000, WARNING),)), True, True),
    "key narrower": (trial(key=("id", "kind")), False, True),
    "register no longer checked": (CASES["register checked"][0], True, False),
    "unknown columns refused": (trial(strict=False), False, True),
}


def assert_verdict(found: Difference, producer: bool, consumer: bool) -> None:
    names = {
        (True, True): Compatibility.FULL,
        (True, False): Compatibility.BACKWARD,
        (False, True): Compatibility.FORWARD,
        (False, False): Compatibility.NONE,
    }
    assert found.compatibility is names[producer, consumer]
    assert found.bump is (Bump.MINOR if producer and consumer else Bump.MAJOR)


@pytest.mark.parametrize("case", CASES)
def test_change_is_judged_for_both_parties_when_made(case: str) -> None:
    new, producer, consumer = CASES[case]
    assert_verdict(difference(BASE, new), producer, consumer)


@pytest.mark.parametrize("case", BACK)
def test_change_is_judged_for_both_parties_when_taken_back(case: str) -> None:
    old, producer, consumer = BACK[case]
    assert_verdict(difference(old, BASE), producer, consumer)


@pytest.mark.parametrize(
    ("old", "new", "producer", "consumer"),
    [
        (within(1000, WARNING), within(1000, ERROR), False, True),
        (within(1000, ERROR), within(1000, WARNING), True, False),
        (within(1000, ERROR), within(999, ERROR), False, False),
        (within(1000, WARNING), within(999, WARNING), True, True),
    ],
)
def test_rule_is_judged_by_its_severity_when_it_changes(
    old: Any, new: Any, producer: bool, consumer: bool
) -> None:
    assert_verdict(difference(trial(rules=(old,)), trial(rules=(new,))), producer, consumer)


@pytest.mark.parametrize(
    "new",
    [
        trial(changed("kind", description="Another word.")),
        trial(changed("kind", hint="Another hint.")),
        trial(title="Another title"),
    ],
)
def test_words_alone_ask_for_a_patch(new: type[Contract]) -> None:
    assert difference(BASE, new).bump is Bump.PATCH


def test_rule_words_alone_ask_for_a_patch() -> None:
    old, new = (trial(rules=(within(9, message=words),)) for words in ("too long", "much too long"))
    assert difference(old, new).bump is Bump.PATCH


def test_longer_list_is_no_breach_when_consumers_declared_it_open() -> None:
    longer = CASES["list longer"][0]
    assert difference(BASE, longer, "kind").bump is Bump.MINOR
    assert difference(BASE, longer, "hours").bump is Bump.MAJOR


def test_optional_column_binds_producers_when_unknown_columns_were_let_pass() -> None:
    assert difference(trial(strict=False), trial(NOTE, strict=False)).bump is Bump.MAJOR


def test_narrowing_names_a_text_that_is_newly_refused() -> None:
    (change,) = (c for c in difference(BASE, CASES["bound narrower"][0]).changes if not c.words)
    assert (change.place, change.what) == ("column hours", "narrower: refuses for example '1200'")


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_does_not_differ_from_itself(name: str) -> None:
    again = ContractDescription.from_json(describe(contract(name)).canonical_json())
    assert compare(describe(contract(name)), again, read_codes) == Difference(())
    assert again.canonical_json() == describe(contract(name)).canonical_json()


EDITS: tuple[Mapping[str, tuple[type, Field, bool] | None], ...] = (
    {"paid": None},
    NOTE,
    changed("hours", most="1300"),
    changed("hours", most="1100"),
    changed("id", description="Other words."),
    changed("kind", values=("A", "B", "C")),
    changed("day", required=True),
)


@settings(deadline=None, max_examples=60)
@given(
    first=st.sets(st.integers(0, len(EDITS) - 1)),
    more=st.sets(st.integers(0, len(EDITS) - 1)),
)
def test_step_never_shrinks_when_more_is_changed(first: set[int], more: set[int]) -> None:
    def edited(edits: set[int]) -> type[Contract]:
        # The two edits of hours exclude each other.
        kept = edits - {3} if {2, 3} <= edits else edits
        return trial({name: one for edit in sorted(kept) for name, one in EDITS[edit].items()})

    fewer = first - {2} if {2, 3} <= first | more else first
    all_of_them = (first | more) - {2} if {2, 3} <= first | more else first | more
    assert difference(BASE, edited(fewer)).bump <= difference(BASE, edited(all_of_them)).bump


@pytest.mark.parametrize("name", WITH_RELEASES)
def test_declared_version_is_a_large_enough_step_from_the_latest_release(name: str) -> None:
    now = standing(contract(name))
    assert now.honored, f"{name}: declare {now.due} or later; {now.difference.changes}"


def test_every_contract_is_released() -> None:
    assert [name for name in CONTRACTS if name not in WITH_RELEASES] == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_too_small_a_step_is_caught_for_every_contract(name: str) -> None:
    """A column less under the released version number, whatever the contract."""
    old = released(name)
    now = standing_of(old, old.model_copy(update={"columns": old.columns[1:]}))
    assert (now.honored, now.due) == (False, Version.read(old.version).after(Bump.MAJOR))


@pytest.mark.parametrize(
    ("new", "version", "honored"),
    [
        ("words", "1.0.0", False),
        ("words", "1.0.1", True),
        ("optional column added", "1.0.1", False),
        ("optional column added", "1.1.0", True),
        ("bound narrower", "1.1.0", False),
        ("bound narrower", "2.0.0", True),
        ("list longer", "1.9.9", False),
        ("nothing", "1.0.0", True),
    ],
)
def test_step_is_refused_when_it_is_smaller_than_the_changes_ask_for(
    new: str, version: str, honored: bool
) -> None:
    made = {"words": trial(title="Other"), "nothing": BASE}.get(new) or CASES[new][0]
    declared = describe(made).model_copy(update={"version": version})
    now = history.standing_of(describe(BASE), declared)
    assert now.honored is honored
    assert Version.read(version) >= now.due or not honored


def wage_with(**terms: Any) -> ContractDescription:
    """The wage contract with its hours changed and nothing said about it."""
    now = describe(contract("wage"))
    columns = [
        one.model_copy(update={"cells": one.cells.model_copy(update=terms)})
        if one.name == "hours_paid"
        else one
        for one in now.columns
    ]
    return now.model_copy(update={"columns": tuple(columns)})


@pytest.mark.parametrize(
    ("most", "step"), [("1200.01", Bump.MINOR), ("1199.99", Bump.MAJOR), ("1200", Bump.NONE)]
)
def test_forgotten_step_is_caught_when_a_real_contract_is_changed(most: str, step: Bump) -> None:
    now = history.standing_of(released("wage"), wage_with(most=most))
    assert now.difference.bump is step
    assert now.honored is (step is Bump.NONE)


def test_release_is_refused_when_the_version_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    narrower = wage_with(most="1000")
    monkeypatch.setattr(history, "describe", lambda _: narrower)
    with pytest.raises(ContractError, match="CTR-037"):
        release_files(contract("wage"))
    narrower = narrower.model_copy(update={"version": "1.1.0"})
    with pytest.raises(ContractError, match="CTR-036"):
        release_files(contract("wage"))
    narrower = narrower.model_copy(update={"version": "2.0.0"})
    assert "wage-2.0.0.json" in release_files(contract("wage"))


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_released_description_is_canonical_and_named_after_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    description = ContractDescription.from_json(text)
    assert description.canonical_json() == text
    assert history.file_name(description.name, description.version) == path.name


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_released_description_finds_the_editions_it_names(path: Path) -> None:
    for column in ContractDescription.from_json(path.read_text(encoding="utf-8")).columns:
        if isinstance(column.cells, Coded):
            kept = RELEASED / "code_sets" / f"{column.cells.code_set}-{column.cells.sha256[:12]}.txt"
            assert codes_digest(kept.read_text(encoding="utf-8").split()) == column.cells.sha256
            assert codes_digest(read_codes(column.cells)) == column.cells.sha256


def test_edition_that_was_not_kept_is_an_error() -> None:
    with pytest.raises(ContractError, match="CTR-038"):
        read_codes(Coded(pattern="[0-9]", code_set="soc_2018", sha256="0" * 64))


@pytest.mark.parametrize(("name", "version"), [("wage", "0.9.0"), ("nobody", None)])
def test_version_that_was_never_released_is_an_error(name: str, version: str | None) -> None:
    with pytest.raises(ContractError, match="CTR-035"):
        released(name, version)


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("1.0.0", "1.0.0", Bump.NONE),
        ("1.9.0", "1.10.0", Bump.MINOR),
        ("1.9.9", "2.0.0", Bump.MAJOR),
        ("1.0.0", "1.0.1", Bump.PATCH),
    ],
)
def test_step_is_read_off_the_numbers(old: str, new: str, step: Bump) -> None:
    assert step_between(old, new) is step
    assert Version.read(old).after(step) <= Version.read(new)


@pytest.mark.parametrize(
    ("old", "new", "code"), [("1.1.0", "1.0.9", "034"), ("1.0", "1.0.0", "033"), ("1.0.0", "1.0.00", "033")]
)
def test_step_is_an_error_when_it_is_none(old: str, new: str, code: str) -> None:
    with pytest.raises(ContractError, match=f"CTR-{code}"):
        step_between(old, new)


def test_unknown_kind_of_field_is_refused_when_described() -> None:
    class Novel(OneOf):
        pass

    assert describe(trial({"kind": (str, Novel(("A", "B"), description="Kind."), True)}))
    stranger = trial({"kind": (str, StrangerKind(description="Kind."), True)})
    with pytest.raises(ContractError, match="CTR-031"):
        describe(stranger)


class StrangerKind(Field):
    """A kind the description knows nothing of."""

    expected = "anything"

    def faults(self, cell: Any) -> tuple[Any, ...]:
        return ()

    def admit(self, text: str, around: Any) -> str:
        return text


def test_standing_names_the_smallest_version_that_will_do() -> None:
    old, new = describe(BASE), describe(CASES["bound wider"][0])
    assert str(Standing(old, new, compare(old, new, read_codes)).due) == "1.1.0"
