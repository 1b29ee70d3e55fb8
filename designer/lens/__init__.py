"""The data lens: the shape of the data before and after every state, found without running anything.

    shapes ← lattice ← describing          what a value may be; joining, loosening; examples
    finding ← views ← templates, intrinsics, conditions, jsonata      the transfer rules of the language
    notes ← faults                         problems with their places and fixes
    transfer ← flow ← lens                 states, lists of states, the whole machine

Law: whatever a machine does at run time with an input of the given shape, the data before and after each state is
a member of the shape found here (tests/lens/test_members.py).  What is not known is UNKNOWN, never a guess.
Imports designer.asl only; no Django, IO, clock.
"""
