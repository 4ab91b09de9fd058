-- One row per contract: how many submissions are in force, and what became of their rows.
select
    contract,
    cast(count(*) as bigint) as submissions,
    cast(count(distinct parent_group_id) as bigint) as firms,
    cast(sum(rows_in) as bigint) as rows_in,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(quarantined) as bigint) as quarantined
from {{ ref('int_submissions__in_force') }}
group by contract
