-- One row per gate of a tier in force × program: the newest mature cohorts held against the threshold.
with gates as (
    select
        *,
        coalesce(cohorts_needed, 1) as needed,
        row_number() over (
            partition by tier_id, gate_metric_id
            order by coalesce(valid_from, {{ beginning_of_time() }}) desc, submission_id desc
        ) as recency
    from {{ ref('stg_funding_tier') }}
    where
        coalesce(valid_from, {{ beginning_of_time() }}) <= {{ as_of() }}
        and coalesce(valid_to, {{ end_of_time() }}) >= {{ as_of() }}
),

programs as (
    select gates.*, programs.program_id as member
    from gates
    inner join {{ ref('int_programs__current') }} as programs
        on gates.program_id = programs.program_id or gates.program_id is null
    where gates.recency = 1
),

cohorts as (
    select
        *,
        row_number() over (partition by metric_id, member order by cohort_quarter desc) as from_newest
    from {{ ref('int_figures__by_cohort') }}
    where maturity = 'MATURE'
),

held as (
    select
        programs.tier_id,
        programs.member,
        programs.gate_metric_id,
        cohorts.cohort_quarter,
        cohorts.newest_quarter,
        cohorts.numerator,
        cohorts.denominator,
        cohorts.is_wage_derived,
        {{ meets('programs.direction_code', 'programs.tested_on_code', 'cohorts', 'programs.threshold') }} as is_met
    from programs
    inner join cohorts
        on programs.gate_metric_id = cohorts.metric_id
        and programs.member = cohorts.member
        and cohorts.from_newest <= programs.needed
),

tested as (
    select
        tier_id,
        member,
        gate_metric_id,
        min(cohort_quarter) as cohort_start,
        max(cohort_quarter) as cohort_end,
        max(newest_quarter) as newest_quarter,
        count(*) as cohorts,
        min(denominator) as least_denominator,
        sum(denominator) as denominator,
        sum(numerator) as numerator,
        max(case when is_wage_derived then 1 else 0 end) = 1 as is_wage_derived,
        min(case when is_met then 1 else 0 end) = 1 as is_met
    from held
    group by tier_id, member, gate_metric_id
)

select
    programs.tier_id,
    programs.tier_level,
    programs.rule_version as tier_rule_version,
    programs.member as program_id,
    programs.gate_metric_id as metric_id,
    programs.direction_code,
    programs.threshold,
    programs.tested_on_code,
    programs.least_count,
    programs.needed as cohorts_needed,
    coalesce(programs.evidence_level_code, 'DESCRIPTIVE') as evidence_level_code,
    programs.opens_share,
    programs.opens_usd,
    cast(coalesce(tested.cohorts, 0) as bigint) as cohorts,
    tested.cohort_start,
    tested.cohort_end,
    tested.newest_quarter,
    cast(coalesce(tested.numerator, 0) as bigint) as numerator,
    cast(coalesce(tested.denominator, 0) as bigint) as denominator,
    coalesce(tested.is_wage_derived, false) as is_wage_derived,
    case
        when coalesce(programs.evidence_level_code, 'DESCRIPTIVE') <> 'DESCRIPTIVE' then 'EVIDENCE'
        when coalesce(tested.cohorts, 0) < programs.needed then 'COHORTS'
        when tested.least_denominator < programs.least_count then 'PERSONS'
    end as missing,
    tested.is_met
from programs
left join tested
    on programs.tier_id = tested.tier_id
    and programs.member = tested.member
    and programs.gate_metric_id = tested.gate_metric_id
