{#- Counties whose codes changed, put under one code that both vintages nest in. Connecticut's planning regions (09110 to
    09190, since 2022) cross its old counties (09001 to 09015), so only the state is common to both. Alaska's 02261 was
    split in 2019 into 02063 and 02066, which add up to it. -#}
{% macro comparable_county(code) -%}
    case
        when substr({{ code }}, 1, 2) = '09' then '09'
        when {{ code }} in ('02063', '02066') then '02261'
        else {{ code }}
    end
{%- endmacro %}

{#- Whether a list of codes separated by semicolons holds a code. -#}
{% macro holds_code(list, code) -%}
    ((';' || coalesce({{ list }}, '') || ';') like ('%;' || {{ code }} || ';%'))
{%- endmacro %}

{#- O*NET-SOC codes end in two more digits; the occupation is what comes before the point. -#}
{% macro soc_of_onet(code) -%}
    substr({{ code }}, 1, 7)
{%- endmacro %}
