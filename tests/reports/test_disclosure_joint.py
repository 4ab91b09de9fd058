"""The joint system of all numbers: what is taken to be one count, and what only happens to be equal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.disclosure.joint import (
    DENOMINATOR,
    NUMERATOR,
    REST,
    CellRef,
    Joint,
    joined,
    numbers_of,
    system_of,
)
from reports.disclosure.protect.knowledge import Knowledge
from reports.disclosure.protect.merging import merged
from reports.disclosure.protect.system import Needs
from reports.disclosure.protect.tables import ROUNDING
from reports.measures import Statistic


def _joint(
    rows: dict[str, tuple[int, int]],
    same: list[tuple[CellRef, CellRef]],
    firms: str = "ABC",
    sums: tuple[dict[str, int], ...] = (),
) -> Joint:
    """Rates of one group of people: cell_id → (numerator, denominator), one person of every firm in turn.

    ``sums``: rows with their signs.
    """
    cells = pd.DataFrame(
        [
            {"cell_id": name, "metric_id": name, "statistic": Statistic.RATE, "value_status": 1}
            | {"numerator": hits, "denominator": persons, "geography": "55025"}
            for name, (hits, persons) in rows.items()
        ]
    )
    parts = pd.DataFrame(
        [
            {"cell_id": name, "parent_group_id": firm, "persons": len(range(at, persons, len(firms)))}
            | {"numerator_persons": len(range(at, hits, len(firms))), "amount_cents": 0}
            for name, (hits, persons) in rows.items()
            for at, firm in enumerate(firms)
        ]
    )
    equations = [{("t", name): sign for name, sign in of.items()} for of in sums]
    return joined([*numbers_of("t", cells, parts)], equations, same)


def _class(joint: Joint, cell: str, role: str) -> int:
    size = len(joint.numbers)
    none = np.zeros(size, dtype=np.int64)
    small = merged(system_of(joint, Needs(none, none), np.ones(size), np.arange(size)))
    return int(small.class_of[joint.place[("t", cell), role]])


def test_counts_of_one_group_are_one_number_when_every_firm_has_the_same_part() -> None:
    joint = _joint({"employed": (6, 9), "retained": (4, 9)}, [])
    assert _class(joint, "employed", DENOMINATOR) == _class(joint, "retained", DENOMINATOR)
    assert _class(joint, "employed", NUMERATOR) != _class(joint, "retained", NUMERATOR)


def test_nobody_left_over_stays_unknown_when_a_rate_is_full() -> None:
    joint = _joint({"employed": (9, 9)}, [])
    assert _class(joint, "employed", NUMERATOR) != _class(joint, "employed", DENOMINATOR)


def test_nobody_left_over_stays_unknown_when_another_measure_counts_the_same_people() -> None:
    joint = _joint({"employed": (9, 9), "paid": (5, 9)}, [(("t", "paid"), ("t", "employed"))])
    assert _class(joint, "paid", DENOMINATOR) == _class(joint, "employed", NUMERATOR)
    assert _class(joint, "employed", NUMERATOR) != _class(joint, "employed", DENOMINATOR)


def test_empty_side_is_known_to_a_firm_when_the_row_is_its_alone() -> None:
    alone, several = _joint({"r": (4, 4)}, [], firms="A"), _joint({"r": (4, 4)}, [])
    for joint, owner in ((alone, 0), (several, -1)):
        none = np.zeros(len(joint.numbers), dtype=np.int64)
        system = system_of(joint, Needs(none, none), np.ones(len(none)), np.arange(len(none)))
        assert Knowledge.of(system).sole[joint.place[("t", "r"), REST]] == owner


def test_what_a_sum_misses_has_the_name_of_its_sum_in_every_release() -> None:
    rows = {"all": (9, 20), "a": (4, 8), "b": (4, 9), "c": (3, 6), "d": (5, 10)}
    first, second = {"a": 1, "b": 1, "all": -1}, {"c": 1, "d": 1, "all": -1}
    alone = _missing(_joint(rows, [], sums=(second,)))
    both = _missing(_joint(rows, [], sums=(first, second)))
    assert len(both) == 4
    assert sorted(alone.values()) == [1, 4]
    assert alone.items() <= both.items()


def _missing(joint: Joint) -> dict[str, int]:
    return {number.key: number.units for number in joint.numbers if number.row[0] == ROUNDING}


def test_amounts_are_closed_by_a_known_sum_when_their_total_is_no_firms_money() -> None:
    cells = pd.DataFrame(
        [
            {"cell_id": name, "metric_id": name, "statistic": Statistic.LEDGER, "value_status": 1}
            | {"value": usd, "money": usd if name != "match" else None, "denominator": None}
            for name, usd in (("small", "20.00"), ("large", "80.50"), ("match", "100.50"))
        ]
    )
    parts = pd.DataFrame([("small", "A", 0, 0, 2_000), ("large", "B", 0, 0, 8_050)])
    parts.columns = ["cell_id", "parent_group_id", "persons", "numerator_persons", "amount_cents"]
    sums = {("t", "small"): 1, ("t", "large"): 1, ("t", "match"): -1}
    joint = joined([*numbers_of("t", cells, parts)], [sums], [])
    assert list(_missing(joint).values()) == [10_050]
    assert len(joint.equations) == 1
