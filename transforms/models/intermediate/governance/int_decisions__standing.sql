-- One row per decision taken by the announced day, with whether it stands: adopted, begun, and replaced by no later one that is.
with decisions as (
    select
        *,
        outcome_code = 'ADOPTED' and effective_date <= {{ as_of() }} as has_begun
    from {{ ref('stg_decision_log') }}
    where decided_date <= {{ as_of() }}
),

replaced as (
    select distinct replaces_decision_id as decision_id
    from decisions
    where has_begun and replaces_decision_id is not null
)

select
    decisions.*,
    replaced.decision_id is not null as is_replaced,
    decisions.has_begun and replaced.decision_id is null as is_standing
from decisions
left join replaced on decisions.decision_id = replaced.decision_id
