-- One row per contribution in kind in a quarter that has ended: who gave what, at which value, for which program.
with given as (
    select
        *,
        coalesce({{ quarter_of('paid_date') }}, assessed_quarter) as year_quarter
    from {{ ref('stg_contribution') }}
    where kind_code = 'IN_KIND'
)

select
    given.contribution_id,
    given.firm_id,
    coalesce(firms.parent_group_id, given.firm_id) as parent_group_id,
    given.year_quarter,
    coalesce(given.in_kind_category_code, 'UNSTATED') as category_code,
    coalesce(given.valuation_method, 'unstated') as valuation_method,
    given.restricted_to_program_id,
    given.amount_usd
from given
left join {{ ref('int_firms__current') }} as firms on given.firm_id = firms.firm_id
where {{ quarter_has_ended('given.year_quarter') }}
