-- One row per firm_id × establishment_id × year_quarter × measure: a site's figure, and when the firm's people first entered training.
with first_training as (
    select enrolling_firm_id as firm_id, min(entry_quarter) as entry_quarter
    from {{ ref('int_participations__described') }}
    group by enrolling_firm_id
)

select
    reported.firm_id,
    coalesce(firms.parent_group_id, reported.firm_id) as parent_group_id,
    reported.establishment_id,
    reported.year_quarter,
    reported.measure_code,
    reported.unit_code,
    coalesce(reported.output_definition, 'unstated') as output_definition,
    cast(reported.value as double) as value,
    first_training.entry_quarter
from {{ ref('stg_firm_performance') }} as reported
left join {{ ref('int_firms__current') }} as firms on reported.firm_id = firms.firm_id
left join first_training on reported.firm_id = first_training.firm_id
where reported.value is not null and {{ quarter_has_ended('reported.year_quarter') }}
