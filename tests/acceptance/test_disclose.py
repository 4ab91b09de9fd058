"""A board's statistician protects an own table, checks it, and hears of every way to spoil it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import guildhall

CELLS = """\
area,sector,firms,wages,largest
Total,Total,61,10000,900
north,Total,34,5900,900
south,Total,27,4100,800
Total,care,21,3700,800
Total,metal,21,3300,900
Total,trade,19,3000,700
north,care,12,2100,300
north,metal,12,2000,900
north,trade,10,1800,400
south,care,9,1600,800
south,metal,9,1300,350
south,trade,9,1200,300
"""
POLICY = """\
name: our_board
version: 1.0.0
requires_source: any
notice: Made for a test.
wage_derived: &limits {min_persons: 0, min_firms: 3, max_firm_share: "0.45", dominance: [[1, "85"]],
  p_percent: null, min_age_days: null}
count: *limits
min_persons_distribution: 0
min_responders: 0
round_counts_to: 1
round_money_to: "1"
protection: {share: "0.10", units: 1}
zeros: structural
coalition: 1
attacker_bounds: nonnegative
mechanism: suppress
revision: frozen
percentiles: banded
cost: unit
"""


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board")
    (folder / "wages.csv").write_text(CELLS)
    (folder / "policy.yaml").write_text(POLICY)
    columns = ("--value", "wages", "--count", "firms", "--largest", "largest")
    done = guildhall(
        *("disclose", str(folder / "wages.csv"), *columns, "--policy", str(folder / "policy.yaml")),
        *("--rounds", "5", "--out", str(folder / "out")),
    )
    assert "12 cells" in done.stdout
    return folder / "out"


def test_disclose_hides_what_fails_and_what_protects_it(protected: Path) -> None:
    lines = (protected / "public" / "tables" / "wages.csv").read_text().splitlines()
    assert lines[0] == "area,sector,value,status"
    hidden = {line for line in lines if line.endswith(",,5")}
    assert "south,care,,5" in hidden
    assert len(hidden) == 4
    assert "Total,Total,10000,1" in lines
    page = (protected / "private" / "explanation.html").read_text()
    assert "DOMINANCE" in page
    assert "COMPLEMENTARY" in page
    about = (protected / "public" / "about.html").read_text()
    assert "DOMINANCE" not in about
    assert "[c]" in about


def test_audit_passes_on_all_and_on_what_is_published_alone(protected: Path, tmp_path: Path) -> None:
    assert "passed" in guildhall("audit", str(protected), "--public").stdout
    alone = guildhall("audit", str(protected / "public"), "--json")
    assert json.loads(alone.stdout)["passed"]
    assert (protected / "private").is_dir()


def _spoiled(protected: Path, folder: Path, change: Callable[[Path], None]) -> list[str]:
    for path in sorted(protected.rglob("*")):
        if path.is_file():
            copy = folder / path.relative_to(protected)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    change(folder / "public" / "tables" / "wages.csv")
    done = guildhall("audit", str(folder), "--json", check=False)
    assert done.returncode == 1
    return [finding["code"] for finding in json.loads(done.stdout)["findings"]]


def test_audit_names_a_cell_that_was_filled_in_again(protected: Path, tmp_path: Path) -> None:
    def fill(table: Path) -> None:
        table.write_text(table.read_text().replace("south,care,,5", "south,care,1600,1"))

    assert {"AUD-113", "AUD-201", "AUD-204"} <= set(_spoiled(protected, tmp_path, fill))


def test_disclose_writes_nothing_when_a_cell_is_unsound(tmp_path: Path) -> None:
    (tmp_path / "wages.csv").write_text(CELLS.replace("1600", "1601"))
    columns = ("--value", "wages", "--count", "firms", "--largest", "largest")
    done = guildhall(
        *("disclose", str(tmp_path / "wages.csv"), *columns, "--out", str(tmp_path / "out")), check=False
    )
    assert done.returncode == 2
    assert "CEL-005" in done.stderr
    assert not (tmp_path / "out").exists()


def test_guide_does_what_it_says_when_its_files_and_commands_are_taken_from_the_page(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "guides" / "disclosure.md").read_text(encoding="utf-8")
    texts = re.findall(r"```\w+\n(.*?)```", page, re.DOTALL)
    for name, text in zip(("wages.csv", "areas.csv", "ours.yaml"), texts, strict=False):
        (tmp_path / name).write_text(text, encoding="utf-8")
    first = [str(tmp_path / word) if (tmp_path / word).exists() else word for word in texts[3].split()]
    words = [w.replace("=areas.csv", f"={tmp_path / 'areas.csv'}") for w in first if w != "\\"]
    start = words.index("guildhall", 1)
    assert words[start + 1 :] == ["audit", "protected"]
    guildhall(*words[1 : start - 1], str(tmp_path / "protected"))
    assert "passed" in guildhall("audit", str(tmp_path / "protected")).stdout
    assert texts[4].split()[-3:] == ["--plan", "--out", "planned"]
    planned = guildhall(*words[1 : start - 2], "--plan", "--out", str(tmp_path / "planned"))
    assert "Not published: county × sector" in planned.stdout
    assert "passed" in guildhall("audit", str(tmp_path / "planned")).stdout


def test_disclose_says_what_the_best_plan_keeps_and_writes_nothing_when_none_keeps_enough(
    tmp_path: Path,
) -> None:
    (tmp_path / "wages.csv").write_text(CELLS)
    (tmp_path / "policy.yaml").write_text(POLICY.replace('"0.45"', '"0.05"'))
    columns = ("--value", "wages", "--count", "firms", "--largest", "largest")
    done = guildhall(
        *("disclose", str(tmp_path / "wages.csv"), *columns, "--policy", str(tmp_path / "policy.yaml")),
        *("--plan", "--out", str(tmp_path / "out")),
        check=False,
    )
    assert done.returncode == 2
    assert "CEL-015" in done.stderr
    assert "of the value are shown" in done.stderr
    assert not (tmp_path / "out").exists()


def test_disclose_distorts_every_firm_when_the_policy_says_so_and_its_audit_passes(tmp_path: Path) -> None:
    firms = {"north": "ABCDEF", "south": "CDEFGH"}
    rows = [(area, firm, 100 + 10 * n) for area in firms for n, firm in enumerate(firms[area])]
    (tmp_path / "parts.csv").write_text(
        "\n".join(["area,FIRM,wages", *(",".join(map(str, row)) for row in rows)])
    )
    (tmp_path / "wages.csv").write_text("area,wages,firms\nTotal,1500,8\nnorth,750,6\nsouth,750,6\n")
    noisy = POLICY.replace("suppress", 'ramp_noise\nnoise: {least: "0.05", most: "0.15"}')
    (tmp_path / "policy.yaml").write_text(noisy)
    (tmp_path / "key").write_text("0123456789abcdef" * 4)
    files = [str(tmp_path / name) for name in ("wages.csv", "policy.yaml", "parts.csv", "key")]
    words = ["disclose", files[0], "--value", "wages", "--count", "firms", "--policy", files[1]]
    noise = ["--contributions", files[2], "--noise-key", files[3]]
    for out in ("first", "second"):
        done = guildhall(*words, *noise, "--out", str(tmp_path / out))
        assert "3 cells: 3 shown, 0 hidden" in done.stdout
    table = (tmp_path / "first" / "public" / "tables" / "wages.csv").read_text().splitlines()
    assert [line.rsplit(",", 1)[1] for line in table[1:]] == ["9", "9", "9"]
    assert "1500" not in table[1]
    audited = guildhall("audit", str(tmp_path / "second"), "--earlier", str(tmp_path / "first"))
    assert "passed" in audited.stdout
    assert "earlier releases 1" in audited.stdout
    cells_alone = guildhall(*words, "--out", str(tmp_path / "third"), check=False)
    assert cells_alone.returncode == 2
    assert "CEL-018" in cells_alone.stderr
