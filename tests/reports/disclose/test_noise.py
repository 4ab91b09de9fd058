"""Permanent noise: what it must satisfy holds for whatever is drawn, and every way to miss it is found."""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import DisclosureError, PolicyError
from reports.disclosure.audit.tables import audit_tables
from reports.disclosure.contributions import read_contributions
from reports.disclosure.disclosed_files import Terms, write_disclosed
from reports.disclosure.disclosing import Disclosed, disclose
from reports.disclosure.noise import SCALE, distorted, factor_of
from reports.disclosure.noised import disclose_noised, read_secret
from reports.disclosure.policy import MeasureKind, Noise, Policy, read_policy
from reports.disclosure.protect.search import Effort
from reports.disclosure.tables_of_cells import Columns, Given, read_given

SECRET = b"thirty-two bytes and a few more of it"
RANGE = Noise(least="0.05", most="0.15")
COLUMNS = Columns("wages", "firms")
ABOVE = {"n1": ("n1", "north", "Total"), "n2": ("n2", "north", "Total"), "south": ("south", "Total")}
Parts = Mapping[tuple[str, str, str], int]
"""Wages by area, sector and firm."""

FIRMS = "ABCDEF"
REGION: Parts = {
    (area, sector, firm): 1_000 + 137 * place + 11 * len(area)
    for place, (area, sector, firm) in enumerate(product(ABOVE, ("care", "metal"), FIRMS))
    if (area, sector) != ("south", "metal") or firm == "A"
}
"""South has metal of one firm only, so that a rule hides it."""


def _policy(**changes: object) -> dict[str, object]:
    limits = {
        "min_persons": 0,
        "min_firms": 3,
        "max_firm_share": "0.50",
        "dominance": [[2, "90"]],
        "p_percent": "10",
        "min_age_days": None,
    }
    return {
        "name": "noisy",
        "version": "1.0.0",
        "requires_source": "any",
        "notice": "Made for a test.",
        "wage_derived": limits,
        "count": limits,
        "min_persons_distribution": 0,
        "min_responders": 0,
        "round_counts_to": 1,
        "round_money_to": "1",
        "protection": {"share": "0.10", "units": 1},
        "zeros": "structural",
        "coalition": 1,
        "attacker_bounds": "nonnegative",
        "mechanism": "ramp_noise",
        "noise": {"least": "0.05", "most": "0.15"},
        "revision": "frozen",
        "percentiles": "banded",
        "cost": "unit",
    } | changes


