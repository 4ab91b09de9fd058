-- One row per credential_id × parent firm that is a member on the last day of the newest ended quarter: recognized by it?
with stated as (
    select max(last_date) as stated_date from {{ ref('int_quarters__priced') }} where has_ended
),

members as (
    select distinct firms.parent_group_id
    from {{ ref('int_firms__current') }} as firms
    cross join stated
    where coalesce(firms.joined_date, stated.stated_date) <= stated.stated_date
        and coalesce(firms.left_date, {{ end_of_time() }}) >= stated.stated_date
),

recognized as (
    select distinct recognitions.parent_group_id, recognitions.credential_id
    from {{ ref('int_recognitions__current') }} as recognitions
    cross join stated
    where stated.stated_date between recognitions.recognized_from and recognitions.recognized_to
)

select
    definitions.credential_id,
    members.parent_group_id,
    recognized.parent_group_id is not null as is_recognized
from {{ ref('int_credential_definitions__current') }} as definitions
cross join members
left join recognized
    on definitions.credential_id = recognized.credential_id
    and members.parent_group_id = recognized.parent_group_id
