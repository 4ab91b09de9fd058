-- One row per completer × credential that a later one builds on × group: days until any such later one, and whether it came.
with steps as (
    select component_credential_id as credential_id, credential_id as next_credential_id
    from {{ ref('int_credential_steps__acyclic') }}
),

completers as (
    select distinct learner_key from {{ ref('int_participations__described') }} where training_completed = 1
),

held as (
    select
        credentials.learner_key,
        credentials.credential_id,
        min(credentials.attained_date) as attained_date,
        min(coalesce(firms.parent_group_id, credentials.box_firm_id)) as parent_group_id
    from {{ ref('stg_credential') }} as credentials
    inner join completers on credentials.learner_key = completers.learner_key
    left join {{ ref('int_firms__current') }} as firms on credentials.box_firm_id = firms.firm_id
    where credentials.attained_date <= {{ as_of() }}
    group by credentials.learner_key, credentials.credential_id
),

advanced as (
    select
        held.learner_key,
        held.credential_id,
        held.attained_date,
        held.parent_group_id,
        min(case when later.attained_date > held.attained_date then later.attained_date end) as next_date
    from held
    inner join steps on held.credential_id = steps.credential_id
    left join held as later
        on held.learner_key = later.learner_key and steps.next_credential_id = later.credential_id
    group by held.learner_key, held.credential_id, held.attained_date, held.parent_group_id
),

timed as (
    select
        *,
        next_date is not null as has_advanced,
        {{ days_between('attained_date', 'coalesce(next_date, ' ~ as_of() ~ ')') }} as days
    from advanced
)

select 'all' as credential, timed.* from timed
union all
select credential_id, timed.* from timed
