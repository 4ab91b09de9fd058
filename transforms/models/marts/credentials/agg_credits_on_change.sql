-- One row per program × other program × credit unit: the credit of the one's credentials, and what of it counts in the other.
with credits as (
    select
        from_program_id,
        to_program_id,
        credit_unit_code,
        cast(sum(credits_held) as decimal(18, 2)) as credits_held,
        cast(sum(credits_kept) as decimal(18, 2)) as credits_kept
    from {{ ref('int_programs__credits') }}
    group by from_program_id, to_program_id, credit_unit_code
),

changers as (
    select from_program_id, to_program_id, cast(count(*) as bigint) as changers
    from {{ ref('int_programs__changed') }}
    group by from_program_id, to_program_id
)

select
    credits.from_program_id,
    credits.to_program_id,
    credits.credit_unit_code,
    credits.credits_held,
    credits.credits_kept,
    cast(credits.credits_held - credits.credits_kept as decimal(18, 2)) as credits_lost,
    coalesce(changers.changers, 0) as changers
from credits
left join changers
    on credits.from_program_id = changers.from_program_id and credits.to_program_id = changers.to_program_id
