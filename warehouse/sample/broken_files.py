"""Whole files that cannot be taken or read: each lies where no genuine file is expected, and has its code.

They are wage files of quarters before the first one, files with unreadable names, and registers in firms'
boxes. Broken rows inside good files belong in ``faults``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from warehouse.sample.draws import hex_key
from warehouse.sample.settings import SampleSettings


@dataclass(frozen=True)
class BrokenFile:
    """One file that must be refused as a whole, with the code it must be refused for."""

    firm_id: str
    file_name: str
    code: str
    content: bytes


@dataclass(frozen=True)
class _Good:
    """What the file would look like if it were good."""

    header: str
    row: str

    @property
    def text(self) -> str:
        return f"{self.header}\n{self.row}\n"

    @property
    def without_last(self) -> str:
        return f"{self.header.rpartition(',')[0]}\n{self.row.rpartition(',')[0]}\n"


_UNREADABLE: tuple[tuple[str, Callable[[_Good], bytes]], ...] = (
    ("FIL-010", lambda good: ("\ufeff" + good.text).encode("utf-16-le")),
    ("FIL-010", lambda good: f"{good.header},primary_work_zip3\n{good.row},\u00e9\u00e9\n".encode("cp1252")),
    ("FIL-011", lambda good: f"{good.header}\n{good.row}\x00\n".encode()),
    ("FIL-020", lambda good: good.without_last.encode()),
    ("FIL-020", lambda good: good.text.replace(",", ";").encode()),
    ("FIL-021", lambda good: f"{good.header},bonus_note\n{good.row},\n".encode()),
    ("FIL-022", lambda good: f"{good.header},firm_id\n{good.row},\n".encode()),
    ("FIL-023", lambda good: f"{good.header}\n".encode()),
    ("FIL-024", lambda good: f'{good.header}\n"{good.row}\n'.encode()),
    ("FIL-040", lambda good: f"{good.header},date_of_birth\n{good.row},\n".encode()),
)


def broken_files(settings: SampleSettings, firm_ids: list[str]) -> Iterator[BrokenFile]:
    """Every broken file of the region, spread over the firms; wage files are of quarters before the first."""
    for number, (code, spoil) in enumerate(_UNREADABLE):
        firm = firm_ids[number % len(firm_ids)]
        period = str(settings.calendar[0] + (-1 - number // len(firm_ids)))
        yield BrokenFile(firm, f"wage_{period}.csv", code, spoil(_good(settings.seed, firm, period)))
    period = str(settings.calendar[0] + -1)
    good = _good(settings.seed, firm_ids[-1], period)
    yield BrokenFile(firm_ids[-1], "wages final v2.csv", "FIL-001", good.text.encode())
    yield BrokenFile(
        firm_ids[-1], f"firm_{period}.csv", "FIL-036", b"firm_id,joined_on\nANOTHER-FIRM,2018-07-01\n"
    )


def _good(seed: int, firm: str, period: str) -> _Good:
    key = hex_key(seed, "unread", firm, period)
    return _Good(
        "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd", f"{key},1,{firm},{period},9000.00"
    )
