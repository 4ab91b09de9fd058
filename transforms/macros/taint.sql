{#- Unemployment-compensation information (20 CFR 603.4) taints whatever is computed from it. Before anything is built, the
    lineage is walked from the models whose origin is UC; a firm's view among those reached stops the build (BLD-020).
    A firm's view is a model with meta audience firm, or a mart with a column firm_id that is not meta audience build.
    The whole model is tainted, not single columns: a join or a filter carries information too. -#}

{% macro refuse_tainted_views() %}
    {%- if execute -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
        {%- set reached = tainted_models(models) -%}
        {%- set leaks = [] -%}
        {%- for node in models if node.unique_id in reached and is_firm_view(node) -%}
            {%- do leaks.append(node.name) -%}
        {%- endfor -%}
        {%- if leaks -%}
            {{ exceptions.raise_compiler_error(
                'BLD-020: unemployment-compensation information reaches what a firm may see: ' ~ leaks | sort | join(', ')
                ~ '. Expected: no firm view downstream of a model with origin UC. To do: compute it from payroll alone.'
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro tainted_models(models) %}
    {%- set reached = [] -%}
    {%- for node in models if node.config.get('meta', {}).get('origin') == 'UC' -%}
        {%- do reached.append(node.unique_id) -%}
    {%- endfor -%}
    {#- As many rounds as there are models reach the end of the longest way. -#}
    {%- for _ in models -%}
        {%- set before = reached | length -%}
        {%- for node in models if node.unique_id not in reached -%}
            {%- if node.depends_on.nodes | select('in', reached) | list -%}
                {%- do reached.append(node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if before == reached | length -%}{{ return(reached) }}{%- endif -%}
    {%- endfor -%}
    {{ return(reached) }}
{% endmacro %}

{% macro is_firm_view(node) %}
    {%- set audience = node.config.get('meta', {}).get('audience') -%}
    {%- set names_firms = 'marts' in node.fqn and 'firm_id' in node.columns -%}
    {{ return(audience == 'firm' or (names_firms and audience != 'build')) }}
{% endmacro %}
