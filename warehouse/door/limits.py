"""How much one question may take. The numbers are policy; how they are held is in ``answering``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one question; whatever exceeds one ends the process that answers it.

    ``memory_bytes`` is address space beyond what the process starts with: DuckDB's own limit
    (``duckdb_memory``) does not bind functions such as ``repeat``. ``seconds`` is wall time, held by the
    kernel's timer, since DuckDB's interrupt can be ignored for as long as one function runs.
    """

    memory_bytes: int = 1 << 30
    duckdb_memory: str = "512MB"
    seconds: float = 8.0
    rows: int = 100_000
    answer_bytes: int = 32 << 20
    characters: int = 10_000
    threads: int = 1


DEFAULT = Limits()
AT_HOME = Limits(
    memory_bytes=4 << 30, duckdb_memory="2GB", seconds=120.0, rows=5_000_000, answer_bytes=1 << 30
)
"""For whoever has the release on a machine of their own."""
