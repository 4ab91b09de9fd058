"""One replication: a drawn world, what the estimators answer, and whether the truth lies inside.

Summaries over replications too. Neither draws worlds nor writes pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.impact.did import symmetric
from reports.impact.drift_and_dip import Adjusted, drift_and_dip, governing
from reports.impact.imputation import default_sums, from_sums
from reports.impact.panel import Panel, Window
from reports.impact.results import Answer, Estimate
from reports.impact.trends import line_sums, slope_adjusted
from reports.impact.verdict import GROWING, Judgement, Verdict, judge
from tests.reports.impact.worlds import World, draw

ESTIMATORS = ("default", "governing", "raw", "union", "symmetric")


@dataclass(frozen=True)
class Replication:
    """Errors, half-widths and coverage by estimator; the verdict; whether a guard or a flag fired."""

    errors: dict[str, float]
    halves: dict[str, float]
    covers: dict[str, bool]
    verdict: str
    default_alone: bool
    guarded: bool
    growing: bool


@dataclass(frozen=True)
class Answers:
    """The two intervals that count, and the words."""

    default: Estimate
    governs: Adjusted
    judgement: Judgement


def answers_of(panel: Panel, window: Window) -> Answers:
    """What ``study`` answers, without what is printed beside it."""
    default = from_sums(panel, default_sums(panel, window), (window.first, window.last), "imputation")
    assert isinstance(default, Estimate)
    adjusted = drift_and_dip(panel, window)
    governs = governing(adjusted, panel.history)
    assert isinstance(governs, Adjusted)
    return Answers(default, governs, judge(default, governs.estimate, adjusted, panel.history))


def replicate(world: World, seed: int) -> Replication:
    """Draw the world and let the estimators answer."""
    drawn, window = draw(world, seed), Window()
    panel = drawn.panel
    found = answers_of(panel, window)
    default, governs, judgement = found.default, found.governs, found.judgement
    answers: dict[str, Answer] = {
        "default": default,
        "governing": governs.estimate,
        "raw": governs.raw,
        "union": slope_adjusted(panel, window, default, line_sums(panel, window))[2],
        "symmetric": symmetric(panel, window),
    }
    known = {name: one for name, one in answers.items() if isinstance(one, Estimate)}
    return Replication(
        errors={name: one.value - drawn.truth for name, one in known.items()},
        halves={name: one.half_width for name, one in known.items()},
        covers={name: one.lower <= drawn.truth <= one.upper for name, one in known.items()},
        verdict=judgement.verdict.value,
        default_alone=default.is_positive,
        guarded=governs.is_guarded,
        growing=GROWING in judgement.flags,
    )


@dataclass(frozen=True)
class Summary:
    """Over the replications of one world. Shares are 0 to 1, bias in log points."""

    count: int
    coverage: dict[str, float]
    bias: dict[str, float]
    width: dict[str, float]
    positive: float
    in_doubt: float
    default_positive: float
    guarded: float
    growing: float


def summarize(replications: Sequence[Replication]) -> Summary:
    """Coverage, mean error, mean half-width against the default's, and shares of verdicts."""

    def share(holds: Sequence[bool]) -> float:
        return float(np.mean(holds)) if holds else float("nan")

    def of(name: str, field: str) -> list[float]:
        return [getattr(one, field)[name] for one in replications if name in getattr(one, field)]

    usual = float(np.mean(of("default", "halves")))
    return Summary(
        count=len(replications),
        coverage={name: share([bool(c) for c in of(name, "covers")]) for name in ESTIMATORS},
        bias={name: share(of(name, "errors")) for name in ESTIMATORS},  # type: ignore[arg-type]
        width={name: float(np.mean(of(name, "halves"))) / usual for name in ESTIMATORS if of(name, "halves")},
        positive=share([one.verdict == Verdict.POSITIVE for one in replications]),
        in_doubt=share([one.verdict == Verdict.MAYBE_GAIN for one in replications]),
        default_positive=share([one.default_alone for one in replications]),
        guarded=share([one.guarded for one in replications]),
        growing=share([one.growing for one in replications]),
    )
