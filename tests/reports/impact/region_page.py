"""Sample regions as lines of the soak's section: effects and returns against what was planted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reports.impact.returns import LEDGERS, SOCIETY
from reports.impact.verdict import SENTENCES, Verdict
from tests.reports.impact.regions import LONG, RegionRun, RegionSummary, summarize_regions

_INTRODUCTION = (
    f"Sample regions, one for each seed: {LONG.workers:,} workers, {LONG.firms} firms, {LONG.participants:,} "
    f"participants, of whom those who complete earn {LONG.effect_log_points} log points more. What "
    "`make demo` draws as everybody's pay goes, without files, planted faults or a build, through the code "
    "that makes panels of `fct_effect_quarter`, the default and the careful interval and their words. With "
    "the short history wages are reported from three years later on. True effect: the mean over quarters 4 "
    "to 8 of those behind the estimate. Last column: the mean that `truth.json` names, which also counts "
    "people without pay before they enrolled."
)
_NET = (
    "The same regions' returns: how often the 95 % interval of the net present value, which carries the "
    "default's and the careful interval (before their ends are rounded outward), holds the value that "
    "follows from the true gain. Costs are known; the assumptions are true somewhere in their printed "
    "ranges, drawn anew for each region, or at their central values."
)
_OUTCOMES = {"log_pay": "log pay, points", "pay": "pay, dollars a quarter"}


def region_lines(kept: Mapping[str, Sequence[RegionRun]]) -> list[str]:
    """The lines; none where nothing was run."""
    found = [summarize_regions(runs) for runs in kept.values() if runs]
    if not found:
        return []
    return ["", _INTRODUCTION, "", *_effects(found), "", *_words(found), "", _NET, "", *_nets(found)]


def _effects(found: Sequence[RegionSummary]) -> Iterator[str]:
    yield (
        "| history | runs | outcome | true effect | interval | mean error | mean half-width | coverage | "
        "coverage, `truth.json` |"
    )
    yield "|" + "---|" * 9
    for one in found:
        for (outcome, interval), covers in one.covers.items():
            digits = 2 if outcome == "log_pay" else 0
            told = f"{one.file_covers[interval]:.1%}" if outcome == "log_pay" else ""
            yield (
                f"| {one.history} | {one.count} | {_OUTCOMES[outcome]} | {one.truth[outcome]:.{digits}f} | "
                f"{interval} | {one.errors[outcome, interval]:+.{digits}f} | "
                f"{one.halves[outcome, interval]:.{digits}f} | {covers:.1%} | {told} |"
            )


def _words(found: Sequence[RegionSummary]) -> Iterator[str]:
    for one in found:
        shares = "; ".join(
            f"“{SENTENCES[Verdict(name)]}” {share:.0%}" for name, share in one.verdicts.items()
        )
        yield f"- Words on log pay with {one.history} quarters of history: {shares}"


def _nets(found: Sequence[RegionSummary]) -> Iterator[str]:
    names = (*LEDGERS, SOCIETY)
    yield f"| history | runs | assumptions | {' | '.join(names)} |"
    yield "|" + "---|" * (3 + len(names))
    for one in found:
        for title, shares in (("drawn", one.net_covers), ("central", one.net_covers_central)):
            cells = " | ".join(f"{shares[name]:.1%}" for name in names)
            yield f"| {one.history} | {one.count} | {title} | {cells} |"
