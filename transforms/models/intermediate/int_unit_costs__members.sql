-- One row per breakdown × member that unit costs are stated for: the consortium, and programs with people or spending.
select 'consortium' as breakdown, 'consortium' as member
union all
select 'program', program_id from {{ ref('int_participations__described') }}
union
select 'program', program_id from {{ ref('int_fund__program_spending') }}
