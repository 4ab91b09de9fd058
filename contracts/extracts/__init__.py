"""What member firms drop: enrollments, credentials, placements and wages, one contract to a module."""
