"""What a soak found as a section of docs/benchmarks.md: tables of the worlds, the bars, sample regions, a
chart.

Numbers that miss their bar are printed like the others, and marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

from reports.impact.drift_and_dip import LONG_HISTORY, MAX_LAGS
from tests.bench.measuring import write_section
from tests.reports.impact.bound import bound
from tests.reports.impact.region_page import region_lines
from tests.reports.impact.regions import RegionRun
from tests.reports.impact.replication import Replication, Summary, summarize
from tests.reports.impact.worlds import ADVERSARIAL, EFFECT, World

DOCS = Path(__file__).parents[3] / "docs"
CHART = DOCS / "images" / "impact-coverage.svg"
PARALLEL = ("none", "dip", "firm trough")

_INTRODUCTION = (
    "`make soak-impact`: made-up worlds with a known effect of about .05 log points: 3,000 workers at 40 "
    "firms and about 460 participants who enroll over eight quarters. The history is the number of quarters "
    "before the first enrollment. Coverage: how often the 95 % interval holds the truth. Width: against the "
    "default's. Positive: how often the headline may say so."
)
_HEADER = (
    "| world | history | runs | default: coverage | bias | careful: coverage | bias | width | "
    "union: coverage | "
    "positive, default alone | positive, headline | guard | keeps growing |"
)

_BOUND = (
    "How much of the width is the method's, and how much the question's: the best that anybody could do who "
    "knew the true covariance of pay, had comparison workers without number, and left one straight drift and "
    "the same dip quarters free (generalized least squares, from the worlds' own figures). No unbiased "
    "estimate has a narrower interval than the first; no 95 % interval that is valid for every drift and dip "
    "is shorter on average than the second, even if built for a guess that happens to be true (Pratt 1961)."
)


def write_page(
    kept: Mapping[str, Sequence[Replication]],
    worlds: Sequence[World],
    regions: Mapping[str, Sequence[RegionRun]],
    *,
    to_docs: bool,
) -> str:
    """The section; written into the docs with its chart when asked."""
    found = {
        world: summarize(kept[f"{world.name} | {world.history}"])
        for world in worlds
        if kept.get(f"{world.name} | {world.history}")
    }
    text = "\n".join([*_section(found), *region_lines(regions)])
    if to_docs:
        CHART.write_text(_chart(found))
        write_section("soak-impact", text)
    return text


def _section(found: Mapping[World, Summary]) -> list[str]:
    usual = {world: one for world, one in found.items() if world not in ADVERSARIAL}
    hard = {world: one for world, one in found.items() if world in ADVERSARIAL}
    bars = [line for world, one in usual.items() for line in _bars(world, one)]
    return [
        "## Intervals of effects",
        "",
        _INTRODUCTION,
        "",
        "![Coverage of the default and of the careful interval by world](images/impact-coverage.svg)",
        "",
        *_table(usual),
        "",
        "Bars, and whether they are met (a coverage from 400 runs is known to about ± 2 points):",
        "",
        "| world | history | bar | found | |",
        "|---|---|---|---|---|",
        *bars,
        "",
        _BOUND,
        "",
        *_bounds(usual),
        "",
        "Worlds that break what the careful interval assumes, reported as they are:",
        "",
        *_table(hard),
    ]


def _table(found: Mapping[World, Summary]) -> list[str]:
    lines = [_HEADER, "|" + "---|" * 13]
    for world, one in found.items():
        covered, bias = one.coverage, one.bias
        lines.append(
            f"| {world.name} | {world.history} | {one.count} | "
            f"{covered['default']:.1%} | {bias['default']:+.4f} | "
            f"{covered['governing']:.1%} | {bias['governing']:+.4f} | {one.width['governing']:.2f} | "
            f"{covered['union']:.1%} | {one.default_positive:.1%} | {one.positive:.1%} | {one.guarded:.1%} | "
            f"{one.growing:.1%} |"
        )
    return lines


def _bars(world: World, one: Summary) -> list[str]:
    most = 2.0 if world.history >= 20 else 3.5
    width, covered = one.width["governing"], one.coverage["governing"]
    rows = [
        ("careful coverage ≥ 93 %", f"{covered:.1%}", covered >= 0.93),
        (f"careful width ≤ {most}", f"{width:.2f}", width <= most),
    ]
    if not world.effect:
        rows.append(("positive headlines ≤ 5 %", f"{one.positive:.1%}", one.positive <= 0.05))
    if world.name in PARALLEL:
        default, bias = one.coverage["default"], abs(one.bias["default"]) / EFFECT
        rows.append(("default coverage 92–98 %", f"{default:.1%}", 0.92 <= default <= 0.98))
        rows.append(("default bias ≤ 5 % of the effect", f"{bias:.1%}", bias <= 0.05))
    return [
        f"| {world.name} | {world.history} | {bar} | {value} | {'met' if holds else '**missed**'} |"
        for bar, value, holds in rows
    ]


def _bounds(found: Mapping[World, Summary]) -> list[str]:
    lines = [
        "| world | history | careful width found | least of an unbiased one | least of any |",
        "|---|---|---|---|---|",
    ]
    for world, one in found.items():
        best = bound(world, MAX_LAGS if world.history >= LONG_HISTORY else 2)
        lines.append(
            f"| {world.name} | {world.history} | {one.width['governing']:.2f} | {best.ratio:.2f} | "
            f"{best.floor:.2f} |"
        )
    return lines


def _chart(found: Mapping[World, Summary]) -> str:
    rows = pd.DataFrame(
        {"world": f"{world.name} ({world.history})", "interval": title, "coverage": one.coverage[name]}
        for world, one in found.items()
        for name, title in (("default", "default"), ("governing", "careful"))
    )
    base = alt.Chart(rows, title="How often the 95 % interval holds the true effect")
    marks = base.mark_point(filled=True, size=70).encode(
        x=alt.X("coverage:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"), title=None),
        y=alt.Y(
            "world:N",
            sort=None,
            title="world (quarters of history)",
            axis=alt.Axis(labelLimit=320, minExtent=250),
        ),
        color=alt.Color("interval:N", scale=alt.Scale(range=["#1f4e79", "#c55a11"]), title="interval"),
        shape=alt.Shape("interval:N", title="interval"),
    )
    rule = alt.Chart(pd.DataFrame({"coverage": [0.95]})).mark_rule(strokeDash=[4, 3], color="#666")
    chart = (marks + rule.encode(x="coverage:Q")).properties(width=460)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))
