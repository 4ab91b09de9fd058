-- One row per quarter × category × program: the part of what was given in kind that the program's seats used.
with given as (
    select
        year_quarter,
        category_code,
        restricted_to_program_id,
        cast(sum(amount_usd) * 100 as bigint) as cents
    from {{ ref('int_in_kind__given') }}
    group by year_quarter, category_code, restricted_to_program_id
),

seats as (
    select year_quarter, program_id, cast(sum(seats) as bigint) as seats
    from {{ ref('int_benefits__shared') }}
    group by year_quarter, program_id
),

-- What was given for one program stays with it; the rest is shared by seats; where nobody sat, nobody used it.
weighed as (
    select
        given.*,
        coalesce(given.restricted_to_program_id, seats.program_id, 'none') as program_id,
        coalesce(seats.seats, 1) as seats
    from given
    left join seats
        on given.year_quarter = seats.year_quarter
        and given.restricted_to_program_id is null
),

divided as (
    select
        *,
        sum(seats) over of_gift as all_seats
    from weighed
    window of_gift as (partition by year_quarter, category_code, restricted_to_program_id)
),

parts as (
    select
        *,
        {{ whole_part('cents * seats', 'cast(all_seats as bigint)') }} as whole_cents,
        mod(cents * seats, cast(all_seats as bigint)) as remainder
    from divided
),

ranked as (
    select
        *,
        row_number() over (
            partition by year_quarter, category_code, restricted_to_program_id order by remainder desc, program_id
        ) as remainder_rank,
        cents - sum(whole_cents) over (
            partition by year_quarter, category_code, restricted_to_program_id
        ) as missing_cents
    from parts
)

select
    year_quarter,
    category_code,
    program_id,
    {{ sum_usd(dollars_of('whole_cents + case when remainder_rank <= missing_cents then 1 else 0 end')) }} as used_usd
from ranked
group by year_quarter, category_code, program_id
