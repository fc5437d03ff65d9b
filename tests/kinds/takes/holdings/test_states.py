"""Locks and protections that a function takes and keeps when it fails."""

import pytest

from cocci_gen.kinds.takes.holdings.kept import kept_here_alone
from cocci_gen.kinds.takes.holdings.states import state_holdings
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_ways
from cocci_gen.kinds.takes.words.sorts import states

HEAD = """\
static void ends(struct box *box) { mutex_unlock(&box->lock); }
static void other(struct box *box) { mutex_lock(&box->other); mutex_unlock(&box->other); }
static void given(struct mutex *lock) { mutex_unlock(lock); }
static void of_all(struct box *box)
{
	mutex_lock(&all_lock);
	box->n++;
	mutex_unlock(&all_lock);
}
static void own(struct box *box) { mutex_lock(&box->next->lock); mutex_unlock(&box->next->lock); }
static int for_a_while(struct box *box, int mode)
{
	if (mode != 2)
		mutex_unlock(&box->lock);
	wait_for(box);
	if (mode != 2)
		mutex_lock(&box->lock);
	return 0;
}
static void at_times(struct box *box, int mode) { if (mode) mutex_unlock(&box->lock); }
static int unless(struct box *box)
{
	if (box->n)
		return -EBUSY;
	mutex_unlock(&box->lock);
	return 0;
}
static int deeper(struct box *box) { return unless(box); }
static void by_pointer(struct box *box) { box->ops->wake_and_unlock(box); }
"""
TWO = "mutex_lock(&box->a); mutex_lock(&box->b); "
LOCK = "mutex_lock(&box->lock); "
LAST = "if (!atomic_dec_and_mutex_lock(&box->users, &box->lock)) return 0; "
COUNT = f"{LOCK}n = asks(box); if (n < 0) {{ mutex_unlock(&box->lock); return n; }} "
#: A test that is made under a lock, which is given up and taken again before the next.
ASKED = "mutex_lock(&box->own); if (box->gone) goto out; mutex_unlock(&box->own); wait_for(box); "
ANEW = f"{ASKED}mutex_lock(&box->own); if (box->gone)"
OUT = "mutex_unlock(&box->lock); return 0; out: mutex_unlock(&box->own); mutex_unlock(&box->lock); return -ENODEV;"


def holdings(facts_of, body, sort="mutex", returns="int"):
    """What a function with this body takes of a sort, and whether its text shows that it may keep it."""
    text = f"static {returns} f(struct box *box, int n)\n{{\n\t{body}\n}}\n"
    facts = facts_of({"fs/a.c": HEAD + text})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == sort)
    found = state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index)
    return found, state.in_text(text.encode())


