"""What leaves the building: disclosure control, published tables, the report page.

Reading drops, opening databases and deciding when something runs do not belong here.
"""
