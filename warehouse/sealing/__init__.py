"""Sealing a file at the firm: identifiers in, pseudonyms out, on the firm's own machine.

Here files are read, written and encrypted. How a pseudonym is made belongs in ``contracts.pseudonyms``; what
looks like an identifier in ``contracts.identifiers``; talking to the data officer in the command line.
"""

from __future__ import annotations

from warehouse.sealing.keyfiles import KeyFile, read_key
from warehouse.sealing.layout import IdentifierColumns
from warehouse.sealing.seal import SealOrder, SealReport, seal_file

__all__ = ["IdentifierColumns", "KeyFile", "SealOrder", "SealReport", "read_key", "seal_file"]