def kept(facts_of, body, sort="mutex", returns="int"):
    """Whether a function with this body may keep the state when it fails, and whether its text shows that."""
    found, shown = holdings(facts_of, body, sort, returns)
    return any(one.breaches(one.explored()) for one in found), shown


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        (f"{LOCK}if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) goto out; mutex_unlock(&box->lock); return 0; out: return -EIO;", True),
        ("mutex_lock_io(&box->lock); if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        # who drops the last count gets the lock with it
        (f"{LAST}if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        (f"{LAST}if (n) {{ mutex_unlock(&box->lock); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        # a test that would come out as the one ahead of the lock did is asked anew, for others may have set it meanwhile
        (f"if (box->gone) return 0; {LOCK}if (box->gone) {{ mutex_unlock(&box->lock); return 0; }} return -EIO;", True),
        (f"if (box->gone) {LOCK}if (n) return 0; if (box->gone) {{ mutex_unlock(&box->lock); return 0; }} return -EIO;", False),
        # one of two buffers is guarded: the test that decides on the release asks which
        (f"b = box->b; if (b) {LOCK}if (b == box->b) mutex_unlock(&box->lock); else kfree(b); return -EIO;", False),
        (f"{LOCK}if (b == box->b) mutex_unlock(&box->lock); else kfree(b); return -EIO;", True),
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
        (f"{LOCK}if (n) {{ own(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ of_all(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ for_a_while(box, n); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ at_times(box, n); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ at_times(box, 0); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ by_pointer(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ box->ops->wake_and_unlock(box); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ sleep_on_spinunlock(&box->lock); return -EIO; }} mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n) {{ lockdep_assert_held(&box->lock); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"int on = 0; {LOCK}if (n) on = 1; if (!on) mutex_unlock(&box->lock); return on ? -EIO : 0;", True),
        (f"int on = 0; {LOCK}if (n) on = 1; if (!on) mutex_unlock(&box->lock); if (on) return -EIO; return 0;", True),
        (f"{LOCK}if (n) box->on = 1; if (!box->on) mutex_unlock(&box->lock); return -EIO;", True),
        (f"{LOCK}if (!n) mutex_unlock(&box->lock); return -EIO;", False),
        (f"{LOCK}at_times(box, n); if (!box->on) mutex_unlock(&box->lock); return -EIO;", False),
        ("if (mutex_lock_killable(&box->lock) == -EINTR) return -EINTR; mutex_unlock(&box->lock); return 0;", False),
        (f"struct box *b = box; {LOCK}if (n) {{ mutex_unlock(&b->lock); mutex_lock(&b->lock); return -EIO; }} return 0;", False),
        (f"if (box->on) {LOCK}else n = make(n); if (n == box->n) mutex_unlock(&box->lock); else unmake(n); return -EIO;", False),
        (f"if (box->on) {LOCK}else n = make(n); if (n == box->n) mutex_unlock(&box->lock); else n++; return -EIO;", True),
        (f"{LOCK}if (box->ops) box->ops->sync(box); else mutex_unlock(&box->lock); return -EIO;", False),
        (f"{LOCK}if (box->ops) box->ops->sync(n); else mutex_unlock(&box->lock); return -EIO;", True),
        (f"{LOCK}n = wait_for(box); if (n == -EIOCBQUEUED) return n; mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n == 2) {{ at_times(box, box->full); return -EIO; }} mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return 0; }} if (unless(box)) return -EIO; return 0;", True),
        (f"{LOCK}if (unless(box)) {{ mutex_unlock(&box->lock); return -EIO; }} return 0;", False),
        (f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return 0; }} if (deeper(box)) return -EIO; return 0;", True),
        (f"{LOCK}{ANEW} {{ mutex_unlock(&box->own); return -ENODEV; }} mutex_unlock(&box->own); {OUT}", True),
        (f"{LOCK}{ASKED}if (box->gone) return -ENODEV; {OUT}", False),
        (f"all->box = box; {LOCK}if (n) return -EIO; mutex_unlock(&box->lock); return 0;", True),
        (f"{LOCK}all->box = box; if (n) return -EIO; mutex_unlock(&box->lock); return 0;", False),
        (f"{LOCK}if (n == 2) {{ mutex_unlock(&box->lock); return 0; }} n = wait_for(box); return n ? -EIO : 0;", True),
    ],
)  # fmt: skip
def test_who_fails_has_released_what_he_took(facts_of, body, fails):
    """Each is a shape of real code: those that keep nothing were reported before the guard was there."""
    assert kept(facts_of, body)[0] is fails


def test_a_spinlock_is_left_to_nobody(facts_of):
    """Whoever finds the object may unlock a mutex of it later, at the end of a transaction; nobody spins as long as that."""
    body = "spin_lock(&box->lock); all->box = box; if (n) return -EIO; spin_unlock(&box->lock); return 0;"

    assert kept(facts_of, body, "spinlock")[0]


def test_a_new_inode_is_unlocked_by_who_fails(facts_of):
    """Who looks for an inode that was left locked waits for ever; what drops it must end its being new."""
    body = "if (insert_inode_locked(box)) return -EIO; if (n) {} return -EIO; }} d_instantiate_new(n, box); return 0;"

    assert kept(facts_of, body.format("{ iput(box);"), "new_inode")[0]
    assert not kept(facts_of, body.format("{ discard_new_inode(box);"), "new_inode")[0]


def test_a_macro_that_is_given_the_object_releases_nothing(facts_of):
    """`EXT4_SB(sb)` says nothing of the protection that was begun on the super block; a lock by its address is given to few."""
    body = "inode_lock(box); if (n) { n = BOX_SIZE(box); return -EIO; } inode_unlock(box); return 0;"

    assert kept(facts_of, body, "inode_lock")[0]


@pytest.mark.parametrize(("returned", "fails"), [("VM_FAULT_NOPAGE", True), ("VM_FAULT_SIGBUS", True), ("0", True)])
def test_a_fault_handler_ends_its_protection_on_every_way(facts_of, returned, fails):
    """No code of a handler tells its caller to end what the handler began."""
    begun = f"sb_start_pagefault(box->sb); if (n) return {returned}; sb_end_pagefault(box->sb); return VM_FAULT_LOCKED;"

    assert kept(facts_of, begun, "pagefault", "vm_fault_t")[0] is fails


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f"{LOCK}n++;\n\tmutex_unlock(&box->lock);\n\treturn n;", False),
        (
            "mutex_lock(&box->a);\n\tmutex_lock(&box->b);\n\tmutex_unlock(&box->b);\n\tmutex_unlock(&box->b);\n\treturn n;",
            True,
        ),
        (
            "mutex_lock(&box->a);\n\tmutex_lock(&box->b);\n\tmutex_unlock(&box->b);\n\tmutex_unlock(&box->a);\n\treturn n;",
            False,
        ),
        (f"{LOCK}if (n)\n\t\treturn -EIO;\n\tmutex_unlock(&box->lock);\n\treturn n;", True),
        (f"{LOCK}if (n) {{\n\t\tmutex_unlock(&box->lock);\n\t\treturn n;\n\t}}\n\treturn -EIO;", True),
        (f"{LOCK}if (n)\n\t\tgoto out;\nout:\n\tmutex_unlock(&box->lock);\n\treturn n;", False),
        (f"{LOCK}if (n)\n\t\tgoto out;\n\tmutex_unlock(&box->lock);\nout:\n\treturn n;", True),
        (f"again:\n\t{LOCK}if (n)\n\t\tgoto again;\n\tmutex_unlock(&box->lock);\n\treturn n;", True),
        (f"while (n) {{\n\t{LOCK}if (f(box, 0))\n\t\tbreak;\n\tmutex_unlock(&box->lock);\n\t}}\n\treturn n;", True),
    ],
)
def test_the_text_tells_where_a_way_leads_out(facts_of, body, shown):
    """Most functions leave by no way between taking and release: their control flow is not read."""
    assert kept(facts_of, body)[1] is shown


