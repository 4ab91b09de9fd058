"""What one firm's own rows say, read from a finished build for every firm at once: for its private scorecard.

Every figure of a firm rests on rows of its own box alone: its enrollments, credentials, wages, requisitions,
and what the operator's books say of its account. So a person whom it trained and another member employs is
not seen here as employed: that is the other member's row. What apportions a total of all firms (a share of
spending, a share of all seats) is not read: it would give the total away. What is shown, and from how many
people on, is decided in ``reports.scorecards``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

import duckdb

from warehouse.builds import Build
from warehouse.duck import connect
from warehouse.home import OPERATOR

Line = TypeVar("Line")

SERVED, COMPLETED, CREDENTIALED = "participants_served", "completion_rate", "any_program_credential"
EMPLOYED, PAID, RETAINED = "employment_rate_q2", "median_earnings_q2", "retention_same_employer_q2_q4"
TALLIED = (SERVED, COMPLETED, CREDENTIALED, EMPLOYED, PAID, RETAINED)
"""The published measures that a firm's own rows are counted beside, over the same window of quarters."""

ALL = ""
"""The member of a tally of all programs and quarters together."""


@dataclass(frozen=True)
class Window:
    """The quarters a figure covers, both ends included: ``2023Q4`` to ``2026Q2``."""

    start: str
    end: str


@dataclass(frozen=True)
class Tally:
    """People or periods of participation counted, those of them that hit, and mean pay in dollars a
    quarter.
    """

    counted: int
    hits: int | None = None
    mean_usd: Decimal | None = None


@dataclass(frozen=True)
class AccountLine:
    """One quarter between a firm and the fund, in dollars. ``is_booked``: the operator's books reached it."""

    period: str
    is_booked: bool
    assessed: Decimal
    booked: Decimal
    paid: Decimal
    owed: Decimal
    matched: Decimal
    in_kind: Decimal
    given: Decimal
    received: Decimal


@dataclass(frozen=True)
class SeatLine:
    """Seats of one requisition line: FILLED, CANCELLED or OPEN after so many days; filled from within or
    not.
    """

    outcome: str
    waited_days: int
    seats: int
    is_internal: bool


@dataclass(frozen=True)
class SentRows:
    """Rows of one extract that a firm sent and that count, and how many were accepted."""

    contract: str
    rows_in: int
    accepted: int


@dataclass(frozen=True)
class OwnFigures:
    """All that a scorecard says of one firm. ``tallies``: by measure and program, quarter or ALL."""

    firm_id: str
    label: str
    tallies: Mapping[tuple[str, str], Tally]
    programs: Mapping[str, str]
    account: tuple[AccountLine, ...]
    seats: tuple[SeatLine, ...]
    sent: tuple[SentRows, ...]

    def tally(self, metric_id: str, member: str = ALL) -> Tally:
        """A tally; of nobody where there is none."""
        return self.tallies.get((metric_id, member), Tally(0, 0))


def read_own_figures(build: Build, windows: Mapping[str, Window], day: date) -> dict[str, OwnFigures]:
    """Own figures of every firm that the register names or that sent something, by firm.

    ``windows``: the quarters of each measure of TALLIED that is counted; one without a window is not.
    ``day``: the announced day, on which seats are still open or not.
    """
    with connect(build.database, read_only=True) as con:
        con.execute(_PERIODS)
        labels = dict(con.execute(_FIRMS, {"operator": OPERATOR}).fetchall())
        programs = dict(con.execute("SELECT program_id, name FROM dim_program").fetchall())
        tallies: defaultdict[str, dict[tuple[str, str], Tally]] = defaultdict(dict)
        for metric, window in windows.items():
            for firm, member, counted, hits, mean in con.execute(_counting(metric), _ends(window)).fetchall():
                tallies[firm][metric, member] = Tally(counted, hits, mean)
        account = _by_firm(con, _ACCOUNT, AccountLine)
        seats = _by_firm(con, _SEATS.replace("$day", f"DATE '{day.isoformat()}'"), SeatLine)
        sent = _by_firm(con, _SENT, SentRows)
    return {
        firm: OwnFigures(
            firm,
            label or firm,
            tallies[firm],
            programs,
            tuple(account[firm]),
            tuple(seats[firm]),
            tuple(sent[firm]),
        )
        for firm, label in labels.items()
    }


