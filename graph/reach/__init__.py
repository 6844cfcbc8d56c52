"""The reach index: what a change can reach, and where data come from, as arrays (DESIGN.md).

rows      link intervals as the store gives them, in columns; nodes, aliases beside them
derive    which steps they make: both directions, dataset edges hidden or stood in for
layout    resources renumbered, a dataset's fields side by side; steps as CSR
base      all of that up to one commit; snapshot: on disk, mapped
overlay   what commits since have added and ended; view: both, as a walk reads them
walk      the spreading itself, compiled (numba); levels: the same in numpy
crossing  steps looked through in numpy, from places to their other ends
spread    which of the two; trace: a walk sorted, counted and cut into a page
follow    lineage; answer: who answers for a resource
secrecy   how secret places are, by what they are part of
sight     what one question sees, wherever the links are
near      where no index is held: links fetched as a question meets them (needs, fetched),
          and along lineage ahead of it (chains)
index     `ReachIndex`, which holds it all together; compare: whether two say the same
"""
