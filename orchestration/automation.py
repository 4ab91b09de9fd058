"""When runs start by themselves: a sensor on the boxes and a schedule on the release calendar.

Both are triggers only. What has been taken and what has been published is the ledger's to say, so a run that
was killed is asked for again: its run key carries the attempt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import dagster as dg
from dagster import RunRequest, SkipReason

from orchestration.resources import HomeResource
from warehouse import releases
from warehouse.boxes import Drop, Misfit, list_boxes
from warehouse.home import due_release, next_release

PENDING_TAG = "guildhall/pending"
UNFINISHED = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
)
EVERY_MORNING = "0 6 * * *"


def box_sensor(job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """One run for all drops that are pending now; none while such a run is under way."""

    @dg.sensor(job=job, name="boxes", minimum_interval_seconds=30)
    def boxes(context: dg.SensorEvaluationContext, home: HomeResource) -> RunRequest | SkipReason:
        listing = list_boxes(home.open())
        waiting: list[Drop | Misfit] = [*listing.drops, *listing.misfits]
        if not waiting:
            return SkipReason("No drop is pending.")
        if context.instance.get_runs(dg.RunsFilter(job_name=job.name, statuses=list(UNFINISHED)), limit=1):
            return SkipReason("A run is taking drops already; the rest waits for the next one.")
        return _request(context.instance, waiting)

    return boxes


def publication_schedule(job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Every morning: run the journey when a release of the calendar is due and does not stand yet."""

    @dg.schedule(job=job, name="publication", cron_schedule=EVERY_MORNING)
    def publication(context: dg.ScheduleEvaluationContext, home: HomeResource) -> RunRequest | SkipReason:
        place = home.open()
        day = context.scheduled_execution_time.date()
        entry = due_release(place.config, day)
        if entry is not None and releases.published(place, entry.period) is None:
            occasion = {"config": {"as_of": day.isoformat()}}
            return RunRequest(
                run_key=f"{entry.period}-{day}", run_config={"resources": {"occasion": occasion}}
            )
        following = next_release(place.config, day)
        when = (
            "none is announced"
            if following is None
            else f"the next is {following.period} on {following.date}"
        )
        return SkipReason(f"No release is due; {when}.")

    return publication


def _request(instance: dg.DagsterInstance, drops: Sequence[Drop | Misfit]) -> RunRequest:
    names = "\n".join(f"{drop.firm_id}/{drop.file_name}" for drop in drops)
    pending = hashlib.sha256(names.encode()).hexdigest()[:16]
    attempt = instance.get_runs_count(dg.RunsFilter(tags={PENDING_TAG: pending})) + 1
    return RunRequest(run_key=f"intake-{pending}-a{attempt}", tags={PENDING_TAG: pending})
