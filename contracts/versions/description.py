"""What a version of a contract promised, as plain data: small enough to commit, complete enough to compare.

A description outlives the code it was made from. It says which texts a cell may hold and which rules judge a
row; words for people stand apart from what decides. How a contract is described belongs to ``describe``, what
two descriptions differ in to ``diff``; what renderings are made of, and may gain fields any day, is another
description, in ``contracts.render``.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, TypeAdapter

from contracts.codes import Severity
from contracts.fields import Privacy
from contracts.model import Cadence, Party

Words = dict[str, str]
"""What is said to people, by what it is (``description``, ``hint``, …); it decides nothing."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shaped(_Plain):
    """Texts of a gate's shape, without those of another."""

    of: Literal["shape"] = "shape"
    pattern: str
    without: str | None = None


class Listed(_Plain):
    """Texts of a closed list of our own."""

    of: Literal["list"] = "list"
    values: tuple[str, ...]


class MultiListed(_Plain):
    """Several one-letter codes of a closed list written together, each at most once."""

    of: Literal["several of a list"] = "several of a list"
    values: tuple[str, ...]


class Coded(_Plain):
    """Texts of a shape whose first ``leading`` characters (None: all) are a code of a published set.

    ``sha256``: over the set's codes in order, one a line; the codes are kept once for all versions.
    """

    of: Literal["code set"] = "code set"
    pattern: str
    code_set: str
    sha256: str
    leading: int | None = None


class Numbered(_Plain):
    """Numbers of a shape and within bounds, both included; bounds are written as short as they can be."""

    of: Literal["number"] = "number"
    pattern: str
    least: str
    most: str


class Dated(_Plain):
    """Days of the calendar in one of these shapes and within bounds, both included."""

    of: Literal["day"] = "day"
    patterns: tuple[str, ...]
    earliest: date
    latest: date


Cells = Annotated[Shaped | Listed | MultiListed | Coded | Numbered | Dated, Discriminator("of")]
"""Which texts a cell may hold."""


class ColumnDescription(_Plain):
    """One column.

    ``bound_to``: what else the value must be known to, outside of any list that could be written down: the
    box (``box.firm_id``, ``box.period``) or a register (``program.program_id``). ``kind``: the kind of field,
    which decides the codes of findings.
    """

    name: str
    kind: str
    type: str
    required: bool
    cells: Cells
    bound_to: str | None = None
    unit: str = ""
    privacy: Privacy
    words: Words


class RuleDescription(_Plain):
    """One rule beyond the single cell; ``condition`` spells its expression out."""

    code: str
    severity: Severity
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    condition: str
    words: Words


class ContractDescription(_Plain):
    """One version of one contract."""

    name: str
    version: str
    prefix: str
    key: tuple[str, ...]
    dropped_by: Party
    cadence: Cadence
    strict: bool
    opt_in: str | None = None
    columns: tuple[ColumnDescription, ...]
    rules: tuple[RuleDescription, ...]
    words: Words

    def canonical_json(self) -> str:
        """The same description is always the same text: sorted names, ASCII, one line end at the end."""
        plain = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> ContractDescription:
        """Read ``canonical_json`` back; pydantic's ValidationError when it is none."""
        return TypeAdapter(cls).validate_json(text)
