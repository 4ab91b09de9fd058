-- One row per program × quarter: cash disbursed to the program, in quarters that have ended.
with disbursements as (
    select
        *,
        {{ quarter_of('incurred_date') }} as year_quarter
    from {{ ref('stg_disbursement') }}
    where program_id is not null and funding_source <> 'IN_KIND'
)

select
    program_id,
    year_quarter,
    {{ sum_usd('amount_usd') }} as disbursed_usd
from disbursements
where {{ quarter_has_ended('year_quarter') }}
group by program_id, year_quarter
