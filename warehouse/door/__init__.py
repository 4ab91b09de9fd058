"""The boards' door: strangers' SQL on one published release, asked in a process that can be thrown away.

A question is read (``statement``), answered in a fresh process with limits (``answering``, ``forking``) on a
file that holds nothing but published rows, and comes back as Arrow (``workers``). Addresses, pages, tokens
and file formats belong to ``reports.door``.
"""
