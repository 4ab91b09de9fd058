"""One firm's pay was wrong: corrected, approved by somebody else, audited, and made again to the byte.

The commands are those of docs/guides/releasing.md. ``make test`` makes the corrected version again, ``make
faults`` the one before it too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from contracts import CONTRACTS
from reports.revisions import CORRECTIONS, changed_and_kept, read_affected
from tests.acceptance.conftest import Demo, bytes_of_releases, guildhall
from tests.faults.conftest import WHOLE
from warehouse import builds, releases
from warehouse.home import Home
from warehouse.in_force import KINDS, submissions_in_force
from warehouse.lake import InForce, accepted_path
from warehouse.ledger import Ledger

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]
PERIOD, BY = "2026-Q3", "Ada Byron"
PAY = "median_earnings_q2"


@dataclass(frozen=True)
class Corrected:
    """The home after its correction, what the first release was, and what each command printed."""

    home: Home
    before: dict[str, str]
    staged: str
    own: subprocess.CompletedProcess[str]

    @property
    def root(self) -> str:
        """Where the home lies."""
        return str(self.home.root)


@pytest.fixture(scope="module")
def corrected(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    """A copy of the demo's home with v1.1 of its release, which Ada Byron let out."""
    folder = tmp_path_factory.mktemp("corrected")
    home = Home.open(Path(shutil.copytree(demo.home.root, folder / "home")))
    before = bytes_of_releases(home)
    key = _let_approve(home, folder)
    with Ledger.open(home) as ledger:
        in_force = submissions_in_force(ledger.entries(*KINDS))
    for one in [one for one in in_force if (one.contract, one.firm_id) == ("wage", "F007")]:
        if one.period.startswith("2025"):
            _raise_pay(home, one)
    reason = ("--reason", "Pay of one year was keyed wrong.", "--by", "the data operator")
    asked = ("--home", str(home.root), "--release", PERIOD)
    staged = guildhall("correct", *asked, *reason, "--as-of", "2026-11-20").stdout
    own = guildhall("approve", *asked, "--as", "operator", "--key", str(key), check=False)
    guildhall("approve", *asked, "--as", BY, "--key", str(key), "--as-of", "2026-11-20")
    return Corrected(home, before, staged, own)


def _let_approve(home: Home, folder: Path) -> Path:
    key, public = folder / "ada.key", home.root / "keys" / "approvers" / "ada.pub"
    public.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)], check=True)
    subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(public)], check=True)
    settings = home.root / "consortium.toml"
    text = settings.read_text(encoding="utf-8").replace('approval = "none"', 'approval = "required"')
    text = text.replace("approvers = {}", f'approvers = {{"{BY}" = "keys/approvers/ada.pub"}}')
    settings.write_text(text, encoding="utf-8")
    return key


def _raise_pay(home: Home, one: InForce) -> None:
    """Every row of the file again, with a quarter more pay."""
    rows = pq.read_table(accepted_path(home, one), partitioning=None)
    said = {"gross_wages_usd", "record_action", "correction_reason"}
    kept = [name for name in CONTRACTS["wage"].model_fields if name in rows.column_names and name not in said]
    pay = [
        f"{Decimal(str(dollars)) * Decimal('1.25'):.2f}" for dollars in rows["gross_wages_usd"].to_pylist()
    ]
    words = {"record_action": ["U"] * len(rows), "correction_reason": ["KEYING"] * len(rows)}
    table = pa.table({**{name: rows[name] for name in kept}, "gross_wages_usd": pay, **words})
    path = home.inbox(one.firm_id) / f"wage_{one.period}.csv"
    manifest = {"submission_type": "CORRECTION", "supersedes": one.submission_id}
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    pacsv.write_csv(table, path)


def _pay(home: Home, version: str) -> pd.DataFrame:
    rows = releases.read_table(releases.named_release(home, f"{PERIOD}/{version}"), "outcomes_consortium")
    return rows.loc[rows["metric_id"] == PAY, ["value", "value_lower", "value_upper"]]


def test_correction_waits_for_somebody_other_than_its_builder(corrected: Corrected) -> None:
    assert "waits for approval" in corrected.staged
    assert corrected.own.returncode == 2
    assert "REL-05" in corrected.own.stderr
    assert releases.read_release(corrected.home, PERIOD).version == "v1.1"


def test_pay_of_one_firm_stays_as_it_was_and_the_release_says_so(corrected: Corrected) -> None:
    made = releases.read_release(corrected.home, PERIOD)
    changed, kept = changed_and_kept(read_affected((made.root / CORRECTIONS).read_bytes()))
    assert len(changed) > 0
    assert ("outcomes_consortium", PAY) in set(zip(kept["table_name"], kept["metric_id"], strict=True))
    assert _pay(corrected.home, "v1.1").equals(_pay(corrected.home, "v1.0"))
    assert "still read as in v1.0" in made.report.read_text(encoding="utf-8")


def test_correction_passes_the_audit_and_every_file_is_what_it_was(corrected: Corrected) -> None:
    verified = guildhall("verify", "--home", corrected.root, check=False)
    assert verified.returncode == 0, verified.stderr
    for version in ("v1.0", "v1.1"):
        audited = guildhall("audit", str(corrected.home.releases / PERIOD / version), check=False)
        assert audited.returncode == 0, audited.stdout
    now = bytes_of_releases(corrected.home)
    assert {name: now[name] for name in corrected.before if name != "CURRENT"} == {
        name: digest for name, digest in corrected.before.items() if name != "CURRENT"
    }


def test_correction_carries_over_what_it_does_not_touch(demo: Demo, corrected: Corrected) -> None:
    before, after = builds.latest_build(demo.home), builds.latest_build(corrected.home)
    assert after.number == before.number + 1
    assert after.changed == {"wage"}
    built = (after.dbt_dir / "build.log").read_text(encoding="utf-8")
    assert "agg_outcomes " in built
    assert "agg_fund_ledger " not in built
    fund = [builds.read_mart(build, "agg_fund_ledger") for build in (before, after)]
    assert len(fund[0]) == len(fund[1]) > 0


@pytest.mark.parametrize("version", ["v1.1", *(["v1.0"] if WHOLE else [])])
@pytest.mark.fault("F15")
def test_version_comes_out_the_same_from_its_ledger_head(
    corrected: Corrected, tmp_path: Path, version: str
) -> None:
    again = tmp_path / "again"
    asked = ("--home", corrected.root, "--release", f"{PERIOD}/{version}", "--into", str(again))
    done = guildhall("rebuild", *asked, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "comes out the same" in done.stdout
    published = corrected.home.releases / PERIOD / version
    files = (path for path in (published / "tables").rglob("*") if path.is_file())
    exports = sorted(path.relative_to(published) for path in files)
    assert len(exports) > 0
    assert all((published / one).read_bytes() == (again / one).read_bytes() for one in exports)
