"""The protector: which further cells must be hidden so that no hidden cell can be worked out, and the proof.

    system         cells, equations, contributors and needs, as whole numbers
    flows          alternative tables, found by linear programs and made exact
    circuits       alternative tables of cubes, found without linear programs
    knowledge      what the public and every single firm knows, and which alternatives survive it
    search         the pattern: greedy, prune, reduce, ruin and recreate
    exact          the least pattern and its proven bound, for small systems
    evidence       the folder that the auditor reads

Which cells fail a rule is ``disclosure.rules``; checking the proof is the auditor's, which shares no code
with this.
"""
