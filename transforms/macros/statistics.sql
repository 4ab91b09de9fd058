{#- Statistics whose syntax or result type differs by engine. All take doubles and return doubles: a quantile of
    decimals is rounded to the decimal's scale. -#}

{#- Two-sided 95 %. -#}
{% macro z95() %}cast(1.959963984540054 as double){% endmacro %}

{#- Wilson's score interval for a proportion; NULL for a denominator of 0. At 0 and at 1 the interval ends in the
    proportion itself, which floating point misses by a last digit: hence the case. -#}
{% macro wilson_lower(numerator, denominator) -%}
    case
        when {{ denominator }} = 0 then null
        when {{ numerator }} = 0 then 0
        else {{ wilson_center(numerator, denominator) }} - {{ wilson_half(numerator, denominator) }}
    end
{%- endmacro %}

{% macro wilson_upper(numerator, denominator) -%}
    case
        when {{ denominator }} = 0 then null
        when {{ numerator }} = {{ denominator }} then 1
        else {{ wilson_center(numerator, denominator) }} + {{ wilson_half(numerator, denominator) }}
    end
{%- endmacro %}

{% macro wilson_center(numerator, denominator) -%}
    (cast({{ numerator }} as double) + {{ z95() }} * {{ z95() }} / 2) / {{ wilson_size(denominator) }}
{%- endmacro %}

{% macro wilson_half(numerator, denominator) -%}
    {{ z95() }} * sqrt(
        cast({{ numerator }} as double) * cast({{ denominator }} - {{ numerator }} as double)
            / cast({{ denominator }} as double)
        + {{ z95() }} * {{ z95() }} / 4
    ) / {{ wilson_size(denominator) }}
{%- endmacro %}

{% macro wilson_size(denominator) -%}
    (cast({{ denominator }} as double) + {{ z95() }} * {{ z95() }})
{%- endmacro %}

{% macro exact_quantile(expression, share) -%}
    quantile_cont(cast({{ expression }} as double), {{ share }})
{%- endmacro %}

{% macro exact_median(expression) -%}
    {{ exact_quantile(expression, 0.5) }}
{%- endmacro %}

{#- The value of a given rank, 1 the smallest; NULL for rank 0, which means that n is too small. -#}
{% macro order_statistic(expression, rank) -%}
    list_extract(list_sort(list(cast({{ expression }} as double))), nullif(cast({{ rank }} as bigint), 0))
{%- endmacro %}

{#- Ranks of the distribution-free 95 % interval of a median: the sign test inverted, by the normal
    approximation with continuity correction. Below six values there is none. -#}
{% macro median_lower_rank(n) -%}
    greatest(0, cast(floor((({{ n }}) + 1) / 2.0 - {{ z95() }} * sqrt(cast({{ n }} as double)) / 2) as bigint))
{%- endmacro %}

{% macro median_upper_rank(n) -%}
    (case when {{ median_lower_rank(n) }} = 0 then 0 else ({{ n }}) + 1 - {{ median_lower_rank(n) }} end)
{%- endmacro %}

{#- Sample standard deviation of an amount from exact decimal sums: a running variance of doubles would depend on
    the order in which threads meet the rows, and two builds must give the same bytes. -#}
{% macro exact_sd(amount) -%}
    sqrt(
        cast(
            cast(sum({{ amount }} * {{ amount }}) as decimal(26, 4)) * cast(count(*) as decimal(12, 0))
            - cast(sum({{ amount }}) as decimal(19, 2)) * cast(sum({{ amount }}) as decimal(19, 2))
            as double
        ) / nullif(cast(count(*) as double) * (cast(count(*) as double) - 1), 0)
    )
{%- endmacro %}

{#- Rows with every whole number from the first to the last. -#}
{% macro integers(first, last, name) -%}
    select cast(unnest(range({{ first }}, {{ last }} + 1)) as integer) as {{ name }}
{%- endmacro %}
