-- One row per firm × quarter × program with people of the firm in it: its seats, and its part of what was spent on the program.
with seats as (
    select
        cohort_quarter as year_quarter,
        program_id,
        enrolling_firm_id as firm_id,
        cast(count(*) as bigint) as seats
    from {{ ref('int_people__served') }}
    group by cohort_quarter, program_id, enrolling_firm_id
),

weighed as (
    select
        seats.*,
        cast(coalesce(spending.disbursed_usd, 0) * 100 as bigint) as cents,
        cast(sum(seats.seats) over (partition by seats.year_quarter, seats.program_id) as bigint) as all_seats
    from seats
    left join {{ ref('int_fund__program_spending') }} as spending
        on seats.year_quarter = spending.year_quarter and seats.program_id = spending.program_id
),

divided as (
    select
        *,
        {{ whole_part('cents * seats', 'all_seats') }} as whole_cents,
        mod(cents * seats, all_seats) as remainder
    from weighed
),

ranked as (
    select
        *,
        row_number() over (
            partition by year_quarter, program_id order by remainder desc, firm_id
        ) as remainder_rank,
        cents - sum(whole_cents) over (partition by year_quarter, program_id) as missing_cents
    from divided
)

-- Largest remainder: what whole cents leave over goes to the largest fractions, so that the parts foot.
select
    firm_id,
    year_quarter,
    program_id,
    seats,
    {{ dollars_of('whole_cents + case when remainder_rank <= missing_cents then 1 else 0 end') }} as benefit_usd
from ranked
