{#- Quarters are text such as 2026Q1, never dates. Arithmetic runs on an index that grows by one a quarter. -#}

{% macro quarter_index(quarter) -%}
    (cast(substr({{ quarter }}, 1, 4) as integer) * 4 + cast(substr({{ quarter }}, 6, 1) as integer) - 1)
{%- endmacro %}

{% macro quarter_at(index) -%}
    (cast(cast(floor(({{ index }}) / 4.0) as integer) as varchar) || 'Q' || cast(mod(({{ index }}), 4) + 1 as varchar))
{%- endmacro %}

{% macro quarter_plus(quarter, quarters) -%}
    {{ quarter_at(quarter_index(quarter) ~ ' + (' ~ quarters ~ ')') }}
{%- endmacro %}

{% macro quarter_of(day) -%}
    (cast(year({{ day }}) as varchar) || 'Q' || cast(quarter({{ day }}) as varchar))
{%- endmacro %}

{% macro quarter_first_day(quarter) -%}
    make_date(cast(substr({{ quarter }}, 1, 4) as integer), cast(substr({{ quarter }}, 6, 1) as integer) * 3 - 2, 1)
{%- endmacro %}

{% macro quarter_last_day(quarter) -%}
    last_day(make_date(cast(substr({{ quarter }}, 1, 4) as integer), cast(substr({{ quarter }}, 6, 1) as integer) * 3, 1))
{%- endmacro %}

{#- A quarter counts only once it lies wholly before the announced day. -#}
{% macro quarter_has_ended(quarter) -%}
    ({{ quarter_last_day(quarter) }} < {{ as_of() }})
{%- endmacro %}
