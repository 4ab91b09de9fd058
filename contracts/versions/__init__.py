"""Versions of contracts: what was promised, exactly what changed, and for whom that is a breach.

Plain descriptions and decisions about them. Running a new version over files that were sent belongs to
``warehouse.replay``; the command belongs to ``orchestration``.
"""
