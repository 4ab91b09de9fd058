"""A hundred thousand distinct cells of every kind: what an engine takes, pydantic takes with the same value.

The judges also agree on every code, so what one refuses is refused by all, for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pytest
from pydantic_core import CoreSchema

from contracts import compiler, fields
from contracts.codes import CELL_CODES
from contracts.fields import Cell, Fault, Field, IsoDate, Money, Text, WholeNumber
from contracts.gates import Gate
from tests.contracts.soundness.fields_on_trial import SAID, TRIALS, Trial
from tests.contracts.soundness.generated_cells import generate_cells
from tests.contracts.soundness.nasty_cells import NASTY
from tests.contracts.soundness.soak import SEED, add_up, try_all
from tests.contracts.soundness.three_judges import Outcome, hear, verdicts_of_pydantic

CELLS = 100_000
SETTINGS = 9
"""So many settings of a kind at most, spread over all there are; ``make soak`` takes every one."""


@pytest.mark.parametrize("kind", sorted(TRIALS))
def test_engines_and_pydantic_agree_on_a_hundred_thousand_cells(kind: str) -> None:
    trials = TRIALS[kind]
    outcome = add_up(one for _, one in try_all(trials[:: -(-len(trials) // SETTINGS)], CELLS, SEED))
    assert outcome.cells >= CELLS
    assert outcome.differences == ()
    assert min(outcome.accepted.values()) > 0


def test_every_kind_of_field_is_on_trial_in_every_setting_of_the_contracts() -> None:
    kinds = {name for name in fields.__all__ if _is_kind(getattr(fields, name))}
    assert set(TRIALS) == kinds
    assert sum(len(trials) for trials in TRIALS.values()) >= 150


def _is_kind(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, Field) and not one.__abstractmethods__


def test_all_curated_cells_are_among_the_generated_and_none_twice() -> None:
    cells = generate_cells(TRIALS["Flag"][0], 2_000, seed=5)
    assert set(NASTY) <= set(cells)
    assert len(set(cells)) == len(cells) == 2_000
    assert len(NASTY) >= 161
    assert cells == generate_cells(TRIALS["Flag"][0], 2_000, seed=5)


def test_generated_cells_reach_every_code_of_every_kind() -> None:
    for kind, trials in TRIALS.items():
        for trial in trials[:1]:
            codes = {fault.code for fault in _faults(trial.field)}
            assert codes <= set(CELL_CODES)
            assert codes - {"CEL-101"} <= _codes_found(trial), kind


def _faults(kind: Field) -> tuple[Fault, ...]:
    rows = ibis.table(
        dict.fromkeys(("text", "firm", "period"), "string") | {"known": "boolean"}, name="cells"
    )
    return kind.faults(Cell(rows.text, kind.typed(rows.text), rows.known, rows.firm, rows.period))


def _codes_found(trial: Trial) -> set[str]:
    verdicts = verdicts_of_pydantic(trial, generate_cells(trial, 4_000, SEED))
    return {one.code for one in verdicts if one.code}


ANYTHING = Gate(r"[^\x00]*")
"""Keeps nothing out. The compiler refuses it too; here it looks away, to see that the judges would tell."""


@dataclass(frozen=True, kw_only=True)
class UngatedDate(IsoDate):
    """As if engines read dates alike."""

    def typed(self, text: ir.StringValue) -> ir.DateValue:
        return ANYTHING.matches(text).ifelse(text, ibis.null("string")).try_cast("date")

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-120", cell.typed.isnull()),)


@dataclass(frozen=True, kw_only=True)
class UngatedMoney(Money):
    """As if engines never rounded."""

    def typed(self, text: ir.StringValue) -> ir.DecimalValue:
        return ANYTHING.matches(text).ifelse(text, ibis.null("string")).try_cast("decimal(12,2)")

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-140", cell.typed.isnull()),)


@dataclass(frozen=True, kw_only=True)
class UngatedNumber(WholeNumber):
    """As if a whole number were what an engine can make one of."""

    def typed(self, text: ir.StringValue) -> ir.IntegerValue:
        return ANYTHING.matches(text).ifelse(text, ibis.null("string")).try_cast("int32")

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-150", cell.typed.isnull()),)


@dataclass(frozen=True, kw_only=True)
class LaxText(Text):
    """As if only the length mattered."""

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-111", cell.text.length() > self.most),)


def heard(kind: Field, texts: tuple[str, ...]) -> Outcome:
    return hear(Trial("planted", kind), texts)


@pytest.mark.parametrize(
    "kind,text",
    [
        (UngatedDate(**SAID), "2024/03/15"),
        (UngatedMoney(**SAID), "1.505"),
        (UngatedNumber(least=0, most=9, **SAID), "1.5"),
        (LaxText(most=20, **SAID), "=1+1"),
    ],
    ids=["date", "money", "number", "text"],
)
def test_kind_that_leaves_its_gate_out_is_seen_to_be_unsound(
    kind: Field, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "refuse_unportable", lambda expression, where: None)
    (found,) = heard(kind, (text, "2024-03-15", "5")).differences
    assert (found.text, found.is_unsound) == (text, True)


@dataclass(frozen=True, kw_only=True)
class Drifted(WholeNumber):
    """As if somebody had moved the bound on pydantic's side only."""

    def core_schema(self) -> CoreSchema:
        return WholeNumber(least=self.least, most=self.most - 1, **SAID).core_schema()


def test_bound_that_only_one_judge_keeps_is_seen() -> None:
    outcome = heard(Drifted(least=0, most=9, **SAID), ("8", "9", "10"))
    assert [(one.text, one.is_unsound) for one in outcome.differences] == [("9", True)]
