-- One row per program × other program × credential of the one that carries credit × unit: what it counts for, there and at most.
with offered as (
    select programs.program_id, definitions.credential_id
    from {{ ref('int_programs__current') }} as programs
    inner join {{ ref('int_credential_definitions__current') }} as definitions
        on {{ holds_code('programs.credential_ids', 'definitions.credential_id') }}
),

worth as (
    select component_credential_id as credential_id, credit_unit_code, max(credit_value) as credit_value
    from {{ ref('int_credential_steps__current') }}
    where credit_value is not null
    group by component_credential_id, credit_unit_code
),

counted as (
    select offered.program_id, steps.component_credential_id, steps.credit_unit_code, max(steps.credit_value) as credit_value
    from offered
    inner join {{ ref('int_credential_steps__current') }} as steps on offered.credential_id = steps.credential_id
    where steps.credit_value is not null
    group by offered.program_id, steps.component_credential_id, steps.credit_unit_code
)

select
    one.program_id as from_program_id,
    other.program_id as to_program_id,
    one.credential_id,
    worth.credit_unit_code,
    worth.credit_value as credits_held,
    -- The same credential again is kept whole.
    case when same.credential_id is not null then worth.credit_value else coalesce(counted.credit_value, 0) end as credits_kept
from offered as one
inner join worth on one.credential_id = worth.credential_id
inner join (select distinct program_id from offered) as other on one.program_id <> other.program_id
left join offered as same on other.program_id = same.program_id and one.credential_id = same.credential_id
left join counted
    on other.program_id = counted.program_id
    and one.credential_id = counted.component_credential_id
    and worth.credit_unit_code = counted.credit_unit_code
