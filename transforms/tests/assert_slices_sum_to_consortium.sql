-- Everybody is in exactly one program, area and sector, so exit-based slices add up to the consortium.
-- People served are distinct persons, who may be in two programs at once: there the slices may only exceed it.
with totals as (
    select
        metric_id,
        breakdown,
        sum(denominator) as denominator,
        sum(numerator) as numerator
    from {{ ref('agg_outcomes') }}
    where breakdown in ('consortium', 'program', 'area', 'sector')
    group by metric_id, breakdown
)

select slices.*
from totals as slices
inner join totals as whole on slices.metric_id = whole.metric_id and whole.breakdown = 'consortium'
where slices.denominator < whole.denominator
    or (slices.metric_id <> 'participants_served' and slices.denominator <> whole.denominator)
    or slices.numerator <> whole.numerator
