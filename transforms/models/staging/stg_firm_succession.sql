-- One row per predecessor_firm_id × successor_firm_id × succession_date: one firm that went over into another.
with reported as (
    {{ lake_rows('firm_succession') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    predecessor_firm_id,
    successor_firm_id,
    {{ safe_cast('succession_date', 'date') }} as succession_date,
    succession_type as succession_type_code,
    transfer_extent as transfer_extent_code,
    {{ safe_cast('workers_transferred', 'integer') }} as workers_transferred,
    evidence
from reported
