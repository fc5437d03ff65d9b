"""A whole kernel tree -> KernelIndex, and what a callee does to a page, a lock, the right to sleep.

In the order of the story, each of the rooms inside imports only those before it:

    tree        the index: what is defined where, what tables name, how each file is read
    calls       what a call does to what it is given, and which calls are come to
    branches    which branch of a conditional is compiled
    locks       a lock that a caller holds
    pages       a page or folio that a caller holds
    walks       a path walk, in which nothing is held
    sleeps      what must not be reached: sleeping, and freeing what a walk looks at
"""
