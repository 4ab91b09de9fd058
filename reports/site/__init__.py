"""The static site of all releases: its pages here, its files written by ``writing``.

What a release holds is decided in ``reports.report`` and ``reports.tables``; the door that answers questions
is ``reports.door``.
"""
