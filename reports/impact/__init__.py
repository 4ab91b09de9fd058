"""What the training did: estimators, their intervals, and the words their results allow.

The core is arithmetic on arrays: no file, no clock, no table, no chart. Marts, disclosure and pages are
elsewhere in ``reports``; the sources of the methods stand beside each estimator.
"""
