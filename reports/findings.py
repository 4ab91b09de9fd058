"""Sentences that state what the published numbers show, generated from them and from nothing else.

They describe; they never say that one thing caused another. A difference is named only where the 95 %
intervals do not overlap. Drawing and layout do not belong here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from contracts.quarters import Quarter
from reports.intervals import Interval, newcombe
from reports.measures import Statistic
from reports.published import Published, Row
from reports.wording import (
    dollars,
    in_points,
    in_unit,
    listed,
    months,
    number,
    points,
    rounded_dollars,
    signed_dollars,
    span,
)

NOTHING_SHOWN = "No figure of this measure can be shown [c]"


def contrast(rows: tuple[Row, ...], members: str) -> str:
    """What a measure shows across ``members`` (programs, areas, sectors): a range, or that none stands out.

    The lowest and the highest are named only where their intervals do not overlap, or where the numbers are
    amounts from the books, which have no margin of error. Groups of several dimensions (by sex, by age) hold
    the same people, so they are never set against each other: it is said in which dimensions groups differ.
    """
    shown = [row for row in rows if row.value is not None]
    if not shown:
        return NOTHING_SHOWN
    subject = shown[0].measure.subject
    if len({row.dimension for row in shown}) > 1:
        return f"{subject}{_in_which_dimensions(shown)}"
    if len(shown) == 1:
        return f"{subject}: {number(shown[0])} in {shown[0].label}"
    low, high = min(shown, key=_by_value), max(shown, key=_by_value)
    if low.value == high.value or _may_be_equal(low, high):
        return f"{subject}: differences between {members} are within the margin of error"
    if number(low) == number(high):
        return f"{subject}: {number(low)} in all {members} shown"
    return f"{subject} ranges from {number(low)} ({low.label}) to {number(high)} ({high.label})"


def _in_which_dimensions(shown: Sequence[Row]) -> str:
    dimensions: dict[str, list[Row]] = {}
    for row in shown:
        dimensions.setdefault(row.dimension, []).append(row)
    compared = [rows for rows in dimensions.values() if len(rows) > 1]
    if not compared:
        return ": no two of the groups shown can be compared"
    apart = [
        rows for rows in compared if not _may_be_equal(min(rows, key=_by_value), max(rows, key=_by_value))
    ]
    if not apart:
        return ": differences between groups are within the margin of error"
    names = listed(tuple(_dimension(rows[0]) for rows in apart))
    beyond = " beyond the margin of error" if any(row.interval for rows in apart for row in rows) else ""
    rest = len(compared) - len(apart)
    others = {0: "", 1: ", and not by the other"}.get(rest, f", and not by the other {rest}")
    return f" differs{beyond} by {names}{others}"


def _dimension(row: Row) -> str:
    """A dimension in words: as the group's label names it, or by its code."""
    name, is_named, _ = row.label.partition(": ")
    return (name if is_named else row.dimension.replace("_", " ")).lower()


def governing(rows: tuple[Row, ...], _members: str = "estimators") -> str:
    """What an effect is by the careful estimator, whose interval governs; by the default where it is hidden.

    Estimators are looks at one thing: they are never set against each other as groups of people are.
    """
    by_name = {row.group: row for row in rows if row.value is not None}
    name = next((one for one in ("careful", "default") if one in by_name), None)
    if name is None:
        return NOTHING_SHOWN
    row = by_name[name]
    interval = f" (95% interval {span(row.interval, row.unit)})" if row.interval else ""
    return f"{row.measure.subject}: {number(row)}{interval} by the {name} estimator"


def trend(rows: tuple[Row, ...]) -> str:
    """What a measure shows between its first and its newest published cohort."""
    shown = [row for row in rows if row.value is not None]
    if not shown:
        return NOTHING_SHOWN
    subject, first, last = shown[0].measure.subject, shown[0], shown[-1]
    if len(shown) == 1:
        return f"{subject}: {number(first)} in the only cohort shown, {first.label}"
    if _may_be_equal(first, last):
        return f"{subject}: the cohorts of {first.label} and {last.label} are within the margin of error"
    verb = "is higher" if _by_value(last) > _by_value(first) else "is lower"
    return (
        f"{subject} {verb} in the cohort of {last.label} ({number(last)}) than in that of "
        f"{first.label} ({number(first)})"
    )


def standing(pairs: Sequence[tuple[Row, Row]]) -> str:
    """How a member's measures stand to those of the whole: which lie above or below it, and how many do not.

    ``pairs``: the member's row and the whole's of the same measure. Only those with intervals count; apart
    are those whose intervals do not overlap.
    """
    held = [(own, whole) for own, whole in pairs if own.interval is not None and whole.interval is not None]
    if not held:
        return NOTHING_SHOWN
    apart = [(own, whole) for own, whole in held if not _may_be_equal(own, whole)]
    said = []
    for word, sign in (("above", 1), ("below", -1)):
        names = tuple(
            own.measure.title for own, whole in apart if (_by_value(own) - _by_value(whole)) * sign > 0
        )
        said += [f"{word} the whole: {listed(names).lower()}"] if names else []
    others = len(held) - len(apart)
    if not said:
        return f"Within the margin of error of the whole in {len(held)} of {len(held)} measures"
    sentence = "; ".join(said)
    return (
        f"{sentence[0].upper()}{sentence[1:]}; within the margin of error in {others} of {len(held)} measures"
    )


