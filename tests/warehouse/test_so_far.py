"""What is in force, read on as the ledger grows: the same as read afresh, contract by contract."""

from __future__ import annotations

from pathlib import Path

from contracts import CONTRACTS
from contracts.model import Party
from tests.warehouse.conftest import Drop
from warehouse.home import OPERATOR, Home
from warehouse.in_force import KINDS, submissions_in_force
from warehouse.intake.so_far import SoFar
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

EXAMPLES = Path(__file__).parents[1] / "contracts" / "examples"
ROUNDS = (("firm", "program", "wage"), ("enrollment", "wage"), ("comparison_wage",))


def test_what_is_in_force_is_known_by_contract_as_the_ledger_grows(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    so_far = SoFar(ledger)
    for number, names in enumerate(ROUNDS, 1):
        for name in names:
            box = "F01" if CONTRACTS[name].meta.dropped_by is Party.FIRM else OPERATOR
            drop(home, box, f"{name}_2026Q{number}.csv", (EXAMPLES / f"{name}.csv").read_bytes())
        land_pending(home, ledger)
        validate_landed(home, ledger)
        afresh = submissions_in_force(ledger.entries(*KINDS))
        assert {one.contract for one in afresh} >= set(names)
        for name in CONTRACTS:
            assert so_far.in_force({name}) == [one for one in afresh if one.contract == name]
        assert so_far.in_force(CONTRACTS) == afresh
