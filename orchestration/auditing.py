"""Which folder is audited with which evidence and policy: the same for the asset check and the command.

Auditing itself belongs to ``reports.disclosure.audit``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.disclosure.audit.findings import Audit
from reports.disclosure.audit.folder import Places, audit_release, places_of
from reports.disclosure.audit.proof import Tell, silent
from reports.disclosure.audit.tables import audit_tables, is_of_tables
from reports.disclosure.policy import load_preset
from warehouse.release_manifest import read_release_folder


def audit_folder(folder: Path, tell: Tell = silent, earlier: Sequence[Path] = ()) -> Audit:
    """The audit of protected tables, or of a release by the policy of its evidence or its manifest.

    ``earlier``: folders of earlier tables of the same firms; a release finds its own.
    """
    if is_of_tables(folder):
        return audit_tables(folder, tell, earlier)
    places = places_of(folder)
    return audit_release(places, _policy_of(places), tell)


def audit_staged(root: Path, policy: Mapping[str, Any]) -> Audit:
    """The audit of a release being made, judged by the consortium's policy."""
    return audit_release(places_of(root), policy)


def _policy_of(places: Places) -> Mapping[str, Any]:
    if places.evidence is not None:
        policy: dict[str, Any] = json.loads((places.evidence / "policy.json").read_bytes())
        return policy
    stated = read_release_folder(places.root).manifest["policy"]
    source = "published_before" if stated["name"] == "already_public" else "member_drops"
    preset = load_preset(str(stated["name"]), source=source)
    return preset.tightened_by(stated.get("tightened", {})).model_dump(mode="json")
