"""Helpers that lock for whoever calls them, and who gives back what others took."""

import pytest

from cocci_gen.kinds.takes.holdings.states import state_holdings
from cocci_gen.kinds.takes.lockers.closers import nobody_closes
from cocci_gen.kinds.takes.lockers.lockers import lockers_of
from cocci_gen.kinds.takes.words.sorts import states

HEAD = """\
static struct box *box_of(struct inode *inode) { return inode->own; }
static void locks(struct inode *inode) { struct box *box = box_of(inode); mutex_lock(&box->lock); }
static void unlocks(struct inode *inode) { struct box *box = box_of(inode); mutex_unlock(&box->lock); }
static void wraps(struct wrap *wrap) { mutex_lock(&wrap->inner); }
static void given(struct mutex **lock) { mutex_lock(*lock); }
static void at_times(struct inode *inode) { if (inode->own) mutex_lock(&inode->lock); }
static void for_itself(struct inode *inode) { mutex_lock(&inode->lock); inode->n++; ends(inode); }
static void ends(struct inode *inode) { mutex_unlock(&inode->lock); }
static void tries(struct mutex *lock) { while (!mutex_trylock(lock)) msleep(1); }
static int tries_once(struct mutex *lock) { if (mutex_trylock(lock)) return 0; return -EBUSY; }
static int begins(struct box *box)
{
	mutex_lock(&box->lock);
	if (box->gone) {
		mutex_unlock(&box->lock);
		return -ENODEV;
	}
	return 0;
}
static int lends(struct box *box)
{
	mutex_unlock(&box->lock);
	if (wait_for(box))
		return -EINTR;
	mutex_lock(&box->lock);
	return 0;
}
static int lent(struct box *box) { if (lends(box)) return -EIO; mutex_unlock(&box->lock); return 0; }
static int forgets(struct box *box)
{
	mutex_lock(&box->lock);
	if (box->gone) {
		mutex_unlock(&box->lock);
		return -ENODEV;
	}
	return box->full ? -EIO : 0;
}
static int begun(struct box *box) { if (begins(box)) return -EIO; mutex_unlock(&box->lock); return 0; }
static int forgotten(struct box *box) { if (forgets(box)) return -EIO; mutex_unlock(&box->lock); return 0; }
static int of_none(struct box *box)
{
	mutex_lock(&box->other);
	if (box->gone) {
		mutex_unlock(&box->other);
		return -ENODEV;
	}
	return 0;
}
static void of_all(void) { mutex_lock(&beds); }
static void of_its_own(void) { struct mutex *lock = pick(); mutex_lock(lock); }
static void of_many(struct box *box, int n) { mutex_lock(box->locks + n - 1); }
static void of_one_found(void) { struct box *box; find(&box); mutex_lock(box); }
static struct box *found(struct inode *inode)
{
	struct box *box;
	mutex_lock(&inode->lock);
	box = look_up(inode);
	if (IS_ERR(box)) {
		mutex_unlock(&inode->lock);
		return box;
	}
	return box;
}
static struct box *found_or_none(struct inode *inode)
{
	struct box *box;
	mutex_lock(&inode->lock);
	box = look_up(inode);
	if (box->gone) {
		mutex_unlock(&inode->lock);
		return box;
	}
	return box;
}
static int sees(struct inode *inode) { struct box *box = found(inode); mutex_unlock(&inode->lock); return 0; }
static void either(struct inode *inode, struct inode *other) { inode = other; mutex_lock(&inode->lock); }
"""


