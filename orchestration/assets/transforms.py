"""Lake → dbt → marts: the submissions in force, and every dbt model as an asset with its tests as checks.

Each run builds a new file; a file that is not finished is thrown away by the next run.
"""

# Dagster reads the annotation of `context` as a class, so annotations must not be postponed here.

from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TextIO

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from orchestration.assets.intake import accepted_extracts
from orchestration.dbt import HouseTranslator, build_environment, dbt_vars
from orchestration.resources import HomeResource, Occasion, Progress
from warehouse import builds


@dg.asset(deps=[accepted_extracts], group_name="warehouse", kinds={"parquet"})
def in_force(home: HomeResource) -> dg.MaterializeResult[None]:
    """A new, empty build, and the list of submissions in force at the ledger head it will be made from."""
    with home.ledger() as ledger:
        build = builds.new_build(home.open(), ledger)
    return dg.MaterializeResult(metadata={"build": build.id, "ledger_head": build.head.hash})


def warehouse_models(manifest: Path) -> dg.AssetsDefinition:
    """Every dbt model and seed as an asset; data tests become asset checks that block the release."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=HouseTranslator(), name="warehouse_models")
    def models(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        home: HomeResource,
        occasion: Occasion,
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[Any]:
        place = home.open()
        build = builds.unfinished_build(place)
        # Unit tests judge the code and not the data: they run with the project's tests, not with every build.
        command = ["build", "--exclude-resource-type", "unit_test"]
        command += ["--vars", dbt_vars(place, build, occasion.build_day(place))]
        total = len(context.selected_asset_keys) + len(context.selected_asset_check_keys)
        count = progress.stage("Building and testing the warehouse")
        with build_environment(place, build.database), (build.dbt_dir / "build.log").open("w") as log:
            events = dbt.cli(command, context=context, target_path=build.dbt_dir / "target").stream()
            for done, event in enumerate(_printing_to(log, events), start=1):
                count(min(done, total), total)
                yield event
        builds.finish_build(build)

    return models


def _printing_to(log: TextIO, events: Iterator[Any]) -> Iterator[Any]:
    """The events, while what dbt prints between them goes to the build's own log."""
    while True:
        with redirect_stdout(log):
            event = next(events, None)
        if event is None:
            return
        yield event
