"""Run the journey in this process: the same Dagster job that the UI and the schedule run.

Dagster's record of the run is kept in the home's ``dagster/`` folder, so ``guildhall dagster`` shows it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.instance.ref import InstanceRef

from contracts.errors import BuildError, GuildhallError, ReleaseError
from orchestration import facts
from orchestration.definitions import build_defs, intake_defs
from orchestration.job_names import INTAKE, JOURNEY, PREPARATION
from orchestration.resources import Occasion, Progress
from warehouse import releases
from warehouse.editions import Edition, Wrong
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.missed import codes_held_back

AUDIT = "nothing_gives_anyone_away"
"""The check that is the disclosure audit."""

INSTANCE_SETTINGS = """\
# Dagster's own records for this consortium: runs, events, schedules. Local files, no telemetry.
telemetry:
  enabled: false
# A run that was killed with everything around it is ended at the next look into the boxes, by its lock. What
# hangs is ended by these: seconds to start, to stop when told to, and to work.
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  cancel_timeout_seconds: 30
  max_runtime_seconds: 21600
# Loading the house takes seconds, on a machine that is busy with a deadline minutes; past this, the command
# or the UI that asked ends, and says so as if it had been called wrongly.
code_servers:
  local_startup_timeout: 900
# A journey that failed is tried again. The intake is not: the sensor asks again for what the ledger lacks.
run_retries:
  enabled: true
  max_retries: 2
"""


def instance_of(home: Home) -> dg.DagsterInstance:
    """The Dagster instance that lives in the home; made on first use."""
    folder = instance_folder(home)
    log = {"base_dir": str(folder / "history" / "runs")}
    ours = {"module": "orchestration.event_log", "class": "OpenEventLog", "config": log}
    reference = InstanceRef.from_dir(str(folder), overrides={"event_log_storage": ours})
    return dg.DagsterInstance.from_ref(reference)


def instance_folder(home: Home) -> Path:
    """The home's Dagster folder with its settings file."""
    folder = home.root.resolve() / "dagster"
    folder.mkdir(exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.is_file():
        settings.write_text(INSTANCE_SETTINGS)
    return folder


def run_journey(
    home: Home,
    *,
    as_of: date | None = None,
    progress: Progress | None = None,
    take_only: bool = False,
    wrong: Wrong | None = None,
) -> None:
    """Take what is pending, build, and publish what is due; without a due release, only take and build.

    ``take_only``: neither build nor publish, as the sensor on the boxes does. ``wrong``: publish a correction
    of this instead.

    A policy that does not hold is refused before anything is taken. A GuildhallError of a step comes through
    as it is. ReleaseError REL-043 where the disclosure audit refuses. BuildError RUN-001 for another check
    that blocks and for anything unforeseen, of which only the kind is told: an engine's own message may hold
    a value.
    """
    facts.policy_of(home)
    occasion = Occasion(as_of="" if as_of is None else as_of.isoformat(), **_asked(wrong))
    edition = occasion.edition(home)
    building = PREPARATION if edition is None else JOURNEY
    make_defs = intake_defs if take_only else build_defs
    definitions = make_defs(home, occasion=occasion, progress=progress)
    job = INTAKE if take_only else building
    with instance_of(home) as instance:
        try:
            definitions.resolve_job_def(job).execute_in_process(instance=instance, run_config=_QUIET)
        except GuildhallError:
            raise
        except Exception as error:
            is_refused = isinstance(error, DagsterAssetCheckFailedError) and AUDIT in str(error)
            if edition is not None and is_refused:
                raise _held_back(home, edition) from error
            raise BuildError(
                "RUN-001",
                found=f"a step that ended in {type(error).__name__}",
                expected="every step and every blocking check to pass",
                where=f"the journey on {home.root}",
                remedy=f"Nothing was published. `guildhall dagster --home {home.root}` shows the step.",
            ) from error


def _held_back(home: Home, edition: Edition) -> ReleaseError:
    """What the operator is told of a release that the disclosure audit refused: by which codes, and where to
    look.
    """
    with Ledger.open(home) as ledger:
        codes = codes_held_back(ledger, edition.period, edition.version)
    staged = releases.open_staging(home, edition.period, edition.version).root
    return ReleaseError(
        "REL-043",
        found=f"what the disclosure audit does not let pass: {', '.join(codes)}",
        expected="a release that gives nobody away",
        where=f"release {edition.name}, which was being made",
        remedy=f"Nothing was published. `guildhall audit {staged}` names the cells, for the operator alone.",
    )


def _asked(wrong: Wrong | None) -> dict[str, str]:
    return {} if wrong is None else {"corrects": wrong.period, "reason": wrong.reason, "by": wrong.by}


_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
