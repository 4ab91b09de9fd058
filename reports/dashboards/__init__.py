"""Dashboards between publications: one page for the steering committee, one for the operator.

The committee sees published cells and what a calendar, a register and a count of files say; it sits for firms
that compete, so no firm is named to it. What runs them and where they are written belongs to
``orchestration``.
"""
