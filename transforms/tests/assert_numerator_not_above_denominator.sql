-- A share counts no more than there are, a value lies in its interval, and distinct persons are no more than periods.
select *
from {{ ref('agg_outcomes') }}
where numerator > denominator
    or numerator < 0
    or distinct_persons > denominator
    or (unit = 'share' and (value < value_lower or value > value_upper or value_lower < 0 or value_upper > 1))
    or (unit = 'usd_per_quarter' and (value < value_lower or value > value_upper))
