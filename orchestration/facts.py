"""What a release says about itself: gathered once from home, build, policy and versions."""

from __future__ import annotations

from functools import cache

import yaml

from contracts import CONTRACTS
from reports.disclosure.policy import Policy, load_preset
from reports.facts import ReleaseFacts
from transforms import PROJECT_DIR
from warehouse import releases
from warehouse.builds import Build
from warehouse.code_version import code_digest
from warehouse.editions import Edition
from warehouse.home import Home, next_release

CODE = ("contracts", "warehouse", "transforms", "reports")
"""The packages that decide the bytes of a release."""


@cache
def rule_version() -> str:
    """The version of the indicators' definitions, from the dbt project, where it is declared."""
    project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    return str(project["vars"]["rule_version"])


def policy_of(home: Home) -> Policy:
    """The consortium's disclosure policy: the preset its configuration names, as much stricter as it says,
    with its way to revise.

    PolicyError POL-001 to POL-004 for a preset or a threshold that does not hold.
    """
    choice = home.config.policy
    preset = load_preset(choice.preset, source=choice.source)
    return preset.tightened_by(choice.tighten).revising(choice.revision)


def release_facts(home: Home, build: Build, edition: Edition) -> ReleaseFacts:
    """Everything the report may say that is not in a table."""
    following = next_release(home.config, edition.date)
    consortium = home.config.consortium
    return ReleaseFacts(
        release_id=f"{consortium.id}-{edition.period}-{edition.version}",
        consortium_id=consortium.id,
        consortium_name=consortium.name,
        region=consortium.region,
        period=edition.period,
        version=edition.version,
        published_on=edition.date,
        next_on=None if following is None else following.date,
        policy=policy_of(home),
        ledger_seq=build.head.seq,
        ledger_hash=build.head.hash,
        code_version=code_digest(*CODE)[:12],
        rule_version=rule_version(),
        contact=" · ".join(filter(None, (home.config.contact.name, home.config.contact.email))),
        design=home.config.study.design,
        correction=edition.correction,
    )


def manifest_facts(home: Home, build: Build, edition: Edition) -> releases.ReleaseFacts:
    """The manifest's facts, free of any clock: ledger head, rule, policy, contract and code versions."""
    policy = policy_of(home)
    return releases.ReleaseFacts(
        ledger_head=build.head,
        published_on=edition.date,
        rule_version=rule_version(),
        code_version=code_digest(*CODE),
        policy={"name": policy.name, "version": policy.version, "sha256": policy.sha256}
        | ({"tightened": home.config.policy.model_dump(mode="json")["tighten"]} if policy.tightened else {})
        | ({"revision": policy.revision} if policy.revision != "frozen" else {}),
        contracts={name: contract.meta.version for name, contract in CONTRACTS.items()},
        more={"consortium": home.config.consortium.id}
        | ({"correction": edition.correction.body()} if edition.correction else {}),
    )
