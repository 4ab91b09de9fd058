-- One row per dimension × group × metric.
{{ group_outcomes('equity') }}
