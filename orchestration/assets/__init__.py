"""The assets of the journey, in its order: intake, warehouse, publication."""
