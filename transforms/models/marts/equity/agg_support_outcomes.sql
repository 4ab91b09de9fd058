-- One row per kind of support × whether it was provided × metric.
{{ group_outcomes('support') }}
