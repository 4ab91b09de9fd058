-- Money past its term is part of what is left, and of nothing else.
select *
from {{ ref('agg_fund_age') }}
where past_term_usd < 0 or past_term_usd > greatest(closing_usd, 0)
