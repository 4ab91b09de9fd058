-- One row per rule that a standing decision speaks of: the newest such decision, and the version it put in force.
with ranked as (
    select
        *,
        row_number() over (
            partition by subject_code, affected_rule order by effective_date desc, decided_date desc, decision_id desc
        ) as recency
    from {{ ref('int_decisions__standing') }}
    where is_standing and affected_rule is not null
),

-- What the registers hold, where they hold the rule by its version.
registered as (
    select 'FUNDING_RULE' as subject_code, rule_id as rule_name, rule_version, effective_from, effective_to
    from {{ ref('stg_funding_rule') }}
    union all
    select 'FUNDING_TIER', tier_id, rule_version, valid_from, valid_to
    from {{ ref('stg_funding_tier') }}
    union all
    select 'METRIC_DEFINITION', 'METRICS', '{{ var("rule_version") }}', null, null
),

in_register as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by subject_code, rule_name
                order by coalesce(effective_from, {{ beginning_of_time() }}) desc, rule_version desc
            ) as recency
        from registered
        where
            coalesce(effective_from, {{ beginning_of_time() }}) <= {{ as_of() }}
            and coalesce(effective_to, {{ end_of_time() }}) >= {{ as_of() }}
    ) as versions
    where recency = 1
)

select
    coalesce(ranked.subject_code, in_register.subject_code) as subject_code,
    coalesce(ranked.affected_rule, in_register.rule_name) as rule_name,
    ranked.affected_rule_version as decided_version,
    in_register.rule_version as registered_version,
    ranked.decision_id,
    ranked.body_id,
    ranked.decided_date,
    ranked.effective_date,
    ranked.motion,
    ranked.rationale,
    ranked.votes_for,
    ranked.votes_against,
    case
        when ranked.decision_id is null then 'UNDECIDED'
        when in_register.rule_name is null then 'DECIDED'
        when ranked.affected_rule_version = in_register.rule_version then 'AGREED'
        else 'DIFFERENT'
    end as state
from (select * from ranked where recency = 1) as ranked
full outer join in_register
    on ranked.subject_code = in_register.subject_code and ranked.affected_rule = in_register.rule_name
