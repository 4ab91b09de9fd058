"""The auditor: is what a release hides really hidden? It shares no code with the protector and believes
nothing it says.

    findings       what can be found, by code, and what of it the public may hear
    evidence       the operator's folder of evidence, read and checked for form
    modular        which hidden cells are determined by arithmetic alone, exactly, modulo two primes
    certificates   alternative tables, multiplied out in whole numbers
    intervals      linear programs, for what no certificate covers and is small enough
    already_known  whether a firm could have said as much with nothing published
    restated       the primary rules and the needs, restated from the contributors
    joined         several releases as one system
    changes        what two releases tell by subtraction, statuses that stick
    proof          all of it over one folder of evidence and the earlier ones
    published      what anybody can check from the published files alone

Hiding cells, rounding and wording of reports do not belong here.
"""
