"""``python -m tests.bench.compiling``: CPU seconds to compile a contract and to render all that is rendered.

Each contract in a process of its own, imports left out, the worst first. Nothing asserts on a time.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from statistics import median

from contracts import CONTRACTS, contract
from contracts.compiler import compile_contract
from contracts.render import RENDERINGS
from warehouse.templates_xlsx import xlsx_template

RUNS = 3


def spent(name: str) -> tuple[float, float]:
    """CPU seconds of the program with the statements intake runs, and of every rendering and the template."""
    started = time.process_time()
    compile_contract(contract(name)).statements()
    compiled = time.process_time()
    for render in RENDERINGS.values():
        render(contract(name))
    xlsx_template(contract(name))
    return compiled - started, time.process_time() - compiled


def main() -> None:
    """Print a line for each contract named, or for the three with most columns."""
    largest = sorted(CONTRACTS, key=lambda name: -len(contract(name).column_names()))[:3]
    context = multiprocessing.get_context("spawn")
    for name in sys.argv[1:] or largest:
        with context.Pool(1, maxtasksperchild=1) as pool:
            runs = pool.map(spent, [name] * RUNS, chunksize=1)
        compiled, rendered = (median(one) for one in zip(*runs, strict=True))
        columns = len(contract(name).column_names())
        sys.stdout.write(
            f"{name} ({columns} columns): compiled {compiled:.2f}, rendered {rendered:.2f} CPU s\n"
        )


if __name__ == "__main__":
    main()