@pytest.mark.parametrize(
    ("body", "returns", "told"),
    [
        (f"{LOCK}if (n) goto out; mutex_unlock(&box->lock); out: return;", "void", True),
        (f"{LOCK}if (n) return; mutex_unlock(&box->lock);", "void", True),
        (f"{LOCK}if (!n) mutex_unlock(&box->lock);", "void", False),
        (f"{LOCK}if (n) goto out; mutex_unlock(&box->lock); out: return 0;", "int", True),
        (f"{LOCK}if (n) return 0; mutex_unlock(&box->lock); return 1;", "int", False),
        (f"{LOCK}if (n) goto out; mutex_unlock(&box->lock); n = 1; out: return n;", "int", False),
        (f"{LOCK}if (n) goto out; ends(box); out: return;", "void", True),
        (f"if (box->on) goto out; {LOCK}if (n) goto out; mutex_unlock(&box->lock); out: return;", "void", True),
        (f"if (!box->on) {LOCK}if (box->off) return; mutex_unlock(&box->lock);", "void", False),
        (f"{LOCK}return;", "void", False),
        # zero or more, where the others return zero and more; where they return zero alone, more may say that it is held
        (f"{COUNT}if (box->on) goto out; if (n) box->a = 1; mutex_unlock(&box->lock); out: return n;", "int", True),
        (f"{COUNT}if (box->on) goto out; mutex_unlock(&box->lock); if (n) return 9; out: return n;", "int", False),
        (
            f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return true; }} if (box->on) return true; return false;",
            "bool",
            True,
        ),
        (f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return true; }} return false;", "bool", False),
    ],
)
def test_ways_that_no_caller_can_tell_apart(facts_of, body, returns, told):
    """A void function, or one that returns the same, was not asked what it leaves; one that hands the lock over returns another
    value, and was right."""
    found, _ = holdings(facts_of, body, "mutex", returns)

    assert any(one.forgotten(one.explored()) for one in found) is told


