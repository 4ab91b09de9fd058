-- The lag printed beside a metric is the one its maturity is judged by.
select definitions.metric_id
from {{ ref('metric_definitions') }} as definitions
inner join {{ ref('metric_lags') }} as lags on definitions.metric_id = lags.metric_id
where definitions.lag_quarters <> lags.quarters_after
