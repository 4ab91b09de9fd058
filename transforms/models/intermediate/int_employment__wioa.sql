-- One row per participation with an exit × quarter after exit (2 and 4): employment at any employer, as the state's records add it.
select
    employment.participation_id,
    employment.quarters_after_exit,
    employment.is_employed or coalesce(matches.is_employed, false) as is_employed,
    employment.is_employed or coalesce(matches.is_known, false) as is_known,
    case
        when coalesce(matches.is_employed, false) and matches.wages_usd is not null then matches.wages_usd
        when employment.is_employed then employment.wages_usd
    end as wages_usd,
    -- An account in the state's records is an employer of its own: the keyed hash cannot be told from a member's.
    case
        when coalesce(matches.is_employed, false) and matches.employer_id_hash is not null
            then 'UI:' || substr(matches.employer_id_hash, 1, 16)
        else coalesce(firms.parent_group_id, employment.employer_id)
    end as employer_parent_id
from {{ ref('int_employment__after_exit') }} as employment
left join {{ ref('int_ui_matches__by_quarter') }} as matches
    on employment.learner_key = matches.learner_key and employment.year_quarter = matches.year_quarter
left join {{ ref('int_firms__current') }} as firms on employment.employer_id = firms.firm_id
where employment.quarters_after_exit in (2, 4)
