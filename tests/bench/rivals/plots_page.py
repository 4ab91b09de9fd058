"""The charts of one page drawn by matplotlib or by Plotly and set into it: seconds and bytes, as JSON.

Runs in an environment of its own. In, on stdin: ``page``, HTML with ``<!--chart n-->`` where a chart belongs,
and ``charts``, each a list of label, value, lower, upper. A chart is drawn before the clock starts, so that
imports and fonts do not count.
"""

from __future__ import annotations

import io
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

Points = Sequence[tuple[str, float | None, float | None, float | None]]
NAVY = "#12436D"


def by_matplotlib(points: Points, _place: int) -> str:
    """Dots with whiskers as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(4.7, 0.45 * len(points) + 0.6))
    for height, (_, value, lower, upper) in enumerate(points):
        if value is not None:
            axes.plot([value], [height], "o", color=NAVY)
        if lower is not None:
            axes.plot([lower, upper], [height, height], color=NAVY, alpha=0.35, linewidth=4)
    axes.set_yticks(range(len(points)), [label for label, *_ in points])
    axes.invert_yaxis()
    written = io.StringIO()
    figure.savefig(written, format="svg", bbox_inches="tight")
    plt.close(figure)
    return written.getvalue()[written.getvalue().index("<svg") :]


def by_plotly(points: Points, place: int) -> str:
    """Dots with whiskers as Plotly's own element; its library stands in the page once."""
    from plotly import graph_objects as go

    shown = [point for point in points if point[1] is not None]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [(upper or value) - value for _, value, _, upper in shown],
        "arrayminus": [value - (lower or value) for _, value, lower, _ in shown],
    }
    labels, values = [label for label, *_ in shown], [value for _, value, _, _ in shown]
    figure = go.Figure(go.Scatter(x=values, y=labels, mode="markers", error_x=bars, marker={"color": NAVY}))
    drawn: str = figure.to_html(full_html=False, include_plotlyjs=place == 0)
    return drawn


def main(draw: Callable[[Points, int], str], asked: Any) -> None:
    """Draw all charts into the page and print what it took."""
    draw(asked["charts"][0], 0)
    began = time.process_time()
    page = re.sub(
        r"<!--chart (\d+)-->", lambda at: draw(asked["charts"][int(at[1])], int(at[1])), asked["page"]
    )
    sys.stdout.write(json.dumps({"seconds": time.process_time() - began, "bytes": len(page.encode())}))


if __name__ == "__main__":
    main({"matplotlib": by_matplotlib, "plotly": by_plotly}[sys.argv[1]], json.load(sys.stdin))
