-- One row per base quarter × learner_key of the movers who hold a credential: active and recognized where they went?
with held as (
    select
        moves.base_quarter,
        moves.is_newest,
        moves.last_quarter,
        moves.learner_key,
        moves.soc_group,
        moves.area_code,
        moves.destination_parent_group_id,
        max(case
            when moves.arrived_date <= spells.active_until and recognitions.firm_id is not null then 1
            else 0
        end) as is_kept,
        max(case when moves.arrived_date <= spells.active_until then 1 else 0 end) as is_active
    from {{ ref('int_moves__resolved') }} as moves
    inner join {{ ref('int_credentials__spells') }} as spells
        on moves.learner_key = spells.learner_key and spells.attained_date <= moves.arrived_date
    left join {{ ref('int_recognitions__current') }} as recognitions
        on moves.destination_firm_id = recognitions.firm_id
        and spells.credential_id = recognitions.credential_id
        and moves.arrived_date between recognitions.recognized_from and recognitions.recognized_to
    where moves.has_moved and moves.horizon = 4
    group by
        moves.base_quarter, moves.is_newest, moves.last_quarter, moves.learner_key,
        moves.soc_group, moves.area_code, moves.destination_parent_group_id
)

select
    base_quarter,
    is_newest,
    last_quarter,
    learner_key,
    soc_group,
    area_code,
    destination_parent_group_id as parent_group_id,
    is_active = 1 as has_active_credential,
    is_kept = 1 as has_kept_credential
from held
