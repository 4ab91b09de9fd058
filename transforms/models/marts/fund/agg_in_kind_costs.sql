-- One row per quarter × category × program: the value given in kind that the program used, shared out by seats.
select
    year_quarter as period,
    category_code,
    program_id,
    used_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_in_kind__shared') }}
