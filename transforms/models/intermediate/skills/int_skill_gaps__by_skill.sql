-- One row per occupation × O*NET skill assessed in it: weight, level required, and the mean shortfall of those assessed.
select
    levels.soc_code,
    levels.onet_element_id,
    required.weight,
    required.required_level,
    count(*) as assessed_persons,
    {{ sum_of_fractions('levels.level') }} / count(*) as mean_level,
    {{ sum_of_fractions('greatest(cast(0 as double), required.required_level - levels.level)') }} / count(*) as mean_shortfall
from {{ ref('int_skill_levels__at_work') }} as levels
inner join {{ ref('int_occupations__required') }} as required
    on levels.soc_code = required.soc_code and levels.onet_element_id = required.onet_element_id
group by levels.soc_code, levels.onet_element_id, required.weight, required.required_level
