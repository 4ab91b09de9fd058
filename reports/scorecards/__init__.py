"""A member firm's private scorecard and fund statement: its own figures beside published ones, and nothing
else.

Why that is safe. Every number on a page is either the firm's own (from rows of its own box and its own
account, ``warehouse.own_figures``), or a published cell, or computed from those two. Each published cell was
proven, by the protector and again by the auditor, against every single firm that subtracts itself from it;
so a firm learns nothing from the two side by side that it could not learn from the release. What a mart says
of all firms and no release shows stays out, and so does whatever is apportioned from such a total: a firm's
share of all seats gives the number of all seats away. For the same reason no page has a line "all others".

Reading the warehouse belongs to ``warehouse``, delivery to ``warehouse.delivering``, the order of the work to
``orchestration.scorecards``.
"""