def holdings(facts_of, body, head=HEAD):
    """What a function with this body takes."""
    facts = facts_of({"fs/a.c": f"{head}static int f(struct inode *inode, struct box *box, int n)\n{{\n\t{body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "mutex")
    return state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index), facts, definition, state


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("locks(dir->inode);", ("box_of(dir->inode)->lock",)),
        ("wraps(&box->wrap);", ("box->wrap.inner",)),
        ("wraps(box->wrap);", ("box->wrap->inner",)),
        ("given(&held);", ("held",)),
        ("given(held);", ("*held",)),
        ("wraps(n ? a : b);", ()),
        ("at_times(inode);", ()),
        ("for_itself(inode);", ()),
        ("either(inode, inode);", ()),
        ("tries(&box->lock);", ("box->lock",)),
        ("tries(lock);", ("lock",)),
        ("tries_once(&box->lock);", ()),
        ("begins(box);", ("box->lock",)),
        ("forgets(box);", ()),
        ("lends(box);", ()),
        ("of_none(box);", ()),
        ("of_all();", ("beds",)),
        ("of_its_own();", ()),
        ("of_one_found();", ()),
        ("of_many(box, 1);", ()),
        ("box = found(inode);", ("inode->lock",)),
        ("box = found_or_none(inode);", ()),
    ],
)
def test_what_a_helper_takes_has_the_name_that_its_caller_would_give_it(facts_of, call, names):
    """Else a lock that is taken by a helper is kept without a word, or mistaken for another one."""
    _, facts, definition, state = holdings(facts_of, f"{call} return 0;")
    graph = facts.index.graph(definition)
    assert tuple(name for one in graph.calls() for name in lockers_of(facts.index).taken(one, "fs/a.c", state)) == names


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("locks(inode); if (n) return -EIO; unlocks(inode); return 0;", True),
        ("locks(inode); if (n) { unlocks(inode); return -EIO; } unlocks(inode); return 0;", False),
        ("if (begins(box)) return -EIO; if (n) return -EINVAL; mutex_unlock(&box->lock); return 0;", True),
        ("if (begins(box)) return -EIO; mutex_unlock(&box->lock); if (n) return -EINVAL; return 0;", False),
        ("box = found(inode); if (IS_ERR(box)) return -EIO; if (box) mutex_unlock(&inode->lock); return 0;", False),
        (
            "box = found(inode); if (IS_ERR(box)) return -EIO; if (n) return -EIO; mutex_unlock(&inode->lock); return 0;",
            True,
        ),
        ("n = begins(box); if (n < 0) return n; n = f(0, 0, 1); mutex_unlock(&box->lock); return n;", False),
        (
            "int err = n ? begins(box) : other(box); if (err) return -EIO; if (n) mutex_unlock(&box->lock); return 0;",
            False,
        ),
    ],
)
def test_a_lock_that_a_helper_takes_is_given_back_by_another_helper(facts_of, body, kept):
    """Else every function that locks by a helper is an alarm, or none is."""
    found, *_ = holdings(facts_of, body)
    assert any(one.breaches(one.explored()) for one in found) is kept


LOCK, UNLOCK = "mutex_lock(&box->lock);", "mutex_unlock(&box->lock);"


BELOW = """\
static void ends_all(void) { mutex_unlock(&beds); note(); }
static void ends_below(struct box *box) { ends_all(); box->n = 0; }
static void ends_and_takes(struct box *box) { ends_all(); wait(box); of_all(); }
"""


@pytest.mark.parametrize(
    ("call", "names"), [("ends_all();", ("beds",)), ("ends_below(box);", ("beds",)), ("ends_and_takes(box);", ())]
)
def test_what_a_helper_gives_back_by_way_of_another(facts_of, call, names):
    """A label that unlocks what a helper of a helper has unlocked was no second release; one that only waits without is none."""
    _, facts, definition, state = holdings(facts_of, f"{call} return 0;", HEAD + BELOW)
    graph = facts.index.graph(definition)
    (found,) = (lockers_of(facts.index).given_back(one, "fs/a.c", state) for one in graph.calls())
    assert found == names


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"int got = asks(n); {LOCK} {UNLOCK} if (got) {UNLOCK} return n;", []),
        (f"int got; {LOCK} got = asks(n); {UNLOCK} if (got) {UNLOCK} return n;", ["given back twice"]),
        (f"int on = 0; {LOCK} if (n) on = 1; {UNLOCK} if (on) {UNLOCK} return n;", ["given back twice"]),
        (f"while (n--) {{ {LOCK} if (box->n) break; {UNLOCK} if (mutex_trylock(&box->lock)) {UNLOCK} }} return 0;", []),
        (f"if (mutex_trylock(&box->lock)) if (mutex_trylock(&box->lock)) {UNLOCK} {UNLOCK} return 0;", []),
        (f"{LOCK} if (n) {{ {UNLOCK} goto out; }} box->n++; out: {UNLOCK} return n;", ["given back twice"]),
        (f"{LOCK} if (n) {{ {UNLOCK} f(box); {LOCK} }} {UNLOCK} return n;", []),
        (f"{LOCK} {UNLOCK} if (box->n) {LOCK} box->n++; if (box->n) {UNLOCK} return n;", []),
        (f"{LOCK} {UNLOCK} box_lock(box); {UNLOCK} return n;", []),
        (f"{LOCK} box->n++; {LOCK} return n;", ["taken again"]),
    ],
)
def test_unlocked_twice_or_locked_again(facts_of, body, says):
    """A label that unlocks what its exit has unlocked hands the lock of somebody else to a third."""
    found, *_ = holdings(facts_of, body)
    assert [wrong.says for one in found for wrong in one.twice(one.explored())] == says


