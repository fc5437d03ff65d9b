"""Locks and protections that a function takes and keeps when it fails."""

import pytest

from cocci_gen.kinds.takes.states import state_holdings, states

HEAD = """\
static void ends(struct box *box) { mutex_unlock(&box->lock); }
static void other(struct box *box) { mutex_lock(&box->other); mutex_unlock(&box->other); }
static void given(struct mutex *lock) { mutex_unlock(lock); }
"""
TWO = "mutex_lock(&box->a); mutex_lock(&box->b); "
LOCK = "mutex_lock(&box->lock); "


def kept(facts_of, body, sort="mutex", returns="int"):
    """Whether a function with this body may keep the state, and whether its text shows that."""
    text = f"static {returns} f(struct box *box, int n)\n{{\n\t{body}\n}}\n"
    facts = facts_of({"fs/a.c": HEAD + text})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == sort)
    found = state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index)
    return any(one.breaches(one.explored()) for one in found), state.in_text(text.encode())


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        (f"{LOCK}if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) goto out; mutex_unlock(&box->lock); return 0; out: return -EIO;", True),
        (f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ ends(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return -EIO; }} return 0;", False),
        (f"{LOCK}if (n) {{ other(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ given(&box->lock); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) return -EIO; mutex_unlock(&box->lock); ends(box); return 0;", True),
        (f"{LOCK}if (n) return 1; mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}return -EIO;", False),
        (f"if (n) {LOCK}if (box->bad) goto out; n++; out: if (n) mutex_unlock(&box->lock); return -EIO;", False),
        (f"{LOCK}box->owner = box; if (n) return -EIO; mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (box && n) return -EIO; if (box) mutex_unlock(&box->lock); return -EIO;", True),
        ("if (mutex_lock_killable(&box->lock)) return -EINTR; if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        ("if (mutex_lock_killable(&box->lock)) return -EINTR; mutex_unlock(&box->lock); return 0;", False),
        ("if (!mutex_trylock(&box->lock)) return -EBUSY; mutex_unlock(&box->lock); return 0;", False),
        (f"{TWO}mutex_unlock(&box->b); if (n) return -EIO; mutex_unlock(&box->a); return 0;", True),
        (f"{TWO}mutex_unlock(&box->b); mutex_unlock(&box->a); return -EIO;", False),
        (f"{TWO}mutex_unlock(&box->b); if (n) {{ mutex_unlock(&all->a); return -EIO; }} mutex_unlock(&box->a); return 0;", False),
    ],
)  # fmt: skip
def test_who_fails_has_released_what_he_took(facts_of, body, fails):
    """Each is a shape of real code: those that keep nothing were reported before the guard was there."""
    assert kept(facts_of, body)[0] is fails


@pytest.mark.parametrize(("returned", "fails"), [("VM_FAULT_NOPAGE", True), ("VM_FAULT_SIGBUS", True), ("0", True)])
def test_a_fault_handler_ends_its_protection_on_every_way(facts_of, returned, fails):
    """No code of a handler tells its caller to end what the handler began."""
    begun = f"sb_start_pagefault(box->sb); if (n) return {returned}; sb_end_pagefault(box->sb); return VM_FAULT_LOCKED;"

    assert kept(facts_of, begun, "pagefault", "vm_fault_t")[0] is fails


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f"{LOCK}n++;\n\tmutex_unlock(&box->lock);\n\treturn n;", False),
        (f"{LOCK}if (n)\n\t\treturn -EIO;\n\tmutex_unlock(&box->lock);\n\treturn n;", True),
        (f"{LOCK}if (n) {{\n\t\tmutex_unlock(&box->lock);\n\t\treturn n;\n\t}}\n\treturn -EIO;", True),
        (f"{LOCK}if (n)\n\t\tgoto out;\nout:\n\tmutex_unlock(&box->lock);\n\treturn n;", False),
        (f"{LOCK}if (n)\n\t\tgoto out;\n\tmutex_unlock(&box->lock);\nout:\n\treturn n;", True),
    ],
)
def test_the_text_tells_where_a_way_leads_out(facts_of, body, shown):
    """Most functions leave by no way between taking and release: their control flow is not read."""
    assert kept(facts_of, body)[1] is shown
