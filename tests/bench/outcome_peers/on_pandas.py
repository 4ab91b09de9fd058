"""The core outcome marts as an analyst writes them in pandas: merges and groupbys over whole columns.

Of wages only those of people who exited are kept; columns that nothing needs are not read.
A quarter is a whole number (year × 4 + quarter - 1) until it is written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench.outcome_peers import asked
from tests.bench.outcome_peers.asked import CELL, FIGURES, MEDIANS, MEMBERS, METRICS, WINDOWS, Lake

PERIOD = ["learner_key", "program_id", "number"]
EVER = pd.Timestamp(asked.LONG_AFTER).as_unit("s")
NEVER_YET = pd.Timestamp(asked.LONG_BEFORE).as_unit("s")


def outcomes(lake: Lake) -> pd.DataFrame:
    """One row per cell of the core metrics."""
    listed = pd.read_parquet(lake.in_force)
    as_of = pd.Timestamp(lake.as_of).as_unit("s")
    firms = _versions(_rows(lake, listed, "firm", FIRM), "firm_id", as_of)
    enrollments = _current(
        lake, listed, "enrollment", ENROLLMENT, ["learner_key", "program_id", "entry_date"]
    )
    periods = _described(_merged(enrollments), firms)
    exits = periods[periods["exit_date"].notna() & ~periods["is_exit_excluded"]]
    wages = _rows(lake, listed, "wage", WAGE)
    wages = wages[wages["learner_key"].isin(exits["learner_key"])].rename(
        columns={"year_quarter": "quarter", "gross_wages_usd": "wages_usd"}
    )
    wages["quarter"] = _index(wages["quarter"])
    wages["wages_usd"] = wages["wages_usd"].astype("float64")
    wages["is_unsubsidized"] = wages["wages_usd"].gt(0) & wages["subsidized"].eq(0).fillna(False)
    placements = _current(lake, listed, "placement", PLACEMENT, PLACEMENT_KEY)
    jobs = _jobs(exits, wages, placements)
    anywhere = _anywhere(jobs, _current(lake, listed, "ui_match", UI_MATCH, UI_MATCH_KEY), as_of)
    credentialed = _credentialed(
        exits,
        _current(lake, listed, "credential", CREDENTIAL, ["learner_key", "credential_id", "attained_date"]),
        _versions(_rows(lake, listed, "credential_definition", DEFINITION), "credential_id", as_of),
        enrollments,
        jobs,
    )
    retained = _retained(jobs, wages, _succeeded(_rows(lake, listed, "firm_succession", SUCCESSION), as_of))
    units = _units(exits, jobs, anywhere, credentialed, retained)
    employers = _employers(exits, wages, placements, enrollments)
    windows = _windowed(_matured(exits, employers, anywhere, firms, listed, as_of))
    return _stated(_cells(windows, periods), _counted(units, windows))


# reading

FIRM = ["submission_id", "firm_id", "parent_group_id", "naics_code", "joined_on", "left_on", "valid_from"]
ENROLLMENT = [
    *("learner_key", "program_id", "firm_id", "entry_date", "exit_date", "training_start_date"),
    *("other_reason_for_exit", "training_type", "program_of_study_outcome", "lwdb_code"),
]
WAGE = ["learner_key", "firm_id", "year_quarter", "gross_wages_usd", "subsidized"]
PLACEMENT_KEY = ["learner_key", "firm_id", "job_start_date", "position_key"]
PLACEMENT = [*PLACEMENT_KEY, "job_end_date", "unsubsidized", "supervisor_confirm"]
UI_MATCH_KEY = ["learner_key", "year_quarter", "employer_id_hash"]
UI_MATCH = [*UI_MATCH_KEY, "employed", "wages_usd", "received_on", "destroy_after"]
CREDENTIAL = ["learner_key", "credential_id", "attained_date", "credential_type_pirl", "program_id"]
DEFINITION = ["submission_id", "credential_id", "credential_type_pirl", "valid_from"]
SUCCESSION = ["predecessor_firm_id", "successor_firm_id", "succession_date", "transfer_extent"]


def _rows(lake: Lake, listed: pd.DataFrame, contract: str, columns: list[str]) -> pd.DataFrame:
    """Accepted rows that count."""
    mine = listed[listed["contract"] == contract]
    taken = mine.loc[mine["accepted"] > 0, ["firm_id", "period", "submission_id"]]
    gone = mine[["submission_id", "overruled"]].explode("overruled").dropna()
    names = columns if gone.empty else [*{*columns, "submission_id", "record"}]
    files = lake.files(contract, list(taken.itertuples(index=False, name=None)))
    rows = pd.read_parquet(files, columns=names, dtype_backend="pyarrow", partitioning=None)
    rows = rows.astype({name: "datetime64[s]" for name in names if "date32" in str(rows[name].dtype)})
    if gone.empty:
        return rows
    gone = gone.rename(columns={"overruled": "record"}).astype({"record": "int64"})
    found = rows.merge(gone, on=["submission_id", "record"], how="left", indicator=True)
    return found[found["_merge"] == "left_only"].drop(columns="_merge")


def _current(
    lake: Lake, listed: pd.DataFrame, contract: str, columns: list[str], key: list[str]
) -> pd.DataFrame:
    """Of a key that one box reported again, the row of the latest period."""
    rows = _rows(lake, listed, contract, ["box_firm_id", "box_period", "tx_from", "record", *columns])
    rows = rows.sort_values(["box_period", "tx_from", "record"])
    return rows.drop_duplicates(["box_firm_id", *key], keep="last")


def _versions(rows: pd.DataFrame, key: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Of each key, the newest version that has begun by the day; one still to come if there is no other."""
    since = rows["valid_from"].fillna(NEVER_YET)
    ranked = rows.assign(has_begun=since <= as_of, since=since)
    ranked = ranked.sort_values(["has_begun", "since", "submission_id"])
    return ranked.drop_duplicates(key, keep="last")


