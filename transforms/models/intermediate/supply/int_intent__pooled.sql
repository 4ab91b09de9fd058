-- One row per stated_quarter × soc_code × county_fips × parent firm: seats that its firms expect, of those a quarter old.
with statements as (
    select
        intent.*,
        {{ comparable_county('intent.county_fips') }} as comparable_county_fips,
        coalesce(firms.parent_group_id, intent.firm_id) as parent_group_id,
        -- Coverage that is not known counts as none: such seats may be among the open ones too.
        intent.seats_expected - coalesce(intent.seats_requisitioned, 0) as seats_uncovered
    from {{ ref('stg_hiring_intent') }} as intent
    inner join {{ ref('int_demand_quarters__listed') }} as quarters on intent.stated_quarter = quarters.year_quarter
    left join {{ ref('int_firms__current') }} as firms on intent.firm_id = firms.firm_id
)

select
    stated_quarter,
    soc_code,
    comparable_county_fips as county_fips,
    parent_group_id,
    cast(sum(seats_expected) as bigint) as seats_expected,
    cast(sum(seats_uncovered) as bigint) as seats_uncovered,
    cast(sum(
        case when expected_quarter = {{ quarter_plus('stated_quarter', 1) }} then seats_uncovered else 0 end
    ) as bigint) as seats_uncovered_next
from statements
group by stated_quarter, soc_code, comparable_county_fips, parent_group_id
