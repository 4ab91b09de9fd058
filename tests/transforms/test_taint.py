"""Trap 26: information of the unemployment office that reaches a firm's view stops the build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from transforms import PROJECT_DIR

pytestmark = pytest.mark.slow

_FILES = {
    "models/intermediate/int_matches__counted.sql": "-- One row per learner_key.\n"
    "select learner_key, count(*) as quarters from {{ ref('stg_ui_match') }} group by learner_key\n",
    "models/intermediate/int_nothing__read.sql": "-- One row per nothing.\nselect 1 as one\n",
    "models/marts/agg_firm_statement.sql": "-- One row per firm.\n"
    "select 'F1' as firm_id, count(*) as matched from {{ ref('int_matches__counted') }}\n",
}


def _project(folder: Path, meta: str) -> Path:
    """A project of the house's macros and one staging model, with a mart two steps behind it."""
    project = folder / "project"
    (project / "models" / "staging").mkdir(parents=True)
    shutil.copytree(PROJECT_DIR / "macros", project / "macros")
    shutil.copy(PROJECT_DIR / "profiles.yml", project)
    shutil.copy(PROJECT_DIR / "models" / "staging" / "stg_ui_match.sql", project / "models" / "staging")
    house = (PROJECT_DIR / "dbt_project.yml").read_text().replace("+contract: {enforced: true}", "")
    (project / "dbt_project.yml").write_text(house)
    for name, text in _FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    models = {
        "models": [
            {"name": "stg_ui_match", "config": {"meta": {"origin": "UC"}}},
            {
                "name": "agg_firm_statement",
                "config": {"meta": json.loads(meta)},
                "columns": [{"name": "firm_id"}],
            },
        ]
    }
    (project / "models" / "schema.yml").write_text(json.dumps(models))
    return project


def _build(project: Path) -> str:
    """What dbt says of a build of one harmless model: what is refused is refused before it."""
    command = [str(Path(sys.executable).with_name("dbt")), "run", "-s", "int_nothing__read"]
    where = ["--project-dir", str(project), "--profiles-dir", str(project)]
    environment = {**os.environ, "GUILDHALL_BUILD_DB": str(project / "w.duckdb"), "DO_NOT_TRACK": "1"}
    done = subprocess.run([*command, *where], capture_output=True, text=True, check=False, env=environment)
    return f"{done.returncode} {done.stdout}"


@pytest.mark.parametrize("meta", ["{}", '{"audience": "firm"}'])
def test_trap_26_build_stops_when_matched_wages_reach_a_firms_view(tmp_path: Path, meta: str) -> None:
    said = _build(_project(tmp_path, meta))
    assert not said.startswith("0 ")
    assert "BLD-020" in said
    assert "agg_firm_statement" in said


def test_model_of_the_build_zone_may_read_what_is_tainted(tmp_path: Path) -> None:
    assert _build(_project(tmp_path, '{"audience": "build"}')).startswith("0 ")


def test_house_names_the_origin_of_matched_wages() -> None:
    staging = (PROJECT_DIR / "models" / "staging" / "_staging.yml").read_text()
    described = staging.split("- name: stg_ui_match")[1].split("- name: ")[0]
    assert "origin: UC" in described
    assert "refuse_tainted_views()" in (PROJECT_DIR / "dbt_project.yml").read_text()
