-- One row per requisition line approved by the announced day: its seats, and how they had ended by then.
with lines as (
    select
        *,
        coalesce(approved_date, opened_date) as start_date,
        case when accepted_date <= {{ as_of() }} then accepted_date end as filled_date,
        case when cancelled_date <= {{ as_of() }} then cancelled_date end as lost_date
    from {{ ref('stg_demand_requisition') }}
)

select
    lines.firm_id || '|' || lines.requisition_id || '|' || cast(coalesce(lines.line_number, 0) as varchar) as line_id,
    coalesce(firms.parent_group_id, lines.firm_id) as parent_group_id,
    coalesce(firms.lwdb_code, 'unreported') as area_code,
    coalesce(firms.value_chain_tier, 'unreported') as value_chain_tier,
    {{ comparable_county('lines.county_fips') }} as county_fips,
    lines.soc_code,
    lines.seats,
    lines.start_date,
    coalesce(lines.filled_date, lines.lost_date) as end_date,
    case
        when lines.filled_date is not null then 'FILLED'
        when lines.lost_date is not null then 'CANCELLED'
        else 'OPEN'
    end as outcome,
    {{ days_between('lines.start_date', 'coalesce(lines.filled_date, lines.lost_date, ' ~ as_of() ~ ')') }} as waited_days,
    case when lines.filled_date is not null then lines.fill_channel end as fill_channel,
    coalesce(lines.critical_role = 1, false) as is_critical_role
from lines
left join {{ ref('int_firms__current') }} as firms on lines.firm_id = firms.firm_id
where lines.start_date <= {{ as_of() }}
