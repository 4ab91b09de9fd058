-- Every finding is resolved, open or overdue, and the kinds of audit add up to all of them.
with totals as (
    select
        sum(case when audit_kind = 'all' and severity = 'all' then findings else 0 end) as whole,
        sum(case when audit_kind <> 'all' and severity = 'all' then findings else 0 end) as by_kind,
        sum(case when audit_kind = 'all' and severity <> 'all' then findings else 0 end) as by_severity
    from {{ ref('agg_audit_findings') }}
)

select 'standing' as identity from {{ ref('agg_audit_findings') }} where findings <> resolved + open_findings + overdue
union all
select 'totals' from totals where whole <> by_kind or whole <> by_severity
