"""``python -m tests.faults.render``: write the page of faults again."""

from __future__ import annotations

from tests.faults.matrix import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
