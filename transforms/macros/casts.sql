{#- dbt's safe_cast is a plain cast on both adapters, and Spark's plain cast turns rubbish into NULL: so both
    engines are told to try, and a test says what must not be missing afterwards. -#}

{% macro safe_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{#- Sums widen (BIGINT to HUGEINT, DECIMAL to 38 digits) differently by engine: every stored sum is cast back. -#}
{% macro sum_usd(expression) -%}
    cast(coalesce(sum({{ expression }}), 0) as decimal(18, 2))
{%- endmacro %}

{#- A sum of fractions that is the same whatever order the rows come in: each is taken to twelve decimals and added exactly. -#}
{% macro sum_of_fractions(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 12))) as double)
{%- endmacro %}

{% macro count_if(condition) -%}
    cast(coalesce(sum(case when {{ condition }} then 1 else 0 end), 0) as bigint)
{%- endmacro %}

{#- Whether a text of one-letter codes holds any of the given ones; NULL for a blank. Regular expressions differ by engine. -#}
{% macro holds_any_of(codes, letters) -%}
    (translate({{ codes }}, '{{ letters }}', '') <> {{ codes }})
{%- endmacro %}