def _by_firm(
    con: duckdb.DuckDBPyConnection, query: str, line: Callable[..., Line]
) -> defaultdict[str, list[Line]]:
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for firm, *values in con.execute(query).fetchall():
        found[firm].append(line(*values))
    return found


def _ends(window: Window) -> dict[str, str]:
    return {"first": window.start, "last": window.end}


def _counting(metric: str) -> str:
    """One row per firm × program, per firm × quarter where people are served, and per firm."""
    each_quarter = _EACH_QUARTER if metric == SERVED else ""
    return _COUNTED.replace("{unit}", _UNITS[metric]).replace("{each_quarter}", each_quarter)


_COUNTED = """
WITH unit AS ({unit})
SELECT box_firm_id, member, count(DISTINCT unit_id), count(DISTINCT CASE WHEN is_hit THEN unit_id END),
       CAST(avg(usd) AS DECIMAL(18, 2))
FROM (
    SELECT *, '' AS member FROM unit
    UNION ALL SELECT *, program_id FROM unit
    {each_quarter}
)
GROUP BY box_firm_id, member
"""

_FIRMS = """
SELECT coalesce(f.firm_id, s.firm_id) AS firm_id, f.display_label
FROM dim_firm f
FULL JOIN (SELECT DISTINCT box_firm_id AS firm_id FROM int_submissions__in_force
           WHERE box_firm_id <> $operator) s USING (firm_id)
ORDER BY 1
"""

# Enrollments less than 90 days apart are one period, as everywhere; here of one box's rows alone.
_PERIODS = """
CREATE OR REPLACE TEMP TABLE own_period AS
WITH followed AS (
    SELECT *, max(coalesce(exit_date, DATE '9999-12-31')) OVER (
        PARTITION BY box_firm_id, learner_key, program_id ORDER BY entry_date
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_before
    FROM stg_enrollment
), numbered AS (
    SELECT *, sum(CASE WHEN last_before IS NULL OR date_diff('day', last_before, entry_date) >= 90
                  THEN 1 ELSE 0 END) OVER (
        PARTITION BY box_firm_id, learner_key, program_id ORDER BY entry_date
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
    FROM followed
), merged AS (
    SELECT box_firm_id, learner_key, program_id, number,
           min(entry_date) AS entry_date,
           nullif(max(coalesce(exit_date, DATE '9999-12-31')), DATE '9999-12-31') AS exit_date,
           arg_max(other_reason_for_exit_code, entry_date) AS reason,
           arg_max(training_completed, entry_date) AS training_completed,
           arg_max(training_end_date, entry_date) AS training_end_date
    FROM numbered
    GROUP BY ALL
)
SELECT *, concat_ws('|', learner_key, program_id, number) AS period_id,
       year(entry_date) || 'Q' || quarter(entry_date) AS entry_quarter,
       year(exit_date) || 'Q' || quarter(exit_date) AS exit_quarter,
       year(training_end_date) || 'Q' || quarter(training_end_date) AS end_quarter,
       exit_date IS NOT NULL AND coalesce(reason NOT IN ('01', '02', '03', '04', '05', '06', '07'), true)
           AS is_exiter,
       year(exit_date + INTERVAL 6 MONTH) || 'Q' || quarter(exit_date + INTERVAL 6 MONTH) AS second_quarter,
       year(exit_date + INTERVAL 12 MONTH) || 'Q' || quarter(exit_date + INTERVAL 12 MONTH) AS fourth_quarter
FROM merged
"""

_FOLLOWED = """
SELECT p.box_firm_id, p.program_id, p.period_id AS unit_id,
       {hit} AS is_hit, {usd} AS usd
FROM own_period p
LEFT JOIN int_wages__by_person_firm_quarter w2
    ON w2.firm_id = p.box_firm_id AND w2.learner_key = p.learner_key
    AND w2.year_quarter = p.second_quarter AND w2.is_unsubsidized_pay
LEFT JOIN int_wages__by_person_firm_quarter w4
    ON w4.firm_id = p.box_firm_id AND w4.learner_key = p.learner_key
    AND w4.year_quarter = p.fourth_quarter AND w4.is_unsubsidized_pay
WHERE p.is_exiter AND p.exit_quarter BETWEEN $first AND $last {among}
"""

