-- One row per registered pilot: its criterion, what was found, and the verdict, which waits for the day fixed in advance.
with counted as (
    select
        cohort_id,
        count(*) as denominator,
        {{ count_if('is_hit') }} as numerator,
        max(newest_quarter) as newest_quarter,
        min(case when maturity = 'MATURE' then 1 else 0 end) = 1 as is_mature
    from {{ ref('int_pilots__units') }}
    group by cohort_id
),

stated as (
    select
        pilots.*,
        definitions.is_wage_derived,
        cast(coalesce(counted.numerator, 0) as bigint) as numerator,
        cast(coalesce(counted.denominator, 0) as bigint) as denominator,
        counted.newest_quarter,
        coalesce(counted.is_mature, false)
            and {{ quarter_last_day('counted.newest_quarter') }} < pilots.verdict_date as is_known_in_time,
        {{ wilson_lower('counted.numerator', 'counted.denominator') }} as value_lower,
        {{ wilson_upper('counted.numerator', 'counted.denominator') }} as value_upper
    from {{ ref('stg_cohort') }} as pilots
    left join {{ ref('metric_definitions') }} as definitions on pilots.criterion_metric_id = definitions.metric_id
    left join counted on pilots.cohort_id = counted.cohort_id
    where pilots.cohort_kind_code = 'PILOT' and pilots.registered_date <= {{ as_of() }}
),

-- What lies in the way of a verdict, the first that applies.
hindered as (
    select
        *,
        case
            when verdict_date > {{ as_of() }} then 'NOT_DUE'
            when denominator < planned_count then 'PLANNED_N'
            when not is_known_in_time then 'IMMATURE'
        end as hindrance,
        case criterion_direction_code
            when 'AT_MOST' then value_upper <= cast(margin as double)
            else value_lower >= cast(margin as double)
        end as is_met,
        case criterion_direction_code
            when 'AT_MOST' then value_lower > cast(margin as double)
            else value_upper < cast(margin as double)
        end as is_missed
    from stated
)

select
    *,
    case
        when hindrance = 'NOT_DUE' then 'NOT_DUE'
        when hindrance is not null then 'INCONCLUSIVE'
        when is_met then 'MET'
        when is_missed then 'NOT_MET'
        else 'INCONCLUSIVE'
    end as verdict
from hindered
