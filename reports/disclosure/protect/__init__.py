"""The protector: which further cells must be hidden so that no hidden cell can be worked out, and the proof.

    system         cells, equations, contributors and needs, as whole numbers
    flows          alternative tables, found by linear programs and made exact
    cube           one table with all its totals on a grid, and the moves of its hierarchies
    circuits       alternative tables of cubes as products of moves, without linear programs
    kernels        their compiled search; boards: what it works on
    knowledge      what the public and every single firm knows, and which alternatives survive it
    beforehand     what a firm could say with nothing published, which a release does not give away
    search         the pattern: greedy, prune, reduce, ruin and recreate
    exact          the least pattern and its proven bound, for small systems
    evidence       the folder that the auditor reads

Which cells fail a rule is ``disclosure.rules``; checking the proof is the auditor's, which shares no code
with this.
"""