@pytest.mark.parametrize(
    ("test", "told"),
    [("n = mutex_lock_killable(&box->lock); if (n) return n;", 1), ("if (m) mutex_lock(&box->lock); if (m) n++;", 0)],
)
def test_the_first_test_of_a_taking_is_no_test_of_why_it_was_taken(facts_of, test, told):
    """One that asks whether it was taken comes out otherwise without it; any other may ask what decided on it."""
    body = f"{test} if (box->on) {{ mutex_unlock(&box->lock); return n; }} n = call(box); return n;"
    facts = facts_of({"fs/a.c": f"int f(struct box *box, int n, int m) {{ {body} }}\n"})
    (state,) = (one for one in states() if one.thing.name == "mutex")
    graph = facts.index.graph(facts.index.definitions("f")[0])
    every = state_holdings(graph, "fs/a.c", state, facts.index, unclosed=lambda _name: True)

    assert told == len([way for one in every for way in one.forgotten(one.explored())])


@pytest.mark.parametrize(
    ("body", "sort", "again"),
    [
        (f"{LOCK}n++; {LOCK}mutex_unlock(&box->lock); return n;", "mutex", True),
        (f"{LOCK}if (box->on) mutex_unlock(&box->lock); {LOCK}mutex_unlock(&box->lock); return n;", "mutex", True),
        (f"again: {LOCK}if (n) goto again; mutex_unlock(&box->lock); return n;", "mutex", True),
        (f"{LOCK}mutex_unlock(&box->lock); {LOCK}mutex_unlock(&box->lock); return n;", "mutex", False),
        (f"{LOCK}box = box->next; {LOCK}mutex_unlock(&box->lock); return n;", "mutex", False),
        (f"for_each_box(all, box) {LOCK}for_each_box(all, box) mutex_unlock(&box->lock); return n;", "mutex", False),
        (
            f"again: if (!box->rl) {{ {LOCK}box->rl = all; }} if (n) goto again; mutex_unlock(&box->lock); return n;",
            "mutex",
            False,
        ),
        (f"{LOCK}if (box->rl) {{ wait_for(box); {LOCK}}} mutex_unlock(&box->lock); return n;", "mutex", True),
        (f"{LOCK}ends(box); {LOCK}mutex_unlock(&box->lock); return n;", "mutex", False),
        (f"{LOCK}if (!mutex_trylock(&box->lock)) n++; mutex_unlock(&box->lock); return n;", "mutex", False),
        # the flag of the caller is set behind the first test, and says no behind it; a call that is given it may say yes
        (
            f"again: if (*part && n) {{ wait_for(box); *part = 0; {LOCK}goto again; }} mutex_unlock(&box->lock); return n;",
            "mutex",
            False,
        ),
        (
            f"again: if (*part && n) {{ *part = 0; {LOCK}more(part); goto again; }} mutex_unlock(&box->lock); return n;",
            "mutex",
            True,
        ),
        ("read_lock(&box->l); read_lock(&box->l); read_unlock(&box->l); return n;", "read_lock", False),
        # a test before the second taking may ask whether it is held, but for one whose outcome is known there
        (f"{LOCK}if (!n) {LOCK}mutex_unlock(&box->lock); return n;", "mutex", False),
        (f"int own = 0; {LOCK}if (!own) {LOCK}mutex_unlock(&box->lock); return n;", "mutex", True),
        (
            f"int own; {LOCK}own = box->n; if (own) return box_end(box); if (!own) {LOCK}mutex_unlock(&box->lock); return n;",
            "mutex",
            False,
        ),
        # a call in a test that is given two things is no loop that sets them
        (f"{LOCK}if (waits(box, ready(box, n)) < 0) n++; {LOCK}mutex_unlock(&box->lock); return n;", "mutex", True),
    ],
)
def test_what_is_held_is_not_taken_again(facts_of, body, sort, again):
    """An unlock that is lost in front of another lock was counted as given back by the unlock behind that."""
    found, _ = holdings(facts_of, body, sort)

    assert any(not one.settled() and one.twice(one.explored()) for one in found) is again