def _read_policy(folder: Path, **changes: object) -> Policy:
    (folder / "policy.yaml").write_text(yaml.safe_dump(_policy(**changes)), encoding="utf-8")
    return read_policy(folder / "policy.yaml")


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _given(folder: Path, parts: Parts) -> tuple[Given, Path]:
    """The cells that contributions add up to, empty ones among them, and the file of contributions."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    firms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (area, sector, firm), wages in parts.items():
        for nodes in product(ABOVE[area], (sector, "Total")):
            sums[nodes] += wages
            firms[nodes].add(firm)
    every = [*product(dict.fromkeys(sum(ABOVE.values(), ())), ("care", "metal", "Total"))]
    rows = [(*nodes, sums[nodes], len(firms[nodes])) for nodes in every]
    cells = _write(folder / "wages.csv", ("area", "sector", "wages", "firms"), rows)
    areas = _write(
        folder / "areas.csv", ("region", "county"), [("north", "n1"), ("north", "n2"), ("south", "south")]
    )
    listed = [(*key, wages) for key, wages in parts.items()]
    behind = _write(folder / "parts.csv", ("area", "sector", "firm", "wages"), listed)
    return read_given([cells], COLUMNS, {"area": areas}), behind


def _noised(folder: Path, parts: Parts = REGION, secret: bytes = SECRET) -> Disclosed:
    folder.mkdir(exist_ok=True)
    cells, behind = _given(folder, parts)
    policy, kind = _read_policy(folder), MeasureKind.WAGE_DERIVED
    found = disclose_noised(cells, policy, kind, read_contributions(behind, COLUMNS, "firm", cells), secret)
    write_disclosed(folder / "out", found, Terms(policy, kind, Effort(0, 0)))
    return found


def _rows(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    with (folder / "out" / "public" / "tables" / "wages.csv").open(encoding="utf-8", newline="") as file:
        return {(row["area"], row["sector"]): (row["value"], row["status"]) for row in csv.DictReader(file)}


@given(firm=st.text(min_size=1), units=st.integers(0, 10**15))
def test_amount_is_moved_by_the_least_share_at_least_and_by_the_most_share_at_most(
    firm: str, units: int
) -> None:
    factor = factor_of(SECRET, firm, RANGE)
    assert 50_000_000 <= abs(factor) <= 150_000_000
    moved = distorted(units, factor) - units
    assert moved * factor >= 0
    assert abs(moved) * 100 >= 5 * units
    assert abs(moved) * 100 < 15 * units + 100
    assert distorted(units, factor) >= 0


@given(firm=st.text(min_size=1), amounts=st.lists(st.integers(1, 10**12), min_size=2, max_size=5))
def test_factor_is_one_for_all_amounts_of_a_firm(firm: str, amounts: list[int]) -> None:
    factor = factor_of(SECRET, firm, RANGE)
    for units in amounts:
        away = abs(distorted(units, factor) - units)
        assert 0 <= away * SCALE - abs(factor) * units < SCALE


def test_factors_are_ramp_distributed_and_as_often_up_as_down() -> None:
    factors = [factor_of(SECRET, f"firm {n}", RANGE) for n in range(4_000)]
    low = sum(abs(factor) < 100_000_000 for factor in factors)
    # Of a ramp three quarters lie in the lower half of its range; four standard errors are 2.8 %.
    assert abs(low / 4_000 - 0.75) < 0.028
    assert abs(sum(factor > 0 for factor in factors) / 4_000 - 0.5) < 0.032


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.dictionaries(
        st.tuples(st.sampled_from(sorted(ABOVE)), st.sampled_from(("care", "metal")), st.sampled_from(FIRMS)),
        st.integers(1, 10**9),
        min_size=1,
    )
)
def test_distorted_tables_pass_the_audit_whatever_firms_contribute(
    tmp_path_factory: pytest.TempPathFactory, parts: Parts
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    _noised(folder, parts)
    audit = audit_tables(folder / "out")
    assert audit.passed, audit.findings[:3]
    empty = {
        n for n in _rows(folder) if not any(n[0] in ABOVE[a] and n[1] in (s, "Total") for a, s, _ in parts)
    }
    assert {n for n, (_, status) in _rows(folder).items() if status == "1"} == empty
    assert {_rows(folder)[nodes][0] for nodes in empty} <= {"0"}


def test_only_what_a_rule_hides_is_hidden_and_totals_are_sums_of_what_is_distorted(tmp_path: Path) -> None:
    found = _noised(tmp_path)
    rows = _rows(tmp_path)
    assert [nodes for nodes, (_, status) in rows.items() if status == "5"] == [("south", "metal")]
    assert found.distortion is not None
    hidden = found.distortion.values['{"area":"south","sector":"metal"}']
    assert int(rows["south", "Total"][0]) == int(rows["south", "care"][0]) + hidden
    for sector in ("care", "metal", "Total"):
        assert int(rows["north", sector][0]) == sum(int(rows[area, sector][0]) for area in ("n1", "n2"))


def test_audit_finds_that_a_firm_keeps_its_factor_or_does_not(tmp_path: Path) -> None:
    for name, secret in (("first", SECRET), ("second", SECRET), ("other", SECRET[::-1])):
        _noised(tmp_path / name, secret=secret)
    earlier = [tmp_path / "first" / "out"]
    assert audit_tables(tmp_path / "second" / "out", earlier=earlier).passed
    found = audit_tables(tmp_path / "other" / "out", earlier=earlier)
    assert [finding.code for finding in found.findings] == ["AUD-213"]


def _contributions(change: Callable[[pd.DataFrame], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "private" / "evidence" / "noise_contributions.parquet"
        frame = pd.read_parquet(path)
        change(frame)
        frame.to_parquet(path, index=False)

    return spoil


def _nearer(frame: pd.DataFrame) -> None:
    frame.loc[0, "shown"] = frame.loc[0, "units"] + 1


def _another_factor(frame: pd.DataFrame) -> None:
    frame.loc[0, "shown"] = frame.loc[0, "units"] + frame.loc[0, "units"] * 2 // 15


def _less_money(frame: pd.DataFrame) -> None:
    frame.loc[0, "units"] -= 20


def _factor_near_one(folder: Path) -> None:
    path = folder / "private" / "evidence" / "noise_factors.parquet"
    pd.read_parquet(path).assign(billionths=1_000_000).to_parquet(path, index=False)


def _table(old: str, new: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Callable[[Path], None]:
    """One row of the published table changed; ``old``: its area and sector."""

    def spoil(folder: Path) -> None:
        path = folder / "public" / "tables" / "wages.csv"
        rows = [*csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
        rows = [{**row, **new(row)} if f"{row['area']} {row['sector']}" == old else row for row in rows]
        _write(path, tuple(rows[0]), [tuple(row.values()) for row in rows])

    return spoil


def _true_value(folder: Path) -> None:
    true = sum(wages for (area, sector, _), wages in REGION.items() if (area, sector) == ("n1", "care"))
    _table("n1 care", lambda _: {"value": str(true)})(folder)


@pytest.mark.parametrize(
    "spoil, code",
    [
        (_contributions(_nearer), "AUD-212"),
        (_factor_near_one, "AUD-212"),
        (_contributions(_another_factor), "AUD-213"),
        (_contributions(_less_money), "AUD-113"),
        (_true_value, "AUD-214"),
        (_table("n1 care", lambda _: {"status": "1"}), "AUD-214"),
        (_table("south metal", lambda _: {"value": "1", "status": "9"}), "AUD-102"),
        (_table("n1 care", lambda _: {"status": "7"}), "AUD-203"),
    ],
)
def test_audit_finds_noise_that_is_none(tmp_path: Path, spoil: Callable[[Path], None], code: str) -> None:
    _noised(tmp_path)
    spoil(tmp_path / "out")
    assert code in {finding.code for finding in audit_tables(tmp_path / "out").findings}


def test_reader_without_evidence_is_told_what_is_not_checked(tmp_path: Path) -> None:
    _noised(tmp_path)
    shutil.move(tmp_path / "out" / "private", tmp_path / "kept")
    audit = audit_tables(tmp_path / "out")
    assert audit.passed
    assert "distorted" in audit.unchecked[0]
    about = (tmp_path / "out" / "public" / "about.html").read_text(encoding="utf-8")
    assert "Everything shown is the true value" not in about
    assert "0.05" not in about + (tmp_path / "out" / "public" / "manifest.json").read_text(encoding="utf-8")


def _twice(rows: list[str]) -> list[str]:
    return [*rows, rows[-1]]


@pytest.mark.parametrize(
    "change, where",
    [
        (lambda rows: rows[:-1], '{"area":"south","sector":"metal"}'),
        (_twice, "a firm twice"),
        (lambda rows: [rows[0], rows[1].replace("n1", "north"), *rows[2:]], "line 2"),
        (lambda rows: [rows[0], rows[1].replace(",A,", ",,"), *rows[2:]], "line 2"),
        (lambda rows: [rows[0].replace("firm", "company"), *rows[1:]], "no column firm"),
        (lambda rows: [rows[0], rows[1].replace(",A,", ",B,"), *rows[2:]], "a firm twice"),
        (lambda rows: [rows[0], rows[1].replace("1022", "1021"), *rows[2:]], '"sector":"care"}'),
    ],
)
def test_contributions_that_are_not_those_of_the_cells_are_refused(
    tmp_path: Path, change: Callable[[list[str]], list[str]], where: str
) -> None:
    cells, behind = _given(tmp_path, REGION)
    behind.write_text("\n".join(change(behind.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    with pytest.raises(DisclosureError) as refused:
        read_contributions(behind, COLUMNS, "firm", cells)
    assert refused.value.code == "CEL-016"
    assert where in f"{refused.value.where} {refused.value.found}"


def test_counts_are_not_distorted(tmp_path: Path) -> None:
    cells, behind = _given(tmp_path, REGION)
    with pytest.raises(DisclosureError) as refused:
        read_contributions(behind, Columns("firms", "firms"), "firm", cells)
    assert refused.value.code == "CEL-016"


@pytest.mark.parametrize("text", ["", "short"])
def test_secret_that_could_be_guessed_is_refused(tmp_path: Path, text: str) -> None:
    if text:
        (tmp_path / "key").write_text(text)
    with pytest.raises(DisclosureError) as refused:
        read_secret(tmp_path / "key")
    assert refused.value.code == "CEL-017"


def test_policy_with_noise_is_no_policy_for_cells_alone(tmp_path: Path) -> None:
    cells, _ = _given(tmp_path, REGION)
    with pytest.raises(DisclosureError) as refused:
        disclose(cells, _read_policy(tmp_path), MeasureKind.COUNT, Effort(0, 0), lambda *_: None)
    assert refused.value.code == "CEL-018"


@pytest.mark.parametrize(
    "changes",
    [
        {"noise": None},
        {"mechanism": "suppress"},
        {"noise": {"least": "0", "most": "0.15"}},
        {"noise": {"least": "0.15", "most": "0.15"}},
        {"noise": {"least": "0.05", "most": "1"}},
    ],
)
def test_policy_names_its_noise_if_and_only_if_it_distorts(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as refused:
        _read_policy(tmp_path, **changes)
    assert refused.value.code == "POL-004"


def test_noise_is_part_of_what_the_hash_names(tmp_path: Path) -> None:
    wider = _read_policy(tmp_path, noise={"least": "0.05", "most": "0.20"})
    assert wider.sha256 != _read_policy(tmp_path).sha256
    _noised(tmp_path / "table")
    manifest = json.loads((tmp_path / "table" / "out" / "public" / "manifest.json").read_bytes())
    assert manifest["policy"]["sha256"] == _read_policy(tmp_path).sha256
