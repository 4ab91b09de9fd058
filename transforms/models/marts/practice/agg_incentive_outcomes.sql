-- One row per dimension × kind of incentive × metric.
{{ group_outcomes('incentive') }}
