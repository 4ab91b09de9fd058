-- One row per funding source × category × quarter: what training took, paid out or given in kind, up to the last cohort served.
with known as (
    select cohort_start, cohort_end, newest_quarter, maturity
    from {{ ref('int_unit_costs__windowed') }}
    where unit = 'participant'
),

booked as (
    select
        funding_source,
        category_code,
        {{ quarter_of('incurred_date') }} as year_quarter,
        amount_usd
    from {{ ref('stg_disbursement') }}
    where funding_source <> 'IN_KIND'

    union all

    select 'IN_KIND', category_code, year_quarter, amount_usd
    from {{ ref('int_in_kind__given') }}
)

select
    booked.funding_source,
    booked.category_code,
    booked.year_quarter,
    known.cohort_start,
    known.cohort_end,
    known.newest_quarter,
    known.maturity,
    {{ sum_usd('booked.amount_usd') }} as amount_usd
from booked
inner join known on booked.year_quarter <= known.cohort_end
where {{ quarter_has_ended('booked.year_quarter') }}
group by
    booked.funding_source, booked.category_code, booked.year_quarter,
    known.cohort_start, known.cohort_end, known.newest_quarter, known.maturity
