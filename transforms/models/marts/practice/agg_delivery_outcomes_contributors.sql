-- One row per dimension × mode of delivery × metric × parent firm.
{{ group_contributors('delivery') }}
