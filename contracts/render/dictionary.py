"""Pages for people: the data dictionary, of all contracts or of one, and the catalogue of codes, in Markdown.

What machines read (schemas, suites) does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from contracts import CONTRACTS
from contracts.codes import CELL_CODES, Guidance
from contracts.corrections import correction_rules
from contracts.model import Cadence, Column, Contract, Party
from contracts.render.description import describe

_BOX = {Party.FIRM: "each firm, into its own box", Party.OPERATOR: "the operator, into `boxes/operator/in/`"}
_CADENCE = {
    Cadence.EVENTS: "each file adds its rows",
    Cadence.STATE: "a later file replaces the whole register",
}


def contracts_page() -> str:
    """The data dictionary: every contract with its terms, its columns and its rules."""
    parts = [
        "# Contracts",
        "",
        "What may be dropped, column by column. A file is named `<contract>_<quarter>.csv`, ",
    ]
    parts[-1] += (
        "for example `wage_2026Q1.csv`. Header columns stand in any order; optional ones may be left out.\n"
    )
    for contract in CONTRACTS.values():
        parts += [*_terms(contract), *_columns(contract), *_rules(contract)]
    return "\n".join(parts)


def dictionary_page(contract: type[Contract]) -> str:
    """One contract for those who fill it in: its columns, closed lists, rules and what can be wrong."""
    name = contract.meta.name
    head, *terms = _terms(contract)
    parts = [
        head.removeprefix("#"),
        *terms,
        f"A file is named `{name}_<quarter>.csv`, for example `{name}_2026Q1.csv`. An empty one is made by",
        f"`guildhall template {name}`. Columns in bold are the key; optional ones may be left out.",
        "",
        *("## Columns", "", *_columns(contract)),
        *("## Closed lists", "", *_closed_lists(contract)),
        *("## Rules", "", *_guidance(_rule_guidance(contract)), ""),
        *("## Cells", "", *_cells(contract), ""),
    ]
    return "\n".join(parts)


def _closed_lists(contract: type[Contract]) -> Iterator[str]:
    """What the codes of each list mean; lists without meanings stand with the columns."""
    told = [column for column in describe(contract).columns if any(column.codes.values())]
    rows = [
        f"| {column.name} | `{code}` | {_cell(meaning)} |"
        for column in told
        for code, meaning in column.codes.items()
        if column.kind != "Flag"
    ]
    yield from _table(("column", "code", "meaning"), rows) if rows else ["None."]
    yield ""


def _cells(contract: type[Contract]) -> list[str]:
    """The codes a cell of each column can earn, and who could be harmed if the column got out."""
    rows = [
        f"| {column.name} | {column.privacy} | {', '.join(f'`{code}`' for code in column.findings)} |"
        for column in describe(contract).columns
    ]
    return _table(("column", "privacy", "codes a cell can earn"), rows)


def codes_page(file_codes: Mapping[str, str]) -> str:
    """Every code a receipt can name. ``file_codes``: message by code for whole files, decided by intake."""
    files = [f"| `{code}` | {message} |" for code, message in sorted(file_codes.items())]
    rules = [entry for contract in CONTRACTS.values() for entry in _rule_guidance(contract)]
    return "\n".join(
        [
            "# Codes",
            "",
            "An ERROR keeps a row out of the lake and in quarantine; a WARNING is told and lets it in.",
            "",
            "## Files",
            "",
            *_table(("code", "what is wrong"), files),
            "",
            "## Cells",
            "",
            *_guidance(CELL_CODES.values()),
            "",
            "## Rows, keys, and across extracts",
            "",
            *_guidance(rules),
            "",
            "## Rows of a correction",
            "",
            *_guidance(_in_correction()),
            "",
        ]
    )


def _in_correction() -> list[Guidance]:
    """What is asked of the rows of every contract's corrections alike."""
    rules = correction_rules(next(iter(CONTRACTS.values())))
    return [Guidance(rule.code, rule.severity, rule.message, rule.hint, rule.rationale) for rule in rules]


def _terms(contract: type[Contract]) -> Iterator[str]:
    meta = contract.meta
    yield f"## {meta.name} {meta.version}"
    yield ""
    yield f"{meta.title}: {meta.description}"
    yield ""
    yield f"One row per {meta.grain}. Dropped by {_BOX[meta.dropped_by]}; {_CADENCE[meta.cadence]}."
    yield ""
    yield f"Key, by which rows are told apart: {', '.join(meta.key)}."
    if meta.opt_in:
        yield ""
        yield f"Refused whole (FIL-042) unless the firm's membership agreement says {meta.opt_in} 1."
    yield ""


def _columns(contract: type[Contract]) -> Iterator[str]:
    rows = [_column(column) for column in contract.columns()]
    yield from _table(("column", "type", "required", "must be", "meaning", "source"), rows)
    yield ""


def _column(column: Column) -> str:
    kind = column.field
    required = "yes" if column.required else ""
    name = f"**{column.name}**" if column.in_key else column.name
    cells = (name, kind.column_type, required, kind.expected, kind.description, kind.source)
    return "| " + " | ".join(_cell(text) for text in cells) + " |"


def _rules(contract: type[Contract]) -> Iterator[str]:
    rows = [
        f"| `{rule.code}` | {rule.severity} | {_cell(rule.message)} | {_cell(rule.hint)} |"
        for rule in sorted(contract.all_rules(), key=lambda one: one.code)
    ]
    yield from _table(("rule", "severity", "a row breaks it when", "what to do"), rows)
    yield ""


def _rule_guidance(contract: type[Contract]) -> list[Guidance]:
    rules = sorted(contract.all_rules(), key=lambda rule: rule.code)
    return [Guidance(one.code, one.severity, one.message, one.hint, one.rationale) for one in rules]


def _guidance(entries: Iterable[Guidance]) -> list[str]:
    rows = [
        f"| `{entry.code}` | {entry.severity} | "
        + " | ".join(_cell(text) for text in (entry.message, entry.hint, entry.rationale))
        + " |"
        for entry in entries
    ]
    return _table(("code", "severity", "what is wrong", "what to do", "why it matters"), rows)


def _table(head: tuple[str, ...], rows: Iterable[str]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows]


def _cell(text: str) -> str:
    return (
        text.replace("{column}", "the column")
        .replace("{expected}", "as the contract says")
        .replace("|", "\\|")
    )
