-- One row per participation employed and paid in the second quarter after exit, all three quarters before entry observed.
with exits as (
    select
        participations.*,
        later.year_quarter as later_quarter,
        later.wages_usd as later_usd
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('int_employment__after_exit') }} as later
        on participations.participation_id = later.participation_id
        and later.quarters_after_exit = 2
    where later.is_employed and later.wages_usd > 0
),

quarters_before as (
    select
        exits.participation_id,
        offsets.quarters_before,
        {{ quarter_plus('exits.entry_quarter', '-offsets.quarters_before') }} as year_quarter,
        exits.learner_key,
        case offsets.quarters_before
            when 1 then exits.wages_q1_prior_usd
            when 2 then exits.wages_q2_prior_usd
            when 3 then exits.wages_q3_prior_usd
        end as reported_usd
    from exits
    cross join (values (1), (2), (3)) as offsets (quarters_before)
),

-- The members' wage rows where there are any (a row with 0 is an observation), else what was reported at entry.
real_before as (
    select
        quarters_before.participation_id,
        quarters_before.quarters_before,
        cast(coalesce(wages.wages_usd, quarters_before.reported_usd) as double) / prices.price_index as real_wages
    from quarters_before
    left join {{ ref('int_wages__by_participant_quarter') }} as wages
        on quarters_before.learner_key = wages.learner_key and quarters_before.year_quarter = wages.year_quarter
    left join {{ ref('int_quarters__priced') }} as prices on quarters_before.year_quarter = prices.year_quarter
),

-- One column per quarter, so that the sum has one order and every build the same last digit.
side_by_side as (
    select
        participation_id,
        max(case when quarters_before = 1 then real_wages end) as real_q1,
        max(case when quarters_before = 2 then real_wages end) as real_q2,
        max(case when quarters_before = 3 then real_wages end) as real_q3
    from real_before
    group by participation_id
),

base as (
    select year_quarter as base_price_period, price_index as base_price from {{ ref('int_quarters__priced') }} where is_base
)

select
    exits.participation_id,
    base.base_price * (
        cast(exits.later_usd as double) / prices.price_index
        - (side_by_side.real_q1 + side_by_side.real_q2 + side_by_side.real_q3) / 3
    ) as real_change_usd,
    base.base_price_period
from exits
inner join side_by_side on exits.participation_id = side_by_side.participation_id
inner join {{ ref('int_quarters__priced') }} as prices on exits.later_quarter = prices.year_quarter
cross join base
where side_by_side.real_q1 is not null
    and side_by_side.real_q2 is not null
    and side_by_side.real_q3 is not null
    and prices.price_index is not null
