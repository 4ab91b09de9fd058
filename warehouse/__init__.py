"""IN: where data lives: landing, intake, ledger, lake, builds, releases and the boards' query door.

What a firm may send belongs in ``contracts``; what leaves the building belongs in ``reports``.
"""
