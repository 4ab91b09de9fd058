"""Guildhall on the bench as a process: like the command line, seldom collected and without pandas."""

from __future__ import annotations

import sys
from pathlib import Path

from contracts.collecting import seldom_collected
from contracts.loading import without


def main() -> None:
    """Judge the file named first, write beside the second."""
    with seldom_collected(), without("pandas"):
        from tests.bench import ours  # all it loads lives until the process ends

        ours.main(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
