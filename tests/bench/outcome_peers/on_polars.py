"""The core outcome marts as a user of Polars writes them: lazy scans and expressions, collected where shared.

A quarter is a whole number (year × 4 + quarter - 1) until it is written.
"""

from __future__ import annotations

import polars as pl
from polars import col

from tests.bench.outcome_peers import asked
from tests.bench.outcome_peers.asked import CELL, FIGURES, MEDIANS, MEMBERS, METRICS, WINDOWS, Lake

PERIOD = ["learner_key", "program_id", "number"]
KEY = ["metric_id", "breakdown", "member", "start", "end"]
EVER, NEVER_YET = pl.lit(asked.LONG_AFTER, pl.Date), pl.lit(asked.LONG_BEFORE, pl.Date)


def outcomes(lake: Lake) -> pl.DataFrame:
    """One row per cell of the core metrics."""
    listed = pl.read_parquet(lake.in_force)
    as_of = pl.lit(lake.as_of, pl.Date)
    firms = _versions(_rows(lake, listed, "firm"), "firm_id", as_of).collect()
    enrollments = _current(lake, listed, "enrollment", ["learner_key", "program_id", "entry_date"]).collect()
    periods = _described(_merged(enrollments.lazy()), firms.lazy()).collect()
    exits = periods.lazy().filter(col("exit_date").is_not_null() & ~col("is_exit_excluded"))
    wages = _wages(_rows(lake, listed, "wage"), exits).collect().lazy()
    placements = _current(
        lake, listed, "placement", ["learner_key", "firm_id", "job_start_date", "position_key"]
    )
    placements = placements.select("learner_key", "firm_id", *PLACEMENT).collect().lazy()
    matches = _current(lake, listed, "ui_match", ["learner_key", "year_quarter", "employer_id_hash"])
    credentials = _current(lake, listed, "credential", ["learner_key", "credential_id", "attained_date"])
    definitions = _versions(_rows(lake, listed, "credential_definition"), "credential_id", as_of)
    jobs = _jobs(exits, wages, placements).collect().lazy()
    anywhere = _anywhere(jobs, matches, as_of).collect().lazy()
    credentialed = _credentialed(exits, credentials, definitions, enrollments.lazy(), jobs)
    retained = _retained(jobs, wages, _succeeded(_rows(lake, listed, "firm_succession"), as_of))
    units = _units(exits, jobs, anywhere, credentialed, retained)
    employers = _employers(exits, wages, placements, enrollments.lazy())
    windows = _windowed(_matured(exits, employers, anywhere, firms.lazy(), listed.lazy(), as_of)).collect()
    counted = _counted(units.collect().lazy(), windows.lazy())
    return _stated(_cells(windows, periods), counted).collect()


# reading

PLACEMENT = ["job_start_date", "job_end_date", "unsubsidized", "supervisor_confirm"]


def _rows(lake: Lake, listed: pl.DataFrame, contract: str) -> pl.LazyFrame:
    """Accepted rows that count; only the columns that are used later are read."""
    mine = listed.filter(col("contract") == contract)
    taken = mine.filter(col("accepted") > 0).select("firm_id", "period", "submission_id")
    rows = pl.scan_parquet(
        lake.files(contract, taken.rows()),
        hive_partitioning=False,
        missing_columns="insert",
        extra_columns="ignore",
    )
    gone = mine.select("submission_id", record="overruled").explode("record", empty_as_null=True).drop_nulls()
    if gone.is_empty():
        return rows
    return rows.join(gone.lazy(), on=["submission_id", "record"], how="anti")


def _current(lake: Lake, listed: pl.DataFrame, contract: str, key: list[str]) -> pl.LazyFrame:
    """Of a key that one box reported again, the row of the latest period."""
    rows = _rows(lake, listed, contract).sort("box_period", "tx_from", "record")
    return rows.unique(["box_firm_id", *key], keep="last", maintain_order=True)


def _versions(rows: pl.LazyFrame, key: str, as_of: pl.Expr) -> pl.LazyFrame:
    """Of each key, the newest version that has begun by the day; one still to come if there is no other."""
    since = col("valid_from").fill_null(NEVER_YET)
    ranked = rows.with_columns(has_begun=since <= as_of, since=since)
    return ranked.sort("has_begun", "since", "submission_id").unique(key, keep="last", maintain_order=True)


