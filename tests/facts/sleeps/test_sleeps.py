"""Leaf of stage 3, `call_chains`: which calls lead to a sleep in a setting, and which only seem to."""

import pytest

from cocci_gen.code.texts.values import Flags, Number
from cocci_gen.facts.sleeps.sleep_chains import Forbidden, Setting
from cocci_gen.facts.sleeps.sleeps import DEPTH, CallChains
from cocci_gen.facts.walks.sleep_words import sleep_words

RCU = frozenset({("flags", Flags(frozenset({"LOOKUP_RCU"}), False))})


@pytest.fixture
def chains(index_of):
    """chains(body, *helpers) -> callees of each chain from `demo`, whose body is given."""

    def find(body, *helpers, head="int demo(struct dentry *d, unsigned int flags)", bindings=frozenset(), **setting):
        text = "\n".join((*helpers, f"{head}\n{{\n{body}\n}}\n"))
        index = index_of({"fs/a.c": text, "fs/ops.c": setting.pop("tables", "")})
        (definition,) = index.definitions("demo")
        engine = CallChains(index, sleep_words(), Setting(setting.pop("forbidden", Forbidden.SLEEP), **setting))
        found = engine.reaches(index.graph(definition), "fs/a.c", bindings)
        return [[link.callee for link in reach.chain.links] for reach in found]

    return find


def test_a_sleep_is_found_through_helpers(chains):
    """The method itself rarely sleeps; the shortest chain is the one that people can check."""
    helpers = (
        "static void b(void) { mutex_lock(&m); }",
        "static void a(void) { b(); }",
        "static void c(void) { a(); b(); }",
    )

    assert [["a", "b", "mutex_lock"]] == chains("a();", *helpers)
    assert [["c", "b", "mutex_lock"]] == chains("c();", *helpers)


def test_a_chain_has_an_end(chains):
    """Behind a handful of calls everything sleeps somewhere."""
    names = [f"f{number}" for number in range(DEPTH + 2)]
    helpers = [
        f"static void {name}(void) {{ {callee}(); }}"
        for name, callee in zip(names, [*names[1:], "msleep"], strict=True)
    ]

    assert [] == chains("f0();", *reversed(helpers))
    assert [[*names[2:], "msleep"]] == chains("f2();", *reversed(helpers))


def test_a_word_of_the_core_is_none_of_a_file_that_has_it_itself(chains):
    """A lock of a driver's own that is called like one that spins would sleep unseen."""
    own = "static int slot_trylock(void) { mutex_lock(&m); return 1; }"

    assert [["slot_trylock", "mutex_lock"]] == chains("slot_trylock();", own)
    assert [] == chains("slot_trylock();", own.replace("static ", ""))


def test_recursion_ends(chains):
    """Two functions that call each other must not hang the scan."""

    assert [["a", "msleep"]] == chains(
        "a();", "void b(int n);", "void a(int n) { b(n); msleep(1); }", "void b(int n) { a(n); }"
    )


@pytest.mark.parametrize(
    ("body", "sleeps"),
    [
        ("p = kmalloc(8, GFP_KERNEL);", True),
        ("p = kmalloc(8, GFP_ATOMIC);", False),
        ("gfp_t gfp = GFP_NOFS; p = kmalloc(8, gfp);", True),
        ("gfp_t gfp = GFP_KERNEL; if (x) gfp = GFP_ATOMIC; p = kmalloc(8, gfp);", True),
        ("gfp_t gfp = GFP_KERNEL; gfp = GFP_ATOMIC; p = kmalloc(8, gfp);", False),
        ("p = get(8, GFP_KERNEL);", True),
        ("p = get(8, GFP_NOWAIT);", False),
        ("p = get(8, other);", False),
        ("might_sleep_if(wait);", True),
        ("might_alloc(GFP_ATOMIC);", False),
    ],
)
def test_the_mask_decides(chains, body, sleeps):
    """An allocator is judged by its argument, through any number of helpers, and never by its name."""
    assert sleeps == bool(chains(body, "static void *get(int n, gfp_t gfp) { return kzalloc(n, gfp | __GFP_NOWARN); }"))


