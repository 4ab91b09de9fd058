-- Every funding source has a line in every quarter from the fund's first to its last.
with lines as (
    select
        funding_source,
        count(*) as periods,
        min({{ quarter_index('period') }}) as first_index,
        max({{ quarter_index('period') }}) as last_index
    from {{ ref('agg_fund_ledger') }}
    group by funding_source
)

select *
from lines
where periods <> last_index - first_index + 1
    or first_index <> (select min(first_index) from lines)
    or last_index <> (select max(last_index) from lines)
