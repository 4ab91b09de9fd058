"""A data officer asks for a template, and a steward reads and renders contracts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from contracts import CONTRACTS, contract
from contracts.render import read_odcs, rendered_files
from orchestration import cli
from orchestration.cli import contract_command, template_command


def template(*arguments: str) -> Result:
    return CliRunner().invoke(template_command.command, arguments)


def contracts(*arguments: str) -> Result:
    return CliRunner().invoke(contract_command.command, arguments)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a data officer."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_template_writes_the_header_into_the_current_folder(desk: Path) -> None:
    done = template("wage")
    assert (done.exit_code, done.output) == (0, "wage.csv\n")
    assert (desk / "wage.csv").read_bytes() == (",".join(contract("wage").column_names()) + "\n").encode()


@pytest.mark.parametrize("arguments", [("--xlsx",), ("--out", "wage.xlsx"), ("--out", "wage.XLSX")])
def test_template_writes_a_workbook_when_asked_in_either_way(desk: Path, arguments: tuple[str, ...]) -> None:
    done = template("wage", *arguments)
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(desk / done.output.strip()).sheetnames[0] == "wage"


def test_template_goes_to_standard_output_when_asked(desk: Path) -> None:
    done = template("wage", "--out", "-")
    assert done.stdout.splitlines() == [",".join(contract("wage").column_names())]
    assert not list(desk.iterdir())


def test_template_never_overwrites_a_file_that_may_be_filled_in(desk: Path) -> None:
    (desk / "wage.xlsx").write_text("hours of work")
    done = template("wage", "--xlsx")
    assert done.exit_code == 1
    assert "there already" in done.output
    assert (desk / "wage.xlsx").read_text() == "hours of work"


def test_template_says_so_when_the_folder_is_not_there(desk: Path) -> None:
    done = template("wage", "--out", "missing/wage.csv")
    assert done.exit_code == 1
    assert "cannot be written" in done.output


@pytest.mark.parametrize("arguments", [("template", "wages"), ("contract", "show", "wages")])
def test_unknown_contract_ends_with_two_and_the_names_there_are(
    desk: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "template": "…", "contract": "…"})
    monkeypatch.setattr(sys, "argv", ["guildhall", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "CTR-006" in told
    assert "wage" in told


def test_list_names_every_contract_in_full() -> None:
    lines = contracts("list").output.splitlines()
    listed = {line.split()[0] for line in lines if line.strip()}
    assert set(CONTRACTS) <= listed


def test_show_tells_columns_and_rules() -> None:
    told = contracts("show", "wage").output
    assert "wage 1." in told
    assert all(rule.code in told for rule in contract("wage").all_rules())
    assert "gross_wages_usd" in told


def test_show_gives_a_rendering_to_standard_output() -> None:
    assert json.loads(contracts("show", "wage", "--as", "json-schema").output)["title"] == "Wages"
    assert read_odcs(contracts("show", "wage", "--as", "odcs").output).name == "wage"
    for form in contract_command.FORMS:
        assert contracts("show", "wage", "--as", form).exit_code == 0


def test_render_writes_every_file_and_the_same_again(tmp_path: Path) -> None:
    expected = rendered_files(CONTRACTS.values())
    for _ in range(2):
        done = contracts("render", "--out", str(tmp_path / "out"))
        assert done.exit_code == 0, done.output
        written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
        assert {
            path.relative_to(tmp_path / "out").as_posix(): path.read_text() for path in written
        } == expected
