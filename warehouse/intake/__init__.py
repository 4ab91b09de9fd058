"""From a landed file to judged rows: preflight, two counters, the contract's program, quarantine, receipts.

Taking files from boxes belongs to the landing, what a row must be to ``contracts``, building to dbt. A check
at a firm borrows most of these modules, but nothing that pandas or a workbook is needed for: so the package
itself imports nothing.
"""
