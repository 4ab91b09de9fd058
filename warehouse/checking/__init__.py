"""Checking one file at the firm, without a home or a network: what intake would say, before it is sent.

CSV, XLSX and Parquet all become the same rows of text; the contract's program and the second judge are those
of ``warehouse.intake``. Options and wording on the terminal belong to the command line, the workbook of a
firm's rows to ``warehouse.workbook``.
"""

from warehouse.checking.check import check_file
from warehouse.checking.report import CheckOrder, CheckReport, CodeSummary, NotChecked, Verdict

__all__ = ["CheckOrder", "CheckReport", "CodeSummary", "NotChecked", "Verdict", "check_file"]