def _wages(rows: pl.LazyFrame, exits: pl.LazyFrame) -> pl.LazyFrame:
    """Pay of people who exited."""
    kept = rows.select("learner_key", "firm_id", "year_quarter", "gross_wages_usd", "subsidized")
    usd = col("gross_wages_usd").cast(pl.Float64)
    return kept.join(exits, on="learner_key", how="semi").select(
        "learner_key",
        "firm_id",
        quarter=_index(col("year_quarter")),
        wages_usd=usd,
        is_unsubsidized=((usd > 0) & (col("subsidized") == 0)).fill_null(False),
    )


# quarters


def _index(quarter: pl.Expr) -> pl.Expr:
    return quarter.str.slice(0, 4).cast(pl.Int32) * 4 + quarter.str.slice(5, 1).cast(pl.Int32) - 1


def _index_of(day: pl.Expr) -> pl.Expr:
    return day.dt.year() * 4 + day.dt.quarter().cast(pl.Int32) - 1


def _named(quarter: pl.Expr) -> pl.Expr:
    return pl.format("{}Q{}", quarter // 4, quarter % 4 + 1)


def _last_day(quarter: pl.Expr) -> pl.Expr:
    return pl.date(quarter // 4, quarter % 4 * 3 + 3, 1).dt.month_end()


def _year_after(day: pl.Expr) -> pl.Expr:
    return day.dt.offset_by("1y")


# people


def _merged(enrollments: pl.LazyFrame) -> pl.LazyFrame:
    """One row per period of participation: enrollments less than 90 days apart are one."""
    person, in_order = ["learner_key", "program_id"], ["entry_date", "box_firm_id"]
    rows = enrollments.with_columns(last_date=col("exit_date").fill_null(EVER)).sort(*person, *in_order)
    before = col("last_date").cum_max().shift().over(person)
    starts = before.is_null() | ((col("entry_date") - before).dt.total_days() >= asked.GAP_DAYS)
    rows = rows.with_columns(starts=starts).with_columns(number=col("starts").cum_sum().over(person))
    kind, started = col("training_type"), col("training_start_date").is_not_null()
    beyond = pl.when(kind.is_null()).then(started).otherwise(~kind.is_in(asked.NOT_BEYOND_THE_JOB))
    return rows.group_by(PERIOD, maintain_order=True).agg(
        col("entry_date").min(),
        exit_date=col("last_date").max(),
        has_training_beyond_the_job=beyond.any(),
        enrolling_firm_id=col("box_firm_id").last(),
        area_code=col("lwdb_code").last().fill_null("unreported"),
        reason=col("other_reason_for_exit").sort_by("last_date", "entry_date", "box_firm_id").last(),
    )


def _described(periods: pl.LazyFrame, firms: pl.LazyFrame) -> pl.LazyFrame:
    """With the quarters of entry and exit, the exit's standing and the sector."""
    prefix = col("naics_code").str.slice(0, 2)
    known = pl.when(prefix.is_in(asked.ALL_PREFIXES)).then(prefix.replace(asked.SECTORS))
    sectors = firms.select(enrolling_firm_id="firm_id", sector_code=known)
    exit_date = pl.when(col("exit_date") < EVER).then(col("exit_date"))
    return (
        periods.with_columns(exit_date=exit_date)
        .join(sectors, on="enrolling_firm_id", how="left")
        .with_row_index("participation")
        .with_columns(
            col("sector_code").fill_null("unreported"),
            entry_quarter=_index_of(col("entry_date")),
            exit_quarter=_index_of(col("exit_date")),
            is_exit_excluded=col("reason").is_in(asked.EXCLUDED_EXITS).fill_null(False),
            consortium=pl.lit("consortium"),
        )
    )


# outcomes


def _jobs(exits: pl.LazyFrame, wages: pl.LazyFrame, placements: pl.LazyFrame) -> pl.LazyFrame:
    """One row per exit × quarter after it (1 to 4): the employer, pay, and who paid most."""
    person = ["learner_key", "quarter"]
    paid = wages.group_by(person).agg(col("wages_usd").sum())
    best = wages.filter("is_unsubsidized").sort("wages_usd", "firm_id", descending=[True, False])
    best = best.group_by(person, maintain_order=True).agg(primary_id=col("firm_id").first())
    jobs = exits.select("participation", "learner_key", "exit_quarter")
    jobs = jobs.join(pl.LazyFrame({"after": [1, 2, 3, 4]}, schema={"after": pl.Int32}), how="cross")
    jobs = jobs.with_columns(quarter=col("exit_quarter") + col("after"))
    jobs = jobs.join(paid, on=person, how="left").join(best, on=person, how="left")
    placed = _confirmed(jobs, placements)
    jobs = jobs.join(placed, on=["participation", "after"], how="left")
    jobs = jobs.with_columns(employer_id=col("primary_id").fill_null(col("confirmed_id")))
    return jobs.with_columns(is_employed=col("employer_id").is_not_null())


def _confirmed(jobs: pl.LazyFrame, placements: pl.LazyFrame) -> pl.LazyFrame:
    """The confirmed unsubsidized placement that covers part of the quarter; of several, the newest."""
    sure = placements.filter((col("unsubsidized") == 1) & (col("supervisor_confirm") == 1))
    met = jobs.select("participation", "learner_key", "after", "quarter").join(sure, on="learner_key")
    met = met.filter(
        _index_of(col("job_start_date")) <= col("quarter"),
        _index_of(col("job_end_date").fill_null(EVER)) >= col("quarter"),
    )
    met = met.sort("job_start_date", "firm_id", descending=[True, False])
    return met.group_by("participation", "after", maintain_order=True).agg(
        confirmed_id=col("firm_id").first()
    )


def _anywhere(jobs: pl.LazyFrame, matches: pl.LazyFrame, as_of: pl.Expr) -> pl.LazyFrame:
    """Employment with the state's records added, in the second and the fourth quarter."""
    kept = matches.filter(col("received_on") <= as_of, col("destroy_after") >= as_of)
    works = col("employed").is_in(asked.IN_WORK)
    usd = col("wages_usd").cast(pl.Float64).filter(works).drop_nulls()
    told = kept.group_by("learner_key", quarter=_index(col("year_quarter"))).agg(
        in_work=works.any(),
        answered=col("employed").is_in(asked.ANSWERED).any(),
        usd=pl.when(usd.len() > 0).then(usd.sum()),
    )
    seen = jobs.filter(col("after").is_in([2, 4])).join(told, on=["learner_key", "quarter"], how="left")
    in_work, answered = col("in_work").fill_null(False), col("answered").fill_null(False)
    return seen.with_columns(
        is_known=col("is_employed") | answered,
        is_employed=col("is_employed") | in_work,
        wages_usd=pl.when(in_work & col("usd").is_not_null())
        .then(col("usd"))
        .when(col("is_employed"))
        .then(col("wages_usd")),
    )


def _credentialed(
    exits: pl.LazyFrame,
    credentials: pl.LazyFrame,
    definitions: pl.LazyFrame,
    enrollments: pl.LazyFrame,
    jobs: pl.LazyFrame,
) -> pl.LazyFrame:
    """Participations with a credential that counts within a year of exit."""
    registered = definitions.select("credential_id", registered="credential_type_pirl")
    held = credentials.join(registered, on="credential_id", how="left").select(
        "learner_key",
        "attained_date",
        program="program_id",
        kind=col("credential_type_pirl").fill_null(col("registered")),
    )
    met = exits.join(held, on="learner_key").filter(
        col("program").fill_null(col("program_id")) == col("program_id"),
        col("attained_date").is_between(col("entry_date"), _year_after(col("exit_date"))),
    )
    studies = enrollments.filter(col("program_of_study_outcome").str.contains("[1-6]"))
    studies = studies.select("learner_key", begins="entry_date", ends=col("exit_date").fill_null(EVER))
    studying = exits.join(studies, on="learner_key").filter(
        col("begins") <= _year_after(col("exit_date")), col("ends") > col("exit_date")
    )
    after = pl.concat([jobs.filter("is_employed").select("participation"), studying.select("participation")])
    higher = met.filter(col("kind").is_in(asked.POSTSECONDARY)).select("participation")
    secondary = met.filter(col("kind") == "1").select("participation")
    return pl.concat([higher, secondary.join(after, on="participation", how="semi")]).unique()


def _succeeded(rows: pl.LazyFrame, as_of: pl.Expr) -> pl.LazyFrame:
    """Firms and who took them over as a whole, up to three links on, with the day."""
    whole = rows.filter(col("transfer_extent") == "TOTAL", col("succession_date") <= as_of)
    steps = whole.select(
        firm_id="predecessor_firm_id", successor_id="successor_firm_id", since="succession_date"
    ).unique()
    two = _linked(steps, steps)
    chains = pl.concat([steps, two, _linked(two, steps)]).filter(col("firm_id") != col("successor_id"))
    return chains.group_by("firm_id", "successor_id").agg(col("since").min())


def _linked(chains: pl.LazyFrame, steps: pl.LazyFrame) -> pl.LazyFrame:
    both = chains.join(steps, left_on="successor_id", right_on="firm_id", suffix="_next")
    return both.select(
        "firm_id", successor_id="successor_id_next", since=pl.max_horizontal("since", "since_next")
    )


def _retained(jobs: pl.LazyFrame, wages: pl.LazyFrame, succeeded: pl.LazyFrame) -> pl.LazyFrame:
    """One row per exit with a main employer in Q2: whether it, or who took it over, pays them in Q4."""
    second = jobs.filter(col("after") == 2, col("primary_id").is_not_null())
    second = second.select("participation", firm_id="primary_id")
    later = jobs.filter(col("after") == 4).select("participation", "learner_key", "quarter")
    same = second.join(later, on="participation")
    heirs = same.join(succeeded, on="firm_id").filter(col("since") <= _last_day(col("quarter")))
    heirs = heirs.select("participation", "successor_id", "learner_key", "quarter")
    paying = pl.concat([same, heirs.rename({"successor_id": "firm_id"})]).join(
        wages.filter("is_unsubsidized"), on=["learner_key", "firm_id", "quarter"], how="semi"
    )
    return _with_hit(second, paying)


def _with_hit(rows: pl.LazyFrame, hits: pl.LazyFrame) -> pl.LazyFrame:
    """Participations, and whether they are among others."""
    found = hits.select("participation", hit=pl.lit(True)).unique()
    return rows.select("participation").join(found, on="participation", how="left")


def _units(
    exits: pl.LazyFrame,
    jobs: pl.LazyFrame,
    anywhere: pl.LazyFrame,
    credentialed: pl.LazyFrame,
    retained: pl.LazyFrame,
) -> pl.LazyFrame:
    """One row per metric × exit in its denominator: hit or measure."""
    trained = exits.filter("has_training_beyond_the_job")
    parts = {
        "credential_attainment": _with_hit(trained, credentialed),
        "retention_same_employer_q2_q4": retained,
    }
    for suffix, seen in (("", jobs), ("_wioa", anywhere)):
        for after in (2, 4):
            rows = seen.filter(col("after") == after)
            parts[f"employment_rate_q{after}{suffix}"] = rows.select("participation", hit="is_employed")
        earned = seen.filter(col("after") == 2, col("is_employed"), col("wages_usd") > 0)
        parts[f"median_earnings_q2{suffix}"] = earned.select("participation", measure="wages_usd")
    units = pl.concat([p.with_columns(metric_id=pl.lit(n)) for n, p in parts.items()], how="diagonal")
    people = exits.select("participation", "learner_key", "exit_quarter", *set(MEMBERS.values()))
    return units.with_columns(col("hit").fill_null(False)).join(people, on="participation")


# cohorts


def _employers(
    exits: pl.LazyFrame, wages: pl.LazyFrame, placements: pl.LazyFrame, enrollments: pl.LazyFrame
) -> pl.LazyFrame:
    """Firms that employed one of an exit quarter since entry, with the first such quarter."""
    pay = wages.filter(col("wages_usd") > 0)
    paid = exits.join(pay, on="learner_key").filter(col("quarter") >= col("entry_quarter"))
    placed = exits.join(placements, on="learner_key")
    placed = placed.filter(col("job_end_date").fill_null(EVER) >= col("entry_date"))
    begun = pl.max_horizontal("entry_quarter", _index_of(col("job_start_date")))
    named = enrollments.filter(col("firm_id").is_not_null())
    named = named.select("learner_key", "program_id", "firm_id", entered="entry_date")
    sponsored = exits.join(named, on=["learner_key", "program_id"])
    sponsored = sponsored.filter(col("entered").is_between("entry_date", "exit_date"))
    employed = [
        paid.select("exit_quarter", "firm_id", "quarter"),
        placed.select("exit_quarter", "firm_id", quarter=begun),
        sponsored.select("exit_quarter", "firm_id", quarter="entry_quarter"),
    ]
    return pl.concat(employed).group_by("exit_quarter", "firm_id").agg(col("quarter").min())


def _matured(
    exits: pl.LazyFrame,
    employers: pl.LazyFrame,
    anywhere: pl.LazyFrame,
    firms: pl.LazyFrame,
    listed: pl.LazyFrame,
    as_of: pl.Expr,
) -> pl.LazyFrame:
    """One row per metric × exit quarter: its maturity."""
    span = _span(exits)
    sent = listed.filter(col("status") != "REJECTED").select("contract", "firm_id", "period").unique()
    wages_sent = sent.filter(col("contract") == "wage")
    owed = {k: _owed(employers, firms, wages_sent, k) for k in (2, 4)}
    parts = []
    for name, metric in METRICS.items():
        newest = col("cohort") + metric.after
        if metric.waits_for == "credential":
            arrived = sent.filter(col("contract") == "credential").select(newest=col("period").max())
            told = span.join(arrived, how="cross")
            told = told.with_columns(is_open=(col("newest") < _named(newest)).fill_null(True)).drop("newest")
        else:
            waiting = [owed[k] for k in metric.wage_quarters] or [_unanswered(anywhere, metric.after)]
            late = pl.concat(waiting).unique().with_columns(is_open=pl.lit(True))
            told = span.join(late, left_on="cohort", right_on="exit_quarter", how="left")
        maturity = (
            pl.when(_last_day(newest) >= as_of)
            .then(pl.lit("NOT_YET"))
            .when(col("is_open").fill_null(False))
            .then(pl.lit("INCOMPLETE"))
            .otherwise(pl.lit("MATURE"))
        )
        parts.append(told.select("cohort", metric_id=pl.lit(name), maturity=maturity))
    return pl.concat(parts)


def _span(exits: pl.LazyFrame) -> pl.LazyFrame:
    quarter = col("exit_quarter")
    return exits.select(cohort=pl.int_ranges(quarter.min(), quarter.max() + 1, dtype=pl.Int32)).explode(
        "cohort"
    )


def _unanswered(anywhere: pl.LazyFrame, after: int) -> pl.LazyFrame:
    return anywhere.filter(col("after") == after, ~col("is_known")).select("exit_quarter").unique()


def _owed(employers: pl.LazyFrame, firms: pl.LazyFrame, sent: pl.LazyFrame, after: int) -> pl.LazyFrame:
    """Exit quarters for which a member firm still owes the wages of the quarter ``after`` it."""
    needed = employers.with_columns(needed=col("exit_quarter") + after)
    needed = needed.filter(col("quarter") <= col("needed"))
    needed = needed.join(firms.select("firm_id", "joined_on", "left_on"), on="firm_id", how="left")
    last_day = _last_day(col("needed"))
    needed = needed.filter(
        col("joined_on").fill_null(NEVER_YET) <= last_day, col("left_on").fill_null(EVER) >= last_day
    )
    needed = needed.with_columns(period=_named(col("needed")))
    return needed.join(sent, on=["firm_id", "period"], how="anti").select("exit_quarter").unique()


def _windowed(cohorts: pl.LazyFrame) -> pl.LazyFrame:
    """One row per metric × window × cohort pooled in it; a pool holds its mature cohorts, or all."""
    names = {"quarter": col("cohort"), "year": col("cohort") // 4, "all": pl.lit(0, pl.Int32)}
    rows = pl.concat([cohorts.with_columns(kind=pl.lit(kind), window=name) for kind, name in names.items()])
    pool = ["metric_id", "kind", "window"]
    is_mature, is_open = (col("maturity") == name for name in ("MATURE", "INCOMPLETE"))
    has_mature = is_mature.any().over(pool)
    pooled = (
        pl.when(has_mature)
        .then(pl.lit("MATURE"))
        .when(is_open.any().over(pool))
        .then(pl.lit("INCOMPLETE"))
        .otherwise(pl.lit("NOT_YET"))
    )
    rows = rows.with_columns(pooled=pooled, has_mature=has_mature).filter(is_mature | ~col("has_mature"))
    return rows.with_columns(start=col("cohort").min().over(pool), end=col("cohort").max().over(pool))


# cells


def _cells(windows: pl.DataFrame, periods: pl.DataFrame) -> pl.LazyFrame:
    """Every metric × breakdown × member × window, whether or not anybody is in it."""
    members = [
        periods.lazy().select(breakdown=pl.lit(name), kind=pl.lit(WINDOWS[name]), member=column).unique()
        for name, column in MEMBERS.items()
    ]
    spans = windows.lazy().select("metric_id", "kind", "start", "end", "pooled").unique()
    return spans.join(pl.concat(members), on="kind")


def _counted(units: pl.LazyFrame, windows: pl.LazyFrame) -> pl.LazyFrame:
    """One row per cell with anybody in it: counts, quantiles and the ends of the median's interval."""
    placed = units.join(
        windows.select("metric_id", "kind", "cohort", "start", "end"),
        left_on=["metric_id", "exit_quarter"],
        right_on=["metric_id", "cohort"],
    )
    sliced = [
        placed.filter(col("kind") == WINDOWS[name]).select(
            *("metric_id", "start", "end", "learner_key", "hit", "measure"),
            breakdown=pl.lit(name),
            member=column,
        )
        for name, column in MEMBERS.items()
    ]
    measure, n = col("measure").drop_nulls(), col("measure").count()
    low = ((n + 1) / 2 - asked.Z95 * n.sqrt() / 2).floor().cast(pl.Int64).clip(lower_bound=0)
    ends = {"least": low - 1, "most": n.cast(pl.Int64) - low}
    return (
        pl.concat(sliced)
        .group_by(KEY)
        .agg(
            denominator=pl.len(),
            hits=col("hit").sum(),
            distinct_persons=col("learner_key").n_unique(),
            median=measure.median(),
            fuzzy=(measure.quantile(0.45, "linear") + measure.quantile(0.55, "linear")) / 2,
            **{
                name: pl.when(low > 0).then(measure.sort().get(at, null_on_oob=True))
                for name, at in ends.items()
            },
        )
    )


def _stated(cells: pl.LazyFrame, counted: pl.LazyFrame) -> pl.LazyFrame:
    """The figures as the mart states them: none of a cohort that is not mature, none of nobody."""
    counts = [col(name).fill_null(0).cast(pl.Int64) for name in ("denominator", "hits", "distinct_persons")]
    rows = cells.join(counted, on=KEY, how="left").with_columns(counts)
    is_median = col("metric_id").is_in(MEDIANS)
    hits, n = col("hits"), col("denominator")
    status = pl.when(col("pooled") != "MATURE").then(-1).when(n == 0).then(-2).otherwise(1)
    lower, upper = _wilson(hits, n)
    known = {
        "value": pl.when(is_median).then(col("median")).otherwise(hits / n),
        "value_fuzzy": col("fuzzy"),
        "value_lower": pl.when(is_median).then(col("least")).otherwise(lower),
        "value_upper": pl.when(is_median).then(col("most")).otherwise(upper),
    }
    stated = rows.with_columns(
        cohort_start=_named(col("start")),
        cohort_end=_named(col("end")),
        numerator=pl.when(~is_median & (col("pooled") != "NOT_YET")).then(hits),
        value_status=status,
        maturity="pooled",
        **{name: pl.when(status == 1).then(value) for name, value in known.items()},
    )
    return stated.select(*CELL, *FIGURES)


def _wilson(hits: pl.Expr, n: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    z = asked.Z95
    center = (hits + z * z / 2) / (n + z * z)
    half = z * (hits * (n - hits) / n + z * z / 4).sqrt() / (n + z * z)
    lower = pl.when(hits == 0).then(0.0).otherwise(center - half)
    return lower, pl.when(hits == n).then(1.0).otherwise(center + half)


def main() -> None:
    """Read the lake that is asked about, and write the answer."""
    lake, answer = asked.asked()
    outcomes(lake).write_parquet(answer)


if __name__ == "__main__":
    main()