@pytest.mark.parametrize(
    ("head", "bound", "nobody"),
    [
        ("static void other(struct box *box) { mutex_lock(&box->lock); mutex_unlock(&box->lock); }\n", False, True),
        ("static void g(struct box *box) { f(0, box, 1); mutex_unlock(&box->lock); }\n", False, False),
        ("static void g(struct box *box) { f(0, box, 1); end(box); }\n", False, False),
        ("static void g(struct box *box) { f(0, box, 1); }\n", False, True),
        ("static void g(struct box *box) { f(0, box, 1); }\n", True, False),
        (
            "static void finish(struct box *box) { end(box); }\nvoid g(struct box *box) { f(0, box, 1); finish(box); }\n",
            False,
            False,
        ),
        (
            "static void done(struct box *box) { f(0, box, 1); end(box); }\nvoid g(struct box *box) { done(box); }\n",
            False,
            False,
        ),
        ("#define box_use(b) f(0, b, 1)\n", False, False),
        ("static void g(struct box *box) { f(0, box, 1); mutex_unlock(&box->other); }\n", False, True),
        ("#define box_end(b) \\\n\tmutex_unlock(&(b)->lock)\n", False, False),
        ("#define box_end(b) mutex_unlock(&(b)->other)\n", False, True),
    ],
)
def test_who_gives_back_what_others_took(facts_of, head, bound, nobody):
    """Who takes for his caller is no alarm, and who takes for nobody must not be silent."""
    closes = "" if "mutex" in head else "static void end(struct box *box) { mutex_unlock(&box->lock); }\n"
    calls = "static void h(struct box *box) { mutex_lock(&box->lock); end(box); }\n" if closes else ""
    body = f"{LOCK} if (n) return 1; {UNLOCK} return 0;"
    _, facts, definition, state = holdings(facts_of, body, f"{closes}{head}{calls}")
    assert nobody_closes(definition, state, facts.index, bound=bound)("box->lock") is nobody


OTHER_WORDS = """\
static inline void inode_unlock(struct inode *inode) { up_write(&inode->i_rwsem); }
"""


@pytest.mark.parametrize(
    ("sort", "rest", "nobody"),
    [
        ("write_semaphore", "static void end(struct inode *inode) { inode_unlock(inode); }\n", False),
        ("write_semaphore", "static void end(struct box *box) { up_write(&box->other); }\n", True),
        ("inode_lock", "static void end(struct inode *inode) { up_write(&inode->i_rwsem); }\n", False),
        ("inode_lock", "static void end(struct box *box) { up_write(&box->other); }\n", True),
    ],
)
def test_one_lock_goes_by_two_sorts_of_words(facts_of, sort, rest, nobody):
    """`down_write(&dir->i_rwsem)` that is given back by inode_unlock(dir) would be a lock that is lost."""
    code = f"static int f(struct inode *inode) {{ return 0; }}\n{rest}"
    facts = facts_of({"fs/box/a.c": code, "include/linux/fs.h": OTHER_WORDS})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == sort)
    name = "inode->i_rwsem" if sort == "write_semaphore" else "inode"
    assert nobody_closes(definition, state, facts.index, bound=True)(name) is nobody


