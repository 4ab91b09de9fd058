"""Two majors side by side: an upcast of a valid old row is a valid new row, and one that is not is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import contract
from contracts.errors import ContractError
from contracts.fields import OneOf, Quantity
from contracts.model import Contract
from contracts.versions.describe import describe
from contracts.versions.description import ContractDescription
from contracts.versions.history import released, released_versions
from contracts.versions.upcasts import UPCASTS, TextRow, Upcast, lift, majors_taken
from tests.contracts.drawn_cells import language, texts_of
from tests.contracts.trial_contracts import changed, trial

FULL_NAMES = {"A": "APPRENTICE", "B": "BASIC"}
V1 = trial()
V2 = trial(
    {
        "kind": (str, OneOf(tuple(FULL_NAMES.values()), description="Kind."), True),
        "hours": None,
        "minutes": (Decimal, Quantity(description="Minutes.", digits=9, most="72000", unit="minutes"), False),
        **changed("day", required=True),
    },
    version="2.0.0",
)
SUNSET = date(2027, 6, 30)


def to_v2(row: TextRow) -> TextRow:
    rest = {name: text for name, text in row.items() if name not in ("kind", "hours", "day")}
    minutes = {"minutes": format(Decimal(row["hours"]) * 60, "f")} if row.get("hours") else {}
    return {**rest, **minutes, "kind": FULL_NAMES[row["kind"]], "day": row.get("day") or "2026-01-01"}


def without_day(row: TextRow) -> TextRow:
    """The fault planted: a cell that is required now may stay blank."""
    return {**to_v2(row), "day": row.get("day", "")}


STEP = Upcast("trial", 1, 2, to_v2, SUNSET)


def rows_of(old: ContractDescription) -> st.SearchStrategy[dict[str, str]]:
    """Valid rows as an old description has them; optional cells may be blank or missing."""
    required, optional = {}, {}
    for column in old.columns:
        drawn = texts_of(column.cells).filter(language(column.cells).takes)
        if column.required:
            required[column.name] = drawn
        else:
            optional[column.name] = st.one_of(st.just(""), drawn)
    return st.fixed_dictionaries(required, optional=optional)


def law(old: ContractDescription, new: type[Contract], upcast: Upcast) -> Callable[[], None]:
    """Every valid row of the old version, lifted, is one that pydantic takes under the new."""

    @settings(deadline=None, max_examples=200, database=None)
    @given(rows_of(old))
    def holds(row: dict[str, str]) -> None:
        before = dict(row)
        (lifted,) = lift(old.name, (upcast.from_major, upcast.to_major), [row], [upcast])
        new.model_validate(dict(lifted))
        assert row == before

    return holds


def test_upcast_of_a_valid_old_row_is_a_valid_new_row() -> None:
    law(describe(V1), V2, STEP)()


def test_upcast_is_caught_when_it_leaves_a_required_cell_blank() -> None:
    with pytest.raises(ValueError, match="has no place in any figure"):
        law(describe(V1), V2, replace(STEP, row=without_day))()


def test_every_registered_upcast_keeps_its_law() -> None:
    for one in UPCASTS:
        of = contract(one.name)
        old = max(version for version in released_versions(one.name) if version.major == one.from_major)
        law(released(one.name, str(old)), of, one)()


@pytest.mark.parametrize(
    ("day", "majors"), [(SUNSET - timedelta(1), (1, 2)), (SUNSET, (1, 2)), (SUNSET + timedelta(1), (2,))]
)
def test_old_major_is_taken_through_its_last_day(day: date, majors: tuple[int, ...]) -> None:
    assert majors_taken("trial", 2, day, [STEP]) == majors
    assert majors_taken("other", 2, day, [STEP]) == (2,)


def test_majors_before_a_gap_are_not_taken() -> None:
    third = Upcast("trial", 3, 4, dict, SUNSET)
    assert majors_taken("trial", 4, SUNSET, [STEP, third]) == (3, 4)


def test_rows_are_lifted_through_every_major_in_between() -> None:
    def renamed(row: TextRow) -> TextRow:
        return {"sort" if name == "kind" else name: text for name, text in row.items()}

    steps = [Upcast("trial", 2, 3, renamed, SUNSET), STEP]
    (row,) = lift("trial", (1, 3), [{"id": "X", "kind": "A", "hours": "1.5"}], steps)
    assert row == {"id": "X", "sort": "APPRENTICE", "minutes": "90.0", "day": "2026-01-01"}


def test_missing_step_is_an_error_when_rows_are_lifted() -> None:
    with pytest.raises(ContractError, match="CTR-041"):
        lift("trial", (1, 3), [{}], [STEP])


def test_upcast_that_skips_a_major_is_refused() -> None:
    with pytest.raises(ContractError, match="CTR-040"):
        Upcast("trial", 1, 3, dict, SUNSET)
