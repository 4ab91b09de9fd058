"""The guide's recipes for an analyst's own programs, run as they are printed against a real server."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from reports.tables import Publication

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "door.md"
PRINTED_AT = "http://localhost:8484"
NEEDS_R = pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R: run `make r`")


def recipe(language: str, address: str) -> list[str]:
    """The lines of the guide's one recipe in a language, asked of the server at ``address``."""
    (found,) = re.findall(rf"^  ```{language}\n(.*?)^  ```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return [line.removeprefix("  ").replace(PRINTED_AT, address) for line in found.splitlines() if line]


def printed(*command: str) -> pd.DataFrame:
    """What a program prints as CSV, every cell as text."""
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return pd.read_csv(io.StringIO(done.stdout), dtype=str, keep_default_na=False)


def expected(publication: Publication) -> pd.DataFrame:
    """The recipes' rows from the published table itself, best placed first."""
    frame = publication.frames()["outcomes_by_program"]
    frame = frame[frame["metric_id"] == "employment_rate_q2"]
    return frame.sort_values("value", ascending=False, kind="stable")


def same_figures(told: pd.DataFrame, frame: pd.DataFrame) -> bool:
    """Whether labels and values are those of the published table, blanks included."""
    values = pd.to_numeric(told["value"].replace({"NA": "", "nan": ""}))
    ours = pd.Series(values.to_numpy(), index=told["label"]).sort_index()
    theirs = pd.Series(pd.to_numeric(frame["value"]).to_numpy(), index=frame["label"]).sort_index()
    blank = theirs.isna()
    same = (ours - theirs).abs()[~blank] < 1e-9
    return ours.index.equals(theirs.index) and bool((ours.isna() == blank).all() and len(same) and same.all())


@NEEDS_R
def test_recipe_in_r_brings_the_figures_and_keeps_codes(address: str, publication: Publication) -> None:
    lines = recipe("r", address)
    answer = [*lines[:-1], f"shown <- {lines[-1]}", "shown$industry <- rows[rownames(shown), 'industry']"]
    told = printed("Rscript", "-e", "\n".join([*answer, "write.csv(shown, row.names = FALSE)"]))
    assert same_figures(told, expected(publication))
    assert set(told["industry"]) == {"00"}


def test_recipe_in_python_brings_the_figures_and_keeps_codes(address: str, publication: Publication) -> None:
    lines = recipe("python", address)
    answer = [*lines[:-1], f"shown = {lines[-1]}", "shown = shown.assign(industry=rows['industry'])"]
    told = printed(sys.executable, "-c", "\n".join([*answer, "print(shown.to_csv(index=False))"]))
    assert same_figures(told, expected(publication))
    assert set(told["industry"]) == {"00"}


def test_every_address_of_the_guide_answers_with_rows(address: str) -> None:
    paths = re.findall(r"`(/latest/tables/[a-z_]+\.csv\?[^`]*)`", GUIDE.read_text())
    assert len(paths) >= 4
    assert all(len(pd.read_csv(address + path)) > 0 for path in paths)
