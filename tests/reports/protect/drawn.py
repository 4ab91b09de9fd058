"""Small tables drawn by hypothesis: a hierarchy, a flat dimension, firms behind every cell, some cells
failing a rule.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from reports.disclosure.protect.system import Contributors, Needs, System, plain_system
from reports.disclosure.protect.tables import CellTable, Hierarchy, link

AREAS = Hierarchy.from_levels("area", [("N", "n1"), ("N", "n2"), ("S", "s1"), ("S", "s2"), ("S", "s3")])
FIRMS = ("A", "B", "C", "D")


@st.composite
def tables(draw, *, firms: bool = True) -> System:
    """A table of area × sector whose parts are drawn; cells of fewer than three firms or ten units are
    primary.
    """
    sectors = draw(st.integers(2, 3))
    leaves = [("n1", "n2", "s1", "s2", "s3"), tuple(f"k{i}" for i in range(sectors))]
    parts: dict[tuple[str, str], dict[str, int]] = {}
    for area in leaves[0]:
        for sector in leaves[1]:
            drawn = draw(st.dictionaries(st.sampled_from(FIRMS), st.integers(1, 40), max_size=4))
            for firm, units in drawn.items():
                for a in (area, AREAS.parent[area], "Total"):
                    for s in (sector, "Total"):
                        cell = parts.setdefault((a, s), {})
                        cell[firm] = cell.get(firm, 0) + units
    parts.setdefault(("Total", "Total"), {})
    return _system(parts, firms)


def _system(parts: dict[tuple[str, str], dict[str, int]], firms: bool) -> System:
    cells = {key: sum(by_firm.values()) for key, by_firm in parts.items()}
    sectors = Hierarchy.flat("sector", {sector for _, sector in cells})
    linked = link([CellTable("t", ("area", "sector"), cells)], {"area": AREAS, "sector": sectors})
    place = linked.places["t"]
    up, down = (np.zeros(len(linked.values), dtype=np.int64) for _ in range(2))
    for key, by_firm in parts.items():
        units = cells[key]
        if units and (len(by_firm) < 3 or units < 10):
            up[place[key]] = max(1, units // 5)
            down[place[key]] = min(up[place[key]], units)
    rows = [(place[k], FIRMS.index(f), n) for k, by_firm in parts.items() for f, n in by_firm.items()]
    behind = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    contributors = Contributors(behind[0], behind[1], behind[2], FIRMS) if firms else None
    return plain_system(linked.values, linked.equations, Needs(up, down), contributors)
