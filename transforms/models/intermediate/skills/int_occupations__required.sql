-- One row per SOC occupation × O*NET skill: importance as a weight of 0 to 1, and the level required.
select
    substr(onet_soc_code, 1, 7) as soc_code,
    skill_id as onet_element_id,
    -- Details of one occupation (.01, .02) count alike.
    (avg(cast(importance as double)) - 1) / 4 as weight,
    avg(cast(level as double)) as required_level
from {{ ref('onet_skills') }}
group by substr(onet_soc_code, 1, 7), skill_id
