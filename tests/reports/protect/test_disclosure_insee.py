"""Real tables beside published results of tau-ARGUS: 64 further cells of turnover by activity and size."""

from __future__ import annotations

from reports.disclosure.protect.exact import Limits, least
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.merging import merged
from reports.disclosure.protect.search import Effort, protect
from tests.reports.protect.insee import TABLES, turnover


def test_primary_cells_are_those_of_tau_argus_when_the_rules_are() -> None:
    assert turnover(TABLES).primaries() == {"act_size": 77, "act_cj": 60, "nuts_size": 72, "nuts_cj": 65}


def test_one_table_hides_no_more_than_tau_argus_and_sixty_when_solved_exactly() -> None:
    table = turnover(["act_size"])
    small = merged(table.system)
    found = protect(small.system, ProgramFinder(small.system), Effort(seed=0, rounds=60))
    assert not found.unprotected
    assert table.counted(small.spread_flags(found.hidden))["act_size"] <= 64
    exact = least(small.system, found, Limits())
    assert exact.is_optimal
    assert table.counted(small.spread_flags(exact.pattern.hidden))["act_size"] == 60
