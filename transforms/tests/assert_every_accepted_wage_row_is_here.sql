-- The wage rows of the warehouse are as many as the ledger's submissions in force accepted, less those that
-- corrections have overruled: none lost, none twice.
with here as (
    select count(*) as rows_here from {{ ref('int_wages__by_person_firm_quarter') }}
),

accepted as (
    select coalesce(sum(accepted - overruled), 0) as rows_accepted
    from {{ ref('int_submissions__in_force') }}
    where contract = 'wage'
)

select *
from here
cross join accepted
where rows_here <> rows_accepted
