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
        avg(cast(case when amount_usd is not null then {{ quarter_index('awarded_quarter') }} end as double)) as mean_quarter,
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
),

-- By the time between the awards: the first and the present year are rarely whole.
with_growth as (
    select
        one.*,
        power(
            one.mean_award_usd / nullif(before.mean_award_usd, 0), 4 / (one.mean_quarter - before.mean_quarter)
        ) - 1 as mean_award_growth
    from with_mean as one
    left join with_mean as before on one.tier = before.tier and one.award_year = before.award_year + 1
)

select
    tier,
    award_year,
    first_quarter,
    last_quarter,
    cast(awards as bigint) as awards,
    cast(persons as bigint) as persons,
    cast(financial_awards as bigint) as financial_awards,
    mean_award_usd,
    mean_award_growth,
    cast(participants as bigint) as participants,
    cast(persons as double) / nullif(cast(participants as double), 0) as qualifying_share,
    -- Watched, not judged: awards that grow by more than a tenth in a year buy less effort for the same money.
    coalesce(mean_award_growth > 0.10, false) as is_inflating,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from with_growth
