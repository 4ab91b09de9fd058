-- One row per learner_key × year_quarter with a primary employer: which of the person's runs it belongs to, and what follows.
with following as (
    select
        *,
        lead(quarter_index) over (partition by learner_key order by quarter_index) as next_index
    from {{ ref('int_employers__primary') }}
)

select
    following.learner_key,
    following.quarter_index,
    following.next_index,
    cast(max(runs.run_number) as integer) as run_number
from following
inner join {{ ref('int_jobs__run') }} as runs
    on following.learner_key = runs.learner_key and runs.first_index <= following.quarter_index
group by following.learner_key, following.quarter_index, following.next_index