_NO_USD, _NO_HIT = "CAST(NULL AS DECIMAL(18, 2))", "CAST(NULL AS BOOLEAN)"
_IS_PAID = "AND w2.learner_key IS NOT NULL"

_UNITS: Mapping[str, str] = {
    SERVED: """
SELECT box_firm_id, program_id, learner_key AS unit_id, CAST(NULL AS BOOLEAN) AS is_hit,
       CAST(NULL AS DECIMAL(18, 2)) AS usd,
       greatest(entry_quarter, $first) AS from_quarter,
       least(coalesce(exit_quarter, $last), $last) AS to_quarter
FROM own_period
WHERE entry_quarter <= $last AND coalesce(exit_quarter, $last) >= $first
""",
    COMPLETED: """
SELECT box_firm_id, program_id, period_id AS unit_id, training_completed = 1 AS is_hit,
       CAST(NULL AS DECIMAL(18, 2)) AS usd
FROM own_period
WHERE training_completed IN (0, 1) AND end_quarter BETWEEN $first AND $last
""",
    CREDENTIALED: """
SELECT p.box_firm_id, p.program_id, p.period_id AS unit_id, c.learner_key IS NOT NULL AS is_hit,
       CAST(NULL AS DECIMAL(18, 2)) AS usd
FROM own_period p
LEFT JOIN (
    SELECT given.* FROM stg_credential given
    LEFT JOIN int_credential_definitions__current known USING (credential_id)
    WHERE coalesce(given.credential_type_code, known.credential_type_code, '0') <> '0'
) c
    ON c.box_firm_id = p.box_firm_id AND c.learner_key = p.learner_key
    AND coalesce(c.program_id, p.program_id) = p.program_id
    AND c.attained_date BETWEEN p.entry_date AND p.training_end_date + INTERVAL 1 YEAR
WHERE p.training_completed = 1 AND p.end_quarter BETWEEN $first AND $last
""",
    EMPLOYED: _FOLLOWED.format(hit="w2.learner_key IS NOT NULL", usd=_NO_USD, among=""),
    PAID: _FOLLOWED.format(hit=_NO_HIT, usd="w2.wages_usd", among=_IS_PAID),
    RETAINED: _FOLLOWED.format(hit="w4.learner_key IS NOT NULL", usd=_NO_USD, among=_IS_PAID),
}
"""One row per unit counted, with the program; people served also with the quarters they are served in."""

_EACH_QUARTER = """
    UNION ALL
    SELECT unit.*, q.year_quarter FROM unit
    INNER JOIN dim_quarter q ON q.year_quarter BETWEEN unit.from_quarter AND unit.to_quarter
"""

_ACCOUNT = """
SELECT firm_id, period, difference_usd IS NOT NULL, assessed_usd, booked_usd, paid_usd,
       coalesce(owed_usd, 0), matched_usd, in_kind_usd, given_to_firms_usd, received_from_firms_usd
FROM fct_contribution_statements
ORDER BY firm_id, period
"""

_SEATS = """
SELECT firm_id,
       CASE WHEN accepted_date <= $day THEN 'FILLED' WHEN cancelled_date <= $day THEN 'CANCELLED'
            ELSE 'OPEN' END,
       date_diff('day', coalesce(approved_date, opened_date),
                 coalesce(CASE WHEN accepted_date <= $day THEN accepted_date END,
                          CASE WHEN cancelled_date <= $day THEN cancelled_date END, $day)),
       seats,
       coalesce(accepted_date <= $day AND fill_channel IN ('INTERNAL_MOVE', 'PROMOTION'), false)
FROM stg_demand_requisition
WHERE box_firm_id = firm_id AND coalesce(approved_date, opened_date) <= $day
"""

_SENT = """
SELECT box_firm_id, contract, CAST(sum(rows_in) AS BIGINT), CAST(sum(accepted) AS BIGINT)
FROM int_submissions__in_force
GROUP BY box_firm_id, contract
ORDER BY contract
"""
