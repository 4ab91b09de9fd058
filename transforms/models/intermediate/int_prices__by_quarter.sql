-- One row per calendar quarter with any month's index: the mean of the months available, and how many they are.
with months as (
    select
        {{ quarter_of("cast(month || '-01' as date)") }} as year_quarter,
        cpi_u
    from {{ ref('cpi_u') }}
)

select
    year_quarter,
    cast(sum(cpi_u) as double) / count(*) as price_index,
    cast(count(*) as integer) as months_available
from months
group by year_quarter
