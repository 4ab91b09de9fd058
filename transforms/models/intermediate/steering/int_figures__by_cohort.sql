-- One row per rate × member (the consortium, a program) × cohort quarter: its counts, interval and maturity.
with members as (
    select 'consortium' as member
    union all
    select distinct program_id from {{ ref('int_participations__described') }}
),

units as (
    select
        units.metric_id,
        units.cohort_quarter,
        participations.program_id,
        units.is_hit
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join {{ ref('int_participations__described') }} as participations
        on units.participation_id = participations.participation_id
    where units.is_hit is not null
),

counted as (
    select metric_id, cohort_quarter, 'consortium' as member, count(*) as denominator, {{ count_if('is_hit') }} as numerator
    from units
    group by metric_id, cohort_quarter
    union all
    select metric_id, cohort_quarter, program_id, count(*), {{ count_if('is_hit') }}
    from units
    group by metric_id, cohort_quarter, program_id
),

listed as (
    select
        cohorts.metric_id,
        members.member,
        cohorts.cohort_quarter,
        cohorts.newest_quarter,
        cohorts.maturity,
        definitions.is_wage_derived,
        cast(coalesce(counted.numerator, 0) as bigint) as numerator,
        cast(coalesce(counted.denominator, 0) as bigint) as denominator
    from {{ ref('int_cohorts__matured') }} as cohorts
    inner join {{ ref('metric_definitions') }} as definitions
        on cohorts.metric_id = definitions.metric_id and definitions.unit = 'share'
    cross join members
    left join counted
        on cohorts.metric_id = counted.metric_id
        and cohorts.cohort_quarter = counted.cohort_quarter
        and members.member = counted.member
)

select
    *,
    cast(numerator as double) / nullif(cast(denominator as double), 0) as value,
    {{ wilson_lower('numerator', 'denominator') }} as value_lower,
    {{ wilson_upper('numerator', 'denominator') }} as value_upper
from listed