@pytest.mark.parametrize(
    ("name", "given_back", "told"),
    [
        ("box_do", "if (n > 5) { mutex_unlock(&box->lock); return 1; } ", True),
        ("box_do", "", True),
        ("box_lock", "", False),
        ("do_flock", "", True),
        ("box_lock", "if (n > 5) { mutex_unlock(&box->lock); return 1; } ", False),
    ],
)
def test_a_method_that_may_hand_its_lock_over_is_told_of(facts_of, name, given_back, told):
    """What another value may say to the caller, or who else may release, is no finding; it was counted as found right."""
    facts = facts_of({"fs/a.c": f"static int {name}(struct box *box, int n) {{ {LOCK}{given_back}return 0; }}\n"})
    (state,) = (one for one in states() if one.thing.name == "mutex")
    (definition,) = facts.index.definitions(name)
    found = state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index, alone=True)
    ways = [way for one in found for way in unfollowed_ways(one, one.explored())]

    assert [way.why for way in ways] == [
        "a way to this return keeps box->lock locked, and whether it may cannot be seen"
    ] * told


@pytest.mark.parametrize(
    ("body", "name", "lost"),
    [
        (f"{LOCK}return n;", "f", 1),
        (f"{LOCK}if (n) return 1; return 0;", "f", 2),
        (f"if (n) {LOCK}return n;", "f", 1),
        (f"{LOCK}if (n) return -EIO; return 0;", "f", 2),
        (f"{LOCK}return n;", "box_lock", 0),
        (f"{LOCK}return n;", "box_get_size", 1),
        (f"{LOCK}return n;", "box_map_blocks", 1),
        (f"{LOCK}return n;", "box_read_clock", 1),
        (f"{LOCK}return n;", "box_shutdown", 1),
        (f"{LOCK}return n;", "box_flock_end", 1),
        (f"{LOCK}return n;", "box_trylock", 0),
        (f"{LOCK}return n;", "box_down", 0),
        (f"mutex_unlock(&box->lock); wait_for(box); {LOCK}return n;", "f", 0),
        (f"{LOCK}by_pointer(box); return n;", "f", 0),
        (f"{LOCK}box->n++; {LOCK}return n;", "f", 0),
        (f"{LOCK}while (1) {{ if (box->n) break; mutex_unlock(&box->lock); schedule(); {LOCK}}} return n;", "f", 1),
        (f"while (1) {{ if (box->n) break; mutex_unlock(&box->lock); schedule(); {LOCK}}} return n;", "f", 0),
    ],
)
def test_a_lock_that_nobody_gives_back_is_lost_on_every_way(facts_of, body, name, lost):
    """The one release of a function that goes is the plainest fault of all, and no way was left to compare the others with."""
    facts = facts_of({"fs/a.c": f"{HEAD}static int {name}(struct box *box, int n) {{ {body} }}\n"})
    (state,) = (one for one in states() if one.thing.name == "mutex")
    (definition,) = facts.index.definitions(name)
    graph = facts.index.graph(definition)

    def ends(nobody):
        every = state_holdings(graph, "fs/a.c", state, facts.index, unclosed=lambda _name: nobody)
        return [way for one in every for way in one.forgotten(one.explored())]

    assert len(ends(nobody=True)) == lost
    assert not ends(nobody=False)


