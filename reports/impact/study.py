"""One study: a panel in, every estimator's answer out, with the judgement that follows from them.

Pure arithmetic; how an answer is worded, drawn or published is elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from reports.impact.bootstrap import FEW_UNITS, wild_interval
from reports.impact.did import callaway_santanna, symmetric
from reports.impact.drift_and_dip import (
    Adjusted,
    drift_and_dip,
    governing,
)
from reports.impact.imputation import from_sums, imputation, placebo_in_time
from reports.impact.panel import Bools, Floors, Panel, Window, member_refusal, refusal
from reports.impact.pooled import Auxiliary, pooled_imputation, two_way_fixed_effects
from reports.impact.randomized import difference_in_means
from reports.impact.results import Answer, Estimate, NotEstimable, Reason, hull
from reports.impact.sums import UnitSums
from reports.impact.trends import EventEffect, event_study, leave_out_range, line_sums, slope_adjusted
from reports.impact.verdict import FEW_UNITS as FEW_UNITS_FLAG
from reports.impact.verdict import Judgement, Verdict, judge, judge_alone

SKIPS = (2, 4, 6)
MEMBER_FLOORS = Floors(participants=10, units=10)
"""Where the members are the units (firms that got a grant): so many treated ones, and as many others."""


class Design(StrEnum):
    """How people came to take part. Randomized only where chance decided, and only when declared so."""

    OBSERVATIONAL = "observational"
    RANDOMIZED = "randomized"


class Grain(StrEnum):
    """Whether the panel follows persons at firms, or members that are units themselves."""

    PERSONS = "persons"
    MEMBERS = "members"


@dataclass(frozen=True)
class Settings:
    """What is fixed before any result is seen. ``window`` and ``floors`` are the design's own when left out.

    ``seed``: of the bootstrap below 20 firms.
    """

    design: Design = Design.OBSERVATIONAL
    window: Window | None = None
    floors: Floors | None = None
    seed: int = 0


@dataclass(frozen=True)
class Flow:
    """Who is in the sample and who falls out, counted in persons; attrition in shares by arm."""

    persons: int
    participants: int
    comparison: int
    seen_before: int
    seen_after: int
    attrition_participants: float | None
    attrition_comparison: float | None


@dataclass(frozen=True)
class Study:
    """Everything that is known about one effect. ``refusal`` says why there is none; then the rest is empty.

    ``without_one_unit`` is internal: it never leaves the building.
    """

    design: Design
    grain: Grain
    window: Window
    history: int
    flow: Flow
    refusal: NotEstimable | None
    default: Answer
    careful: Estimate | None
    adjusted: Mapping[int, Adjusted | NotEstimable]
    judgement: Judgement
    beside: Mapping[str, Answer]
    events: tuple[EventEffect, ...]
    without_one_unit: tuple[float, float] | None

    @property
    def specifications(self) -> int:
        """How many estimates were made of this effect."""
        return len(self.beside) + len(self.adjusted) + 1


def grain_of(panel: Panel) -> Grain:
    """Members where no unit has a second person, else persons."""
    return Grain.MEMBERS if panel.unit_count == panel.shape[0] else Grain.PERSONS


def study(panel: Panel, settings: Settings | None = None) -> Study:
    """Run every estimator that the design carries on a panel."""
    given = settings or Settings()
    if given.design is Design.RANDOMIZED:
        return _randomized(panel, given)
    if grain_of(panel) is Grain.MEMBERS:
        return _of_members(panel, given)
    return _of_persons(panel, given)


def _randomized(panel: Panel, settings: Settings) -> Study:
    answer = difference_in_means(panel, settings.window)
    window = settings.window or Window(0, panel.shape[1], 0)
    if isinstance(answer, NotEstimable):
        return _refused(panel, settings, window, answer)
    return replace(
        _refused(panel, settings, window, None),
        default=answer,
        careful=answer,
        judgement=judge_alone(answer, is_settled=True),
    )


def _of_members(panel: Panel, settings: Settings) -> Study:
    """Members that are units: no co-workers, so no careful interval, and nothing called positive."""
    window = settings.window or Window(0, panel.shape[1], 0)
    why_not = member_refusal(panel, window, settings.floors or MEMBER_FLOORS)
    default = why_not or pooled_imputation(panel, window, Auxiliary.ALL)
    if isinstance(default, NotEstimable):
        return _refused(panel, settings, window, default)
    return replace(
        _refused(panel, settings, window, None),
        default=default,
        judgement=judge_alone(default, is_settled=False),
        beside={
            "callaway_santanna_base_1": callaway_santanna(panel, window, -1),
            "two_way_fixed_effects": two_way_fixed_effects(panel),
        },
    )


def _of_persons(panel: Panel, settings: Settings) -> Study:
    chosen = settings.window or Window()
    why_not = refusal(panel, chosen, settings.floors)
    if why_not is not None:
        return _refused(panel, settings, chosen, why_not)
    sums = line_sums(panel, chosen)
    default = from_sums(panel, sums, (chosen.first, chosen.last), "imputation")
    if isinstance(default, NotEstimable):
        return _refused(panel, settings, chosen, default)
    adjusted = drift_and_dip(panel, chosen)
    wild = wild_interval(default, sums, chosen, settings.seed) if default.units < FEW_UNITS else None
    careful = _careful(governing(adjusted, panel.history), wild)
    judgement = judge(default if wild is None else wild, careful, adjusted, panel.history)
    if wild is not None:
        judgement = replace(judgement, flags=(*judgement.flags, FEW_UNITS_FLAG))
    return Study(
        design=settings.design,
        grain=Grain.PERSONS,
        window=chosen,
        history=panel.history,
        flow=flow(panel, chosen),
        refusal=None,
        default=default,
        careful=careful,
        adjusted=adjusted,
        judgement=judgement,
        beside=_beside(panel, chosen, default, sums, wild),
        events=event_study(panel, sums),
        without_one_unit=leave_out_range(sums, chosen),
    )


def _careful(governs: Adjusted | NotEstimable, wild: Estimate | None) -> Estimate | None:
    """The interval that governs the words; None where there is none."""
    if isinstance(governs, NotEstimable):
        return None
    if wild is None:
        return governs.estimate
    return hull(governs.estimate.name, governs.estimate, wild)


def _beside(
    panel: Panel, window: Window, default: Estimate, sums: UnitSums, wild: Estimate | None
) -> dict[str, Answer]:
    """What is printed beside the two that count."""
    slope, adjusted, union = slope_adjusted(panel, window, default, sums)
    beside: dict[str, Answer] = {
        "symmetric": symmetric(panel, window),
        "callaway_santanna_base_5": callaway_santanna(panel, window, -5),
        "callaway_santanna_base_1": callaway_santanna(panel, window, -1),
        "slope_adjusted": adjusted,
        "union": union,
        "pre_slope": slope,
        "placebo": placebo_in_time(panel),
    }
    for skip in SKIPS:
        name = f"skip {skip}"
        beside[f"skip_{skip}"] = (
            replace(default, name=name)
            if skip == window.skip
            else imputation(panel, replace(window, skip=skip), name)
        )
    if wild is not None:
        beside["wild_bootstrap"] = wild
    return beside


def _refused(panel: Panel, settings: Settings, window: Window, why_not: NotEstimable | None) -> Study:
    """A study with nothing in it but its flow, and the reason where there is one."""
    return Study(
        design=settings.design,
        grain=grain_of(panel),
        window=window,
        history=panel.history,
        flow=flow(panel, window),
        refusal=why_not,
        default=why_not or NotEstimable("effect", Reason.INFEASIBLE, "nothing", "an estimate"),
        careful=None,
        adjusted={},
        judgement=Judgement(Verdict.NOT_ESTIMABLE),
        beside={},
        events=(),
        without_one_unit=None,
    )


def flow(panel: Panel, window: Window) -> Flow:
    """The sample's flow. Attrition: of those seen before, who is not seen in a quarter of the window."""
    enrolled = panel.is_participant
    before = panel.untreated(window.skip).any(axis=1)
    in_window = panel.within(window).any(axis=1)
    could = panel.entry + window.first < panel.shape[1]
    reached = enrolled & before & could
    return Flow(
        persons=panel.shape[0],
        participants=int(enrolled.sum()),
        comparison=int((~enrolled).sum()),
        seen_before=int((enrolled & before).sum()),
        seen_after=int((enrolled & before & in_window).sum()),
        attrition_participants=_share(reached & ~in_window, reached),
        attrition_comparison=_comparison_attrition(panel, window),
    )


def _share(part: Bools, whole: Bools) -> float | None:
    return float(part.sum() / whole.sum()) if whole.any() else None


def _comparison_attrition(panel: Panel, window: Window) -> float | None:
    """Attrition of the never enrolled over the same calendar quarters, weighted as participants entered."""
    never = panel.observed[~panel.is_participant]
    lost, base = 0.0, 0.0
    entries, counts = np.unique(panel.entry[panel.is_participant], return_counts=True)
    for entry, count in zip(entries, counts, strict=True):
        last = min(int(entry) + window.last + 1, panel.shape[1])
        if entry <= window.skip or entry + window.first >= last:
            continue
        before = never[:, : int(entry) - window.skip].any(axis=1)
        after = never[:, int(entry) + window.first : last].any(axis=1)
        if before.any():
            lost += count * float((before & ~after).sum() / before.sum())
            base += float(count)
    return lost / base if base else None
