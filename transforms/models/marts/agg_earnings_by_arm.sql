-- One row per calendar year × arm: people observed in all four quarters and what they were paid.
select
    calendar_year,
    arm,
    cast(count(*) as bigint) as persons,
    cast(sum(earnings_usd) as double) / count(*) as mean_annual_earnings_usd,
    {{ exact_sd('earnings_usd') }} as sd_usd
from {{ ref('int_arms__person_years') }}
group by calendar_year, arm
