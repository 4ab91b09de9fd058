{#- The only places that read files: another engine overrides these. -#}

{% macro in_force_rows() %}
    select * from read_parquet('{{ literal_path(of_this_build("GUILDHALL_IN_FORCE")) }}')
{%- endmacro %}

{#- By column, what changed since the build that this one goes on from: submission_id, the submissions that count otherwise,
    those that no longer count included; learner_key, the people with a row of wages in one of them. -#}
{% macro changed(column) %}
    select {{ column }} from read_parquet('{{ literal_path(of_this_build("GUILDHALL_CHANGES")) }}/{{ column }}.parquet')
{%- endmacro %}

{#- What differs from build to build is asked for when a model runs, never when it is parsed: one parse serves all builds. -#}
{% macro of_this_build(name) %}
    {{- return(env_var(name) if execute else '') -}}
{% endmacro %}

{#- A folder's name is taken as it is, not as a pattern, and cannot end the string it stands in. -#}
{% macro literal_path(path) -%}
    {{ modules.re.sub('([\\[*?])', '[\\1]', path) | replace("'", "''") }}
{%- endmacro %}

{#- Rows of one contract that count: the lake keeps every submission ever accepted, a build takes those in force
    at its ledger head, without the records that a correction has overruled. `_schema.parquet` is empty and typed,
    so the glob never fails. `changed_only`: a build that goes on reads the submissions that count otherwise, no other. -#}
{% macro lake_rows(contract, changed_only=false) %}
    {%- set folder = literal_path(of_this_build("GUILDHALL_LAKE")) ~ "/accepted/" ~ contract %}
    {%- set empty = folder ~ "/_schema.parquet" %}
    select *
    from read_parquet(
        ['{{ empty }}'{% if changed_only and goes_on() %}{{ changed_files(folder, contract) }}{% else %}, '{{ folder }}/**/*.parquet'{% endif %}],
        union_by_name = {{ not are_alike(empty) }},
        hive_partitioning = false
    ) as lake
    where
        submission_id in (
            select in_force.submission_id
            from ({{ in_force_rows() }}) as in_force
            where in_force.contract = '{{ contract }}'
        )
        and not exists (
            select 1
            from ({{ overruled_records(contract) }}) as overruled
            where overruled.submission_id = lake.submission_id and overruled.record = lake.record
        )
{%- endmacro %}

{#- Whether every file has the columns of the empty one. Where they need not, all are opened before any is read. -#}
{% macro are_alike(empty) %}
    {%- set asked = "select count(*) from parquet_kv_metadata('" ~ empty ~ "') where decode(key) = 'every_file_has_these_columns'" -%}
    {{- return(execute and run_query(asked)[0][0] > 0) -}}
{% endmacro %}

{#- The files of those submissions, to end a list with. -#}
{% macro changed_files(folder, contract) -%}
    {%- set asked -%}
        select in_force.firm_id, in_force.period, in_force.submission_id
        from ({{ in_force_rows() }}) as in_force
        where
            in_force.contract = '{{ contract }}'
            and in_force.accepted > 0
            and in_force.submission_id in ({{ changed('submission_id') }})
    {%- endset -%}
    {%- for row in run_query(asked) -%}
, '{{ folder }}/firm={{ literal_path(row[0]) }}/period={{ row[1] }}/{{ row[2] }}.parquet'
    {%- endfor -%}
{%- endmacro %}

{% macro overruled_records(contract) %}
    select
        in_force.submission_id,
        unnest(in_force.overruled) as record
    from ({{ in_force_rows() }}) as in_force
    where in_force.contract = '{{ contract }}'
{%- endmacro %}

{#- The current state of a natural key within one box: a key reported again in a later period replaces the
    earlier row, because outcomes fill in on later submissions. -#}
{% macro current_state(contract, key) %}
    select *
    from (
        select
            *,
            row_number() over (
                partition by box_firm_id, {{ key | join(', ') }}
                order by box_period desc, tx_from desc, record desc
            ) as recency
        from ({{ lake_rows(contract) }}) as in_force_rows
    ) as ranked
    where recency = 1
{%- endmacro %}
