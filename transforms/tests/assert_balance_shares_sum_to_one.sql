-- Shares of contributions, and of benefit, add up to one over all parent firms.
select sum(contribution_share) as contributions, sum(benefit_share) as benefits
from {{ ref('fct_contribution_balance') }}
having abs(sum(contribution_share) - 1) > 1e-9 or abs(sum(benefit_share) - 1) > 1e-9
