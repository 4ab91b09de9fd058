-- One row per calendar year × tier (and all): awards, their mean worth, and how many of those in training got one.
with served as (
    select
        quarters.award_year,
        count(distinct participations.learner_key) as participants
    from (
        select distinct cast(substr(year_quarter, 1, 4) as integer) as award_year
        from {{ ref('int_quarters__priced') }}
    ) as quarters
    inner join {{ ref('int_participations__described') }} as participations
        on year(participations.entry_date) <= quarters.award_year
        and year(coalesce(participations.exit_date, {{ as_of() }})) >= quarters.award_year
        and participations.entry_date <= {{ as_of() }}
    group by quarters.award_year
),

given as (
    select
        tier,
        award_year,
        min(awarded_quarter) as first_quarter,
        max(awarded_quarter) as last_quarter,
        count(*) as awards,
        count(distinct learner_key) as persons,
        count(amount_usd) as financial_awards,
        cast(sum(amount_usd) as decimal(18, 2)) as amount_usd
    from {{ ref('int_awards__by_year') }}
    group by tier, award_year
),

with_mean as (
    select
        given.*,
        cast(given.amount_usd as double) / nullif(cast(given.financial_awards as double), 0) as mean_award_usd,
        served.participants
    from given
    left join served on given.award_year = served.award_year
)

select
    one.tier,
    one.award_year,
    one.first_quarter,
    one.last_quarter,
    cast(one.awards as bigint) as awards,
    cast(one.persons as bigint) as persons,
    cast(one.financial_awards as bigint) as financial_awards,
    one.mean_award_usd,
    one.mean_award_usd / nullif(before.mean_award_usd, 0) - 1 as mean_award_growth,
    cast(one.participants as bigint) as participants,
    cast(one.persons as double) / nullif(cast(one.participants as double), 0) as qualifying_share,
    -- Watched, not judged: awards that grow by more than a tenth in a year buy less effort for the same money.
    coalesce(one.mean_award_usd / nullif(before.mean_award_usd, 0) > 1.10, false) as is_inflating,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from with_mean as one
left join with_mean as before on one.tier = before.tier and one.award_year = before.award_year + 1
