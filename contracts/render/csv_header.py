"""A contract as the first line of a CSV file: what to fill in below it is the data dictionary's to say."""

from __future__ import annotations

from contracts.model import Contract


def csv_header(contract: type[Contract]) -> str:
    """The names of all columns in the contract's order, separated by commas, with a line end."""
    return ",".join(contract.column_names()) + "\n"
