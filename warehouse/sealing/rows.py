"""One record in, one sealed record out. Files and counts belong in ``seal``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.identifiers import CONTENT_CODE
from contracts.pseudonyms import (
    FirmPseudonyms,
    LearnerPseudonyms,
    Person,
    Refusal,
    SealError,
    TokenKind,
    UnusableIdentifierError,
)
from contracts.pseudonyms.normalize import (
    SEPARATORS,
    age_in_years,
    normalize_birth_date,
    read_day,
)
from warehouse.sealing.layout import Layout

_BETWEEN_CELLS = "\x1f"


@dataclass(frozen=True)
class SealedRow:
    """What a record became: the cells to write, those kept as they were, and what the key is made of."""

    cells: list[str]
    kept: list[str]
    kind: TokenKind


class RowSealer:
    """Seals the records of one file."""

    def __init__(
        self, layout: Layout, learners: LearnerPseudonyms, epoch: int, firm: FirmPseudonyms | None
    ) -> None:
        self._layout = layout
        self._learners = learners
        self._epoch = str(epoch)
        self._firm = firm
        # Behind a record's cells stands a blank one, for the identifiers the file does not have.
        self._person_places = [layout.places.get(option, layout.width) for option in Person._fields]

    def seal(self, cells: Sequence[str]) -> SealedRow:
        """Seal one record; UnusableIdentifierError with the reason when it cannot be.

        SealError FIL-041 when the record's own social security number stands in a kept column too.
        """
        layout = self._layout
        if len(cells) != layout.width:
            raise UnusableIdentifierError(Refusal.RAGGED)
        person = self._person(cells)
        kind, key = self._learners.learner_key(person)
        kept = [cells[place] for place in layout.kept]
        if kind is TokenKind.SSN:
            self._refuse_repeated(person.ssn.translate(SEPARATORS), kept)
        sealed = [key, self._epoch, *self._position(cells), *kept, *self._age(cells, person.dob)]
        return SealedRow(sealed, kept, kind)

    def _person(self, cells: Sequence[str]) -> Person:
        with_blank = [*cells, ""]
        return Person(*[with_blank[place] for place in self._person_places])

    def _position(self, cells: Sequence[str]) -> tuple[str, ...]:
        if self._firm is None:
            return ()
        return (self._firm.position_key(cells[self._layout.places["position"]]),)

    def _age(self, cells: Sequence[str], dob: str) -> tuple[str, ...]:
        """Nothing without an entry date column; blank when either date is missing or the entry is no date."""
        if self._layout.entry_date is None:
            return ()
        entry = read_day(cells[self._layout.entry_date])
        born = normalize_birth_date(dob) if dob.strip() else None
        return ("" if entry is None or born is None else str(age_in_years(born, entry)),)

    def _refuse_repeated(self, digits: str, kept: Sequence[str]) -> None:
        """An employee number that is the social security number would betray every row."""
        if digits not in _BETWEEN_CELLS.join(kept).translate(SEPARATORS):
            return
        alone = re.compile(rf"(?<![0-9]){digits}(?![0-9])")
        for name, cell in zip(self._layout.kept_names, kept, strict=True):
            if alone.search(cell.translate(SEPARATORS)):
                raise SealError(
                    CONTENT_CODE,
                    found="a row whose own social security number stands in this column as well",
                    expected="no identifier in what is left of the file",
                    where=f"the column {name}",
                    remedy=f"Leave the column out with --drop {name}, or replace what it holds.",
                )
