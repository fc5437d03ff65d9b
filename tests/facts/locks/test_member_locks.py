"""Locks by the name of the member that they are."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.locks.member_locks import member_locks, member_of

CODE = """\
static void wrap(struct node *node) { mutex_lock(&node->table_lock); }
static void deeper(struct node *node) { wrap(node); }
static void other(struct node *node) { mutex_lock(&node->other_lock); }
static void any(struct mutex *lock) { mutex_lock(lock); }
static void says(struct node *node) { int n = 0; lockdep_assert_held(&node->table_lock); n++; }
static void perhaps(struct node *node) { if (node) lockdep_assert_held(&node->table_lock); }
static void itself(struct node *node) { mutex_lock(&node->table_lock); lockdep_assert_held(&node->table_lock); }
void spins(spinlock_t *lock) { spin_lock(lock); }
static void head(struct node *node) __must_hold(&node->table_lock) { node->n++; }
"""


@pytest.mark.parametrize(
    ("text", "member"),
    [("&node->table_lock", "table_lock"), ("&NODE(inode)->a.b", "b"), ("lock", ""), ("&global_lock", "")],
)
def test_the_member_that_an_argument_is(text, member):
    """A plain name may be any lock."""
    assert member == member_of(text)


@pytest.mark.parametrize(
    ("callee", "takes"),
    [
        ("wrap", True),
        ("deeper", True),
        ("other", False),
        ("any", True),
        ("says", False),
        ("my_lock", True),
        ("my_unlock", False),
    ],
)
def test_what_may_take_a_lock_of_that_name(facts_of, callee, takes):
    """A wrapper that is overlooked makes a false alarm; so does one that nobody can see."""
    locks = member_locks(facts_of({"fs/a.c": CODE}).index)

    assert takes is locks.takes(Call(callee, True, ("node",), 1), "table_lock", "fs/a.c")


@pytest.mark.parametrize(
    ("here", "takes"),
    [
        ("mutex_unlock(&NODE(node)->table_lock);", False),
        ("spin_unlock(&node->table_lock);", True),
        ("mutex_unlock(&node->other_lock);", True),
        ("lockdep_assert_held(&node->table_lock);", True),
        ("if (mutex_unlock(&a->table_lock), spin_unlock(&b->table_lock)) return;", True),
    ],
    ids=["a mutex", "a spinlock", "nothing is said", "an assertion", "both"],
)
def test_a_lock_without_a_name_is_of_a_sort(facts_of, here, takes):
    """A counter takes a spinlock somewhere down below, and passed for what may take a mutex."""
    index = facts_of({"fs/a.c": CODE, "fs/b.c": f"static void f(struct node *node) {{ {here} }}\n"}).index

    assert takes is member_locks(index).takes(Call("spins", True, ("node",), 1), "table_lock", "fs/b.c")


@pytest.mark.parametrize(
    ("body", "takes"), [("other(node)", False), ("wrap(node)", True), ("other(node), unseen_lock(node)", True)]
)
def test_a_macro_that_sounds_like_a_lock_is_looked_into(facts_of, body, takes):
    """`#define node_lock(node) node_lock_nested(node, 0)` takes what that takes, and nothing else."""
    code = CODE + f"#define node_lock(node) {body}\n"
    locks = member_locks(facts_of({"fs/a.c": code}).index)

    assert takes is locks.takes(Call("node_lock", True, ("node",), 1), "table_lock", "fs/a.c")


@pytest.mark.parametrize(
    ("function", "demands"), [("says", True), ("perhaps", False), ("itself", False), ("head", True)]
)
def test_what_a_function_demands(facts_of, function, demands):
    """An assertion behind a branch, or behind its own lock, asks nothing of the caller."""
    index = facts_of({"fs/a.c": CODE}).index
    (definition,) = index.definitions(function)

    assert (["table_lock"] if demands else []) == [member for member, _ in member_locks(index).demands(definition)]
