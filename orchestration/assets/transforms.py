"""Lake → dbt → marts: the submissions in force, and every dbt model as an asset with its tests as checks.

What lies downstream of new rows is built and tested again, in a new file; the rest is carried over from the
build before, with what its tests said. A file that is not finished is thrown away by the next run.
"""

# Dagster reads the annotation of `context` as a class, so annotations must not be postponed here.

from collections.abc import Collection, Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TextIO

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.assets.intake import accepted_extracts
from orchestration.dbt import CarriedOver, basis, build_command, build_environment, carried_over
from orchestration.resources import HomeResource, Occasion, Progress
from warehouse import builds
from warehouse.builds import Build

_CARRIED = "carried over to"


class HouseTranslator(DagsterDbtTranslator):
    """Asset keys are model names, groups are folders, and staging waits for the submissions in force."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The spec of one model or seed."""
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        spec = super().get_asset_spec(manifest, unique_id, project)
        group = "seeds" if node["resource_type"] == "seed" else node["fqn"][1]
        spec = spec.replace_attributes(key=dg.AssetKey(node["name"]), group_name=group)
        return spec.merge_attributes(deps=[dg.AssetKey("in_force")]) if group == "staging" else spec


@dg.asset(deps=[accepted_extracts], group_name="warehouse", kinds={"parquet"})
def in_force(home: HomeResource, occasion: Occasion) -> dg.MaterializeResult[None]:
    """A new, empty build with the list of submissions in force at the ledger head it will be made from.

    Or the newest build, where nothing that decides its content is new.
    """
    place = home.open()
    with home.ledger() as ledger:
        build = builds.begin_build(place, ledger, basis(place, occasion.build_day(place)))
    return dg.MaterializeResult(
        metadata={"build": build.id, "ledger_head": build.head.hash, "is_complete": build.is_complete}
    )


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
        day = occasion.build_day(place)
        build = builds.begun_build(place, basis(place, day))
        told = set[dg.AssetCheckKey | None]()
        # Dagster wants to hear of a model before it hears of those downstream of it.
        kept = carried_over(manifest, build.changed)
        yield from _carried_models(context, build, kept)
        if not build.is_complete:
            command = build_command(place, manifest, kept)
            count = progress.stage("Building and testing the warehouse")
            total = len(context.selected_asset_keys) + len(context.selected_asset_check_keys)
            with build_environment(place, build, day), (build.dbt_dir / "build.log").open("w") as log:
                events = dbt.cli(command, context=context, target_path=build.dbt_dir / "target").stream()
                for done, event in enumerate(_printing_to(log, events), start=1):
                    count(min(done, total), total)
                    told.add(_check_of(event))
                    yield event
            builds.finish_build(build)
            count(total, total)
        yield from _carried_tests(context, build, told)

    return models


def _check_of(event: Any) -> dg.AssetCheckKey | None:
    """The test that an event of dbt tells of, if it tells of one."""
    if isinstance(event, dg.AssetCheckResult) and event.asset_key and event.check_name:
        return dg.AssetCheckKey(event.asset_key, event.check_name)
    return None


def _carried_models(
    context: dg.AssetExecutionContext, build: Build, kept: CarriedOver
) -> Iterator[dg.MaterializeResult[None]]:
    """Every model that is as in the build before: of a finished one, all."""
    for key in context.job_def.asset_layer.asset_graph.toposorted_asset_keys:
        if key in context.selected_asset_keys and (build.is_complete or key.path[-1] in kept.names):
            yield dg.MaterializeResult(asset_key=key, metadata={_CARRIED: build.id})


def _carried_tests(
    context: dg.AssetExecutionContext, build: Build, told: Collection[dg.AssetCheckKey | None]
) -> Iterator[dg.AssetCheckResult]:
    """Every test that was not run again: its models are as in the build before, which none has failed."""
    for check in context.selected_asset_check_keys:
        if check not in told:
            yield dg.AssetCheckResult(
                asset_key=check.asset_key, check_name=check.name, passed=True, metadata={_CARRIED: build.id}
            )


def _printing_to(log: TextIO, events: Iterator[Any]) -> Iterator[Any]:
    """The events, while what dbt prints between them goes to the build's own log."""
    while True:
        with redirect_stdout(log):
            event = next(events, None)
        if event is None:
            return
        yield event
