-- One row per credential that a later one builds on (and all) × quarters since it was attained, 1 to 8: the share that has advanced.
with horizons as (
    select
        series.quarters_since,
        cast(floor(series.quarters_since * 91.3125) as integer) as within_days
    from ({{ integers('1', '8', 'quarters_since') }}) as series
),

holders as (
    select
        credential,
        min({{ quarter_of('attained_date') }}) as first_quarter,
        max({{ quarter_of('attained_date') }}) as last_quarter,
        count(*) as holders
    from {{ ref('int_ladder_steps__followed') }}
    group by credential
),

followed as (
    select
        steps.credential,
        horizons.quarters_since,
        {{ count_if('steps.has_advanced and steps.days <= horizons.within_days') }} as advanced,
        {{ count_if('steps.days > horizons.within_days') }} as at_risk
    from {{ ref('int_ladder_steps__followed') }} as steps
    cross join horizons
    group by steps.credential, horizons.quarters_since
),

reached as (
    select
        curve.credential,
        horizons.quarters_since,
        max(curve.advanced_share) as advanced_share
    from {{ ref('int_ladder_steps__by_day') }} as curve
    inner join horizons on curve.days <= horizons.within_days
    group by curve.credential, horizons.quarters_since
)

select
    followed.credential,
    followed.quarters_since,
    holders.first_quarter,
    holders.last_quarter,
    cast(holders.holders as bigint) as holders,
    followed.advanced,
    -- Still followed at the end of the quarter: below a handful the share rests on nobody.
    followed.at_risk,
    coalesce(reached.advanced_share, 0) as advanced_share,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from followed
inner join holders on followed.credential = holders.credential
left join reached
    on followed.credential = reached.credential and followed.quarters_since = reached.quarters_since
