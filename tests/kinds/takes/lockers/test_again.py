"""Helpers that surely take what their caller holds."""

import pytest

from cocci_gen.kinds.takes.lockers.again import again_of
from cocci_gen.kinds.takes.words.sorts import states

HEAD = """\
static void note(struct box *box) { mutex_lock(&box->lock); box->n++; mutex_unlock(&box->lock); }
static void tell(struct box *box) { note(box); }
static void far(struct box *box) { tell(box); }
static void perhaps(struct box *box, int n) { if (n) return; note(box); }
static void lends(struct box *box) { mutex_unlock(&box->lock); note(box); mutex_lock(&box->lock); }
static void all(void) { mutex_lock(&every); mutex_unlock(&every); }
static void tries(struct box *box) { if (mutex_trylock(&box->lock)) mutex_unlock(&box->lock); }
static void writes(struct box *box) { down_write(&box->sem); up_write(&box->sem); }
static void deep(struct row *row) { struct box *box = row->box; mutex_lock(&BOX_I(box)->lock); }
static void reads(struct box *box) { down_read(&box->sem); up_read(&box->sem); }
"""


@pytest.mark.parametrize(
    ("sort", "call", "names"),
    [
        ("mutex", "note(own)", ("own->lock",)),
        ("mutex", "tell(&own->box)", ("own->box.lock",)),
        ("mutex", "far(own)", ()),
        ("mutex", "perhaps(own, 1)", ()),
        ("mutex", "lends(own)", ()),
        ("mutex", "tries(own)", ()),
        ("mutex", "all()", ("every",)),
        ("mutex", "deep(own)", ("BOX_I(own->box)->lock",)),
        ("read_semaphore", "writes(own)", ("own->sem",)),
        ("read_semaphore", "reads(own)", ()),
        ("write_semaphore", "reads(own)", ("own->sem",)),
    ],
)
def test_a_helper_takes_the_lock_on_every_way(facts_of, sort, call, names):
    """Else a deadlock in a helper is silent, or a helper that knows on which way nobody has the lock is an alarm."""
    index = facts_of({"fs/a.c": f"{HEAD}static void f(struct box *own)\n{{\n\t{call};\n}}\n"}).index
    (definition,) = index.definitions("f")
    (made,) = index.graph(definition).calls()
    (state,) = (one for one in states() if one.thing.name == sort)
    assert again_of(index).taken(made, "fs/a.c", state) == names


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ("mutex_lock(&own->lock); tell(own); mutex_unlock(&own->lock);", True),
        ("mutex_unlock(&own->lock); tell(own); mutex_lock(&own->lock);", False),
        ("mutex_lock(&own->lock); own->n++; mutex_unlock(&own->lock);", False),
    ],
)
def test_only_what_stands_between_a_lock_and_its_end_is_asked(facts_of, body, may):
    """Else every function that lets its caller's lock go is read as one that keeps it."""
    index = facts_of({"fs/a.c": f"{HEAD}static void f(struct box *own)\n{{\n\t{body}\n}}\n"}).index
    (definition,) = index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "mutex")
    assert again_of(index).in_text(index.text_of(definition), "fs/a.c", state) is may
