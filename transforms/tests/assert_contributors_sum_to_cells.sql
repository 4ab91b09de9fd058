-- The persons that parents bring to a cell add up to its denominator, and their hits to its numerator.
with brought as (
    select
        metric_id, breakdown, member, cohort_start, cohort_end,
        sum(persons) as persons,
        sum(numerator_persons) as numerator_persons
    from {{ ref('agg_outcome_contributors') }}
    group by metric_id, breakdown, member, cohort_start, cohort_end
)

select cells.metric_id, cells.breakdown, cells.member, cells.cohort_start, cells.cohort_end
from {{ ref('agg_outcomes') }} as cells
full outer join brought
    on cells.metric_id = brought.metric_id
    and cells.breakdown = brought.breakdown
    and cells.member = brought.member
    and cells.cohort_start = brought.cohort_start
    and cells.cohort_end = brought.cohort_end
where cells.denominator is distinct from coalesce(brought.persons, 0)
    or (cells.numerator is not null and cells.numerator <> coalesce(brought.numerator_persons, 0))
