"""The command line: one verb, one module, loaded only when it is called.

``guildhall --help`` must answer at once, so nothing heavy is imported here.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click

from contracts.collecting import seldom_collected
from contracts.errors import GuildhallError
from contracts.loading import without
from orchestration.cli.options import HELP

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "make a consortium home",
        "demo": "make a sample region and run the whole journey on it",
        "check": "check a file as intake would, before it is sent",
        "seal": "turn the identifiers in a file into pseudonyms, on the firm's own machine",
        "manifest": "write what a file is: replacement, correction, withdrawal, nil return",
        "template": "write an empty file of a contract, to be filled in",
        "contract": "list, show, render and compare the contracts",
        "run": "take all pending drops, build, and publish what is due",
        "correct": "publish a correction of a release, with its reason, beside it",
        "approve": "publish a staged release, as somebody who did not make it",
        "status": "show who stands where: submissions, rows in, accepted, quarantined",
        "query": "ask a published release one SELECT",
        "dashboard": "show between publications where things stand, to operator and committee",
        "export": "write a published release into a PostgreSQL database",
        "scorecards": "give every member firm its own scorecard and fund statement",
        "site": "write a static site of all public releases",
        "serve": "open the boards' door: tables by address, a page for SQL",
        "token": "let a workforce board in at the door, or no longer",
        "rebuild": "make a published release again from its ledger head, and compare",
        "verify": "walk the ledger and every release, and name what does not hold",
        "audit": "say whether what is published gives anyone away",
        "disclose": "protect a table of cells outside a home",
        "remind": "tell firms what is due, overdue, refused or held, and owners what was missed",
        "verify-receipt": "check at the firm that a receipt is what the consortium issued",
        "erase": "erase what a firm sent for a quarter, for good, and certify it",
        "effect": "estimate what taking part did, on any panel, with its interval",
        "dagster": "open the Dagster UI on a home",
        "catalog": "write the catalog of credentials as CTDL JSON-LD",
        "docs": "write the rendered reference pages",
    }
)


_WITHOUT: Mapping[str, tuple[str, ...]] = MappingProxyType({"check": ("pandas",)})
"""What a verb never uses, though what it uses would load it."""

UNEXPECTED = 70
"""Exit status of a fault of Guildhall itself (EX_SOFTWARE), told apart from 1, which is said of a file."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the journey."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command a verb stands for, from ``orchestration.cli.<verb>_command``, dashes as underscores."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"orchestration.cli.{cmd_name.replace('-', '_')}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs from the table above, so that help imports nothing."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings=HELP)
@click.version_option(package_name="guildhall", prog_name="guildhall")
def guildhall() -> None:
    """Guildhall: the data house of a multi-employer training consortium."""


def main() -> None:
    """Run the command line; an expected error ends in one clear line and status 2, a fault of ours in 70."""
    _leave_no_core()
    one_thread_a_product()
    try:
        with seldom_collected(), without(*_WITHOUT.get("".join(sys.argv[1:2]), ())):
            guildhall.main(standalone_mode=False)
    except GuildhallError as error:
        click.echo(_explain(error), err=True)
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("Stopped. What was taken so far stands; run the command again to go on.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        click.echo(_confess(error), err=True)
        sys.exit(UNEXPECTED)


def one_thread_a_product() -> None:
    """NumPy works in one thread, in this process and those it begins, unless the environment says otherwise.

    Its matrices are small and many. Where the machine has other work, its threads wait for one another:
    eigenvalues of one region's effects took 42 s in two threads on two busy cores, 0.7 in one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _leave_no_core() -> None:
    """No core file when this process or one it starts crashes: its memory holds keys and people's rows."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _confess(error: Exception) -> str:
    """Kind and place of a fault of our own: an exception's own words can repeat a cell."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "unknown"
    return "\n".join(
        (
            "Guildhall itself failed: this is a fault of the program.",
            f"  what      {type(error).__name__} in {place}",
            "  to do     Report these lines; they hold nothing of any file.",
        )
    )


def _explain(error: GuildhallError) -> str:
    return "\n".join(
        (
            f"{error.code}  {error.where}",
            f"  found     {error.found}",
            f"  expected  {error.expected}",
            f"  to do     {error.remedy}",
        )
    )
