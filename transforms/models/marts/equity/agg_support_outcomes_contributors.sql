-- One row per kind of support × whether it was provided × metric × parent firm.
{{ group_contributors('support') }}