def test_who_turns_one_hold_of_a_lock_into_another_has_it_from_his_caller(facts_of):
    """`downgrade_write()` takes nothing that was not held before: who goes on with it would be told to have lost it."""
    facts = facts_of({"fs/a.c": "static int f(struct box *box) { downgrade_write(&box->sem); return 0; }\n"})
    (state,) = (one for one in states() if one.thing.name == "read_semaphore")
    (definition,) = facts.index.definitions("f")
    (one,) = state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index, unclosed=lambda _name: True)

    assert not one.forgotten(one.explored())


def test_a_header_that_unlocks_in_other_words_gives_back(facts_of):
    """`down_write(&dir->i_rwsem)` and inode_unlock(dir) are a pair: it was told that nobody can see whether it is given back."""
    header = "static inline void inode_unlock(struct inode *inode) { up_write(&inode->i_rwsem); }\n"
    body = "down_write(&dir->i_rwsem); if (n) return -EIO; inode_unlock(dir); return 0;"
    code = f"static int f(struct inode *dir, int n) {{ {body} }}\n"
    (state,) = (one for one in states() if one.thing.name == "write_semaphore")
    for text, ends in ((header, {"owed", "back"}), ("void inode_unlock(struct inode *inode);\n", {"owed", "unseen"})):
        facts = facts_of({"fs/a/a.c": code, "include/linux/fs.h": text})
        (definition,) = facts.index.definitions("f")
        (one,) = state_holdings(facts.index.graph(definition), "fs/a/a.c", state, facts.index)
        assert {way.state for way in one.explored().arrivals} == ends


def test_who_locks_by_its_name_does_so_for_its_caller(facts_of):
    """`box_read_lock()` that gives the lock back where the box is its own already was told to forget it."""
    body = "mutex_lock(&box->lock); if (box->own) { mutex_unlock(&box->lock); return; }"
    facts = facts_of(
        {"fs/a.c": "".join(f"static void {name}(struct box *box) {{ {body} }}\n" for name in ("box_lock", "box_do"))}
    )
    (state,) = (one for one in states() if one.thing.name == "mutex")
    graphs = {name: facts.index.graph(facts.index.definitions(name)[0]) for name in ("box_lock", "box_do")}
    found = {name: state_holdings(graph, "fs/a.c", state, facts.index)[0] for name, graph in graphs.items()}

    assert {name: bool(one.forgotten(one.explored())) for name, one in found.items()} == {
        "box_lock": False,
        "box_do": True,
    }


def test_who_may_release_something_is_told_with_what(facts_of):
    """ "may release it" leaves a reader to guess which of three locks is meant."""
    found, _ = holdings(
        facts_of, f"{LOCK}if (n) {{ at_times(box, n); return -EIO; }} mutex_unlock(&box->lock); return 0;"
    )
    notes = {event.note for one in found for events in one.events.values() for event in events}

    assert "at_times() may release box->lock" in notes
    assert not {note for note in notes if note.endswith(" it")}


@pytest.mark.parametrize(
    ("name", "nobody", "told"), [("box_get", True, True), ("box_get", False, False), ("box_lock", True, False)]
)
def test_what_cannot_be_seen_is_told_of_whoever_may_take_it_for_a_caller(facts_of, name, nobody, told):
    """`box_get()` may keep the lock for its caller, by its name; where nobody gives it back there is no such caller."""
    body = f"{LOCK}if (n) {{ mutex_unlock(&box->lock); return 1; }} by_pointer(&box->lock); return 2;"
    facts = facts_of({"fs/a.c": f"{HEAD}int {name}(struct box *box, int n) {{ {body} }}\n"})
    (state,) = (one for one in states() if one.thing.name == "mutex")
    graph = facts.index.graph(facts.index.definitions(name)[0])
    every = state_holdings(graph, "fs/a.c", state, facts.index, unclosed=lambda _name: nobody)
    ways = [way.why for one in every for way in unfollowed_ways(one, one.explored())]

    assert told is any("cannot be seen through" in why for why in ways)


