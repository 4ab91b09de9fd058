{#- The columns together name a row: fails with every combination that occurs more than once. -#}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}, count(*) as occurrences
from {{ changed_rows(model, columns) }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
