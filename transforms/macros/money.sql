{#- Amounts to the cent: whole cents are counted as whole numbers, and no float ever holds money. -#}

{#- The whole part of a division of whole numbers, none negative. -#}
{% macro whole_part(dividend, divisor) -%}
    cast((({{ dividend }}) - mod({{ dividend }}, {{ divisor }})) / ({{ divisor }}) as bigint)
{%- endmacro %}

{% macro dollars_of(cents) -%}
    cast(cast({{ cents }} as decimal(20, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
