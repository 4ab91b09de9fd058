"""The planner gives up no more levels than it must, what is given up stays protected, and the audit sees to
it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from contracts.errors import DisclosureError
from reports.disclosure.audit.tables import audit_tables
from reports.disclosure.disclosed_files import Terms, write_disclosed
from reports.disclosure.disclosing import Disclosed, disclose
from reports.disclosure.planned import disclose_planned
from reports.disclosure.policy import MeasureKind, Policy
from reports.disclosure.protect import circuits
from reports.disclosure.protect.evidence import PUBLISHED
from reports.disclosure.protect.planning import Table, Targets, plan
from reports.disclosure.protect.search import Effort, Pattern
from reports.disclosure.tables_of_cells import TOTAL, Given, GivenCell, GivenTable

LIMITS = {
    "min_persons": 0,
    "min_firms": 3,
    "max_firm_share": None,
    "dominance": [[1, "91"]],
    "p_percent": None,
    "min_age_days": None,
}
POLICY = Policy.model_validate(
    {
        "name": "planned",
        "version": "1.0.0",
        "requires_source": "any",
        "notice": "Made for a test.",
        "wage_derived": LIMITS,
        "count": LIMITS,
        "min_persons_distribution": 0,
        "min_responders": 0,
        "round_counts_to": 1,
        "round_money_to": "1",
        "protection": {"share": "0.10", "units": 1},
        "zeros": "structural",
        "coalition": 1,
        "attacker_bounds": "nonnegative",
        "mechanism": "suppress",
        "revision": "frozen",
        "percentiles": "banded",
        "cost": "unit",
    }
)
TERMS = Terms(POLICY, MeasureKind.WAGE_DERIVED, Effort(seed=1, rounds=2))
SECTORS = ("care", "metal", "trade")
AREAS = {f"{region}{n}": region for region in "NS" for n in (1, 2, 3)}
PARENTS = {
    "area": {"N": TOTAL, "S": TOTAL} | AREAS,
    "sector": dict.fromkeys(SECTORS, TOTAL),
}
Parts = Mapping[tuple[str, str], tuple[int, ...]]
"""Of each county and sector what each of its firms has; no firm is in two of them."""


def given(parts: Parts) -> Given:
    """The table with all its totals."""
    inside: dict[tuple[str, str], list[int]] = {}
    for (county, sector), firms in parts.items():
        for cell in product((county, AREAS[county], TOTAL), (sector, TOTAL)):
            inside.setdefault(cell, []).extend(firms)
    cells = {
        nodes: GivenCell(Decimal(sum(firms)), len(firms), Decimal(max(firms, default=0)), None)
        for nodes, firms in inside.items()
    }
    names = {"area": ("region", "county"), "sector": ("sector",)}
    return Given((GivenTable("wages", ("area", "sector"), cells),), PARENTS, Decimal(0), names)


def parts(of: Callable[[int], tuple[int, ...]]) -> Parts:
    """A table by the number of each county × sector."""
    return {cell: of(number) for number, cell in enumerate(product(AREAS, SECTORS))}


SCATTERED = parts(lambda n: (1000 + 37 * n, 1200 + 11 * n) if n % 3 else (900 + n, 800 + n, 700 + n))
"""Two firms in most county × sector cells: below the rule there, far above it for regions."""

SOLID = parts(lambda n: (1000 + n, 900 + n, 800 + n, 700 + n))
EMPTY = tuple(n for n in range(18) if n % 4 == 1)


def planned(table: Parts, targets: Targets = Targets()) -> Disclosed:  # noqa: B008  # a frozen value
    return disclose_planned(given(table), TERMS, targets, circuits.silent)


@cache
def scattered() -> Disclosed:
    return planned(SCATTERED)


def levels(found: Disclosed, which: str) -> set[str]:
    assert found.chosen is not None
    return {found.chosen.levels.text(cuboid) for cuboid in getattr(found.chosen, which)}


def test_levels_are_given_up_until_enough_is_shown_when_all_of_them_fail() -> None:
    everything = disclose(given(SCATTERED), POLICY, TERMS.kind, TERMS.effort, circuits.silent)
    assert everything.counts["PUBLISHED"] < 0.7 * len(everything.names)
    assert levels(scattered(), "withheld") == {"county × sector"}
    assert levels(scattered(), "published") == {"the total", "region", "county", "sector", "region × sector"}
    assert scattered().chosen is not None
    assert scattered().chosen.plan.is_met


def test_cells_of_levels_given_up_have_no_row_and_the_audit_passes(tmp_path: Path) -> None:
    write_disclosed(tmp_path, scattered(), TERMS)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]
    assert dict(audit.checked)["primary"] >= 12
    rows = [line.split(",") for line in (tmp_path / "public" / "tables" / "wages.csv").read_text().split()]
    assert not [row for row in rows if row[0] in AREAS and row[1] in SECTORS]
    assert len(rows) - 1 == scattered().counts["PUBLISHED"] + scattered().counts["SECONDARY"]
    page = (tmp_path / "private" / "explanation.html").read_text()
    assert "the rules hid most of it: 12 of 18 cells" in page
    about = (tmp_path / "public" / "about.html").read_text()
    assert "county × sector" in about
    assert "12 of 18" not in about
    plan = json.loads((tmp_path / "private" / "plan.json").read_text())
    assert [one["name"] for one in plan["dropped"]] == ["county × sector"]


@pytest.mark.parametrize(
    "row, codes",
    [("N1,metal,{},1", {"AUD-211", "AUD-113"}), ("N1,metal,,5", {"AUD-211"})],
    ids=["with its value", "as a hidden one"],
)
def test_audit_refuses_a_cell_of_a_level_given_up_when_it_is_planted(
    row: str, codes: set[str], tmp_path: Path
) -> None:
    write_disclosed(tmp_path, scattered(), TERMS)
    value = next(
        cell.value for nodes, cell in given(SCATTERED).tables[0].cells.items() if nodes == ("N1", "metal")
    )
    table = tmp_path / "public" / "tables" / "wages.csv"
    table.write_text(table.read_text() + row.format(value) + "\n")
    _say_as_it_is(tmp_path / "public")
    assert codes <= {finding.code for finding in audit_tables(tmp_path).findings}
    shutil.rmtree(tmp_path / "private")
    assert "AUD-211" in {finding.code for finding in audit_tables(tmp_path).findings}


def test_audit_refuses_a_manifest_that_keeps_quiet_about_levels(tmp_path: Path) -> None:
    write_disclosed(tmp_path, scattered(), TERMS)
    path = tmp_path / "public" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["levels"]
    path.write_text(json.dumps(manifest))
    assert {finding.code for finding in audit_tables(tmp_path).findings} == {"AUD-113"}


def _say_as_it_is(public: Path) -> None:
    """A manifest with the hashes of the files as they are now."""
    path = public / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((public / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest))


NARROW = {
    **parts(lambda n: (1000 + n, 1200 + n) if n >= 6 else (800 + n, 900 + n, 700 + n)),
    ("N1", "care"): (9000, 280, 220),
    ("N1", "metal"): (170, 150, 90),
    ("N1", "trade"): (40, 30, 20),
}
"""N1 × care is 9,500, of which 9,000 are one firm's: 95 %. All of N1 is 10,000, of which that is 90 %: safe
by itself, but it is known to be above N1 × care by no more than 5 %."""


def test_cell_of_a_published_level_is_hidden_when_it_would_narrow_down_one_given_up(tmp_path: Path) -> None:
    found = planned(NARROW, Targets(Fraction(3, 5), Fraction(1, 2)))
    assert levels(found, "withheld") == {"county × sector"}
    status = dict(zip(found.names, found.status, strict=True))
    assert status['{"area":"N1","sector":"care"}'] == "PRIMARY"
    assert status['{"area":"N1"}'] == "SECONDARY"
    write_disclosed(tmp_path, found, TERMS)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]
    _show(tmp_path, found, '{"area":"N1"}')
    assert "AUD-106" in {finding.code for finding in audit_tables(tmp_path).findings}


def _show(folder: Path, found: Disclosed, name: str) -> None:
    """Plant the mistake of one who had left the finer level out: evidence says that the cell is shown."""
    cells = found.evidence.cells
    status = [PUBLISHED if key == name else said for key, said in zip(found.names, found.status, strict=True)]
    column = cells.schema.get_field_index("status")
    pq.write_table(cells.set_column(column, "status", [status]), folder / "private/evidence/cells.parquet")


def test_no_level_is_given_up_when_all_of_them_meet_the_targets(tmp_path: Path) -> None:
    found = planned(SOLID)
    assert levels(found, "withheld") == set()
    assert found.counts["LOCKED"] == 0
    write_disclosed(tmp_path, found, TERMS)
    assert audit_tables(tmp_path).passed
    assert "All combinations of levels are published" in (tmp_path / "public" / "about.html").read_text()


def test_no_level_is_given_up_when_the_shares_asked_for_are_small() -> None:
    assert levels(planned(SCATTERED, Targets(Fraction(1, 10), Fraction(1, 10))), "withheld") == set()


def test_empty_cells_stay_known_and_count_for_no_share_when_their_level_is_given_up(tmp_path: Path) -> None:
    found = planned({**SCATTERED, **{cell: () for n, cell in enumerate(SCATTERED) if n in EMPTY}})
    assert found.chosen is not None
    assert levels(found, "withheld") == {"county × sector"}
    assert found.chosen.table.counts.sum() == len(found.names) - len(EMPTY)
    status = dict(zip(found.names, found.status, strict=True))
    assert status['{"area":"N1","sector":"metal"}'] == "PUBLISHED"
    write_disclosed(tmp_path, found, TERMS)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]
    assert "N1,metal" not in (tmp_path / "public" / "tables" / "wages.csv").read_text()


def test_no_plan_is_said_with_what_the_best_one_keeps_when_even_coarse_levels_fail() -> None:
    few = parts(lambda n: (100 + n,) if n in (0, 4) else ())
    with pytest.raises(DisclosureError, match="CEL-015") as refused:
        planned(few)
    assert "of their" in str(refused.value)
    assert "% of the value are shown" in str(refused.value)


def test_plan_of_a_large_cube_goes_by_circuits_and_passes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(circuits, "WORTHWHILE", 10)
    found = planned(SCATTERED)
    assert levels(found, "withheld") == {"county × sector"}
    write_disclosed(tmp_path, found, TERMS)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]


def test_linked_tables_give_up_the_same_levels_and_pass_when_they_are_planned_together(
    tmp_path: Path,
) -> None:
    one = given(SCATTERED)
    cells = {nodes[:1]: cell for nodes, cell in one.tables[0].cells.items() if nodes[1] == TOTAL}
    kinds = GivenTable("areas", ("area",), cells)
    both = Given((kinds, *one.tables), PARENTS, Decimal(0), one.level_names)
    found = disclose_planned(both, TERMS, Targets(), circuits.silent)
    assert levels(found, "withheld") == {"county × sector"}
    write_disclosed(tmp_path, found, TERMS)
    assert audit_tables(tmp_path).passed


AXES = product(range(3), repeat=2)
CUBOIDS = tuple(sorted(tuple((d, n) for d, n in zip("ab", axes, strict=True) if n) for axes in AXES))
"""Two dimensions of two levels each: nine cuboids."""


def _pure(
    hidden_by_rules: Mapping[object, int], more: Mapping[object, int], target: str
) -> tuple[list[str], int]:
    """What goes, and how often protecting was asked for, of a table with ten cells of one unit in each
    cuboid; ``more`` are hidden beside those of the rules.
    """
    place = np.repeat(np.arange(len(CUBOIDS)), 10)
    rank = np.tile(np.arange(10), len(CUBOIDS))
    rules = np.array([hidden_by_rules.get(cuboid, 0) for cuboid in CUBOIDS])[place]
    others = np.array([more.get(cuboid, 0) for cuboid in CUBOIDS])[place]
    ones = np.ones(len(place), dtype=np.int64)
    table = Table(CUBOIDS, place, ones, ones > 0, rank < rules)
    share = Fraction(target)
    found = plan(table, Targets(share, share), lambda _: Pattern(rank < rules + others, {}, ()))
    gone = [str(dict(CUBOIDS[one.cuboid])) for one in found.dropped]
    assert found.is_met
    return gone, len(found.tries)


FINEST = (("a", 2), ("b", 2))


def test_planner_protects_nothing_that_the_rules_alone_hide_too_much_of() -> None:
    assert _pure({FINEST: 10}, {}, "0.95") == (["{'a': 2, 'b': 2}"], 1)


def test_planner_goes_back_to_what_it_passed_over_when_that_meets_the_targets_as_well() -> None:
    # The finest cuboid loses nine more for its one: by that ratio two would have to go; one is enough.
    gone, tries = _pure({FINEST: 1, (("a", 1), ("b", 2)): 1, (("a", 2), ("b", 1)): 1}, {FINEST: 9}, "0.92")
    assert gone == ["{'a': 2, 'b': 2}"]
    assert tries == 3


def test_planner_never_publishes_a_level_without_those_above_it() -> None:
    gone, _ = _pure({(("a", 1), ("b", 1)): 10}, {}, "0.97")
    assert gone.index("{'a': 2, 'b': 2}") == 0
    assert gone[-1] == "{'a': 1, 'b': 1}"