def test_a_macro_of_a_header_gives_back(facts_of):
    """The header of a module lies in another folder than its code; what is locked and given back by its macro was never lost."""
    code = '#include "box.h"\nstatic int f(struct box *box) { mutex_lock(&box->lock); BOX_END(box); return 0; }\n'
    header = "#define BOX_END(b) mutex_unlock(&(b)->lock)\n"
    for text, nobody in ((header, False), ("#define BOX_END(b) box_end(b)\n", True)):
        facts = facts_of({"fs/box/a.c": code, "fs/box/include/box.h": text})
        (definition,) = facts.index.definitions("f")
        (state,) = (one for one in states() if one.thing.name == "mutex")
        assert nobody_closes(definition, state, facts.index, bound=True)("box->lock") is nobody


DOES_MORE = "void deactivate_locked_super(struct super_block *s) { up_write(&s->s_umount); }\n"
BY_ANOTHER = """\
static void super_unlock(struct super_block *s, bool excl) { if (excl) up_write(&s->s_umount); else up_read(&s->s_umount); }
void deactivate_locked_super(struct super_block *s) { super_unlock(s, true); }
"""


@pytest.mark.parametrize("more", [DOES_MORE, BY_ANOTHER])
@pytest.mark.parametrize(("member", "nobody"), [("s_umount", False), ("bed_sem", True)])
def test_a_release_of_more_gives_back_the_member_that_its_text_names(facts_of, more, member, nobody):
    """A mount that fails in the same folder would count as one that gives back every semaphore of the file system."""
    mount = "int mount(struct super_block *s) { deactivate_locked_super(s); return 0; }\n"
    code = f"static int f(struct super_block *s) {{ down_write(&s->{member}); return 0; }}\n{mount}"
    facts = facts_of({"fs/box/a.c": code, "fs/super.c": more})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "write_semaphore")

    assert nobody_closes(definition, state, facts.index, bound=True)(f"s->{member}") is nobody


@pytest.mark.parametrize(
    ("elsewhere", "nobody"),
    [
        ("", True),
        ("void g(struct box *box) { f(box); mutex_unlock(&box->lock); }\n", False),
        ("EXPORT_SYMBOL_GPL(f);\n", False),
    ],
)
def test_who_may_be_called_from_elsewhere_may_take_it_for_somebody_there(facts_of, elsewhere, nobody):
    """The lock that one folder takes for another would be told as lost; else none is, wherever a helper is not static."""
    helper = f"int f(struct box *box) {{ {LOCK} return 0; }}\n"
    export = elsewhere.startswith("EXPORT")
    files = {"fs/box/a.c": helper + elsewhere * export, "fs/bed/b.c": elsewhere * (not export) or "int b;\n"}
    facts = facts_of(files)
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "mutex")

    assert nobody_closes(definition, state, facts.index, bound=False)("box->lock") is nobody


def test_who_turns_a_lock_into_another_hold_takes_none_for_his_caller(facts_of):
    """The reader of a folder that was locked to change it goes on to read it; its caller would have kept a lock of its own."""
    head = "static void change(struct box *box) { if (box->n) box->n = 0; downgrade_write(&box->sem); }\n"
    facts = facts_of({"fs/a.c": f"{head}static int f(struct box *box) {{ change(box); return -EIO; }}\n"})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "read_semaphore")

    assert not state_holdings(facts.index.graph(definition), "fs/a.c", state, facts.index)


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("extern struct mutex beds;\n", ("beds",)),
        ("static struct mutex beds;\n", ()),
        ("static DEFINE_MUTEX(beds);\n", ()),
    ],
    ids=["the same", "its own", "its own by a macro"],
)
def test_two_files_may_have_a_lock_of_one_name_each(facts_of, head, names):
    """A helper of another file locks `lock`, and this file has one of that name for itself."""
    helper = "static DEFINE_MUTEX(beds);\nvoid of_all(void) { mutex_lock(&beds); }\n"
    facts = facts_of({"fs/a.c": f"{head}int f(int n) {{ of_all(); return n; }}\n", "fs/b.c": helper})
    (call,) = facts.index.graph(facts.index.definitions("f")[0]).calls()
    (state,) = (one for one in states() if one.thing.name == "mutex")
    assert lockers_of(facts.index).taken(call, "fs/a.c", state) == names
