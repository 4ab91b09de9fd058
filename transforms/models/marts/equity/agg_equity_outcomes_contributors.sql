-- One row per dimension × group × metric × parent firm.
{{ group_contributors('equity') }}
