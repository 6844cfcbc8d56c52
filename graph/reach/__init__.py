"""The reach index: what a change can reach, as arrays (DESIGN.md, Parts).

rows     link intervals as the store gives them, in columns
derive   which steps they make: both directions, dataset edges hidden or stood in for
layout   resources renumbered, a dataset's fields side by side; steps as CSR
overlay  what commits since have added and ended
snapshot the arrays on disk
walk     the spreading itself, compiled (numba); levels: the same in numpy
index    `ReachIndex`, which holds it all together
"""
