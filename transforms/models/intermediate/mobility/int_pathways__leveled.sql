-- One row per learner_key × base quarter × level (D occupation, G major group of occupations): from where to where.
{{ config(meta={'by_person': true}) }}
select
    'D' as soc_level, learner_key, base_quarter, parent_group_id, from_soc_code as from_occupation, to_soc_code as to_occupation
from {{ people_of(ref('int_pathways__stepped')) }}
union all
select
    'G',
    learner_key,
    base_quarter,
    parent_group_id,
    substr(from_soc_code, 1, 2) || '-0000',
    substr(to_soc_code, 1, 2) || '-0000'
from {{ people_of(ref('int_pathways__stepped')) }}
