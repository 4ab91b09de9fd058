"""Published code sets as package data, and the codes of them that an extract may hold.

Sources and licenses stand in the README beside the files. Crosswalks and prices are seeds of the dbt project.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contracts.errors import ContractError

Row = Mapping[str, str]


@dataclass(frozen=True)
class _Source:
    """A file, its columns of codes and titles, and which of its rows are codes that an extract may hold."""

    column: str
    title: str
    usable: Callable[[Row], bool]


_SOURCES: Mapping[str, _Source] = {
    "soc_2018": _Source("soc_code", "soc_title", lambda row: row["soc_level"] == "detailed"),
    "naics_2022": _Source("naics_code", "naics_title", lambda row: len(row["naics_code"]) == 6),
    "cip_2020": _Source("cip_code", "cip_title", lambda row: len(row["cip_code"]) == 7),
    "county_fips": _Source("county_fips", "county_name", lambda row: True),
}

CODESETS: tuple[str, ...] = tuple(_SOURCES)
"""The names of all code sets."""


@cache
def codeset(name: str) -> frozenset[str]:
    """The codes of a set at the level extracts use: detailed occupations, six-digit industries and programs.

    ContractError CTR-005 for a set that is not there.
    """
    source = _source(name)
    return frozenset(row[source.column] for row in _rows(name) if source.usable(row))


@cache
def titles(name: str) -> Mapping[str, str]:
    """The title of every code of a set, groups included; ContractError CTR-005 for an unknown set."""
    source = _source(name)
    return MappingProxyType({row[source.column]: row[source.title] for row in _rows(name)})


def _source(name: str) -> _Source:
    if name not in _SOURCES:
        raise ContractError(
            "CTR-005",
            found=f"the code set {name!r}",
            expected="one of " + ", ".join(CODESETS),
            where="a column's declaration",
            remedy="Put the set's file beside the others and declare it there.",
        )
    return _SOURCES[name]


def _rows(name: str) -> Iterator[Row]:
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