@pytest.mark.parametrize(
    ("body", "sleeps"),
    [
        ("if (flags & LOOKUP_RCU) return -ECHILD; msleep(1);", False),
        ("bool rcu = flags & LOOKUP_RCU; if (!rcu) msleep(1);", False),
        ("if (!(flags & LOOKUP_RCU) && x) msleep(1);", False),
        ("if (flags & LOOKUP_RCU && x) return -ECHILD; msleep(1);", True),
        ("helper(flags);", False),
        ("helper(0);", True),
        ("flags = 0; helper(flags);", True),
        ("return flags & LOOKUP_RCU ? -ECHILD : helper(0);", False),
        ("msleep(1); if (flags & LOOKUP_RCU) return -ECHILD;", True),
    ],
)
def test_the_mode_ends_paths(chains, body, sleeps):
    """A bail-out counts wherever it stands, in the method or in the helper that is given the flags."""
    helper = "static int helper(unsigned int flags) { if (flags & LOOKUP_RCU) return -ECHILD; msleep(1); return 0; }"

    assert sleeps == bool(chains(body, helper, bindings=RCU))


def test_an_assignment_on_a_refused_branch_changes_nothing(chains):
    """`repeat:` loops add to their flags where they allocate; that branch does not run without FGP_CREAT."""
    helper = (
        "static void *find(int fgp) { repeat: if (fgp & FGP_LOCK) mutex_lock(&m);"
        " if (fgp & FGP_CREAT) { fgp |= FGP_LOCK; goto repeat; } return p; }"
    )

    assert [] == chains("find(0);", helper)
    assert [["find", "mutex_lock"]] == chains("find(FGP_LOCK);", helper)


def test_a_dropped_lock(chains):
    """Between unlock and lock again the caller's spinlock is not held; a lock of one's own changes nothing."""

    assert [] == chains("spin_unlock(&i->i_lock); msleep(1); spin_lock(&i->i_lock); return 0;")
    assert [["msleep"]] == chains("spin_unlock(&i->i_lock); spin_lock(&i->i_lock); msleep(1); return 0;")
    assert [["msleep"]] == chains("spin_lock(&i->x); y(); spin_unlock(&i->x); msleep(1); return 0;")


@pytest.mark.parametrize(
    "body",
    ["printk(x);", "WARN_ON(x);", "spin_lock(&l);", "schedule_work(w);", "kfree(p);", "lockdep_assert_held(&m);"],
)
def test_cuts_are_not_entered(chains, body):
    """Consoles, lockdep and PREEMPT_RT would make everything sleep."""
    name = body.split("(")[0]

    assert [] == chains(body, f"void {name}(void *x) {{ msleep(1); }}")


def test_guards(chains):
    """in_atomic() is true wherever the rule applies; in_interrupt() only where the method is called from one."""

    assert [] == chains("if (!in_atomic()) msleep(1);")
    assert [["msleep"]] == chains("if (!in_interrupt()) msleep(1);")
    assert [] == chains("if (!in_interrupt()) msleep(1);", interrupt=True)


def test_pointers(chains):
    """A pointer is followed where few functions can be meant, and a parameter is no function of the tree."""
    table = "static void slow(void) { msleep(1); }\nconst struct x_ops ops = { .go = slow };\n"
    many = table + "".join(f"void n{n}(void) {{ }} const struct x_ops o{n} = {{ .go = n{n} }};\n" for n in range(5))

    assert [["slow", "msleep"]] == chains("d->ops->go();", tables=table)
    assert [] == chains("d->ops->go();", tables=many)
    assert [] == chains("msleep(1);", head="int demo(void (*msleep)(int))")