SPIN = "spin_lock(&box->lock); "
FREE = "spin_unlock(&box->lock); return 0;"


@pytest.mark.parametrize(
    ("body", "sort", "called"),
    [
        (f"{SPIN}box->own = kmalloc(16, GFP_KERNEL); {FREE}", "spinlock", ["kmalloc"]),
        (f"{SPIN}box->own = kmalloc(16, GFP_ATOMIC); {FREE}", "spinlock", []),
        (f"{SPIN}box->n++; spin_unlock(&box->lock); box->own = kmalloc(16, GFP_KERNEL); return 0;", "spinlock", []),
        (f"{SPIN}if (n) mutex_lock(&box->own); {FREE}", "spinlock", ["mutex_lock"]),
        (f"{SPIN}wait_event_lock_irq(box->wait, box->n, box->lock); {FREE}", "spinlock", []),
        (
            "spin_lock(&box->wait.lock); wait_event(box->wait, box->n); spin_unlock(&box->wait.lock); return 0;",
            "spinlock",
            [],
        ),
        (f"{SPIN}wait_event(box->wait, box->n); {FREE}", "spinlock", ["wait_event"]),
        (f"if (n) {SPIN} if (!n) mutex_lock(&box->own); if (n) spin_unlock(&box->lock); return 0;", "spinlock", []),
        (
            "mutex_lock(&box->lock); box->own = kmalloc(16, GFP_KERNEL); mutex_unlock(&box->lock); return 0;",
            "mutex",
            [],
        ),
    ],
)
def test_who_spins_must_not_sleep(facts_of, body, sort, called):
    """Who waits for a spinlock burns its processor, and may be the one that the sleeper waits for."""
    found, shown = holdings(facts_of, body, sort)
    asleep = [wrong.event.call.callee for one in found for wrong in one.asleep(one.explored())]

    assert asleep == called
    assert not called or (shown and not any(one.settled() for one in found))


@pytest.mark.parametrize(("name", "told"), [("box_lock_work", True), ("box_get", True), ("work", True)])
def test_who_returns_nothing_cannot_tell_that_it_locked(facts_of, name, told):
    """A name with `lock` in it would excuse whoever forgets to unlock on one way."""
    text = f"{SPIN}if (box->n) {{ spin_unlock(&box->lock); return; }} box->n++;"
    facts = facts_of({"fs/a.c": f"static void {name}(struct box *box)\n{{\n\t{text}\n}}\n"})
    (definition,) = facts.index.definitions(name)
    (state,) = (one for one in states() if one.thing.name == "spinlock")
    (one,) = state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index, alone=True)

    assert bool(one.forgotten(one.explored())) is told


