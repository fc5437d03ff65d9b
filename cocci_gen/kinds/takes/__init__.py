"""What a function took itself it gives back before it fails, and what it was given to end it ends: `gives_back`, `must_call`.

In the order of the story, each of the rooms inside imports only those before it; `looks`, `rule` and `ended` join them:

    words       what may be taken, and by which calls
    lockers     helpers that lock for whoever calls them
    holdings    what a function takes under a name, and what becomes of it
    judged      what speaks against a finding, and how a method comes to it
    fixes       what is to be written, and where
"""
