"""What others call once they have given a lock back."""

import pytest

from cocci_gen.kinds.takes.lockers.afterwards import made_afterwards
from cocci_gen.kinds.takes.words.sorts import states

SELF = "int f(struct box *box) { mutex_lock(&box->lock); return flush(box->inode); }\n"
BEHIND = (
    "int g(struct box *box) { mutex_lock(&box->lock); box->n++; mutex_unlock(&box->lock); return flush(box->inode); }\n"
)
UNDER = "int h(struct box *box) { mutex_lock(&box->lock); flush(box->inode); mutex_unlock(&box->lock); return 0; }\n"
WITHOUT = "int k(struct box *box) { return flush(box->inode); }\n"
AHEAD = "int m(struct box *box) { flush(box->inode); mutex_lock(&box->lock); mutex_unlock(&box->lock); return 0; }\n"
OTHER = "int n(struct box *box) { mutex_lock(&box->key); mutex_unlock(&box->key); return flush(box->inode); }\n"


@pytest.mark.parametrize(
    ("others", "afterwards"),
    [
        (BEHIND, True),
        (BEHIND + WITHOUT + AHEAD + OTHER, True),
        (BEHIND + UNDER, False),
        (UNDER, False),
        (WITHOUT + AHEAD + OTHER, False),
        ("", False),
    ],
)
def test_what_others_call_with_the_lock_given_back(facts_of, others, afterwards):
    """An unlock ahead of what somebody does under the lock would leave that unguarded, and one that nobody shows is a guess."""
    facts = facts_of({"fs/box/a.c": SELF + others})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.word == "mutex" and "mutex_lock" in one.takers)
    graph = facts.index.graph(definition)
    (call,) = (one for one in graph.calls() if one.callee == "flush")
    assert made_afterwards("box->lock", definition, state, facts.index, call) is afterwards
