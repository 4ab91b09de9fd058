"""``make soak-disclosure``: a thousand planted mistakes, and what the auditor made of each kind.

The same with a few dozen is part of ``make test``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable

from tests.reports.audit.mutations import Mistake, mistakes

COUNT, SEED = 1_000, 6
LEAST = 0.99

Tally = dict[str, dict[tuple[bool, bool], int]]
"""By kind: how many mistakes, by whether they matter and whether they were refused."""


def tallied(tried: Iterable[Mistake]) -> Tally:
    """Try every mistake."""
    found: Tally = defaultdict(lambda: defaultdict(int))
    for number, mistake in enumerate(tried, 1):
        found[mistake.kind][mistake.matters, mistake.is_refused()] += 1
        if number % 50 == 0:
            print(f"{number} mistakes tried", file=sys.stderr, flush=True)  # noqa: T201
    return found


def main(count: int) -> int:
    """Print the table; 0 when at least 99 % of what matters was refused and nothing else."""
    found = tallied(mistakes(count, SEED))
    print(f"{'mistake':<28}{'matter':>8}{'refused':>9}{'harmless':>10}{'refused':>9}")  # noqa: T201
    missed = alarms = matter = 0
    for kind, counts in sorted(found.items()):
        caught, lost = counts[True, True], counts[True, False]
        false, right = counts[False, True], counts[False, False]
        print(f"{kind:<28}{caught + lost:>8}{caught:>9}{false + right:>10}{false:>9}")  # noqa: T201
        matter, missed, alarms = matter + caught + lost, missed + lost, alarms + false
    print(f"{(matter - missed) / matter:.2%} of {matter} that matter refused; {alarms} false alarms")  # noqa: T201
    return int(missed > (1 - LEAST) * matter or alarms > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
