"""When runs start by themselves: a sensor on the boxes, a schedule on the release calendar, a watch over it,
dashboards every month.

All are triggers only. What has been taken, judged and published is the ledger's to say, so a run that was
killed is asked for again: its run key carries the attempt. Runs whose process is gone are ended first.
"""

from __future__ import annotations

import dagster as dg
from dagster import RunRequest, SkipReason

from orchestration.reconciling import end_dead_runs
from orchestration.resources import HomeResource
from orchestration.scorecards import is_missing
from warehouse import releases
from warehouse.boxes import list_boxes
from warehouse.home import Home, due_release, next_release
from warehouse.intake.validate import unjudged
from warehouse.ledger import Ledger

PENDING_TAG = "guildhall/pending"
UNFINISHED = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
)
EVERY_MORNING, EVERY_EVENING, EVERY_MONTH = "0 6 * * *", "0 18 * * *", "0 7 1 * *"


def box_sensor(job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """One run for all that waits in the boxes or landed without a verdict; none while one is under way."""

    @dg.sensor(job=job, name="boxes", minimum_interval_seconds=30)
    def boxes(context: dg.SensorEvaluationContext, home: HomeResource) -> RunRequest | SkipReason:
        place = home.open()
        end_dead_runs(place, context.instance)
        pending = _pending(place)
        if pending is None:
            return SkipReason("No drop is pending.")
        if context.instance.get_runs(dg.RunsFilter(job_name=job.name, statuses=list(UNFINISHED)), limit=1):
            return SkipReason("A run is taking drops already; the rest waits for the next one.")
        return _request(context.instance, pending)

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


def delivery_schedule(job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Every morning: deliver the scorecards of the newest release that some member lacks."""

    @dg.schedule(job=job, name="delivery", cron_schedule=EVERY_MORNING)
    def delivery(context: dg.ScheduleEvaluationContext, home: HomeResource) -> RunRequest | SkipReason:
        if not is_missing(home.open()):
            return SkipReason("Every member has its scorecard of the newest release, if there is one.")
        return RunRequest(run_key=f"delivery-{context.scheduled_execution_time.date()}")

    return delivery


def watch_schedule(job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Every evening: look whether announced days were kept, and tell owners."""

    @dg.schedule(job=job, name="watch", cron_schedule=EVERY_EVENING)
    def watch(context: dg.ScheduleEvaluationContext) -> RunRequest:
        day = context.scheduled_execution_time.date().isoformat()
        return RunRequest(
            run_key=f"watch-{day}", run_config={"resources": {"occasion": {"config": {"as_of": day}}}}
        )

    return watch


def dashboard_schedule(job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """On the first of every month: the dashboards of that day."""

    @dg.schedule(job=job, name="dashboards", cron_schedule=EVERY_MONTH)
    def dashboards(context: dg.ScheduleEvaluationContext) -> RunRequest:
        day = context.scheduled_execution_time.date().isoformat()
        return RunRequest(
            run_key=f"dashboards-{day}",
            run_config={"resources": {"occasion": {"config": {"as_of": day}}}},
        )

    return dashboards


def _pending(home: Home) -> str | None:
    """The ledger numbers of what landed without a verdict, on to those the drops in the boxes will take."""
    listing = list_boxes(home)
    with Ledger.open(home) as ledger:
        landed, last = unjudged(ledger), ledger.head().seq
    in_boxes = len(listing.drops) + len(listing.misfits)
    if not landed and not in_boxes:
        return None
    first = min((one.tx_from for one in landed), default=last + 1)
    return f"{first}-{last + in_boxes}"


def _request(instance: dg.DagsterInstance, pending: str) -> RunRequest:
    attempt = instance.get_runs_count(dg.RunsFilter(tags={PENDING_TAG: pending})) + 1
    return RunRequest(run_key=f"intake-{pending}-a{attempt}", tags={PENDING_TAG: pending})
