"""``guildhall catalog``: the catalog of credentials as CTDL JSON-LD, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option
from reports.catalog import catalog_document
from warehouse import builds
from warehouse.home import Home


@click.command("catalog", context_settings=HELP)
@home_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write, such as catalog.jsonld.",
)
def command(home_path: Path, out: Path) -> None:
    """Write the catalog of the newest build as CTDL in JSON-LD.

    Findings of the catalog (CAT-201 a circle of steps, CAT-202 a ladder deeper than is counted, CAT-203 a
    step to a credential that is not there) are told; they do not keep the file from being written.
    """
    build = builds.latest_build(Home.open(home_path))
    marts = builds.read_marts(build, ("dim_credential", "dim_credential_step", "agg_catalog_findings"))
    credentials = marts["dim_credential"]
    document = catalog_document(credentials, marts["dim_credential_step"])
    out.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"{len(credentials)} credentials in {out}")
    for row in marts["agg_catalog_findings"].to_dict("records"):
        click.echo(
            f"{row['finding_code']}  {row['credential_id']}: {row['finding']}. {row['remedy']}", err=True
        )
