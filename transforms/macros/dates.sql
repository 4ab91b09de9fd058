{#- Days and months. dbt's own datediff by month counts one too many at month-ends on Spark, hence ours. -#}

{% macro as_of() -%}
    cast('{{ of_this_build("GUILDHALL_AS_OF") }}' as date)
{%- endmacro %}

{#- Stands for "still open" where dates are compared; it is never stored. -#}
{% macro end_of_time() -%}
    cast('9999-12-31' as date)
{%- endmacro %}

{#- Stands for "always" where the first day of something is not given; it is never stored. -#}
{% macro beginning_of_time() -%}
    cast('0001-01-01' as date)
{%- endmacro %}

{% macro days_between(first_day, last_day) -%}
    {{ dbt.datediff(first_day, last_day, 'day') }}
{%- endmacro %}

{% macro month_difference(first_day, last_day) -%}
    ((year({{ last_day }}) * 12 + month({{ last_day }})) - (year({{ first_day }}) * 12 + month({{ first_day }})))
{%- endmacro %}

{% macro days_after(day, days) -%}
    cast({{ day }} + interval ({{ days }}) day as date)
{%- endmacro %}

{% macro years_after(day, years) -%}
    cast({{ day }} + ({{ years }}) * interval 1 year as date)
{%- endmacro %}

{% macro year_after(day) -%}
    cast({{ day }} + interval 1 year as date)
{%- endmacro %}

{#- Order of register versions: the newest that has begun by the announced day, then those still to come. -#}
{% macro in_force_first(valid_from) -%}
    case when coalesce({{ valid_from }}, cast('0001-01-01' as date)) <= {{ as_of() }} then 0 else 1 end,
    coalesce({{ valid_from }}, cast('0001-01-01' as date)) desc
{%- endmacro %}