def tally(rows: tuple[Row, ...]) -> str:
    """How many rows of a measure of verdicts read each way; empty where none can be shown."""
    counts = Counter(number(row) for row in rows if row.is_shown)
    said = "; ".join(f"{n} {word}" for word, n in counts.items())
    return f"{rows[0].measure.title}: {said}" if said else ""


def fund_balance(totals: dict[str, Decimal]) -> str:
    """What the fund held at the end of the newest quarter, and a year before. ``totals``: by quarter."""
    if not totals:
        return NOTHING_SHOWN
    quarters = sorted(totals)
    newest = quarters[-1]
    sentence = f"The fund held {rounded_dollars(totals[newest])} at the end of {newest}"
    if len(quarters) < 5:
        return sentence
    change = totals[newest] - totals[quarters[-5]]
    more = "more" if change >= 0 else "less"
    return f"{sentence}, {rounded_dollars(abs(change))} {more} than a year before"


def headline(published: Published) -> str:
    """The one sentence for a reader with no time, with its interval."""
    employed = published.one("outcomes_consortium", "employment_rate_q2")
    if employed is not None:
        return (
            f"Of the people who left training {months(employed.start, employed.end)}, {number(employed)} "
            f"were employed by a member firm two quarters later "
            f"(95% interval {span(employed.interval, employed.unit)})."
        )
    completed = published.one("outcomes_consortium", "completion_rate")
    if completed is not None:
        return (
            f"Of the people whose training ended {months(completed.start, completed.end)}, "
            f"{number(completed)} completed it (95% interval {span(completed.interval, completed.unit)})."
        )
    return "This release shows no outcome: none meets the publication rules yet."


def change_on_year(rows: tuple[Row, ...]) -> str:
    """The change between the newest cohorts and those a year earlier, in words; empty if not computable.

    ``rows``: the quarterly cohorts of one measure. Rates pool the newest four quarters and the four before
    (their rounded counts), where there are eight; other measures compare one quarter with the same quarter
    of the year before.
    """
    shown = _newest_unbroken(rows)
    if len(shown) < 5:
        return ""
    if shown[0].measure.statistic is Statistic.RATE:
        return _change_of_rate(shown)
    return _change_of_amount(shown[-1], shown[-5])


def mean_contrast(first: Row, second: Row) -> str:
    """The difference between two groups' means, with the interval that their own intervals imply."""
    if first.value is None or second.value is None or first.interval is None or second.interval is None:
        return NOTHING_SHOWN
    difference = first.value - second.value
    half = (_half(first.interval) ** 2 + _half(second.interval) ** 2) ** 0.5
    around = Interval(difference - half, difference + half)
    verdict = "includes" if around.lower <= 0 <= around.upper else "excludes"
    return (
        f"{first.label} against {second.label.lower()}: {signed_dollars(difference)} a year "
        f"(95% interval {dollars(around.lower)} to {dollars(around.upper)}, which {verdict} zero)"
    )


def _half(interval: Interval) -> float:
    return (interval.upper - interval.lower) / 2


def _by_value(row: Row) -> float:
    return 0.0 if row.value is None else row.value


def _may_be_equal(one: Row, other: Row) -> bool:
    if one.interval is None or other.interval is None:
        return one.value == other.value
    return one.interval.overlaps(other.interval)


def _newest_unbroken(rows: tuple[Row, ...]) -> list[Row]:
    """The newest published cohorts, quarter after quarter without a gap."""
    run: list[Row] = []
    for row in (row for row in rows if row.value is not None):
        follows = run and Quarter.parse(row.start) - Quarter.parse(run[-1].start) == 1
        run = [*run, row] if follows else [row]
    return run


def _change_of_rate(shown: list[Row]) -> str:
    later, earlier, what = shown[-1:], shown[-5:-4], f"{shown[-1].label} against {shown[-5].label}"
    if len(shown) >= 8:
        later, earlier, what = shown[-4:], shown[-8:-4], "newest four quarters against the four before"
    new, old = _pooled(later), _pooled(earlier)
    around = newcombe(new, old)
    return (
        f"{in_points(new[0] / new[1] - old[0] / old[1])} "
        f"(95% interval {points(around.lower)} to {points(around.upper)}), {what}"
    )


def _pooled(rows: list[Row]) -> tuple[int, int]:
    return sum(row.numerator or 0 for row in rows), sum(row.denominator or 0 for row in rows)


def _change_of_amount(later: Row, earlier: Row) -> str:
    difference = _by_value(later) - _by_value(earlier)
    is_money = later.unit.startswith("usd")
    size = signed_dollars(difference) if is_money else f"{difference:+,.0f}".replace("-", "−")
    if difference == 0:
        size = "no change"
    doubt = ", within the margin of error" if later.interval and _may_be_equal(later, earlier) else ""
    return f"{size}, {later.label} against {earlier.label}{doubt}"


def target_gap(row: Row, target: float | None) -> str:
    """How a figure stands to the committee's target, in words; empty without one."""
    if target is None or row.value is None:
        return ""
    stated = in_unit(target, row.unit)
    if row.interval is None:
        return f"Target {stated}"
    if row.interval.lower <= target <= row.interval.upper:
        return f"Target {stated}: within the margin of error"
    return f"Target {stated}: {'above' if row.interval.lower > target else 'below'} it"
