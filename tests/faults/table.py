"""A pytest plugin for ``make faults``: the table of every fault, what was expected and what was seen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.faults.matrix import NOT_YET, ROWS

_NUMBERED = re.compile(r"[FIS][0-9]{2} ")
Outcomes = Mapping[str, list[pytest.TestReport]]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every report say which faults its test planted."""
    for item in items:
        for mark in item.iter_markers("fault"):
            item.user_properties += [("fault", fault) for fault in mark.args]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table when all is done."""
    terminalreporter.section("faults")
    for line in _table(_by_fault(terminalreporter)):
        terminalreporter.write_line(line)


def _by_fault(reporter: pytest.TerminalReporter) -> Outcomes:
    found: defaultdict[str, list[pytest.TestReport]] = defaultdict(list)
    for outcome in ("passed", "failed", "skipped", "error"):
        for report in reporter.stats.get(outcome, []):
            for name, fault in getattr(report, "user_properties", ()):
                if name == "fault" and (report.when == "call" or outcome != "passed"):
                    found[fault].append(report)
    return found


def _table(outcomes: Outcomes) -> Iterator[str]:
    for fault, (planted, expected) in ROWS.items():
        yield f"{fault}  {planted}"
        yield f"     expected: {expected}"
        yield f"     seen:     {_seen(fault, outcomes[fault]) if fault in outcomes else _missing(fault)}"


def _seen(fault: str, reports: list[pytest.TestReport]) -> str:
    """In words. What a test that plants many faults says of one begins with its number."""
    bad = [report.nodeid for report in reports if report.outcome != "passed"]
    said = [str(words) for report in reports for name, words in report.user_properties if name == "seen"]
    about = [words for words in said if words.startswith(fault) or not _NUMBERED.match(words)]
    words = "; ".join(dict.fromkeys(about)) or "as expected"
    return f"NOT AS EXPECTED in {', '.join(bad)}" if bad else f"{words} ({len(reports)} tests)"


def _missing(fault: str) -> str:
    return f"not yet: {NOT_YET[fault]}" if fault in NOT_YET else "not planted in this run"
