{#- Identifiers after LEHD: geographic level W is a workforce area and K the whole consortium (LEHD has no such level);
    industry level A is all industries, S a NAICS sector. program_id is NULL where programs are pooled. -#}
{% macro cell_identifiers(breakdown, member) %}
    case when {{ breakdown }} like 'area%' then 'W' else 'K' end as geo_level,
    case when {{ breakdown }} like 'area%' then {{ member }} else 'consortium' end as geography,
    case when {{ breakdown }} = 'sector' then 'S' else 'A' end as ind_level,
    case when {{ breakdown }} = 'sector' then {{ member }} else '00' end as industry,
    case when {{ breakdown }} like 'program%' then {{ member }} end as program_id
{%- endmacro %}
