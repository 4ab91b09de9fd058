-- One row per firm × period of an assessment × how often it is made: benefit of the quarter, or calendar year, before.
with benefits as (
    select
        firm_id,
        benefit_usd,
        {{ quarter_plus('year_quarter', '1') }} as next_quarter,
        cast(cast(substr(year_quarter, 1, 4) as integer) + 1 as varchar) || 'Q1' as next_year
    from {{ ref('int_benefits__shared') }}
)

select firm_id, next_quarter as period, 'QUARTER' as assessed_every_code, {{ sum_usd('benefit_usd') }} as benefit_usd
from benefits
group by firm_id, next_quarter

union all

select firm_id, next_year, 'YEAR', {{ sum_usd('benefit_usd') }}
from benefits
group by firm_id, next_year
