-- One row per firm × firm that continues it, directly or through others, with the day from which it does.
with {% for step in range(4) %}
step_{{ step }} as (
    {%- if step == 0 %}
    select
        predecessor_firm_id,
        successor_firm_id,
        succession_date,
        case when transfer_extent_code = 'TOTAL' then 1 else 0 end as is_total
    from {{ ref('stg_firm_succession') }}
    {%- else %}
    select
        earlier.predecessor_firm_id,
        later.successor_firm_id,
        later.succession_date,
        earlier.is_total * later.is_total as is_total
    from step_{{ step - 1 }} as earlier
    inner join step_0 as later
        on earlier.successor_firm_id = later.predecessor_firm_id and earlier.succession_date <= later.succession_date
    {%- endif %}
){{ ',' if not loop.last }}
{% endfor %}
select
    predecessor_firm_id,
    successor_firm_id,
    min(succession_date) as succession_date,
    max(is_total) = 1 as is_total
from (
    {%- for step in range(4) %}
    select * from step_{{ step }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as chains
where predecessor_firm_id <> successor_firm_id
group by predecessor_firm_id, successor_firm_id
