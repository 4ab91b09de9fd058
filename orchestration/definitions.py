"""One function builds everything Dagster knows; the UI, the command line and the tests all call it.

``dagster dev -m orchestration.definitions`` (or ``make dagster``) reads the home from GUILDHALL_HOME when it
loads; nothing happens when this module is merely imported.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from orchestration.assets import (
    attendance,
    dashboards,
    impact,
    intake,
    publication,
    scorecards,
    transforms,
    watch,
)
from orchestration.automation import (
    box_sensor,
    dashboard_schedule,
    delivery_schedule,
    publication_schedule,
    watch_schedule,
)
from orchestration.dbt import manifest_path
from orchestration.job_names import DASHBOARDS, DELIVERY, INTAKE, JOURNEY, PREPARATION, WATCH
from orchestration.programs import installed
from orchestration.resources import HomeResource, Occasion, Progress, SignOfLife, Silence
from transforms import PROJECT_DIR
from warehouse.home import Home

HOME_VARIABLE = "GUILDHALL_HOME"


def intake_defs(
    home: Home, *, occasion: Occasion | None = None, progress: Progress | None = None
) -> dg.Definitions:
    """What takes drops and nothing more: for a run that builds nothing, the dbt project is not parsed."""
    assets = [intake.landed_drops, intake.accepted_extracts, attendance.attendance]
    taking = dg.define_asset_job(
        INTAKE,
        selection=dg.AssetSelection.assets(*assets),
        executor_def=dg.in_process_executor,
        # The sensor asks again, by the ledger: a second way to try again would only wait for the first.
        tags={"dagster/max_retries": "0"},
    )
    return dg.Definitions(
        assets=assets,
        asset_checks=[intake.ledger_verifies, intake.rows_add_up, intake.batch_as_a_whole],
        jobs=[taking],
        sensors=[box_sensor(taking)],
        resources={
            "home": HomeResource(path=str(home.root.resolve())),
            "sign_of_life": SignOfLife(path=str(home.root.resolve())),
            "occasion": occasion or Occasion(),
            "progress": progress or Silence(),
        },
    )


def build_defs(
    home: Home, *, occasion: Occasion | None = None, progress: Progress | None = None
) -> dg.Definitions:
    """Assets, checks, jobs, sensor and schedule for one home.

    ``occasion``: the day a run acts on and what it corrects (default: the day it starts, and nothing).
    """
    watching = dg.AssetSelection.groups(watch.GROUP)
    monthly = dg.AssetSelection.groups(dashboards.GROUP)
    everything = dg.AssetSelection.all() - watching - monthly
    evening = dg.define_asset_job(WATCH, selection=watching, executor_def=dg.in_process_executor)
    showing = dg.define_asset_job(DASHBOARDS, selection=monthly, executor_def=dg.in_process_executor)
    delivering = dg.define_asset_job(
        DELIVERY,
        selection=dg.AssetSelection.groups(scorecards.GROUP),
        executor_def=dg.in_process_executor,
    )
    journey = dg.define_asset_job(JOURNEY, selection=everything, executor_def=dg.in_process_executor)
    preparation = dg.define_asset_job(
        PREPARATION,
        selection=everything - dg.AssetSelection.groups(publication.GROUP),
        executor_def=dg.in_process_executor,
    )
    dbt = DbtCliResource(
        project_dir=str(PROJECT_DIR), profiles_dir=str(PROJECT_DIR), dbt_executable=installed("dbt")
    )
    beyond_intake = dg.Definitions(
        assets=[
            transforms.in_force,
            transforms.warehouse_models(manifest_path(home)),
            impact.effects,
            publication.published_tables,
            publication.report_page,
            publication.release,
            scorecards.scorecards,
            watch.owners_told,
            dashboards.dashboard_pages,
        ],
        asset_checks=[
            *(publication.tables_keep_to_their_status, publication.nothing_gives_anyone_away),
            publication.release_verifies,
            watch.announced_days_are_kept,
        ],
        jobs=[journey, preparation, evening, delivering, showing],
        schedules=[
            publication_schedule(journey),
            delivery_schedule(delivering),
            watch_schedule(evening),
            dashboard_schedule(showing),
        ],
        resources={"dbt": dbt},
    )
    return dg.Definitions.merge(intake_defs(home, occasion=occasion, progress=progress), beyond_intake)


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions of the home that GUILDHALL_HOME names (default: the current folder)."""
    return build_defs(Home.open(Path(os.environ.get(HOME_VARIABLE, "."))))
