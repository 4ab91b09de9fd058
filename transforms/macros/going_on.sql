{#- How a build goes on from the one before. What lies downstream of new rows is built again, and of that only what can have
    changed: a model none of whose parents changed stays as it is; a model whose rows for a person follow from that person's
    rows alone (meta by_person) is built again for the people whose wages changed, where nothing else changed; one whose rows
    are those of the submissions (meta by_submission) for the submissions that count otherwise; any other is built anew and
    compared with what it was. What changed is noted before it does, so that a run which is taken up again after it was killed
    knows of it. A build that begins with nothing notes nothing. -#}

{% materialization table, adapter="duckdb", supported_languages=["sql"] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set again_by = made_again_by() -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if not goes_on() or existing is none -%}
        {#- The file is nobody's until the build is finished: a table need not be made beside the old one and renamed. -#}
        {%- do note_change(false) -%}
        {%- if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif -%}
        {%- call statement("main") %}{{ create_table_as(False, target, compiled_code, "sql") }}{% endcall -%}
    {%- elif parents() and not changed_parents() -%}
        {%- call statement("main") %}select 'as it was'{% endcall -%}
    {%- elif again_by -%}
        {%- set is_made_again = again_by ~ " in (" ~ changed(again_by) ~ ")" -%}
        {%- do note_change(true) -%}
        {%- call statement("main") %}
            delete from {{ target }} where {{ is_made_again }};
            insert into {{ target }} by name
            select * from ({{ compiled_code }}) as anew where {{ is_made_again }}
        {% endcall -%}
    {%- else -%}
        {%- set anew = make_intermediate_relation(target) -%}
        {%- do adapter.drop_relation(anew) -%}
        {%- call statement("main") %}{{ create_table_as(False, anew, compiled_code, "sql") }}{% endcall -%}
        {%- if has_same_rows(anew, target) -%}
            {%- do adapter.drop_relation(anew) -%}
        {%- else -%}
            {%- do note_change(false) -%}
            {%- do adapter.drop_relation(existing) -%}
            {%- do adapter.rename_relation(anew, target) -%}
        {%- endif -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{% macro goes_on() %}
    {{- return(execute and env_var('GUILDHALL_CHANGES', '') != '') -}}
{% endmacro %}

{#- The column that tells which rows of the model at hand are made again; blank where all of them are. -#}
{% macro made_again_by() %}
    {%- set meta = model.config.get('meta', {}) -%}
    {%- set column = 'submission_id' if meta.get('by_submission') else 'learner_key' if meta.get('by_person') else '' -%}
    {%- set can = column and goes_on() and load_cached_relation(this) is not none -%}
    {{- return(column if can and changed_parents() | rejectattr('by_person') | list | length == 0 else '') -}}
{% endmacro %}

{#- A relation's rows for the people that the model at hand is built for: whoever changed, or everybody. -#}
{% macro people_of(relation) -%}
    {{ of_changed_people(relation) if made_again_by() == 'learner_key' else relation }}
{%- endmacro %}

{#- The rows of a relation among which a key may occur that is new since the build before. -#}
{% macro changed_rows(relation, key) -%}
    {#- A test with a condition is given a query, of which nothing is noted. -#}
    {%- set is_known = goes_on() and relation.identifier is defined -%}
    {%- set change = noted_changes([relation.identifier]) | first if is_known -%}
    {%- if not is_known -%}
        {{ relation }}
    {%- elif not change -%}
        (select * from {{ relation }} where false)
    {%- else -%}
        {{ of_changed_people(relation) if change.by_person and 'learner_key' in key else relation }}
    {%- endif -%}
{%- endmacro %}

{% macro of_changed_people(relation) -%}
    (select * from {{ relation }} where learner_key in ({{ changed('learner_key') }}))
{%- endmacro %}

{% macro parents() %}
    {%- set names = [] -%}
    {%- for parent in model.depends_on.nodes %}{% do names.append(parent.split('.') | last) %}{% endfor -%}
    {{- return(names) -}}
{% endmacro %}

{% macro changed_parents() %}
    {{- return(noted_changes(parents())) -}}
{% endmacro %}

{#- What is noted of these models, one entry each: its name, and whether it changed for the people at hand only. -#}
{% macro noted_changes(names) %}
    {%- set changes = [] -%}
    {%- if names -%}
        {%- set asked -%}
            select model, bool_and(by_person) from {{ notes() }} where model in ('{{ names | join("', '") }}') group by model
        {%- endset -%}
        {%- for row in run_query(asked) %}{% do changes.append({'model': row[0], 'by_person': row[1]}) %}{% endfor -%}
    {%- endif -%}
    {{- return(changes) -}}
{% endmacro %}

{% macro note_change(by_person) %}
    {%- if goes_on() -%}
        {%- do run_query("insert into " ~ notes() ~ " values ('" ~ this.identifier ~ "', " ~ by_person ~ ")") -%}
    {%- endif -%}
{% endmacro %}

{#- Numbers of rows and sums of their hashes: no order changes them. -#}
{% macro has_same_rows(one, other) %}
    {%- set asked -%}
        select count(*) from (
            select count(*) as n, sum(cast(hash(rows) as hugeint)) as digest from {{ one }} as rows
            intersect
            select count(*) as n, sum(cast(hash(rows) as hugeint)) as digest from {{ other }} as rows
        ) as agreed
    {%- endset -%}
    {{- return(run_query(asked)[0][0] == 1) -}}
{% endmacro %}

{% macro notes() %}
    {{- return(target.schema ~ '.noted_changes') -}}
{% endmacro %}

{#- Pay is read through a view, which is no table that could be compared. -#}
{% macro begin_notes() %}
    {%- if goes_on() -%}
        create table if not exists {{ notes() }} (model varchar, by_person boolean);
        insert into {{ notes() }} values ('stg_wage', true)
    {%- endif -%}
{% endmacro %}

{#- A run that failed may be taken up again. -#}
{% macro end_notes(results) %}
    {%- if goes_on() and results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list | length == 0 -%}
        drop table if exists {{ notes() }}
    {%- endif -%}
{% endmacro %}
