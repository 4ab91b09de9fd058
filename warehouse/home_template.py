"""The commented ``consortium.toml`` a new home starts with, filled from checked settings.

Which settings exist and what they may be belongs in ``config``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from warehouse.config import BoxPlace, BoxPlaces, CalendarEntry, ConsortiumConfig

_TEMPLATE = """\
# The settings of one training consortium. Everything Guildhall knows about it lies in this folder.
# Change a value, save, and run again: no setting is kept anywhere else.

[consortium]
# Short and stable: letters, digits, dot, dash, underscore; at most 32.
id = {id}
# As the report's title says it.
name = {name}
# The labor market it serves, in words.
region = {region}

# The release calendar: one block per announced release, oldest first. `guildhall run` publishes the
# newest entry whose day has come. A period is published once; the day lies after the quarter's end,
# late enough for the last quarter's files to be in, and 28 days or more after the day it was announced.
{releases}
[policy]
# Which disclosure policy decides what may leave the building:
#   "board"           the defaults for members' data
#   "already_public"  thresholds off, said on every page; only for input that was public before
preset = {preset}
# Where the rows come from: "member_drops", or "published_before" (for "already_public", and only for it).
source = {source}
# Stricter thresholds than the preset's, by the names of the policy; a looser one is refused. For example:
#   tighten = {{count = {{min_firms = 5}}, min_persons_distribution = 50}}
{tighten}# What late records do to a published count: "frozen" (nothing, until a correction), or "batch":
# it is stated anew where the change by itself rests on enough people and firms.
revision = {revision}

[study]
# "observational": firms chose whom to train. "randomised": a lottery did, so differences are effects.
design = {design}

[engine]
name = {engine}
# CPU threads a query may use.
threads = {threads}
# How much memory the engine plans with, in MB or GB.
memory_limit = {memory_limit}

[intake]
# A larger drop is refused.
max_file_mb = {max_file_mb}
# Files judged together in one statement.
batch_files = {batch_files}
# "renamed": every firm uploads as NAME.part and then renames, so a file under its own name is whole.
# "any": a file without a manifest or a hash beside it must rest first, and is then taken as provisional.
uploads = {uploads}
# How long it must rest.
quiet_seconds = {quiet_seconds}
# Is a provisional file used ("accept"), or does it wait for a manifest or a hash beside it ("confirm")?
provisional = {provisional}

[boxes]
# Where firms drop: "boxes" is a folder in this home. Others: "sftp://user@host:22/boxes", "s3://bucket/boxes".
# One folder a firm lies in it, or {{firm}} stands in it for the firm's id, with firms = ["F001", ...].
# Keys are files, AWS credentials come from the AWS chain; docs/guides/operating.md has examples.
{boxes}
[submissions]
# A quarter's files are on time until so many days after its last day. Receipts, `guildhall status` and
# `guildhall remind` go by it; leave the release calendar enough days after it.
due_days_after_quarter = {due_days}
# What every member firm sends each quarter.
expected = {expected}

[notify]
# `guildhall remind` writes to firms through apprise: so many days before the due day, and after it.
remind_days_before = {remind_days}
# Firm = name of an address. Addresses are secrets and lie in keys/notify.toml (mode 0600): f001 = "mailtos://..."
firm = {notified}
# Likewise for "operator", who is told when an announced day was missed, and for seats that own alerts.
owner = {owners}

[publication]
# "required": a release that is due is only staged, and `guildhall approve` publishes it. "none": on its day.
approval = {approval}
# Who runs the house: no approver of what it makes.
built_by = {built_by}
# Name = path of a public key (docs/guides/releasing.md): {{"Ada Byron" = "keys/approvers/ada.pub"}}
approvers = {approvers}

[contact]
# Printed in reports and receipts. A role rather than a person.
name = {contact_name}
email = {contact_email}
"""

_RELEASE = """
[[release]]
period = {period}
date = {date}
"""


def render_config(config: ConsortiumConfig) -> str:
    """The text of a commented ``consortium.toml`` that reads back as ``config``."""
    return _TEMPLATE.format(
        id=_text(config.consortium.id),
        name=_text(config.consortium.name),
        region=_text(config.consortium.region),
        releases="".join(_release(entry) for entry in config.releases).lstrip("\n"),
        preset=_text(config.policy.preset),
        source=_text(config.policy.source),
        tighten=_tightened(config.policy.tighten),
        revision=_text(config.policy.revision),
        design=_text(config.study.design),
        engine=_text(config.engine.name),
        threads=config.engine.threads,
        memory_limit=_text(config.engine.memory_limit),
        max_file_mb=config.intake.max_file_mb,
        batch_files=config.intake.batch_files,
        uploads=_text(config.intake.uploads),
        quiet_seconds=config.intake.quiet_seconds,
        provisional=_text(config.intake.provisional),
        boxes=_boxes(config.boxes),
        due_days=config.submissions.due_days_after_quarter,
        remind_days=config.notify.remind_days_before,
        notified=_value(config.notify.firm),
        owners=_value(config.notify.owner),
        approval=_text(config.publication.approval),
        built_by=_text(config.publication.built_by),
        approvers=_value(config.publication.approvers),
        expected=_value(list(config.submissions.expected)),
        contact_name=_text(config.contact.name),
        contact_email=_text(config.contact.email),
    )


def _tightened(thresholds: Mapping[str, Any]) -> str:
    return f"tighten = {_value(thresholds)}\n" if thresholds else ""


def _value(value: Any) -> str:
    """A TOML value; a table on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _release(entry: CalendarEntry) -> str:
    announced = "" if entry.announced is None else f"announced = {entry.announced.isoformat()}\n"
    return _RELEASE.format(period=_text(entry.period), date=entry.date.isoformat()) + announced


def _boxes(places: BoxPlaces) -> str:
    """The section's lines, and a table for every firm that has a place of its own."""
    firms = [f"firms = [{', '.join(_text(firm) for firm in places.firms)}]\n"] if places.firms else []
    own = [f"\n[boxes.firm.{_text(firm)}]\n{_box(place)}" for firm, place in places.firm.items()]
    return "".join([_box(places), *firms, *own])


def _box(place: BoxPlace) -> str:
    told = {name: getattr(place, name) for name in BoxPlace.model_fields}
    return "".join(f"{name} = {_text(value)}\n" for name, value in told.items() if value)


def _text(value: str) -> str:
    """A TOML basic string: without control characters, JSON's spelling of a string is TOML's too."""
    return json.dumps(value, ensure_ascii=False)
