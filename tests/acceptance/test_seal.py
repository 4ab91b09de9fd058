"""A data officer seals an export: what the command prints, writes and returns."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts import contract
from orchestration import cli
from orchestration.cli.seal_command import command

KEY = bytes(range(32)).hex()
EXPORT = """Employee SSN,Last Name,First Name,Birth Date,entry_date,program_id,funding_source
219-09-9998,Canaryson,Mary,1990-06-15,2026-02-01,welding-1,FUND
,Canaryson,Mark,1985-01-02,2026-02-01,welding-1,FUND
000-12-3456,Canaryson,Paul,1979-03-04,2026-02-01,welding-1,FUND
"""
NAMED = ["--ssn", "Employee SSN", "--last", "Last Name", "--first", "First Name", "--dob", "Birth Date"]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an export and a link key."""
    (tmp_path / "export.csv").write_text(EXPORT)
    (tmp_path / "link.key").write_text(KEY)
    (tmp_path / "link.key").chmod(0o600)
    return tmp_path


def arguments(desk: Path, *more: str) -> list[str]:
    out, key = str(desk / "enrollment_2026Q1.csv"), str(desk / "link.key")
    return [str(desk / "export.csv"), "--out", out, "--link-key", key, "--key-epoch", "1", *NAMED, *more]


def seal(desk: Path, *more: str) -> Result:
    return CliRunner().invoke(command, arguments(desk, *more))


def test_seal_says_what_was_sealed_and_what_was_not(desk: Path) -> None:
    done = seal(desk)
    assert done.exit_code == 1, done.output
    assert "Sealed 2 of 3 rows" in done.stdout
    assert "ssn 1, last+first3+dob 1" in done.stdout
    assert "SEA-103  1 ×" in done.stdout
    assert "records 3" in done.stdout
    assert "Canaryson" not in done.output
    assert KEY not in done.output


def test_sealed_rows_pass_the_enrollment_contract(desk: Path) -> None:
    seal(desk)
    with (desk / "enrollment_2026Q1.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["age_at_entry"] for row in rows] == ["35", "41"]
    for row in rows:
        kept = contract("enrollment").model_validate({name: cell or None for name, cell in row.items()})
        assert kept.model_dump()["learner_key"] == row["learner_key"]


def test_seal_ends_with_zero_when_every_row_was_sealed(desk: Path) -> None:
    (desk / "export.csv").write_text("\n".join(EXPORT.splitlines()[:3]))
    done = seal(desk)
    assert done.exit_code == 0, done.output
    assert not (desk / "enrollment_2026Q1.rejected.csv").exists()


def test_seal_warns_when_the_group_can_read_a_key(desk: Path) -> None:
    (desk / "link.key").chmod(0o640)
    assert "chmod 600" in seal(desk).stderr


def test_seal_ends_with_two_and_one_clear_line_when_the_file_is_unusable(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "export.csv").write_text(EXPORT.replace("funding_source", "Work Email"))
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "seal": "…"})
    monkeypatch.setattr(sys, "argv", ["guildhall", "seal", *arguments(desk)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "FIL-040" in told
    assert "--drop" in told
    assert not (desk / "enrollment_2026Q1.csv").exists()


def test_seal_takes_no_key_from_the_environment_or_the_command_line(desk: Path) -> None:
    (desk / "link.key").unlink()
    for key in (KEY, str(desk / "link.key")):
        given = arguments(desk)
        given[given.index("--link-key") + 1] = key
        done = CliRunner(env={"GUILDHALL_LINK_KEY": KEY, "LINK_KEY": KEY}).invoke(command, given)
        assert done.exit_code != 0
        assert getattr(done.exception, "code", None) == "SEA-001"
        assert KEY not in done.output + str(done.exception)


def test_seal_imports_neither_dagster_nor_dbt() -> None:
    watch = (
        "import sys, orchestration.cli.seal_command;"
        "print([m for m in ('dagster', 'dbt', 'duckdb', 'pandas', 'great_expectations') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, check=True, env=os.environ.copy()
    )
    assert done.stdout.strip() == "[]"
