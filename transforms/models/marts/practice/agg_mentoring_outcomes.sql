-- One row per dimension × dose or form of mentoring × metric.
{{ group_outcomes('mentoring') }}
