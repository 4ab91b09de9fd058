{#- Amounts to the cent: whole cents are counted as whole numbers, and no float ever holds money. -#}

{#- The whole part of a division of whole numbers, none negative. -#}
{% macro whole_part(dividend, divisor) -%}
    cast((({{ dividend }}) - mod({{ dividend }}, {{ divisor }})) / ({{ divisor }}) as bigint)
{%- endmacro %}

{% macro dollars_of(cents) -%}
    cast(cast({{ cents }} as decimal(20, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}

{#- An outlay cut so that what is left of the opening balance is at least the reserve, and never below nothing; unknown while the
    outlay is: least() passes over NULL. -#}
{% macro kept_above_reserve(outlay, plan) -%}
    case
        when {{ outlay }} is not null
            then cast(greatest(least(
                cast({{ outlay }} as decimal(18, 2)),
                {{ plan }}.opening_usd - cast({{ plan }}.reserve_floor * {{ plan }}.base_usd as decimal(18, 2))
            ), 0) as decimal(18, 2))
    end
{%- endmacro %}

{#- A part of the sum over all rows; NULL where the sum is nothing. -#}
{% macro share_of_all(amount) -%}
    (cast({{ amount }} as double) / nullif(cast(sum({{ amount }}) over () as double), 0))
{%- endmacro %}
