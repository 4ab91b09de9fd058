"""From one major version to the next: how a row that was fine under the old one is written under the new one.

An upcast is a pure function over a row of text cells. Its law, tested for every entry: the upcast of a valid
row of the old version is a valid row of the new one. With it a file of an older major is read by the header
of its own released description, lifted row by row, and judged by today's program alone. Reading files does
not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.errors import ContractError

TextRow = Mapping[str, str]
"""Text by column; a column that is missing is blank."""


@dataclass(frozen=True)
class Upcast:
    """One step between neighboring majors; files of the old one are taken through ``last_day``."""

    name: str
    from_major: int
    to_major: int
    row: Callable[[TextRow], TextRow]
    last_day: date

    def __post_init__(self) -> None:
        """ContractError CTR-040 unless the step goes to the very next major."""
        if self.to_major != self.from_major + 1:
            raise ContractError(
                "CTR-040",
                found=f"a step from {self.from_major} to {self.to_major}",
                expected="a step to the next major",
                where=f"an upcast of the contract {self.name}",
                remedy="Write one upcast for each major in between; they are applied one after the other.",
            )


UPCASTS: tuple[Upcast, ...] = ()
"""Every upcast in force. Add one with each new major; take it out once its last day has passed."""


def majors_taken(name: str, current: int, on: date, upcasts: Iterable[Upcast] = UPCASTS) -> tuple[int, ...]:
    """The majors of a contract that are taken on a day, oldest first, the current one last."""
    steps = {one.from_major: one for one in upcasts if one.name == name and on <= one.last_day}
    majors = [current]
    while majors[0] - 1 in steps:
        majors.insert(0, majors[0] - 1)
    return tuple(majors)


def lift(
    name: str, majors: tuple[int, int], rows: Iterable[TextRow], upcasts: Sequence[Upcast] = UPCASTS
) -> list[TextRow]:
    """Rows of the first major as rows of the second, in the same order.

    ContractError CTR-041 when a step between them is missing.
    """
    steps = [_step(name, major, upcasts) for major in range(*majors)]
    return [_through(steps, row) for row in rows]


def _through(steps: Iterable[Upcast], row: TextRow) -> TextRow:
    for step in steps:
        row = step.row(row)
    return row


def _step(name: str, major: int, upcasts: Iterable[Upcast]) -> Upcast:
    for one in upcasts:
        if (one.name, one.from_major) == (name, major):
            return one
    raise ContractError(
        "CTR-041",
        found=f"no upcast from version {major} to {major + 1}",
        expected="one for each major in between",
        where=f"the contract {name}",
        remedy="Send the file under the current version, or declare the upcast.",
    )
