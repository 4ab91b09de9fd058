-- One row per participation, with everything known of how it went.
with exits as (
    select * from {{ ref('int_participations__described') }}
),

second as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit = 2
),

fourth as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit = 4
)

select
    exits.*,
    exits.exit_date is not null and not exits.is_exit_excluded as is_exiter,
    coalesce(credentials.has_counted_credential, false) as has_counted_credential,
    coalesce(second.is_employed, false) as is_employed_q2,
    second.employer_id as employer_q2_id,
    coalesce(second_firms.parent_group_id, second.employer_id) as employer_q2_parent_id,
    case when second.is_employed then second.wages_usd end as wages_q2_usd,
    coalesce(fourth.is_employed, false) as is_employed_q4,
    fourth.employer_id as employer_q4_id,
    coalesce(fourth_firms.parent_group_id, fourth.employer_id) as employer_q4_parent_id,
    case when fourth.is_employed then fourth.wages_usd end as wages_q4_usd,
    retention.is_retained,
    real_change.real_change_usd
from exits
left join {{ ref('int_credentials__attained') }} as credentials on exits.participation_id = credentials.participation_id
left join second on exits.participation_id = second.participation_id
left join fourth on exits.participation_id = fourth.participation_id
left join {{ ref('int_firms__current') }} as second_firms on second.employer_id = second_firms.firm_id
left join {{ ref('int_firms__current') }} as fourth_firms on fourth.employer_id = fourth_firms.firm_id
left join {{ ref('int_retention__same_employer') }} as retention on exits.participation_id = retention.participation_id
left join {{ ref('int_earnings__real_change') }} as real_change on exits.participation_id = real_change.participation_id
