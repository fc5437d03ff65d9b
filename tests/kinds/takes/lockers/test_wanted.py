"""Who else takes a lock that a function keeps."""

import pytest

from cocci_gen.kinds.takes.lockers.wanted import wanted_by_others
from cocci_gen.kinds.takes.words.sorts import states

BOX = (
    "struct box {{ {declared} lock; }};\nstatic int f(struct box *box) {{ {taker}(&box->lock); return 0; }}\n{others}\n"
)


@pytest.mark.parametrize(
    ("declared", "taker", "others", "notes"),
    [
        ("struct mutex", "mutex_lock", "", ["it is taken with mutex_lock()"]),
        (
            "struct mutex",
            "mutex_lock",
            "int g(struct cup *cup) { return mutex_trylock(&cup->box->lock); } /* mutex_lock_killable(&box->lock) */",
            ["it is taken with mutex_lock(), mutex_trylock()"],
        ),
        (
            "struct mutex",
            "mutex_lock",
            "int g(struct pipe *pipe) { return mutex_trylock(&pipe->lock); }",
            ["it is taken with mutex_lock()"],
        ),
        ("struct mutex", "mutex_lock", "struct cup { struct mutex lock; };", []),
        ("struct mutex", "mutex_lock", "static DEFINE_MUTEX(lock);", []),
        ("struct its_own", "mutex_lock", "", []),
        ("struct rw_semaphore", "down_read", "", ["it is never taken for writing"]),
        (
            "struct rw_semaphore",
            "down_read",
            "void g(struct box *box) { down_write_nested(&box->lock, 1); }",
            ["it is taken for writing with down_write()"],
        ),
        (
            "struct rw_semaphore",
            "down_write",
            "void g(struct box *box) { down_read(&box->lock); downgrade_write(&box->lock); }",
            ["it is taken with down_read(), down_write()"],
        ),
    ],
)
def test_how_others_take_what_is_kept(facts_of, declared, taker, others, notes):
    """`Sleeps for ever` is true of who waits, and nothing is said of a lock that another one may be taken for."""
    facts = facts_of({"fs/box/a.c": BOX.format(declared=declared, taker=taker, others=others)})
    (definition,) = facts.index.definitions("f")
    (call,) = facts.index.graph(definition).calls()
    (state,) = (one for one in states() if taker in one.takers)
    assert list(wanted_by_others(definition, "box->lock", state, facts.index, call)) == notes


@pytest.mark.parametrize(
    ("taker", "reads"), [("down_read", True), ("grabs_it", True), ("mmap_write_lock", False), ("mmap_read_lock", True)]
)
def test_who_lets_readers_in(taker, reads):
    """A helper takes a lock as its sort is taken, and of one sort that knows both the name of the call tells."""
    (state,) = (s for s in states() if taker in s.takers or (taker == "grabs_it" and s.thing.name == "read_semaphore"))
    assert state.lets_readers_in(taker) is reads


def test_a_name_of_two_words_is_the_lock_whoever_holds_it(facts_of):
    """`vnode` and `dvnode` are of one structure."""
    code = "struct box {{ struct mutex box_lock; }};\nstatic int f(struct box *box) {{ mutex_lock(&box->box_lock); return 0; }}\n"
    code += "int g(struct box *dbox) {{ return mutex_trylock(&dbox->box_lock); }}\n"
    facts = facts_of({"fs/box/a.c": code.format()})
    (definition,) = facts.index.definitions("f")
    (call,) = facts.index.graph(definition).calls()
    (state,) = (one for one in states() if "mutex_lock" in one.takers)
    notes = list(wanted_by_others(definition, "box->box_lock", state, facts.index, call))
    assert notes == ["it is taken with mutex_lock(), mutex_trylock()"]
