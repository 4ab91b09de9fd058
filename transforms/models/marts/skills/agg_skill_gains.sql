-- One row per competency, and one for all: how levels change from before training to after it, pairs only.
select
    competency,
    min(assessed_quarter) as first_quarter,
    max(assessed_quarter) as last_quarter,
    cast(count(*) as bigint) as pairs,
    cast(count(distinct learner_key) as bigint) as persons,
    round(avg(level_before), 9) as mean_before,
    round(avg(level_after), 9) as mean_after,
    round(avg(gain), 9) as mean_gain,
    round(stddev_samp(gain), 9) as sd_gain,
    {{ count_if('passed_after is not null') }} as pairs_with_cut,
    {{ count_if('passed_before') }} as passed_before,
    {{ count_if('passed_after') }} as passed_after,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_skill_gains__grouped') }}
group by competency
