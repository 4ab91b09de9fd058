-- One row per dimension × kind of incentive × metric × parent firm.
{{ group_contributors('incentive') }}