@pytest.mark.parametrize(
    ("macro", "state"),
    [
        (
            "#define wait_here(n) ({ mutex_unlock(&box->lock); schedule(); mutex_lock_interruptible(&box->lock); })",
            "unseen",
        ),
        ("#define wait_here(n) ({ ends(box); schedule(); mutex_lock_interruptible(&box->lock); })", "unseen"),
        ("#define wait_here(n) ({ mutex_lock(&box->lock); box->n++; mutex_unlock(&box->lock); 0; })", "owed"),
        ("#define wait_here(n) ({ mutex_lock(&box->other); box->n++; mutex_unlock(&box->other); 0; })", "owed"),
        ("#define wait_here(n) ({ schedule(); 0; })", "owed"),
    ],
)
def test_a_macro_that_gives_back_what_it_is_not_given(facts_of, macro, state):
    """A macro that waits without the lock, and comes back with it at times, would be a lock that is forgotten."""
    text = f"static int f(struct box *box, int n)\n{{\n\t{LOCK}n = wait_here(n); return n;\n}}\n"
    facts = facts_of({"fs/a.c": f"{macro}\n{HEAD}{text}"})
    (definition,) = facts.index.definitions("f")
    (kind,) = (one for one in states() if one.thing.name == "mutex")
    (one,) = state_holdings(facts.index.graph(definition), "fs/a.c", kind, facts.index)

    assert {way.state for way in one.explored().arrivals} == {state}


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        (f"int err; {LOCK}err = step(box); if (box->on) mutex_unlock(&box->lock); return err;", True),
        (f"int err; {LOCK}err = step(box); if (err == -EIO) mutex_unlock(&box->lock); return err;", False),
    ],
)
def test_who_gives_a_lock_back_only_where_he_fails_has_it_for_his_caller(facts_of, body, alone):
    """The lock that a caller is handed was given back for him as well, and he gave it back again."""
    found, _ = holdings(facts_of, body, "mutex")
    every = [(one, one.explored()) for one in found]

    assert any(kept_here_alone(one, seen, end) for one, seen in every for end in seen.arrivals) is alone


NAME = "struct fscrypt_name name{}; if (fscrypt_setup_filename(dir, box, 1, &name)) return -EIO; "
COPIES = """\
static void copies(struct to *to, const struct fscrypt_name *from) { to->raw = from->raw; }
static int reads(const struct fscrypt_name *from) { int n = from->len; return n; }
"""


@pytest.mark.parametrize(
    ("init", "step", "keeps"),
    [
        ("", "reads(&name);", True),
        (" = NAME_INIT(0)", "", True),
        ("", "name.len = n;", True),
        ("", "copies(box->to, &name);", False),
        ("", "box->raw = name.raw;", False),
    ],
)
def test_parts_of_a_name_may_go_elsewhere(facts_of, init, step, keeps):
    """ext4 and f2fs copy what was set up to names of their own, and free it with those; what a name begins with, and how long it
    is, says nothing of that."""
    body = f"{COPIES}static int f(struct box *box, int n)\n{{\n\t{NAME.format(init)}{step} if (n) return -EIO;"
    text = f"{body} fscrypt_free_filename(&name); return 0;\n}}\n"
    facts = facts_of({"fs/a.c": text})
    (state,) = (one for one in states() if one.thing.name == "crypt_name")
    found = state_holdings(facts.index.graph(facts.index.definitions("f")[0]), "fs/a.c", state, facts.index)
    assert any(one.breaches(one.explored()) for one in found) is keeps


@pytest.mark.parametrize(
    ("step", "keeps"),
    [("", True), ("bh = bh->b_this_page;", False), ("unlock_buffer(bh); bh = bh->b_this_page;", False)],
)
def test_a_variable_that_goes_on_to_another_one(facts_of, step, keeps):
    """Who locks all buffers of a page, one after the other, holds the last of them by the name of all."""
    body = f"struct buffer_head *bh = box->bh; lock_buffer(bh); {step} if (n) return -EIO; unlock_buffer(bh); return 0;"
    assert kept(facts_of, body, "buffer_lock")[0] is keeps


@pytest.mark.parametrize(("init", "seen"), [("NAME_INIT(0)", True), ("*box->name", False)])
def test_what_a_structure_begins_with(facts_of, init, seen):
    """A structure that a macro empties holds nobody's name: no directory was read by a function of which that could be said."""
    take = "if (n > 1 && fscrypt_setup_filename(dir, box, 1, &name)) return -EIO; "
    body = f"struct fscrypt_name name = {init}; {take}if (n > 1) fscrypt_free_filename(&name); return 0;"
    facts = facts_of({"fs/a.c": f"static int f(struct box *box, int n)\n{{\n\t{body}\n}}\n"})
    (state,) = (one for one in states() if one.thing.name == "crypt_name")
    (one,) = state_holdings(facts.index.graph(facts.index.definitions("f")[0]), "fs/a.c", state, facts.index)
    assert (one.explored().unclear == {}) is seen
