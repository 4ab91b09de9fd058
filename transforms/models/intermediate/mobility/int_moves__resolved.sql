-- One row per horizon × base quarter × learner_key seen again within the horizon: whether another member became primary
-- employer, and which. Build zone only: it holds pairs of firms.
{{ config(meta={'by_person': true}) }}
select
    windows.horizon,
    windows.base_quarter,
    windows.is_newest,
    windows.last_quarter,
    jobs.learner_key,
    coalesce(firms.parent_group_id, jobs.firm_id) as parent_group_id,
    coalesce(firms.lwdb_code, 'unreported') as area_code,
    coalesce(substr(jobs.soc_code, 1, 2) || '-0000', 'unreported') as soc_group,
    moves.learner_key is not null as has_moved,
    moves.firm_id as destination_firm_id,
    coalesce(destinations.parent_group_id, moves.firm_id) as destination_parent_group_id,
    moves.first_quarter_last_date as arrived_date,
    -- Real, in prices of either quarter: wage × price elsewhere, so that nothing is divided.
    case
        when moves.learner_key is not null and jobs.wages_usd > 0
            and jobs.price_index is not null and moves.first_price is not null
            then cast(moves.first_wages_usd as double) * jobs.price_index
                >= 1.05 * cast(jobs.wages_usd as double) * moves.first_price
    end as is_upward,
    moves.first_wages_usd as destination_wages_usd
from {{ ref('int_mobility_windows__listed') }} as windows
inner join {{ people_of(ref('int_employers__primary')) }} as jobs on windows.base_quarter = jobs.year_quarter
inner join {{ people_of(ref('int_jobs__numbered')) }} as numbered
    on jobs.learner_key = numbered.learner_key and jobs.quarter_index = numbered.quarter_index
left join {{ people_of(ref('int_jobs__run')) }} as moves
    on numbered.learner_key = moves.learner_key
    and numbered.run_number + 1 = moves.run_number
    and moves.first_index <= windows.last_index
left join {{ ref('int_firms__current') }} as firms on jobs.firm_id = firms.firm_id
left join {{ ref('int_firms__current') }} as destinations on moves.firm_id = destinations.firm_id
where numbered.next_index <= windows.last_index
