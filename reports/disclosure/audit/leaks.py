"""Hidden numbers that can be read in what is published: every text and every workbook is searched for every
hidden value.

Only numbers of five digits and more, and amounts with cents, are searched for: shorter ones occur by chance.
It takes evidence to know what to look for. Charts hold text as well (titles, tooltips, descriptions, data).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl

from reports.disclosure.audit.changes import rounded
from reports.disclosure.audit.evidence import SHOWN, Evidence
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.published import Printed

WORKBOOK = ".xlsx"
SEARCHED = frozenset({".csv", ".html", ".css", ".json", ".jsonld", ".svg", ".txt", ".md", ".xml", WORKBOOK})
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w,])")
_LEAST_DIGITS = 5
_ABOUT_FILES = frozenset({"manifest.json", "datapackage.json", "dcat.json"})
"""Files that hold sizes and hashes of files."""


def leaks(root: Path, evidence: Evidence) -> Iterator[Finding]:
    """Every hidden value that stands, digit by digit, in a file below ``root``, and is no published value."""
    secret = _hidden_numbers(evidence)
    read = (path for path in root.rglob("*") if path.suffix in SEARCHED and path.name not in _ABOUT_FILES)
    for path in sorted(read):
        text = _text_of(path)
        seen = {Decimal(found.replace(",", "")) for found in _NUMBER.findall(text)}
        for number in sorted(seen & secret.keys()):
            where = f"{secret[number]}, read in {path.relative_to(root).as_posix()}"
            yield Finding("AUD-205", where, "it is printed", Attacker.PUBLIC)


def _text_of(path: Path) -> str:
    """What a file says; of a workbook every cell of every sheet, shown or not, and its title."""
    if path.suffix != WORKBOOK:
        return path.read_text(encoding="utf-8", errors="replace")
    book = openpyxl.load_workbook(path, read_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(str(said) for said in (book.properties.title, *cells) if said is not None)


def charted(strange: Sequence[Printed], evidence: Evidence) -> Iterator[Finding]:
    """Numbers under charts that no published table holds, and that a hidden cell does."""
    secret = _hidden_numbers(evidence, least_digits=1)
    values = np.array([float(value) for value in secret if value])
    for number in strange:
        if len(values) and number.is_of(values):
            yield Finding("AUD-209", "report page", f"the number {number.text}", Attacker.PUBLIC)


def _hidden_numbers(evidence: Evidence, least_digits: int = _LEAST_DIGITS) -> Mapping[Decimal, str]:
    """What hidden cells hold, as it would be printed, with the cell. What is shown of others is no secret,
    nor are their averages and rounded counts.
    """
    hidden: dict[Decimal, str] = {}
    shown, step = set(_averages(evidence)), int(evidence.policy.get("round_counts_to", 1))
    for name, block in evidence.blocks.items():
        scale = scale_of(evidence, name)
        printed = rounded(block.units, step).tolist()
        for cell, units in enumerate(block.units.tolist()):
            decimals = _scale_of_cell(block.keys[cell], scale)
            value = Decimal(units).scaleb(-decimals)
            if block.is_published[cell]:
                shown |= {value, value if decimals else Decimal(printed[cell])}
            elif _digits(value) >= least_digits:
                hidden.setdefault(value, block.where(cell))
    return {value: where for value, where in hidden.items() if value not in shown}


def _averages(evidence: Evidence) -> Iterator[Decimal]:
    """The averages that are shown, and the ends of their intervals."""
    if evidence.amounts is not None:
        for said in np.unique(evidence.amounts[list(SHOWN)].to_numpy(dtype=str)):
            if said:
                yield Decimal(said)


def _digits(value: Decimal) -> int:
    """How many digits a value has when it is printed without needless zeros behind the point."""
    return sum(sign.isdigit() for sign in f"{value.normalize():f}")


def scale_of(evidence: Evidence, system: str) -> int:
    """How many decimals a unit of a system has when it is printed: two for cents, else what the evidence
    says.
    """
    facts = evidence.meta.get("systems", {}).get(system, {})
    return int(facts.get("decimals", 2 if facts.get("unit") == "cents" else 0))


def _scale_of_cell(key: str, scale: int) -> int:
    """In a system of several kinds of numbers a cell says itself whether it is an amount, in cents, or a
    count.
    """
    number = json.loads(key).get("number")
    return scale if number is None else 2 if number == "amount" else 0
