-- One row per learner_key × credential_id × attained_date × whole years since, up to five: whether it was still active then.
with reporters as (
    select learner_key, credential_id, attained_date, min(box_firm_id) as box_firm_id
    from {{ ref('stg_credential') }}
    group by learner_key, credential_id, attained_date
),

years as (
    {{ integers(0, 5, 'years_held') }}
),

aged as (
    select
        spells.*,
        years.years_held,
        {{ years_after('spells.attained_date', 'years.years_held') }} as anniversary,
        coalesce(firms.parent_group_id, reporters.box_firm_id) as parent_group_id
    from {{ ref('int_credentials__spells') }} as spells
    inner join reporters
        on spells.learner_key = reporters.learner_key
        and spells.credential_id = reporters.credential_id
        and spells.attained_date = reporters.attained_date
    cross join years
    left join {{ ref('int_firms__current') }} as firms on reporters.box_firm_id = firms.firm_id
)

select
    learner_key,
    credential_id,
    attained_date,
    parent_group_id,
    years_held,
    active_until >= anniversary as is_active
from aged
where anniversary < {{ as_of() }}
