-- One row per dimension × mode of delivery × metric.
{{ group_outcomes('delivery') }}
