-- One row per learner_key × year_quarter that a board has answered for, and may still be kept: the answer, wages and employer.
with kept as (
    select *
    from {{ ref('stg_ui_match') }}
    where received_date <= {{ as_of() }} and destroy_after_date >= {{ as_of() }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by learner_key, year_quarter
            order by case when employed_code in ('1', '2', '3') then 0 else 1 end, wages_usd desc, employer_id_hash
        ) as pay_rank
    from kept
)

-- 9 (not yet available) is neither a yes nor a no, and leaves the quarter without an answer.
select
    learner_key,
    year_quarter,
    max(case when employed_code in ('1', '2', '3') then 1 else 0 end) = 1 as is_employed,
    max(case when employed_code in ('0', '1', '2', '3') then 1 else 0 end) = 1 as is_known,
    cast(sum(case when employed_code in ('1', '2', '3') then wages_usd end) as decimal(18, 2)) as wages_usd,
    max(case when pay_rank = 1 and employed_code in ('1', '2', '3') then employer_id_hash end) as employer_id_hash
from ranked
group by learner_key, year_quarter
