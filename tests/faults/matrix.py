"""The matrix of faults: what is planted, and the end it must come to; which test plants it, the tests say.

A fault without a test stands in ``NOT_YET`` with its reason, and nowhere else: none is silently passed over.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "faults.md"

_SAME = "nothing lost, nothing doubled, the release before readable throughout; run again, the same bytes"
_TYPED = "typed rules decide; leading zeros stay"
_CHILD = "refused in a process of its own; ours lives on"
_ASIDE = "refused, or landed under its hash; no row of another firm"

ROWS: Mapping[str, tuple[str, str]] = {
    "F01": ("SIGKILL before and after every call that changes a disk", _SAME),
    "F02": ("SIGKILL at any moment, 200 times, seeded", _SAME),
    "F03": ("SIGKILL while dbt builds", "the build is thrown away, CURRENT stays, the next run builds anew"),
    "F04": ("SIGKILL between a commit and its receipt", "the receipt comes once, or again byte for byte"),
    "F05": (
        "the process of a run is killed",
        "the run is ended, its place freed, its files taken by the next",
    ),
    "F06": ("Dagster's daemon is killed again and again", "every file is taken once"),
    "F07": ("two workers at one box", "one claim; the other does nothing"),
    "F08": ("a worker that was overtaken wakes up", "what it writes is refused"),
    "F09": (
        "the disk is full, at twelve levels",
        "no receipt for what is not kept; goes on when there is room",
    ),
    "F10": (
        "a file system that errs, stalls or lies",
        "tried again a bounded number of times; nothing half landed",
    ),
    "F11": (
        "clocks that run back, ahead, over a leap day",
        "order by number; nothing published early; no file missed",
    ),
    "F12": (
        "a file grows, is replaced or vanishes while it is read",
        "not received before it is still; nothing torn",
    ),
    "F13": (
        "an upload or a manifest that never comes, or does not fit",
        "waits; what does not fit is refused",
    ),
    "F14": (
        "the same bytes twice, other bytes under one name, a revert",
        "duplicate; held; a revert says what it replaces",
    ),
    "F15": ("late, out of order, corrected after publication", "the next version; what is published stays"),
    "F16": ("10,000 files in one box, 2,000 at once", "one run, bounded batches, firms in turn"),
    "F17": ("one firm floods, or sends a slow file", "the others' receipts come first"),
    "F18": ("releases change under many readers", "nobody reads half, nobody fails, nobody goes back"),
    "F19": (
        "a reader holds an old release while the house tidies up",
        "it stays: no release is ever removed",
    ),
    "F20": (
        "a leftover log, a damaged release, no CURRENT",
        "the check names it; the release before can be read and made current; CURRENT is found again",
    ),
    "F21": ("the ledger is edited, cut, swapped, forked, replayed", "the first bad number is named"),
    "F22": ("restored from a backup into an empty folder", "the same exports"),
    "F23": (
        "no memory left in parsing, judging or building",
        "parsing: a refusal with a receipt, the others go on; else the next run ends in the same bytes",
    ),
    "F24": ("killed in the middle of judging", "no half quarantine"),
    "F25": ("SIGTERM at work", "ends within thirty seconds; the next run goes on"),
    "I01": ("one line of a gigabyte", "refused by code, in bounded memory"),
    "I02": ("a last record of 33 MB", "refused by code, never dropped in silence"),
    "I03": ("10,000 and 100,000 columns", "refused by code"),
    "I04": ("a million quotation marks", "refused by code"),
    "I05": ("no byte at all", "refused, unless a nil return is declared"),
    "I06": ("a header and no rows", "refused, unless a nil return is declared"),
    "I07": ("a byte order mark", "accepted"),
    "I08": ("no line break at the end", "accepted, counted the same"),
    "I09": ("UTF-16, little end first", "refused, the likely encoding named"),
    "I10": ("UTF-16, big end first", "refused, the likely encoding named"),
    "I11": ("Latin-1", "refused, the likely encoding named"),
    "I12": ("two encodings in one file", "refused at the byte where they part"),
    "I13": ("UTF-8 spelled overlong", "refused"),
    "I14": ("a NUL character", "refused"),
    "I15": ("control characters and text that runs backward", "refused"),
    "I16": ("carriage returns alone", "refused"),
    "I17": ("ragged records", "set aside in their place; the rest is judged"),
    "I18": ("a quotation mark that never closes", "refused"),
    "I19": ("columns twice, renamed, in another order, too many", "by name: in order or refused by code"),
    "I20": ("another delimiter", "refused, the delimiter named"),
    "I21": ("decimal commas", "quarantined by code"),
    "I22": ("line breaks inside quotation marks", "accepted; counted as records"),
    "I23": ("NaN and infinity", _TYPED),
    "I24": ("1e309", _TYPED),
    "I25": ("minus zero and numbers too large", _TYPED),
    "I26": ("ids with leading zeros", _TYPED),
    "I27": ("Excel's dates of 1900 and 1904", _TYPED),
    "I28": ("XML that laughs a billion times, or reads a file", _CHILD),
    "I29": ("a workbook that is a bomb", _CHILD),
    "I30": ("an archive in itself, entries over each other", _CHILD),
    "I31": ("macros and links to other workbooks", _CHILD),
    "I32": ("formulas", _CHILD),
    "I33": ("a cell at XFD1048576", _CHILD),
    "I34": ("hidden sheets", "noted; refused when nothing else is there"),
    "I35": ("an encrypted workbook", _CHILD),
    "I36": ("flipped bits in Parquet, 600 times", "no wrong value passes unnoticed"),
    "I37": ("Parquet nested 200 deep", "refused"),
    "I38": ("50 million rows in a few bytes of Parquet", "refused"),
    "I39": ("a Parquet column twice", "refused"),
    "I40": ("a Parquet column of another type", "refused or judged as text, never guessed"),
    "I41": ("encrypted Parquet", "refused"),
    "I42": ("links, also to nowhere", "set aside unread"),
    "I43": ("a second name of one file", "landed; the other name is left alone"),
    "I44": ("a pipe under a file's name", "set aside unread; nobody hangs"),
    "I45": ("a device under a file's name", "set aside unread"),
    "I46": ("a folder under a file's name", "set aside with all that is in it"),
    "I47": ("names that lead elsewhere", _ASIDE),
    "I48": ("names with NUL, patterns, quotation marks, line breaks, right-to-left text, 255 bytes", _ASIDE),
    "I49": ("SQL in names, headers, cells, periods", "no effect"),
    "I50": ("formulas in every text we export", "disarmed; numbers stay numbers"),
    "I51": ("markup in what a report or a receipt shows", "shown as text"),
    "S04": ("one firm asks for another's box, receipt or quarantine", "denied and recorded"),
    "S05": ("a release is asked for before its day", "nothing of it is there to be read; refused"),
    "S06": ("secrets in logs, environment, core files", "none"),
    "S07": ("installed from the lock file without a network", "works; nothing is built from source"),
}

NOT_YET: Mapping[str, str] = {}


def planted_by() -> Mapping[str, list[str]]:
    """For each fault the tests that plant it: every function that bears ``pytest.mark.fault``."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        if "mark.fault(" in (text := path.read_text(encoding="utf-8")):
            for fault, name in _marked(ast.parse(text)):
                place = f"{path.relative_to(TESTS).as_posix()}::{name}"
                if place not in found[fault]:
                    found[fault].append(place)
    return found


def page() -> str:
    """The matrix as a page: each fault, the end it must come to, the tests that plant it."""
    tests = planted_by()
    lines = [_HEAD, "| | planted | expected | planted by |", "|---|---|---|---|"]
    for fault, (planted, expected) in ROWS.items():
        where = "<br>".join(f"`{place}`" for place in tests[fault]) or f"*not yet: {NOT_YET[fault]}*"
        lines.append(f"| {fault} | {planted} | {expected} | {where} |")
    return "\n".join(lines) + "\n"


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for mark in function.decorator_list for node in ast.walk(mark)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fault":
                yield from ((ast.literal_eval(given), function.name) for given in call.args)


_HEAD = """\
<!-- Rendered by `make render`; edit tests/faults/matrix.py instead. -->

# Faults

What can go wrong, and the end it must come to. `make faults` plants every one and prints what was seen;
`make test` plants a sample. Paths are below `tests/`.
"""
