"""WHEN: Dagster assets, checks, sensors and schedules, and the command line that runs the same jobs.

Wiring only. Arithmetic, rules and file formats belong on the floors below.
"""
