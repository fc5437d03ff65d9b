"""Leaf `locks`: where a function takes again, or releases, what its caller holds."""

import pytest

from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.locks import LockSearch

HEAD = """
struct inode { int i_rwsem; };
static inline void inode_lock(struct inode *inode) { down_write(&inode->i_rwsem); }
static inline void inode_unlock(struct inode *inode) { up_write(&inode->i_rwsem); }
"""


@pytest.fixture
def behaviour(index_of):
    """behaviour(C text) -> what f(), whose parameter `inode` is the held one, does with i_rwsem."""

    def find(text):
        index = index_of({"fs/a.c": HEAD + text})
        (definition,) = index.definitions("f")
        held = Held("inode", vocabulary().resources["i_rwsem"])
        return LockSearch(index).behaviour(index.graph(definition), "fs/a.c", {"inode": "inode"}, held)

    return find


def test_a_wrapper_is_found_by_its_body(behaviour):
    """The vocabulary cannot list every wrapper of every file system."""
    text = "static void deep(struct inode *i) { inode_lock(i); }\nstatic void mine(struct inode *x) { deep(x); }\n"
    (event,) = behaviour(text + "void f(struct inode *inode) { mine(inode); }").events

    assert ["f() calls mine()", "mine() calls deep()", "inode_lock() takes i_rwsem"] == [s.note for s in event.steps]
    assert (False, True) == (event.shared, event.sure)


def test_another_object_is_not_blamed(behaviour):
    """Every lock of the same name would be a deadlock otherwise."""
    assert () == behaviour("void f(struct inode *inode, struct inode *other) { inode_lock(other); }").events


def test_a_shared_lock_is_told_apart(behaviour):
    """Taking a read lock twice deadlocks only when a writer comes in between."""
    (event,) = behaviour("void f(struct inode *inode) { down_read(&inode->i_rwsem); }").events

    assert event.shared


@pytest.mark.parametrize(
    "body",
    [
        "void g(struct inode *i, int lock) { if (lock) inode_lock(i); } void f(struct inode *inode) { g(inode, 0); }",
        "void g(struct inode *i) { inode_unlock(i); inode_lock(i); } void f(struct inode *inode) { g(inode); }",
        "void g(struct inode *i) { if (!inode_is_locked(i)) inode_lock(i); } void f(struct inode *inode) { g(inode); }",
        "void f(struct inode *inode) { if (inode_trylock(inode)) inode_unlock(inode); }",
        "void g(struct inode *i) { f(i); } void f(struct inode *inode) { g(inode); }",
    ],
    ids=["an argument decides", "released first", "tested first", "a trylock", "recursion"],
)
def test_tempting_calls_take_nothing(behaviour, body):
    """Each of these stands in the kernel and does not deadlock."""
    assert () == behaviour(body).events


def test_a_callee_that_releases_ends_the_window(behaviour):
    """Behind generic_shutdown_super() and its kind the lock is no longer held."""
    found = behaviour(
        "void g(struct inode *i) { inode_unlock(i); } void f(struct inode *inode) { g(inode); inode_lock(inode); }"
    )

    assert 1 == len(found.released)
    assert 1 == len(found.events)


def test_one_definition_of_several_makes_it_unsure(index_of):
    """A variant of one architecture says little about the others."""
    files = {
        "fs/a.c": HEAD + "void f(struct inode *inode) { g(inode); }",
        "lib/b.c": "void g(struct inode *i) { down_write(&i->i_rwsem); }",
        "lib/c.c": "void g(struct inode *i) { }",
    }
    index = index_of(files)
    (definition,) = index.definitions("f")
    held = Held("inode", vocabulary().resources["i_rwsem"])
    (event,) = LockSearch(index).behaviour(index.graph(definition), "fs/a.c", {"inode": "inode"}, held).events

    assert not event.sure


def test_a_global_lock_is_told_by_its_name(index_of):
    """rename_lock has no owner that an argument could lead to."""
    index = index_of({"fs/a.c": "void g(void) { write_seqlock(&rename_lock); }\nvoid f(int n) { g(); }"})
    (definition,) = index.definitions("f")
    held = Held("", vocabulary().resources["rename_lock"])
    found = LockSearch(index).behaviour(index.graph(definition), "fs/a.c", {}, held)

    assert ["g"] == [event.call.callee for event in found.events]
