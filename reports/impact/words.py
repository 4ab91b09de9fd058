"""A study in words first, then its table: for a terminal, and as plain data for a program.

Nothing here passed disclosure control: it is for those who may see the panel. Published cards are made
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reports.impact.drift_and_dip import LONG_HISTORY, Adjusted
from reports.impact.results import Answer, Estimate, NotEstimable
from reports.impact.study import Design, Grain, Study
from reports.impact.verdict import SENTENCES, Verdict

TITLES = {
    "symmetric": "symmetric difference-in-differences",
    "callaway_santanna_base_5": "Callaway–Sant'Anna, base five quarters before",
    "callaway_santanna_base_1": "Callaway–Sant'Anna, base one quarter before",
    "slope_adjusted": "default less the earlier slope",
    "union": "union of the two (older careful rule)",
    "pre_slope": "slope before entry, a quarter",
    "placebo": "placebo: as if entered 8 quarters early",
    "skip_2": "default, 2 quarters left out",
    "skip_4": "default, 4 quarters left out",
    "skip_6": "default, 6 quarters left out",
    "wild_bootstrap": "default, wild cluster bootstrap",
    "two_way_fixed_effects": "two-way fixed effects (a mixture)",
}


def in_words(study: Study) -> Iterator[str]:
    """The lines: what may be said, what it rests on, every estimate beside it."""
    yield headline(study)
    if isinstance(study.default, NotEstimable):
        yield study.default.sentence
        return
    yield from _rests_on(study, study.default)
    yield from study.judgement.flags
    yield ""
    yield from _table(study)
    if study.without_one_unit is not None:
        low, high = study.without_one_unit
        yield f"Without one unit in turn, the default lies between {low:.4g} and {high:.4g} (internal)."
    yield f"Specifications run: {study.specifications}."


def headline(study: Study) -> str:
    """The one sentence that may stand alone."""
    verdict = study.judgement.verdict
    if study.design is Design.RANDOMIZED and verdict in (Verdict.POSITIVE, Verdict.NEGATIVE):
        side = "above" if verdict is Verdict.POSITIVE else "below"
        return f"{verdict.value.capitalize()}: the interval of the randomized comparison lies {side} zero."
    sentence = SENTENCES[verdict]
    if verdict in (Verdict.MAYBE_GAIN, Verdict.MAYBE_LOSS) and study.grain is Grain.MEMBERS:
        sentence = sentence.replace("earlier wage growth", "earlier trends")
    if verdict is Verdict.UNCLEAR and isinstance(study.default, Estimate):
        shown = study.careful or study.default
        return (
            f"{sentence} This study would have found an effect of {shown.detectable:.4g} four times in five."
        )
    return sentence


def _rests_on(study: Study, default: Estimate) -> Iterator[str]:
    unit = "participants at" if study.grain is Grain.PERSONS else "treated members in"
    behind = f"{default.persons:,} {unit} {default.units:,} units"
    yield f"Estimate {default.value:.4g}, 95% interval {_span(default)}: {behind}."
    if study.design is Design.RANDOMIZED:
        yield "Declared as randomized: the difference in means after assignment, with its robust interval."
        return
    if study.careful is not None:
        yield f"Careful interval, which governs the words: {_span(study.careful)} ({study.careful.name})."
    else:
        yield f"No careful interval: {_no_careful(study)}; so nothing is called positive or negative."
    if study.grain is Grain.PERSONS:
        yield (
            f"Measured in {study.window}; {study.window.skip} quarters before entry left out; "
            f"{study.history} quarters before the first entry ({LONG_HISTORY} are wanted)."
        )


def _no_careful(study: Study) -> str:
    for one in study.adjusted.values():
        if isinstance(one, NotEstimable):
            return one.sentence.rstrip(".")
    return "a member cannot be compared with co-workers of its own"


def _table(study: Study) -> Iterator[str]:
    yield f"{'':<48}{'estimate':>12}{'95% interval':>28}"
    rows: list[tuple[str, Answer]] = [("default: imputation", study.default)]
    if study.design is Design.RANDOMIZED:
        rows = [("difference in means", study.default)]
    rows += [(f"drift and dip, {lags} quarters", _answer(one)) for lags, one in study.adjusted.items()]
    rows += [(TITLES[name], one) for name, one in study.beside.items()]
    for title, answer in rows:
        if isinstance(answer, Estimate):
            yield f"{title:<48}{answer.value:>12.5g}{_span(answer):>28}"
        else:
            yield f"{title:<48}{'–':>12}{f'not estimable ({answer.reason})':>28}"


def _answer(one: Adjusted | NotEstimable) -> Answer:
    return one if isinstance(one, NotEstimable) else one.estimate


def _span(one: Estimate) -> str:
    return f"{one.lower:.4g} to {one.upper:.4g}"


def as_data(study: Study) -> dict[str, Any]:
    """The same as plain data: numbers unrounded, refusals with their codes."""
    return {
        "design": study.design.value,
        "verdict": study.judgement.verdict.value,
        "sentence": headline(study),
        "flags": list(study.judgement.flags),
        "window": asdict(study.window),
        "history": study.history,
        "flow": asdict(study.flow),
        "default": _data(study.default),
        "careful": None if study.careful is None else _data(study.careful),
        "drift_and_dip": {
            str(lags): _data(_answer(one)) | _drift(one) for lags, one in study.adjusted.items()
        },
        "beside": {name: _data(one) for name, one in study.beside.items()},
        "events": [{"event": one.event} | _data(one.estimate) for one in study.events],
        "specifications": study.specifications,
        "internal": {"without_one_unit": study.without_one_unit},
    }


def _drift(one: Adjusted | NotEstimable) -> dict[str, Any]:
    if isinstance(one, NotEstimable):
        return {}
    return {
        "drift": one.drift,
        "dip": one.dip,
        "widened_by": one.estimate.extra,
        "keeps_growing": one.is_growing,
        "persistence": one.movement.rho,
    }


def _data(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, NotEstimable):
        return {"not_estimable": answer.reason.value, "reason": answer.sentence}
    return {
        "name": answer.name,
        "value": answer.value,
        "se": answer.se,
        "lower": answer.lower,
        "upper": answer.upper,
        "df": answer.df,
        "persons": answer.persons,
        "units": answer.units,
        "cells": answer.cells,
        "detectable": answer.detectable,
    }