# quarters


def _index(quarters: pd.Series) -> pd.Series:
    kinds = quarters.astype("category")
    known = kinds.cat.categories
    numbers = known.str[:4].astype("int64") * 4 + known.str[5:].astype("int64") - 1
    return pd.Series(np.asarray(numbers)[kinds.cat.codes], index=quarters.index)


def _index_of(days: pd.Series) -> pd.Series:
    return days.dt.year * 4 + days.dt.quarter - 1


def _named(quarters: pd.Series) -> pd.Series:
    return (quarters // 4).astype("int64").astype(str) + "Q" + (quarters % 4 + 1).astype("int64").astype(str)


def _last_day(quarters: pd.Series) -> pd.Series:
    months = (quarters.astype("int64") + 1 - 1970 * 4) * 3
    return months.to_numpy().astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")


def _year_after(days: pd.Series) -> pd.Series:
    return days + pd.DateOffset(years=1)


# people


def _merged(enrollments: pd.DataFrame) -> pd.DataFrame:
    """One row per period of participation: enrollments less than 90 days apart are one."""
    rows = enrollments.sort_values(["learner_key", "program_id", "entry_date", "box_firm_id"])
    rows = rows.assign(last_date=rows["exit_date"].fillna(EVER))
    person = rows.groupby(["learner_key", "program_id"], sort=False)
    before = (
        person["last_date"].cummax().groupby([rows["learner_key"], rows["program_id"]], sort=False).shift()
    )
    rows["starts"] = before.isna() | ((rows["entry_date"] - before).dt.days >= asked.GAP_DAYS)
    rows["number"] = rows.groupby(["learner_key", "program_id"], sort=False)["starts"].cumsum()
    started, kind = rows["training_start_date"].notna(), rows["training_type"]
    rows["beyond_the_job"] = (started & kind.isna()) | (kind.notna() & ~kind.isin(asked.NOT_BEYOND_THE_JOB))
    periods = rows.groupby(PERIOD, sort=False).agg(
        entry_date=("entry_date", "min"),
        exit_date=("last_date", "max"),
        has_training_beyond_the_job=("beyond_the_job", "any"),
    )
    latest = rows.drop_duplicates(PERIOD, keep="last").set_index(PERIOD)
    last_exit = rows.sort_values(["last_date", "entry_date", "box_firm_id"]).drop_duplicates(
        PERIOD, keep="last"
    )
    periods["exit_date"] = periods["exit_date"].where(periods["exit_date"] < EVER)
    periods["enrolling_firm_id"] = latest["box_firm_id"]
    periods["area_code"] = latest["lwdb_code"].fillna("unreported")
    periods["reason"] = last_exit.set_index(PERIOD)["other_reason_for_exit"]
    return periods.reset_index()


def _described(periods: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """With the quarters of entry and exit, the exit's standing and the sector."""
    prefix = firms.set_index("firm_id")["naics_code"].str[:2]
    sector = prefix.where(prefix.isin(asked.ALL_PREFIXES)).replace(asked.SECTORS)
    return periods.assign(
        participation=np.arange(len(periods)),
        entry_quarter=_index_of(periods["entry_date"]),
        exit_quarter=_index_of(periods["exit_date"]),
        is_exit_excluded=periods["reason"].isin(asked.EXCLUDED_EXITS),
        sector_code=periods["enrolling_firm_id"].map(sector).fillna("unreported"),
        consortium="consortium",
    )


# outcomes


def _jobs(exits: pd.DataFrame, wages: pd.DataFrame, placements: pd.DataFrame) -> pd.DataFrame:
    """One row per exit × quarter after it (1 to 4): the employer, pay, and who paid most."""
    person = ["learner_key", "quarter"]
    paid = wages.groupby(person, sort=False)["wages_usd"].sum().reset_index()
    best = wages[wages["is_unsubsidized"]].sort_values(["wages_usd", "firm_id"], ascending=[False, True])
    best = best.drop_duplicates(person)[[*person, "firm_id"]].rename(columns={"firm_id": "primary_id"})
    asked_of = exits[["participation", "learner_key", "exit_quarter"]]
    jobs = asked_of.merge(pd.DataFrame({"after": [1, 2, 3, 4]}), how="cross")
    jobs["quarter"] = (jobs["exit_quarter"] + jobs["after"]).astype("int64")
    jobs = jobs.merge(paid, on=person, how="left").merge(best, on=person, how="left")
    placed = _confirmed(jobs, placements)
    jobs = jobs.merge(placed, on=["participation", "after"], how="left")
    jobs["employer_id"] = jobs["primary_id"].fillna(jobs["confirmed_id"])
    jobs["is_employed"] = jobs["employer_id"].notna()
    return jobs


def _confirmed(jobs: pd.DataFrame, placements: pd.DataFrame) -> pd.DataFrame:
    """The confirmed unsubsidized placement that covers part of the quarter; of several, the newest."""
    sure = placements[placements["unsubsidized"].eq(1) & placements["supervisor_confirm"].eq(1)]
    sure = sure[["learner_key", "firm_id", "job_start_date", "job_end_date"]]
    sure = sure.assign(
        begins=_index_of(sure["job_start_date"]), ends=_index_of(sure["job_end_date"].fillna(EVER))
    )
    met = jobs[["participation", "learner_key", "after", "quarter"]].merge(sure, on="learner_key")
    met = met[(met["begins"] <= met["quarter"]) & (met["ends"] >= met["quarter"])]
    met = met.sort_values(["job_start_date", "firm_id"], ascending=[False, True])
    met = met.drop_duplicates(["participation", "after"])
    return met[["participation", "after", "firm_id"]].rename(columns={"firm_id": "confirmed_id"})


def _anywhere(jobs: pd.DataFrame, matches: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Employment with the state's records added, in the second and the fourth quarter."""
    kept = matches[matches["received_on"].le(as_of) & matches["destroy_after"].ge(as_of)]
    works = kept["employed"].isin(asked.IN_WORK)
    kept = kept.assign(
        quarter=_index(kept["year_quarter"]),
        in_work=works,
        answered=kept["employed"].isin(asked.ANSWERED),
        usd=kept["wages_usd"].astype("float64").where(works),
    )
    grouped = kept.groupby(["learner_key", "quarter"], sort=False)
    told = grouped[["in_work", "answered"]].any()
    told["usd"] = grouped["usd"].sum(min_count=1)
    seen = jobs[jobs["after"].isin([2, 4])]
    seen = seen.merge(told.reset_index(), on=["learner_key", "quarter"], how="left")
    in_work, answered = (seen[name].eq(True) for name in ("in_work", "answered"))
    own = seen["wages_usd"].where(seen["is_employed"])
    return seen.assign(
        is_known=seen["is_employed"] | answered,
        is_employed=seen["is_employed"] | in_work,
        wages_usd=seen["usd"].where(in_work & seen["usd"].notna(), own),
    )


def _credentialed(
    exits: pd.DataFrame,
    credentials: pd.DataFrame,
    definitions: pd.DataFrame,
    enrollments: pd.DataFrame,
    jobs: pd.DataFrame,
) -> pd.Series:
    """Participations with a credential that counts within a year of exit."""
    registered = definitions.set_index("credential_id")["credential_type_pirl"]
    kind = credentials["credential_type_pirl"].fillna(credentials["credential_id"].map(registered))
    rows = credentials[["learner_key", "program_id", "attained_date"]].assign(kind=kind)
    met = exits[["participation", "learner_key", "program_id", "entry_date", "exit_date"]].merge(
        rows, on="learner_key", suffixes=("", "_of_credential")
    )
    is_theirs = met["program_id_of_credential"].isna() | met["program_id_of_credential"].eq(met["program_id"])
    met = met[is_theirs & met["attained_date"].between(met["entry_date"], _year_after(met["exit_date"]))]
    higher = met.loc[met["kind"].isin(asked.POSTSECONDARY), "participation"]
    secondary = met.loc[met["kind"].eq("1"), "participation"]
    toward = enrollments["program_of_study_outcome"].str.contains("[1-6]").fillna(False)
    studies = enrollments.loc[toward, ["learner_key", "entry_date", "exit_date"]]
    studying = exits[["participation", "learner_key", "exit_date"]].merge(
        studies, on="learner_key", suffixes=("", "_of_study")
    )
    studying = studying[
        (studying["entry_date"] <= _year_after(studying["exit_date"]))
        & (studying["exit_date_of_study"].fillna(EVER) > studying["exit_date"])
    ]
    after = pd.concat([jobs.loc[jobs["is_employed"], "participation"], studying["participation"]])
    return pd.concat([higher, secondary[secondary.isin(after)]]).drop_duplicates()


def _succeeded(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Firms and who took them over as a whole, up to three links on, with the day."""
    rows = rows[rows["transfer_extent"].eq("TOTAL") & rows["succession_date"].le(as_of)]
    steps = pd.DataFrame(
        {
            "firm_id": rows["predecessor_firm_id"],
            "successor_id": rows["successor_firm_id"],
            "since": rows["succession_date"],
        }
    ).drop_duplicates()
    two = _linked(steps, steps)
    chains = pd.concat([steps, two, _linked(two, steps)])
    chains = chains[chains["firm_id"] != chains["successor_id"]]
    return chains.groupby(["firm_id", "successor_id"], as_index=False)["since"].min()


def _linked(chains: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    both = chains.merge(steps, left_on="successor_id", right_on="firm_id", suffixes=("", "_next"))
    since = both[["since", "since_next"]].max(axis=1)
    return both[["firm_id"]].assign(successor_id=both["successor_id_next"], since=since)


def _retained(jobs: pd.DataFrame, wages: pd.DataFrame, succeeded: pd.DataFrame) -> pd.DataFrame:
    """One row per exit with a main employer in Q2: whether it, or who took it over, pays them in Q4."""
    second = jobs.loc[jobs["after"].eq(2) & jobs["primary_id"].notna(), ["participation", "primary_id"]]
    second = second.rename(columns={"primary_id": "firm_id"})
    later = jobs.loc[jobs["after"].eq(4), ["participation", "learner_key", "quarter"]]
    same = second.merge(later, on="participation")
    heirs = same.merge(succeeded, on="firm_id")
    heirs = heirs[heirs["since"] <= _last_day(heirs["quarter"])]
    heirs = heirs.assign(firm_id=heirs["successor_id"])[same.columns]
    paid = wages.loc[wages["is_unsubsidized"], ["learner_key", "firm_id", "quarter"]]
    paying = pd.concat([same, heirs]).merge(paid, on=["learner_key", "firm_id", "quarter"])
    return second[["participation"]].assign(hit=second["participation"].isin(paying["participation"]))


def _units(
    exits: pd.DataFrame,
    jobs: pd.DataFrame,
    anywhere: pd.DataFrame,
    credentialed: pd.Series,
    retained: pd.DataFrame,
) -> pd.DataFrame:
    """One row per metric × exit in its denominator: hit or measure."""
    trained = exits.loc[exits["has_training_beyond_the_job"], ["participation"]]
    parts = {
        "credential_attainment": trained.assign(hit=trained["participation"].isin(credentialed)),
        "retention_same_employer_q2_q4": retained,
    }
    for suffix, seen in (("", jobs), ("_wioa", anywhere)):
        for after in (2, 4):
            rows = seen.loc[seen["after"] == after, ["participation", "is_employed"]]
            parts[f"employment_rate_q{after}{suffix}"] = rows.rename(columns={"is_employed": "hit"})
        earned = seen[(seen["after"] == 2) & seen["is_employed"] & seen["wages_usd"].gt(0)]
        parts[f"median_earnings_q2{suffix}"] = earned[["participation", "wages_usd"]].rename(
            columns={"wages_usd": "measure"}
        )
    units = pd.concat([part.assign(metric_id=name) for name, part in parts.items()])
    units["hit"] = units["hit"].eq(True)
    return units.merge(
        exits[["participation", "learner_key", "exit_quarter", *set(MEMBERS.values())]], on="participation"
    )


# cohorts


def _employers(
    exits: pd.DataFrame, wages: pd.DataFrame, placements: pd.DataFrame, enrollments: pd.DataFrame
) -> pd.DataFrame:
    """Firms that employed one of an exit quarter since entry, with the first such quarter."""
    people = exits[["learner_key", "program_id", "entry_date", "exit_date", "entry_quarter", "exit_quarter"]]
    pay = wages.loc[wages["wages_usd"] > 0, ["learner_key", "firm_id", "quarter"]]
    paid = people[["learner_key", "entry_quarter", "exit_quarter"]].merge(pay, on="learner_key")
    paid = paid[paid["quarter"] >= paid["entry_quarter"]]
    placed = people.merge(
        placements[["learner_key", "firm_id", "job_start_date", "job_end_date"]], on="learner_key"
    )
    placed = placed[placed["job_end_date"].fillna(EVER) >= placed["entry_date"]]
    placed["quarter"] = np.maximum(placed["entry_quarter"], _index_of(placed["job_start_date"]))
    named = enrollments.loc[
        enrollments["firm_id"].notna(), ["learner_key", "program_id", "firm_id", "entry_date"]
    ]
    sponsored = people.merge(named, on=["learner_key", "program_id"], suffixes=("", "_of_row"))
    inside = sponsored["entry_date_of_row"].between(sponsored["entry_date"], sponsored["exit_date"])
    sponsored = sponsored[inside].assign(quarter=sponsored["entry_quarter"])
    columns = ["exit_quarter", "firm_id", "quarter"]
    employed = pd.concat([paid[columns], placed[columns], sponsored[columns]])
    return employed.groupby(["exit_quarter", "firm_id"], as_index=False)["quarter"].min()


def _matured(
    exits: pd.DataFrame,
    employers: pd.DataFrame,
    anywhere: pd.DataFrame,
    firms: pd.DataFrame,
    listed: pd.DataFrame,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """One row per metric × exit quarter: its maturity."""
    first, last = int(exits["exit_quarter"].min()), int(exits["exit_quarter"].max())
    cohorts = pd.DataFrame({"cohort": np.arange(first, last + 1)})
    sent = listed.loc[listed["status"] != "REJECTED", ["contract", "firm_id", "period"]].drop_duplicates()
    wages_sent = sent[sent["contract"] == "wage"]
    owed = {k: _owed(employers, firms, wages_sent, k) for k in (2, 4)}
    unknown = anywhere[~anywhere["is_known"]]
    parts = []
    for name, metric in METRICS.items():
        if metric.waits_for == "wage":
            owing = set().union(*(owed[k] for k in metric.wage_quarters))
            is_delivered = ~cohorts["cohort"].isin(owing)
        elif metric.waits_for == "ui_match":
            open_ones = unknown.loc[unknown["after"] == metric.after, "exit_quarter"]
            is_delivered = ~cohorts["cohort"].isin(open_ones)
        else:
            newest = sent.loc[sent["contract"] == metric.waits_for, "period"].max()
            is_delivered = _named(cohorts["cohort"] + metric.after) <= (
                newest if isinstance(newest, str) else ""
            )
        has_ended = _last_day(cohorts["cohort"] + metric.after) < as_of.to_datetime64()
        maturity = np.where(~has_ended, "NOT_YET", np.where(is_delivered, "MATURE", "INCOMPLETE"))
        parts.append(cohorts.assign(metric_id=name, maturity=maturity))
    return pd.concat(parts)


def _owed(employers: pd.DataFrame, firms: pd.DataFrame, sent: pd.DataFrame, after: int) -> set[int]:
    """Exit quarters for which a member firm still owes the wages of the quarter ``after`` it."""
    needed = employers.assign(needed=employers["exit_quarter"] + after)
    needed = needed[needed["quarter"] <= needed["needed"]]
    needed = needed.merge(firms[["firm_id", "joined_on", "left_on"]], on="firm_id", how="left")
    last_day = _last_day(needed["needed"])
    is_member = (needed["joined_on"].fillna(NEVER_YET) <= last_day) & (
        needed["left_on"].fillna(EVER) >= last_day
    )
    needed = needed[is_member].assign(period=_named(needed["needed"]))
    found = needed.merge(sent[["firm_id", "period"]], on=["firm_id", "period"], how="left", indicator=True)
    return set(found.loc[found["_merge"] == "left_only", "exit_quarter"].astype(int))


def _windowed(cohorts: pd.DataFrame) -> pd.DataFrame:
    """One row per metric × window × cohort pooled in it; a pool holds its mature cohorts, or all."""
    names = {"quarter": cohorts["cohort"], "year": cohorts["cohort"] // 4, "all": 0}
    rows = pd.concat([cohorts.assign(kind=kind, window=name) for kind, name in names.items()])
    rows["is_mature"], rows["is_open"] = rows["maturity"].eq("MATURE"), rows["maturity"].eq("INCOMPLETE")
    pool = rows.groupby(["metric_id", "kind", "window"])
    has_mature, has_open = pool["is_mature"].transform("any"), pool["is_open"].transform("any")
    rows["pooled"] = np.where(has_mature, "MATURE", np.where(has_open, "INCOMPLETE", "NOT_YET"))
    rows = rows[rows["is_mature"] | ~has_mature]
    span = rows.groupby(["metric_id", "kind", "window"])["cohort"]
    return rows.assign(start=span.transform("min"), end=span.transform("max"))


# cells


def _cells(windows: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Every metric × breakdown × member × window, whether or not anybody is in it."""
    members = pd.concat(
        [
            pd.DataFrame({"breakdown": name, "kind": WINDOWS[name], "member": periods[column].unique()})
            for name, column in MEMBERS.items()
        ]
    )
    spans = windows[["metric_id", "kind", "start", "end", "pooled"]].drop_duplicates()
    return spans.merge(members, on="kind")


def _counted(units: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """One row per cell with anybody in it: counts, quantiles and the ends of the median's interval."""
    pooled = windows[["metric_id", "kind", "cohort", "start", "end"]]
    placed = units.merge(pooled, left_on=["metric_id", "exit_quarter"], right_on=["metric_id", "cohort"])
    parts = []
    for name, column in MEMBERS.items():
        rows = placed[placed["kind"] == WINDOWS[name]]
        parts.append(
            rows.assign(breakdown=name, member=rows[column])[[*KEY, "learner_key", "hit", "measure"]]
        )
    sliced = pd.concat(parts)
    sliced["cell"] = sliced.groupby(KEY, sort=False).ngroup()
    counted = sliced.groupby("cell").agg(
        denominator=("hit", "size"), hits=("hit", "sum"), distinct_persons=("learner_key", "nunique")
    )
    counted = counted.join(_middles(sliced.loc[sliced["measure"].notna(), ["cell", "measure"]]))
    return sliced[["cell", *KEY]].drop_duplicates("cell").merge(counted, left_on="cell", right_index=True)


KEY = ["metric_id", "breakdown", "member", "start", "end"]


def _middles(measured: pd.DataFrame) -> pd.DataFrame:
    """By cell: median, mean of the 45th and 55th percentiles, and the distribution-free interval's ends."""
    measured = measured.sort_values(["cell", "measure"])
    grouped = measured.groupby("cell")["measure"]
    shares = grouped.quantile([0.45, 0.5, 0.55]).unstack()
    n = grouped.size()
    low = np.maximum(0, np.floor((n + 1) / 2 - asked.Z95 * np.sqrt(n) / 2)).astype("int64")
    rank, cell = grouped.cumcount() + 1, measured["cell"]
    lower = measured[rank.eq(cell.map(low))].set_index("cell")["measure"]
    upper = measured[rank.eq(cell.map(n + 1 - low)) & cell.map(low).gt(0)].set_index("cell")["measure"]
    fuzzy = (shares[0.45] + shares[0.55]) / 2
    return pd.DataFrame({"median": shares[0.5], "fuzzy": fuzzy, "least": lower, "most": upper})


def _stated(cells: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """The figures as the mart states them: none of a cohort that is not mature, none of nobody."""
    rows = cells.merge(counted, on=KEY, how="left")
    counts = ["denominator", "hits", "distinct_persons"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    is_median = rows["metric_id"].isin(MEDIANS)
    status = np.where(rows["pooled"] != "MATURE", -1, np.where(rows["denominator"] == 0, -2, 1))
    lower, upper = _wilson(rows["hits"].astype("float64"), rows["denominator"].astype("float64"))
    share = rows["hits"] / rows["denominator"].where(rows["denominator"] > 0)
    has_hits = ~is_median & (rows["pooled"] != "NOT_YET")
    stated = rows.assign(
        cohort_start=_named(rows["start"]),
        cohort_end=_named(rows["end"]),
        numerator=rows["hits"].astype("Int64").where(has_hits),
        value_status=status,
        maturity=rows["pooled"],
        value=rows["median"].where(is_median, share).where(status == 1),
        value_fuzzy=rows["fuzzy"].where(status == 1),
        value_lower=rows["least"].where(is_median, lower).where(status == 1),
        value_upper=rows["most"].where(is_median, upper).where(status == 1),
    )
    return stated[[*CELL, *FIGURES]]


def _wilson(hits: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    n = n.where(n > 0)
    z = asked.Z95
    center = (hits + z * z / 2) / (n + z * z)
    half = z * np.sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return (center - half).mask(hits == 0, 0.0), (center + half).mask(hits == n, 1.0)


def main() -> None:
    """Read the lake that is asked about, and write the answer."""
    lake, answer = asked.asked()
    outcomes(lake).to_parquet(answer)


if __name__ == "__main__":
    main()
