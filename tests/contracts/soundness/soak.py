"""``make soak``: cells by the million before the three judges, kind by kind, with what each of them took.

The same trial at a hundred thousand cells a kind is part of ``make test``.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.contracts.soundness.fields_on_trial import TRIALS, Trial
from tests.contracts.soundness.generated_cells import generate_cells
from tests.contracts.soundness.three_judges import Outcome, hear

CELLS, SEED = 1_000_000, 1
_AT_ONCE = 100_000
_SHOWN = 5


def try_all(trials: Sequence[Trial], cells: int, seed: int) -> Iterator[tuple[Trial, Outcome]]:
    """At least so many distinct cells, shared among some settings of a kind, heard in parts."""
    share = -(-cells // len(trials))
    for trial in trials:
        texts = generate_cells(trial, share, seed)
        for start in range(0, len(texts), _AT_ONCE):
            yield trial, hear(trial, texts[start : start + _AT_ONCE])


def add_up(outcomes: Iterator[Outcome]) -> Outcome:
    """Several outcomes as one."""
    cells, accepted, differences = 0, Counter[str](), []
    for one in outcomes:
        cells += one.cells
        accepted.update(one.accepted)
        differences += one.differences
    return Outcome(cells, dict(accepted), tuple(differences))


def soak(cells: int, seed: int) -> int:
    """Try every kind, telling as it goes; how many cells the judges did not agree on."""
    apart = 0
    _tell(
        f"{'kind':<14}{'settings':>9}{'cells':>11}{'DuckDB took':>13}{'Polars':>10}{'pydantic':>10}"
        f"{'unsound':>9}{'differ':>8}{'seconds':>9}"
    )
    for kind, trials in TRIALS.items():
        start = time.perf_counter()
        outcome = add_up(_tell_progress(kind, cells, seed))
        took = [outcome.accepted[judge] for judge in ("duckdb", "polars", "pydantic")]
        unsound = sum(one.is_unsound for one in outcome.differences)
        _tell(
            f"{kind:<14}{len(trials):>9}{outcome.cells:>11,}{took[0]:>13,}{took[1]:>10,}{took[2]:>10,}"
            f"{unsound:>9}{len(outcome.differences):>8}{time.perf_counter() - start:>9.0f}"
        )
        for one in outcome.differences[:_SHOWN]:
            _tell(f"    {one.text!a}: DuckDB {one.duckdb}, Polars {one.polars}, pydantic {one.pydantic}")
        apart += len(outcome.differences)
    return apart


def _tell_progress(kind: str, cells: int, seed: int) -> Iterator[Outcome]:
    heard = 0
    for trial, outcome in try_all(TRIALS[kind], cells, seed):
        heard += outcome.cells
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{kind} {heard:,} of {cells:,} ({trial.name})\033[K\r")
        yield outcome


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    sys.exit(1 if soak(*(numbers + [CELLS, SEED][len(numbers) :])) else 0)
