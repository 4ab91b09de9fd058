-- One row per parent firm with anything in the fund or of it: its share of contributions, and of three kinds of benefit.
with accounts as (
    select
        parent_group_id,
        {{ sum_usd('paid_usd') }} as paid_usd,
        cast(sum(seats) as bigint) as seats,
        {{ sum_usd('benefit_usd') }} as benefit_usd
    from {{ ref('int_fund__by_firm') }}
    group by parent_group_id
),

-- As members see it: what the state's records add is not for a firm's eyes.
hires as (
    select coalesce(firms.parent_group_id, retained.primary_employer_id) as parent_group_id, count(*) as hires
    from {{ ref('int_retention__same_employer') }} as retained
    inner join {{ ref('int_participations__described') }} as participations
        on retained.participation_id = participations.participation_id
    left join {{ ref('int_firms__current') }} as firms on retained.primary_employer_id = firms.firm_id
    where retained.is_retained and participations.training_completed = 1 and not participations.is_exit_excluded
    group by coalesce(firms.parent_group_id, retained.primary_employer_id)
),

both_sides as (
    select
        coalesce(accounts.parent_group_id, hires.parent_group_id) as parent_group_id,
        coalesce(accounts.paid_usd, 0) as paid_usd,
        coalesce(accounts.seats, 0) as seats,
        coalesce(accounts.benefit_usd, 0) as benefit_usd,
        coalesce(hires.hires, 0) as hires
    from accounts
    full outer join hires on accounts.parent_group_id = hires.parent_group_id
),

shares as (
    select
        *,
        {{ share_of_all('paid_usd') }} as contribution_share,
        {{ share_of_all('seats') }} as seats_share,
        {{ share_of_all('hires') }} as hires_share,
        {{ share_of_all('benefit_usd') }} as value_share
    from both_sides
),

weighed as (
    select
        *,
        ({{ var('balance_weight_seats') }} * coalesce(seats_share, 0)
            + {{ var('balance_weight_hires') }} * coalesce(hires_share, 0)
            + {{ var('balance_weight_value') }} * coalesce(value_share, 0))
        / nullif(
            {{ var('balance_weight_seats') }} * case when seats_share is not null then 1 else 0 end
            + {{ var('balance_weight_hires') }} * case when hires_share is not null then 1 else 0 end
            + {{ var('balance_weight_value') }} * case when value_share is not null then 1 else 0 end, 0
        ) as benefit_share
    from shares
)

select
    *,
    benefit_share / nullif(contribution_share, 0) as balance_index,
    case
        when coalesce(contribution_share, 0) = 0 then 'pays nothing'
        when benefit_share / contribution_share < 0.8 - 1e-9 then 'below 0.8'
        when benefit_share / contribution_share > 1.25 + 1e-9 then 'above 1.25'
        else '0.8 to 1.25'
    end as band
from weighed
where paid_usd <> 0 or seats <> 0 or hires <> 0
