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
    eighth.is_employed as is_employed_q8,
    retention.is_retained,
    retention.is_retained_q8,
    related.is_related as is_work_related,
    real_change.real_change_usd,
    hourly_change.real_hourly_change_usd,
    coalesce(second_wioa.is_employed, false) as is_employed_q2_wioa,
    second_wioa.wages_usd as wages_q2_wioa_usd,
    second_wioa.employer_parent_id as employer_q2_wioa_parent_id,
    coalesce(fourth_wioa.is_employed, false) as is_employed_q4_wioa,
    fourth_wioa.employer_parent_id as employer_q4_wioa_parent_id
from exits
left join {{ ref('int_credentials__attained') }} as credentials on exits.participation_id = credentials.participation_id
left join second on exits.participation_id = second.participation_id
left join fourth on exits.participation_id = fourth.participation_id
left join {{ ref('int_employment__after_exit') }} as eighth
    on exits.participation_id = eighth.participation_id and eighth.quarters_after_exit = 8
left join {{ ref('int_employment__wioa') }} as second_wioa
    on exits.participation_id = second_wioa.participation_id and second_wioa.quarters_after_exit = 2
left join {{ ref('int_employment__wioa') }} as fourth_wioa
    on exits.participation_id = fourth_wioa.participation_id and fourth_wioa.quarters_after_exit = 4
left join {{ ref('int_training__related_work') }} as related on exits.participation_id = related.participation_id
left join {{ ref('int_hourly_wages__real_change') }} as hourly_change
    on exits.participation_id = hourly_change.participation_id
left join {{ ref('int_firms__current') }} as second_firms on second.employer_id = second_firms.firm_id
left join {{ ref('int_firms__current') }} as fourth_firms on fourth.employer_id = fourth_firms.firm_id
left join {{ ref('int_retention__same_employer') }} as retention on exits.participation_id = retention.participation_id
left join {{ ref('int_earnings__real_change') }} as real_change on exits.participation_id = real_change.participation_id
