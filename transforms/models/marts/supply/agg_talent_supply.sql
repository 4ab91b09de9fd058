-- One row per quarter: distinct people with a completed program and an active credential who are not placed in what it leads to.
select
    year_quarter,
    cast(count(distinct learner_key) as bigint) as persons,
    cast(count(distinct case when soc_code = '99-9999' then learner_key end) as bigint) as unmatched_persons,
    year_quarter = (select max(year_quarter) from {{ ref('int_demand_quarters__listed') }}) as is_newest,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_supply__by_quarter') }}
group by year_quarter
