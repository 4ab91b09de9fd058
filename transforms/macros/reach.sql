{#- Common table expressions over steps from one thing to another: `reach_0` (from_id, to_id) is given, and each round
    doubles how far it reaches, so that a circle ends after the last round like everything else. -#}

{% macro reach_rounds(rounds) %}
{%- for round in range(1, rounds + 1) %},

reach_{{ round }} as (
    select from_id, to_id from reach_{{ round - 1 }}
    union
    select earlier.from_id, later.to_id
    from reach_{{ round - 1 }} as earlier
    inner join reach_{{ round - 1 }} as later on earlier.to_id = later.from_id
){%- endfor %}
{%- endmacro %}
