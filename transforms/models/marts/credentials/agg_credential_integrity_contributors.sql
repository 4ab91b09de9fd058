-- One row per base quarter × group × parent firm that the movers came to. Build zone only.
select
    base_quarter,
    group_dim,
    group_value,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('has_kept_credential') }} as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (
    {%- for dim, value in [('all', "'all'"), ('soc_group', 'soc_group'), ('area', 'area_code')] %}
    select '{{ dim }}' as group_dim, {{ value }} as group_value, movers.* from {{ ref('int_movers__credentialed') }} as movers
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as grouped
group by base_quarter, group_dim, group_value, parent_group_id
