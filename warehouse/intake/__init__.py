"""From a landed file to judged rows: preflight, two counters, the contract's program, quarantine, receipts.

Taking files from boxes belongs to the landing, what a row must be to ``contracts``, building to dbt.
"""

from warehouse.intake.validate import IntakeReport, validate_landed

__all__ = ["IntakeReport", "validate_landed"]
