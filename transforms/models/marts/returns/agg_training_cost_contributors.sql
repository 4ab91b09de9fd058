-- One row per category of gifts in kind that training used × parent firm. What the fund paid is no firm's. Build zone only.
with known as (
    select cohort_end from {{ ref('int_unit_costs__windowed') }}
    where unit = 'participant'
)

select
    'IN_KIND' as funding_source,
    given.category_code,
    given.parent_group_id,
    cast(0 as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('given.amount_usd') }} as amount_usd
from {{ ref('int_in_kind__given') }} as given
inner join known on given.year_quarter <= known.cohort_end
group by given.category_code, given.parent_group_id
