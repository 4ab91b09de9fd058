"""Disclosure control: the policy as data, the primary rules, and the gate every published table passes.

Building tables, rounding them and drawing them do not belong here.
"""
