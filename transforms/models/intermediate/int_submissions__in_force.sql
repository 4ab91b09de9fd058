-- One row per submission in force at the build's ledger head, with the parent of the firm that sent it.
select
    submissions.submission_id,
    submissions.contract,
    submissions.box_firm_id,
    submissions.box_period,
    coalesce(firms.parent_group_id, submissions.box_firm_id) as parent_group_id,
    submissions.status_code,
    submissions.rows_in,
    submissions.accepted,
    submissions.quarantined,
    submissions.overruled
from {{ ref('stg_submission') }} as submissions
left join {{ ref('int_firms__current') }} as firms on submissions.box_firm_id = firms.firm_id
