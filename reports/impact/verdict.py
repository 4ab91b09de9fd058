"""Which words a result may use. The careful interval governs them; no word here says more than both
intervals.

How the sentences are set out on a page does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reports.impact.drift_and_dip import LONG_HISTORY, Adjusted
from reports.impact.results import Answer, Estimate, NotEstimable


class Verdict(StrEnum):
    """What may be said."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MAYBE_GAIN = "maybe_gain"
    MAYBE_LOSS = "maybe_loss"
    UNCLEAR = "unclear"
    NOT_ESTIMABLE = "not_estimable"


SENTENCES = {
    Verdict.POSITIVE: "Positive: the default and the careful interval both lie above zero.",
    Verdict.NEGATIVE: "Negative: the default and the careful interval both lie below zero.",
    Verdict.MAYBE_GAIN: "Consistent with a gain, but a difference in earlier wage growth could explain it.",
    Verdict.MAYBE_LOSS: "Consistent with a loss, but a difference in earlier wage growth could explain it.",
    Verdict.UNCLEAR: "Not distinguishable from zero.",
    Verdict.NOT_ESTIMABLE: "Not estimable.",
}

GROWING = (
    "The gap to co-workers keeps growing after entry: an effect cannot be told apart from having picked "
    "people whose pay was about to grow."
)
WIDENED = (
    "The data show permanent shocks or bends in pay: the interval is widened by the bias that these could "
    "cause."
)
UNRESOLVED = "Two and four quarters of dip lead to different answers: unresolved, so not called positive."
FEW_UNITS = "Fewer than 20 firms: the interval also holds the wild cluster bootstrap's."


@dataclass(frozen=True)
class Judgement:
    """The verdict, its sentence, and the flags in words."""

    verdict: Verdict
    flags: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The words that may stand alone."""
        return SENTENCES[self.verdict]


def judge(
    default: Answer, careful: Estimate | None, adjusted: dict[int, Adjusted | NotEstimable], history: int
) -> Judgement:
    """The words for a default and a careful answer.

    ``careful`` is None where no careful interval can be given: then nothing is called positive or negative.
    """
    if isinstance(default, NotEstimable):
        return Judgement(Verdict.NOT_ESTIMABLE)
    flags = _flags(adjusted, history)
    is_settled = careful is not None and GROWING not in flags and UNRESOLVED not in flags
    if default.is_positive:
        sure = is_settled and careful is not None and careful.is_positive
        return Judgement(Verdict.POSITIVE if sure else Verdict.MAYBE_GAIN, flags)
    if default.is_negative:
        sure = is_settled and careful is not None and careful.is_negative
        return Judgement(Verdict.NEGATIVE if sure else Verdict.MAYBE_LOSS, flags)
    return Judgement(Verdict.UNCLEAR, flags)


def judge_alone(default: Answer, *, is_settled: bool) -> Judgement:
    """The words where there is one interval only: firm ones if the design settles the comparison (chance)."""
    if isinstance(default, NotEstimable):
        return Judgement(Verdict.NOT_ESTIMABLE)
    if default.is_positive:
        return Judgement(Verdict.POSITIVE if is_settled else Verdict.MAYBE_GAIN)
    if default.is_negative:
        return Judgement(Verdict.NEGATIVE if is_settled else Verdict.MAYBE_LOSS)
    return Judgement(Verdict.UNCLEAR)


def _flags(adjusted: dict[int, Adjusted | NotEstimable], history: int) -> tuple[str, ...]:
    found = {lags: one for lags, one in adjusted.items() if isinstance(one, Adjusted)}
    governs = found.get(4 if history >= LONG_HISTORY else 2)
    if governs is None:
        return ()
    flags = []
    if governs.is_growing:
        flags.append(GROWING)
    if governs.is_guarded:
        flags.append(WIDENED)
    if history < LONG_HISTORY and _disagree(found):
        flags.append(UNRESOLVED)
    return tuple(flags)


def _disagree(found: dict[int, Adjusted]) -> bool:
    """With a short history: one of the two excludes zero and the other does not."""
    sides = {(one.estimate.is_positive, one.estimate.is_negative) for one in found.values()}
    return len(sides) > 1 or len(found) < 2