def test_a_function_that_is_handed_over_is_followed(chains):
    """nfs has one function for all its ->d_revalidate, and gives it the check of each protocol."""
    helpers = (
        "static int naps(struct dentry *d) { msleep(1); }",
        "static int looks(struct dentry *d) { return d->d_flags; }",
        "static int with(struct dentry *d, int (*check)(struct dentry *d)) { return check(d); }",
    )

    assert [["with", "naps", "msleep"]] == chains("return with(d, naps);", *helpers)
    assert [] == chains("return with(d, looks);", *helpers)


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ("look(d_inode(d->d_parent));", True),
        ("struct dentry *up = READ_ONCE(d->d_parent);\nlook(d_inode(up));", True),
        ("struct dentry *up = d->d_parent;\nlook(d_inode(up));", True),
        ("struct dentry *up = dget_parent(d);\nlook(d_inode(up));", False),
        ("look(d_inode_rcu(d->d_parent));", False),
        ("look(d_inode(d));", False),
        ("if (d->dir == d_inode(d->d_parent))\n\treturn 1;", False),
        ("if (flags & LOOKUP_RCU)\n\treturn -ECHILD;\nlook(d_inode(d->d_parent));", False),
        ("msleep(1);", False),
    ],
)
def test_the_inode_of_a_parent_that_nobody_holds(chains, body, reached):
    """In rcu-walk the parent may have gone: its inode is NULL then, and what follows it an oops."""

    assert reached == bool(chains(body, bindings=RCU, forbidden=Forbidden.UNPINNED))


def test_interrupts(chains):
    """In an interrupt, switching interrupts on is what counts; a sleep there is another rule's."""
    setting = {"forbidden": Forbidden.INTERRUPTS, "interrupt": True}

    assert [["spin_unlock_irq"]] == chains("spin_lock_irqsave(&l, f); spin_unlock_irq(&l);", **setting)
    assert [] == chains("spin_lock_irqsave(&l, f); spin_unlock_irqrestore(&l, f); msleep(1);", **setting)


def test_a_test_that_decides_nothing_is_no_doubt(index_of):
    """A switch whose every arm goes on to the call is no state in which alone the call is made."""
    body = "switch (n) { case 1: look(1); break; default: look(2); } if (n) msleep(1); else look(3); msleep(2);"
    index = index_of({"fs/a.c": f"void demo(int n)\n{{\n{body}\n}}\n"})
    (definition,) = index.definitions("demo")
    engine = CallChains(index, sleep_words(), Setting(Forbidden.SLEEP))
    found = engine.reaches(index.graph(definition), "fs/a.c", frozenset())

    assert [["(n)", "n"], []] == [[test.text for test in reach.chain.links[0].tests] for reach in found]


def test_doubts_are_kept(index_of):
    """A finding that depends on what did not parse, or on a guess, must be able to say so."""
    index = index_of(
        {
            "fs/a.c": "void demo(int n)\n{\n\tlook(&n);\n\tif (n)\n\t\tslow();\n}\n",
            "arch/x/b.c": "void slow(void)\n{\n\tmsleep(1);\n}\n",
            "arch/y/b.c": "void slow(void)\n{\n}\n",
        }
    )
    (definition,) = index.definitions("demo")
    engine = CallChains(index, sleep_words(), Setting(Forbidden.SLEEP))
    (reach,) = engine.reaches(index.graph(definition), "fs/a.c", frozenset({("m", Number(1))}))
    first, last = reach.chain.links

    assert "slow() has 2 definitions in this tree" == first.doubt
    assert [("n", "true", 4)] == [(test.text, test.label, test.line) for test in first.tests]
    assert (True, False, 3) == (first.nested, last.nested, last.line)


@pytest.mark.parametrize(
    ("macro", "found"),
    [
        ("for (mutex_lock(&(box)->m), (n) = 1; (n); mutex_unlock(&(box)->m), (n) = 0)", [["wade", "mutex_lock"]]),
        ("for ((n) = 1; (n); (n) = 0)", []),
        ("do { inner(box); } while (0)", [["wade", "inner", "mutex_lock"]]),
        ("wade(box, n)", []),
    ],
)
def test_a_macro_that_the_file_sees_is_entered(chains, macro, found):
    """What locks in the head of a loop was no function, and nobody looked."""
    helpers = ("static void inner(struct box *box) { mutex_lock(&box->m); }", f"#define wade(box, n) {macro}")

    assert found == chains("wade(box, n)\n\t\tthere = 1;", *helpers)
