"""What the house can do, row by row: the marts behind a capability, their tests, and what is published of it.

The table is rendered to ``docs/capabilities.md``; a test holds every name in it against the project. Titles
are the mission's own words, shortened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TITLES = {
    1: "Workforce needs along the value chain; bottlenecks",
    2: "A shared signal of demand; duplicated programs",
    3: "Pooled facilities, equipment and instructors' time",
    4: "Governance: bodies, roles, decisions with their reasons",
    5: "Transparent funding rules; matched contributions",
    6: "Blended contributions; pay for performance",
    7: "Tiered funding, opened by measured success",
    8: "A regional fund that leans against the cycle",
    9: "A catalog of stackable credentials",
    10: "Core competencies, comparable across sites",
    11: "A protocol for sharing data",
    12: "Impact reports, published on announced days",
    13: "Enrollment, completion, placement, wages, progression",
    14: "Mobility between firms without losing credentials",
    15: "Equity: access, outcomes, barrier supports",
    16: "Wage progression and apprenticeship steps",
    17: "Dashboards and alerts on mature figures",
    18: "Review meetings and their actions",
    19: "Quality assurance: audits, spot checks, surveys",
    20: "Credentials that are valid and recognized across firms",
    21: "Return: time to fill, internal moves, retention, proficiency, savings",
    22: "Skills gaps by occupation",
    23: "Career pathways, as published aggregates",
    24: "Incentives tied to milestones",
    25: "Mentoring and peer learning",
    26: "Modes of delivery and work-based learning",
    27: "Pilots with criteria set in advance; scale-up",
    28: "Alignment with labor-market information",
    29: "Benefits to public partners",
    30: "Leadership capability, localization, recommendations",
}


@dataclass(frozen=True)
class Capability:
    """One row: its number, the dbt marts, the test modules under ``tests/``, the published tables.

    ``note`` says what else there is, or what is not there yet.
    """

    number: int
    marts: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.number]


_OUTCOME_TABLES = (
    "outcomes_consortium",
    "outcomes_by_program",
    "outcomes_by_area",
    "outcomes_by_sector",
    "outcomes_by_cohort",
)
_RESTATED = "transforms/test_marts_restated.py"

_SUPPLY = ("transforms/systems/test_supply.py", "acceptance/systems/test_supply.py")
_GROUPS = ("transforms/systems/test_groups.py",)
_SKILLS = ("transforms/systems/test_skills.py",)
_PRACTICE = ("transforms/systems/test_practice.py",)
_MOBILITY = ("transforms/systems/test_mobility.py", "acceptance/systems/test_mobility.py")
_CREDENTIALS = ("transforms/systems/test_credentials.py", "acceptance/systems/test_credentials.py")
_BY_GROUP = ("reports/impact/test_groups.py", "reports/test_effects_by_group.py")
_RETURNS = (
    *("reports/impact/test_returns.py", "reports/test_returns_published.py"),
    *("transforms/systems/test_returns.py", "acceptance/systems/test_returns.py"),
)
_DEMAND = ("transforms/systems/test_demand.py", "acceptance/systems/test_demand.py")
_FUND = ("transforms/systems/test_fund.py", "acceptance/systems/test_fund.py")
_BALANCE = ("transforms/systems/test_balance.py", "acceptance/systems/test_fund.py")
_STEERING = ("transforms/systems/test_steering.py", "acceptance/systems/test_steering.py")
_GOVERNANCE = ("transforms/systems/test_governance.py", "acceptance/systems/test_governance.py")

CAPABILITIES = (
    Capability(
        1,
        ("agg_supply_demand_gap", "agg_bottlenecks", "agg_time_to_fill"),
        (*_SUPPLY, *_DEMAND),
        ("members_demand", "talent_supply", "bottlenecks", "time_to_fill"),
        "Occupation × county × quarter stays inside; the release has it by occupation.",
    ),
    Capability(
        2,
        ("agg_hiring_signal", "agg_duplicate_programs"),
        _SUPPLY,
        ("hiring_signal", "duplicate_programs"),
    ),
    Capability(
        3,
        ("agg_in_kind", "agg_in_kind_costs", "agg_fund_ledger"),
        (*_FUND, _RESTATED),
        ("gifts_in_kind", "fund_ledger"),
        "Gifts in kind by category, shared among programs by seats; in and out of the ledger at one value.",
    ),
    Capability(
        4,
        ("agg_rules_in_force", "agg_metric_rules", "agg_bodies"),
        _GOVERNANCE,
        ("rules_in_force", "metric_rules", "bodies"),
        "Every measure names the decision behind the version of its rules.",
    ),
    Capability(
        5,
        (
            *(
                "fct_assessments",
                "agg_assessments",
                "fct_contribution_statements",
                "agg_contributions_by_size",
            ),
            *("fct_contribution_balance", "agg_contribution_balance"),
        ),
        (*_FUND, *_BALANCE[:1]),
        ("contributions_by_size", "contribution_balance"),
        "Each firm gets its own statement into its box (`guildhall scorecards`); its point on the index "
        "stays inside.",
    ),
    Capability(
        6,
        ("agg_performance_payables", "agg_performance_totals", "agg_fund_ledger", "agg_fund_age"),
        (*_STEERING, *_FUND),
        ("performance_payables", "fund_ledger"),
        "Due for mature cohorts only, with holdback; what one payee is owed stays with the operator.",
    ),
    Capability(7, ("agg_tier_decisions", "agg_tier_gates"), _STEERING, ("tier_gates",)),
    Capability(
        8,
        ("agg_outlay",),
        _BALANCE,
        ("outlay_rule",),
        "Dollars stay with the committee: outlays of quarters in a row give away what came in between.",
    ),
    Capability(
        9,
        ("dim_credential", "dim_credential_step", "agg_catalog_findings", "agg_credits_on_change"),
        (*_CREDENTIALS, "reports/test_catalog.py"),
        ("credential_catalog", "credits_on_change"),
        "`guildhall catalog` writes it as CTDL JSON-LD.",
    ),
    Capability(
        10,
        ("agg_skill_gains", "agg_rater_agreement", "agg_assessment_sites"),
        _SKILLS,
        ("skill_gains", "rater_agreement"),
        "Sites are compared for the operator and educators; a site can be a firm's, so none is published.",
    ),
    Capability(
        11,
        ("agg_intake_quality",),
        (_RESTATED,),
        ("intake_quality",),
        "Contracts, receipts, quarantine: `docs/guides`; each firm's scorecard says what it sent.",
    ),
    Capability(
        12,
        (),
        ("acceptance/test_journey.py",),
        ("metric_definitions", "withheld"),
        "Every release is immutable and signed.",
    ),
    Capability(
        13,
        ("agg_outcomes", "agg_unit_costs", "agg_program_results", "agg_stack_progression"),
        (
            *(_RESTATED, "transforms/test_rules_drawn.py"),
            *("transforms/systems/test_program_results.py", "transforms/systems/test_progression.py"),
        ),
        (*_OUTCOME_TABLES, "unit_costs"),
        "Both variants, consortium-observed and with state wage records, each labeled. The provider report "
        "(ETA-9171) is for the operator: its cells are small.",
    ),
    Capability(
        14,
        ("agg_mobility", "agg_job_retention", "agg_wage_change", "agg_credential_integrity"),
        (*_MOBILITY, "transforms/test_taint.py"),
        ("mobility", "upward_mobility", "job_retention", "wage_change", "credential_integrity"),
        "Pooled only: no firm, no pair of firms, no rate by origin.",
    ),
    Capability(
        15,
        ("agg_equity_outcomes", "agg_support_outcomes", "fct_effect_group"),
        (*_GROUPS, "reports/test_equity.py", *_BY_GROUP),
        ("equity_outcomes", "support_outcomes", "effects_by_group"),
        "Four fifths with Newcombe's interval and Benjamini and Hochberg, from published counts; effects on "
        "earnings by group and by support, descriptive.",
    ),
    Capability(
        16,
        ("agg_on_step",),
        _PRACTICE,
        ("on_step",),
        "A step's rate is the wage reported for it; schedules are not published.",
    ),
    Capability(
        17,
        ("agg_alerts", "agg_alert_limits", "agg_alert_signals"),
        _STEERING,
        ("alert_signals",),
        "Charts on mature figures that can be shown; the false-alarm rate stands in `docs/benchmarks.md`.",
    ),
    Capability(
        18,
        ("fct_action_items", "agg_since_last_meeting", "agg_bodies"),
        _GOVERNANCE,
        ("since_last_meeting", "bodies"),
    ),
    Capability(
        19,
        ("agg_verified_rates", "agg_survey_scores", "agg_audit_findings", "fct_discrepancy"),
        ("transforms/systems/test_assurance.py", *_PRACTICE),
        ("verified_rates", "survey_scores"),
        "Audit findings and the register of discrepancies are the operator's.",
    ),
    Capability(
        20,
        ("agg_credential_recognition", "agg_credential_validity"),
        _CREDENTIALS,
        ("credential_recognition", "credential_validity"),
    ),
    Capability(
        21,
        (
            "agg_time_to_fill",
            "agg_internal_fill",
            "fct_effect_quarter",
            "agg_skill_gains",
            "agg_time_to_productivity",
            "agg_training_costs",
            "agg_fill_channels",
            "fct_performance_quarter",
        ),
        (*_DEMAND, *_SKILLS, *_PRACTICE, *_RETURNS, "reports/impact/test_michigan_grants.py"),
        (
            "time_to_fill",
            "internal_fill",
            "effects",
            "effects_by_program",
            "skill_gains",
            "time_to_productivity",
            "returns",
            "returns_by_program",
            "training_costs",
            "fill_channels",
            "return_assumptions",
            "performance_cards",
        ),
        "Net present value for workers, firms, public and society, with the careful interval of the effect; "
        "savings in turnover, time to fill and ramp-up are described beside it and counted in none.",
    ),
    Capability(22, ("agg_skills_gap",), _SKILLS, ("skills_gap",)),
    Capability(
        23,
        ("agg_pathways", "dim_credential"),
        _MOBILITY,
        ("pathways", "credential_catalog"),
        "Between groups of occupations; single occupations stay inside.",
    ),
    Capability(
        24,
        ("agg_incentive_outcomes", "agg_incentive_awards", "fct_effect_group"),
        (*_GROUPS, *_PRACTICE, *_BY_GROUP),
        ("incentive_outcomes", "incentive_awards", "effects_by_group"),
    ),
    Capability(
        25,
        ("agg_mentoring_outcomes", "fct_effect_group"),
        (*_GROUPS, *_BY_GROUP),
        ("mentoring_outcomes", "effects_by_group"),
        "Outcomes and effects on earnings by sessions and form; descriptive.",
    ),
    Capability(26, ("agg_delivery_outcomes",), _GROUPS, ("delivery_outcomes",)),
    Capability(
        27,
        ("agg_pilot_verdicts",),
        _STEERING,
        ("pilot_verdicts",),
        "Criteria registered in advance, a verdict on its day only; guides for transfer are open.",
    ),
    Capability(
        28,
        ("agg_labor_market", "agg_supply_demand_gap", "agg_demand_cycle", "dim_cip_soc"),
        _SUPPLY,
        ("labor_market", "demand_cycle", "members_demand"),
        "Public figures stand beside members' demand and are never added to it.",
    ),
    Capability(
        29,
        ("agg_public_benefits", "agg_training_costs"),
        (*_BALANCE, *_RETURNS),
        ("public_benefits", "returns"),
        "A base that was seen times printed assumptions, as a range, never called an effect; beside it the "
        "public's ledger of the returns, which rests on one.",
    ),
    Capability(30, note="Out of scope beyond labels."),
)
"""What stands, in the order of the rows. A row that is missing here is open and says so in the page."""


def capabilities_page() -> str:
    """The page, in Markdown: all thirty rows, open ones too."""
    return "\n".join(["# Capabilities", "", _INTRODUCTION, "", *_table(), ""])


_INTRODUCTION = (
    "Each row of what the house must be able to do, with the marts that answer it, the tests that state it a "
    "second time, and the tables a release publishes of it. Marts are described in "
    "`transforms/models/marts`; published tables carry their definitions with them."
)


def _table() -> Iterator[str]:
    standing = {one.number: one for one in CAPABILITIES}
    yield "| # | Capability | Marts | Tests | Published tables | |"
    yield "|---|---|---|---|---|---|"
    for number in TITLES:
        one = standing.get(number, Capability(number, note="Open."))
        cells = (_code(one.marts), _code(one.tests), _code(one.published), one.note)
        yield f"| {number} | {one.title} | " + " | ".join(cells) + " |"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
