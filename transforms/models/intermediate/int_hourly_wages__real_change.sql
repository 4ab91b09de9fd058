-- One row per participation employed in the second quarter after exit with hourly pay in it and in all three quarters before entry.
with exits as (
    select
        participations.participation_id,
        participations.learner_key,
        participations.entry_quarter,
        later.year_quarter as later_quarter
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('int_employment__after_exit') }} as later
        on participations.participation_id = later.participation_id and later.quarters_after_exit = 2
    where later.is_employed and later.wages_usd > 0
),

base as (
    select price_index as base_price from {{ ref('int_quarters__priced') }} where is_base
)

select
    exits.participation_id,
    base.base_price * (after_exit.real_hourly - (first.real_hourly + second.real_hourly + third.real_hourly) / 3)
        as real_hourly_change_usd
from exits
inner join {{ ref('int_hourly_wages__real') }} as after_exit
    on exits.learner_key = after_exit.learner_key and exits.later_quarter = after_exit.year_quarter
inner join {{ ref('int_hourly_wages__real') }} as first
    on exits.learner_key = first.learner_key
    and {{ quarter_plus('exits.entry_quarter', '-1') }} = first.year_quarter
inner join {{ ref('int_hourly_wages__real') }} as second
    on exits.learner_key = second.learner_key
    and {{ quarter_plus('exits.entry_quarter', '-2') }} = second.year_quarter
inner join {{ ref('int_hourly_wages__real') }} as third
    on exits.learner_key = third.learner_key
    and {{ quarter_plus('exits.entry_quarter', '-3') }} = third.year_quarter
cross join base
