-- One row per dimension × dose or form of mentoring × metric × parent firm.
{{ group_contributors('mentoring') }}
