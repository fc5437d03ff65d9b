"""How a leak is mended: where the call goes, which call it is, and when nobody but a person can tell."""

from dataclasses import replace

import pytest

from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, NoFix
from cocci_gen.kinds.registry import RULES

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
struct page *find_lock_page(struct address_space *mapping, unsigned long index);
struct inode *new_inode(struct super_block *sb);
struct inode *iget_locked(struct super_block *sb, unsigned long ino);
struct folio *dir_folio(struct inode *dir, int n, void **at);
void folio_release_kmap(struct folio *folio, void *at);
static int step(int n) { return n ? -EIO : 0; }
int insert_inode_locked4(struct inode *inode, int n, void *test, void *data) { return inode->i_ino ? -EBUSY : 0; }
static int box_insert(struct inode *inode) { return insert_inode_locked4(inode, inode->i_ino, NULL, NULL); }
static struct inode *box_new(struct inode *dir)
{
	struct inode *inode = new_inode(dir->i_sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (box_insert(inode)) {
		iput(inode);
		return ERR_PTR(-EIO);
	}
	return inode;
}
static void zap(struct inode *inode) { mutex_lock(&inode->m); inode->n = 0; mutex_unlock(&inode->m); }
void sleep_a_while(void) { might_sleep(); }
static void look(struct inode *inode) { mutex_unlock(&inode->m); mutex_lock(&inode->m); }
"""
BH = "struct buffer_head *bh = sb_bread(dir->i_sb, 1);\n\tint err = 0;\n\tif (!bh) return -EIO;\n\t"
PAGE = "struct page *page = find_lock_page(dir->i_mapping, 1);\n\tint err = 0;\n\tif (!page) return -EIO;\n\t"
LOCK = "int err = 0;\n\tmutex_lock(&dir->m);\n\t"
TABLE = "static const struct inode_operations box_iops = { .unlink = box_unlink };\n"


@pytest.fixture
def suspects(facts_of, make_obligation):
    """suspects(body) -> (word for what is kept, plan) of every leak of an ->unlink with this body."""

    def make(body, helpers=""):
        text = (
            f"{HEAD}{helpers}static int box_unlink(struct inode *dir, struct dentry *dentry)\n{{\n\t{body}\n}}\n{TABLE}"
        )
        facts = facts_of({"fs/box/a.c": text})
        rule = RULES["gives_back"][0]
        duties = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
        found = [(duty, place.lines[0]) for duty in duties for place in rule.places(duty)]
        return [
            (duty.holding.thing.name, suspect.plan) for duty, line in found for suspect in rule.judge(duty, [line], "")
        ]

    return make


@pytest.fixture
def plans(suspects):
    """plans(body) -> the plans by what is kept, one of each."""
    return lambda body: dict(suspects(body))


@pytest.fixture
def plans_of(suspects):
    """plans_of(body) -> all plans."""
    return lambda body: [plan for _, plan in suspects(body)]


def inserted(plan):
    """The lines that a plan puts in or changes, in order."""
    return [line for line in plan.semantic_patch.text.split("\n") if line[:1] in "+-" and line]


LOOKS = (
    "err = step(2); if (err) goto out; err = 0; brelse(bh); bh = NULL; out: if (err) trace(bh->b_data[0]); return err;"
)
PUT = "err = step(1); if (err)\n\tgoto put;\n\terr = step(2); if (err)\n\tgoto out;\n\terr = 0;\n"
PUT += "put: brelse(bh);\nout: return err;"
NEW = "struct inode *inode = new_inode(dir->i_sb);\n\tif (!inode) return -ENOMEM;\n\t"
NEW += "if (step(2)) return -EIO; dir->kept = inode; return 0;"
KNOWN = "struct inode *inode = iget_locked(dir->i_sb, 1);\n\tif (!inode) return -ENOMEM;\n\tif (!(inode->i_state & I_NEW)) {"
KNOWN += "\n\tif (!inode->i_nlink) return -ESTALE; dir->kept = inode; return 0; }"
KNOWN += (
    "\n\tif (step(2)) { iget_failed(inode); return -EIO; }\n\tunlock_new_inode(inode); dir->kept = inode; return 0;"
)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param(f"{BH}if (step(2)) return -EIO; put_bh(bh); return 0;", ["+brelse(bh);"], id="as-all-buffers"),
        pytest.param(
            f"{BH}if (step(2)) return -EIO; if (step(3)) {{ put_bh(bh); return -EIO; }} dir->kept = bh; return 0;",
            ["+put_bh(bh);"],
            id="as-where-it-fails-elsewhere",
        ),
        pytest.param(
            f"{LOCK}err = step(2); if (err) return err; mutex_unlock(&dir->m); return 0;",
            ["+mutex_unlock(&dir->m);"],
            id="a-lock",
        ),
        pytest.param(f"{LOCK}err = step(2); return err;", ["+mutex_unlock(&dir->m);"], id="a-lock-that-is-lost"),
        pytest.param(
            "int n;\n\tspin_lock_irqsave(&dir->m, flags); n = step(2); return n;",
            ["+spin_unlock_irqrestore(&dir->m, flags);"],
            id="the-pair-of-the-taking",
        ),
        pytest.param(
            f"{BH}err = step(2); if (err) goto out; err = 0; brelse(bh); out: return err;", ["+brelse(bh);"], id="jump"
        ),
        pytest.param(BH.replace("return -EIO", "goto out") + PUT, ["-goto out;", "+goto put;"], id="to-a-label"),
        pytest.param(BH + PUT, ["+brelse(bh);"], id="the-old-label-would-be-unused"),
        pytest.param(
            f"{BH}if (dentry) {{ brelse(bh); bh = NULL; }} return -EIO;", ["+brelse(bh);"], id="NULL-where-it-is-back"
        ),
        pytest.param(BH + LOOKS, ["+brelse(bh);"], id="behind-the-last-look"),
        pytest.param(
            f"{LOCK}if (step(2)) return ENOMEM | EIO; mutex_unlock(&dir->m); return 0;",
            ["+mutex_unlock(&dir->m);"],
            id="flags",
        ),
        pytest.param(
            f"{LOCK}int n = 2; if (step(2)) return err - n; mutex_unlock(&dir->m); return n;",
            ["+mutex_unlock(&dir->m);"],
            id="sum",
        ),
        pytest.param(NEW, ["+iput(inode);"], id="a-new-inode"),
        pytest.param(KNOWN, ["+iput(inode);"], id="one-that-is-not-new-where-new-ones-fail"),
        pytest.param(
            f"{BH}if (!buffer_uptodate(bh)) return -EIO; dir->kept = bh; return 0;",
            ["+brelse(bh);"],
            id="looked-at-before",
        ),
        pytest.param(
            f"{BH}if (step(2)) return -EIO; return first(bh);", ["+brelse(bh);"], id="what-succeeds-hands-it-on"
        ),
    ],
)
def test_what_is_put_in(plans, body, lines):
    """The call is the one that the function makes elsewhere, or that all things of the type are given back with."""
    (plan,) = plans(body).values()
    assert inserted(plan) == lines


def test_each_return_of_a_lost_lock_is_mended(plans_of):
    """A lock that is lost on two ways was refused as one that success keeps too."""
    every = plans_of(f"{LOCK}if (step(2)) return 2; return 1;")
    assert [inserted(plan) for plan in every] == [["+mutex_unlock(&dir->m);"]] * 2


def test_the_lock_that_is_released_is_the_one_that_was_taken(plans):
    """Another mutex, which a helper has locked, is released where the function fails before: jffs2_new_inode() does so."""
    body = "struct inode *f = dentry->d_inode;\n\tint err = step(1); if (err) { mutex_unlock(&f->m); return err; }\n\t"
    body += "mutex_unlock(&f->m);\n\tmutex_lock(&dir->m);\n\terr = step(2); if (err) return err;\n\t"
    body += "mutex_unlock(&dir->m); return 0;"
    assert [inserted(plan) for plan in plans(body).values()] == [["+mutex_unlock(&dir->m);"]]


def test_what_other_ways_may_release_is_left_alone(plans):
    """`put_ipc_ns()` may release the lock on the other ways to the same return: half of them would be mended."""
    body = (
        LOCK
        + "if (dentry) goto out;\n\tmutex_unlock(&dir->m); return 0;\nout: if (dir->i_sb) unknown(&dir->m);\n\treturn -EIO;"
    )
    assert [plan.reason for plan in plans(body).values()] == [
        "what became of it on other ways to the same return cannot be seen"
    ]


@pytest.mark.parametrize(
    ("body", "ahead"),
    [
        (
            "int err;\n\tsb_start_write(dir->i_sb);\n\tmutex_lock(&dir->m); err = step(2); sb_end_write(dir->i_sb); return err;",
            True,
        ),
        (
            "int err;\n\tmutex_lock(&dir->m);\n\tsb_start_write(dir->i_sb); err = step(2); sb_end_write(dir->i_sb); return err;",
            False,
        ),
    ],
)
def test_what_was_taken_last_is_given_back_first(plans, body, ahead):
    """A lock that is taken under another one is released under it: the order of the takings is turned round nowhere."""
    (plan,) = plans(body).values()
    assert ("+mutex_unlock(&dir->m);\n sb_end_write(dir->i_sb);" in plan.semantic_patch.text) == ahead
    assert ("+mutex_unlock(&dir->m);\n return err;" in plan.semantic_patch.text) != ahead


def test_what_was_found_under_rcu_is_unlocked_under_it(plans):
    """The lock lies in memory that only the protection keeps: behind its end the release writes into what may be freed."""
    back = "mutex_unlock(&dir->m); rcu_read_unlock();"
    body = f"int err;\nagain:\n\trcu_read_lock();\n\tmutex_lock(&dir->m); err = step(2); if (err == 3) {{ {back} goto again; }}"
    every = plans(f"{body} if (err) {{ rcu_read_unlock(); return err; }} {back} return 0;").values()
    (plan,) = (one for one in every if not isinstance(one, NoFix))  # to wait for a mutex under RCU is wrong, too

    assert "+mutex_unlock(&dir->m);\n rcu_read_unlock();" in plan.semantic_patch.text


def test_every_jump_gets_the_call(plans):
    """A patch that mends one of two ways to a return leaves the leak."""
    two = "err = step(2); if (err)\n\tgoto out;\n\terr = step(3); if (err)\n\tgoto out;\n\terr = 0; brelse(bh);\nout: return err;"
    (plan,) = plans(BH + two).values()
    assert len(plan.anchors) == 2


def test_one_call_at_the_label_does_for_all_jumps(plans):
    """One line was written at each of two jumps to a label that others pass by."""
    code = (
        "struct buffer_head *bh = NULL;\n\tint err = step(1); if (err)\n\tgoto low;\n\tbh = sb_bread(dir->i_sb, 1);\n\t"
    )
    code += "if (!bh) return -EIO;\n\terr = step(2); if (err)\n\tgoto drop;\n\terr = step(3); if (err)\n\tgoto drop;"
    code += "\n\tbrelse(bh);\n\treturn 0;\ndrop: step(4);\nlow: step(dir->n);\n\treturn err;"
    (plan,) = plans(code).values()
    assert inserted(plan) == ["+brelse(bh);"]
    assert "+brelse(bh);\n return err;" in plan.semantic_patch.text
    (plan,) = plans(code.replace("bh = NULL", "bh")).values()
    assert "+brelse(bh);\n step(4);" in plan.semantic_patch.text


@pytest.mark.parametrize(
    ("body", "ahead"),
    [
        pytest.param(
            f"{LOCK}if (dentry) {{ zap(dir); return -EIO; }} mutex_unlock(&dir->m); return 0;", "zap(dir);", id="a"
        ),
        pytest.param(
            f"{LOCK}if (dentry) {{ zap(dir); iput(dir); return -EIO; }} mutex_unlock(&dir->m); return 0;",
            "zap(dir);",
            id="b",
        ),
        pytest.param(
            f"{LOCK}if (dentry) {{ look(dir); return -EIO; }} mutex_unlock(&dir->m); return 0;", "return -EIO;", id="c"
        ),
        pytest.param(
            f"{LOCK}if (dentry) {{ zap(dir->up); return -EIO; }} mutex_unlock(&dir->m); return 0;",
            "return -EIO;",
            id="d",
        ),
        pytest.param(
            f"{LOCK}if (dentry) {{ zap(dir); step(3); return -EIO; }} mutex_unlock(&dir->m); return 0;", "", id="e"
        ),
        pytest.param(
            f"{LOCK}zap(dir); if (dentry) {{ step(3); return -EIO; }} mutex_unlock(&dir->m); return 0;", "", id="f"
        ),
    ],
)
def test_a_release_goes_ahead_of_what_takes_the_lock_again(plans, body, ahead):
    """An unlock behind a call that takes the lock itself is never come to."""
    (plan,) = plans(body).values()
    if ahead:
        assert f"+mutex_unlock(&dir->m);\n {ahead}" in plan.semantic_patch.text
    else:
        assert "takes the lock as well" in plan.reason


def test_a_label_with_nothing_behind_it_gets_the_call(plans):
    """The unlock was put ahead of what another label does, which elsewhere runs under that lock: its own one was empty."""
    body = "struct box *box = dir->box;\n\tint err = step(1); if (err)\n\tgoto low;\n\tmutex_lock(&box->m); err = step(2); "
    body += "if (err)\n\tgoto drop;\n\tif (step(3))\n\tgoto undo;\n\tmutex_unlock(&box->m); return 0;\n"
    body += "undo: box_umount(box);\ndrop:\nlow: step(box->n);\n\treturn err;"
    (plan,) = plans(body).values()
    assert inserted(plan) == ["+mutex_unlock(&box->m);"]
    assert " drop:\n+mutex_unlock(&box->m);\n" in plan.semantic_patch.text


GUARDED = "err = step(1); if (err)\n\tgoto undo;\n\tmutex_unlock(&dir->m); return 0;\nundo: dir->n -= 2;\n\t"


@pytest.mark.parametrize(
    ("behind", "ahead"),
    [
        ("step(4); return -step(err);", "step(4);"),
        ("if (dentry) dir->n = 4; step(4); return -step(err);", ""),
        ("step(4); box_undo(dir); return -step(err);", ""),
        ("return err;", "return err;"),
    ],
)
def test_what_the_lock_guards_stays_under_it(plans, behind, ahead):
    """The lock was given back at the jump, and the label set what it guards without it."""
    (plan,) = plans(f"{LOCK}{GUARDED}{behind}").values()
    if ahead:
        assert f"+mutex_unlock(&dir->m);\n {ahead}" in plan.semantic_patch.text
    else:
        assert "behind it may need the lock" in plan.reason


@pytest.mark.parametrize(
    ("behind", "place"),
    [
        ('if (err)\n\tprintk("no box %d", err);\n\treturn err;', " out:\n+mutex_unlock(&dir->m);"),
        ("if (!err)\n\terr = flush_box(dentry);\n\treturn err;", ""),
        ("if (err)\n\tfree_entry(bh);\n\treturn err;", ""),
        ("if (err)\n\tkfree(name);\n\treturn err;", " out:\n+mutex_unlock(&dir->m);"),
        ("if (!err)\n\terr = check_box(dir);\n\treturn err;", "+mutex_unlock(&dir->m);\n return err;"),
        ("free_box(dentry);\n\treturn err;", "+mutex_unlock(&dir->m);\n free_box(dentry);"),
    ],
)
def test_a_label_with_no_work_of_its_own_had_the_unlock(plans, behind, place):
    """The lock was kept over what stands behind the label, and given back at the return; but what may need it stays under it."""
    jumps = "err = step(2); if (err)\n\tgoto out;\n\terr = step(3); if (err)\n\tgoto out;\n\tdir->n = 1;\nout: "
    (plan,) = plans(f"{LOCK}{jumps}{behind}").values()
    assert place in plan.semantic_patch.text if place else "no step at which" in plan.reason


@pytest.mark.parametrize(
    ("behind", "place"),
    [
        ("kfree(dir->name); return err;", "+mutex_unlock(&dir->m);\n return err;"),
        ("iput(dir); dir->n = 2; return err;", "behind it may need the lock|+mutex_unlock(&dir->m);\n return err;"),
        ("iput(dir); return err;", "+mutex_unlock(&dir->m);\n iput(dir);"),
    ],
)
def test_what_hangs_on_the_owner_of_a_lock_is_not_the_owner(plans, behind, place):
    """A lock was given back ahead of what it guards, for memory beside it was freed there: only what it lies in ends it."""
    jumps = "err = step(2); if (err)\n\tgoto out;\n\tmutex_unlock(&dir->m); return 0;\nout: step(4);\n\t"
    (plan,) = plans(f"{LOCK}{jumps}{behind}").values()
    told = getattr(plan, "reason", "") or plan.semantic_patch.text
    assert any(one in told for one in place.split("|")), told


@pytest.mark.parametrize(
    ("first", "place"),
    [("put_box(other)", "return err;"), ("put_cup(other)", "put_box(dentry);"), ("step(4)", "put_box(dentry);")],
)
def test_two_puts_stay_together(plans, first, place):
    """An unlock stood between the puts of two like things, for one of them had come before the lock."""
    jumps = "other = get_box(dir); err = step(2); if (err)\n\tgoto out;\n\tmutex_unlock(&dir->m); return 0;\nout: "
    (plan,) = plans(f"struct box *other;\n\t{LOCK}{jumps}{first};\n\tput_box(dentry);\n\treturn err;").values()
    assert f"+mutex_unlock(&dir->m);\n {place}" in plan.semantic_patch.text


@pytest.mark.parametrize(
    ("label", "behind", "place"),
    [
        ("unlock", "unmake(dentry);", " unlock:\n+mutex_unlock(&dir->m);"),
        ("out", "unmake(dentry);", "+mutex_unlock(&dir->m);\n return err;"),
        ("unlock", "spin_unlock(&dentry->s);", "+mutex_unlock(&dir->m);\n return err;"),
        ("unlock", "err = dir->n;", "+mutex_unlock(&dir->m);\n return err;"),
    ],
)
def test_a_label_that_says_unlock_does_so(plans, label, behind, place):
    """`out_unlock:` without an unlock right behind it is where it is missing."""
    jumps = f"err = step(2); if (err)\n\tgoto {label};\n\tmutex_unlock(&dir->m); return 0;\n{label}: {behind}\n\treturn err;"
    (plan,) = plans(f"{LOCK}spin_lock(&dentry->s);\n\t{jumps}" if "spin" in behind else f"{LOCK}{jumps}").values()
    assert place in plan.semantic_patch.text


def test_the_one_jump_with_it_in_hand_gives_it_back(plans):
    """A release was put where most come with NULL, though one jump alone had something."""
    loop = "struct buffer_head *bh;\n\tint n;\n\tfor (n = 0; n < 3; n++) {\n\tbh = sb_bread(dir->i_sb, n); if (!bh)\n\tgoto out;"
    loop += "\n\tif (step(n)) {\n\ttrace(n);\n\tgoto out;\n\t}\n\tbrelse(bh);\n\t}"
    loop += "\n\treturn 0;\nout: unmake(dir);\n\treturn -EIO;"
    (plan,) = plans(loop).values()
    assert "+brelse(bh);\n goto out;" in plan.semantic_patch.text


@pytest.mark.parametrize(
    ("own", "place"), [("brelse(other);", "+brelse(bh);\n goto drop;"), ("", " drop:\n+brelse(bh);")]
)
def test_a_label_does_first_what_it_is_for(plans, own, place):
    """What one jump has beside what its label gives back was put ahead of that, behind the label."""
    body = f"{BH}struct buffer_head *other = dentry->bh;\n\tif (step(3)) {{\n\tbrelse(bh);\n\tgoto low;\n\t}}"
    body += f"\n\terr = step(2); if (err)\n\tgoto drop;\n\tbrelse(bh);\n\treturn 0;\ndrop: {own}"
    body += "\nlow: unmake(dentry);\n\treturn err;"
    (plan,) = plans(body).values()
    assert place in plan.semantic_patch.text


def test_what_others_do_without_the_lock_needs_none(plans):
    """A label that is come to without the lock as well does not need it."""
    body = (
        "int err = step(3); if (err)\n\tgoto undo;\n\tmutex_lock(&dir->m);\n\t"
        + GUARDED
        + "step(4); return -step(err);"
    )
    (plan,) = plans(body).values()
    assert "+mutex_unlock(&dir->m);\n goto undo;" in plan.semantic_patch.text


@pytest.mark.parametrize(
    ("lock", "why"),
    [("mutex", ""), ("spin", "may sleep"), ("spin_between", "may sleep"), ("spin_last", "")],
)
def test_nobody_sleeps_under_a_spinlock(plans, lock, why):
    """An unlock was put behind a call that sleeps: the one that was lost stood ahead of that."""
    body = "mutex_lock(&dir->m);\n\tif (dentry) { sleep_a_while(); dir->n = 1; return -EIO; }\n\tmutex_unlock(&dir->m); return 0;"
    body = body.replace("dir->n = 1; ", "") if lock == "spin_last" else body
    body = (
        body.replace("if (dentry) {", "if (dentry) { if (step(1)) sleep_a_while();") if lock == "spin_between" else body
    )
    (plan,) = plans(body.replace("mutex_", "spin_") if lock != "mutex" else body).values()
    assert why in (plan.reason if isinstance(plan, NoFix) else "")
    assert bool(why) == isinstance(plan, NoFix)
    assert lock != "spin_last" or "+spin_unlock(&dir->m);\n sleep_a_while();" in plan.semantic_patch.text


def test_a_lock_goes_ahead_of_the_end_of_its_owner(plans):
    """`free_options(box)` may end what the lock lies in, or not: in front of it the lock is sound."""
    body = "struct box *box = dir->box;\n\tmutex_lock(&box->m);\n\tif (step(1)) { free_options(box); return -EIO; }\n\t"
    body += "mutex_unlock(&box->m); return 0;"
    (plan,) = plans(body).values()
    assert "+mutex_unlock(&box->m);\n free_options(box);" in plan.semantic_patch.text
    (plan,) = plans(body.replace("free_options(box);", "free_options(box); dir->n = 1;")).values()
    assert "may end what the lock lies in" in plan.reason


@pytest.mark.parametrize(("taken", "ahead"), [("dir->data = NULL; ", "free_data(data);"), ("", "return -EIO;")])
def test_what_was_taken_out_of_its_place_is_freed_behind_the_lock(plans, taken, ahead):
    """Only who has taken it away may free it when the lock is gone."""
    body = f"{LOCK}if (dentry) {{ void *data = dir->data; {taken}free_data(data); return -EIO; }} "
    body += "mutex_unlock(&dir->m); return 0;"
    (plan,) = plans(body).values()
    assert f"+mutex_unlock(&dir->m);\n {ahead}" in plan.semantic_patch.text


def test_a_map_goes_with_its_page(plans):
    """A plain put of a folio that the function unmaps with the same call elsewhere leaves the map."""
    body = "void *at;\n\tstruct folio *folio = dir_folio(dir, 1, &at);\n\tif (IS_ERR(folio)) return PTR_ERR(folio);\n\t"
    body = body.replace("dir_folio(dir, 1, &at)", "filemap_get_folio(dir->i_mapping, 1)").replace(
        "\n\tif", "\n\tat = 0;\n\tif", 1
    )
    body += "if (step(1)) return -EIO;\n\tfolio_release_kmap(folio, at); return 0;"
    (plan,) = plans(body).values()
    assert inserted(plan) == ["+folio_release_kmap(folio, at);"]


def test_what_is_given_beside_the_thing_makes_no_other_release(plans):
    """A fix was refused as another exit gives `at` back by another name, `folio_release_kmap(folio, de)`."""
    body = "char *at, *de;\n\tint n = 0;\n\tstruct folio *folio = filemap_get_folio(dir->i_mapping, 1);\n\tat = de = dir->data;"
    body += "\n\tif (IS_ERR(folio)) return PTR_ERR(folio);\n\tif (step(1)) goto found;\n\tif (step(2)) return -EIO;\n\t"
    body += "folio_release_kmap(folio, at); return 0;\nfound: folio_release_kmap(folio, de); return n;"
    (plan,) = plans(body).values()
    assert inserted(plan) == ["-return -EIO;", "+n = -EIO;", "+goto found;"]


def test_a_function_that_returns_nothing(facts_of, make_obligation):
    """It was said of `return;` that what it returns is worked out there."""
    plain = "static void box_evict(struct inode *inode)\n{\n\tmutex_lock(&inode->m);\n\tif (inode->n) { step(1); return; }\n\t"
    plain += (
        "mutex_unlock(&inode->m);\n}\nstatic const struct super_operations box_sops = { .evict_inode = box_evict };\n"
    )
    rule, facts = RULES["gives_back"][0], facts_of({"fs/box/a.c": HEAD + plain})
    duties = rule.duties(replace(make_obligation("evict_inode", "gives_back"), struct="super_operations"), facts)[0]
    found = [(duty, place.lines[0]) for duty in duties for place in rule.places(duty)]
    ((plan,),) = [[one.plan for one in rule.judge(duty, [line], "")] for duty, line in found]
    assert inserted(plan) == ["+mutex_unlock(&inode->m);"]


@pytest.mark.parametrize(
    ("given_up", "lines"),
    [
        ("inode = ERR_PTR(-EIO);", ["+iput(inode);"]),
        ("inode = ERR_PTR(err);", ["+iput(inode);"]),
    ],
)
def test_what_an_error_takes_the_place_of_is_given_back_ahead_of_it(suspects, given_up, lines):
    """At the return its name means the error, or what succeeds hands out: the step ahead was no place for a call."""
    helper = "static struct inode *box_new(struct inode *dir)\n{\n\tint err;\n\tstruct inode *inode = new_inode(dir->i_sb);\n\t"
    helper += (
        f"if (!inode) return ERR_PTR(-ENOMEM);\n\terr = step(2); if (err) {{\n\t{given_up}\n\t}}\n\treturn inode;\n}}\n"
    )
    ((_, plan),) = suspects("return IS_ERR(box_new(dir)) ? -EIO : 0;", helper)
    assert ([] if isinstance(plan, NoFix) else inserted(plan)) == lines


@pytest.mark.parametrize(
    ("put", "line"), [("leaf_put_page(page);", "leaf_put_page(page)"), ("put_page(page);", "put_page(page)")]
)
def test_what_gives_back_more_elsewhere_does_so_here(suspects, put, line):
    """A plain put_page() left a page mapped that the function gives back by a helper elsewhere."""
    helper = "static void leaf_put_page(struct page *page) { kunmap(page); put_page(page); }\n"
    body = (
        "struct page *page = read_mapping_page(dir->i_mapping, 1, NULL);\n\tif (IS_ERR(page)) return PTR_ERR(page);\n\t"
    )
    ((_, plan),) = suspects(f"{body}if (step(1)) return -EIO;\n\t{put}\n\treturn 0;", helper)
    assert inserted(plan) == [f"+{line};"]


def test_the_end_of_a_function_is_named(facts_of, make_obligation):
    """An empty pair of quotes stood for the end of a function without a return."""
    plain = "static void box_evict(struct inode *inode)\n{\n\tmutex_lock(&inode->m);\n\tif (inode->n) goto out;\n\t"
    plain += "mutex_unlock(&inode->m);\nout:\n\tstep(1);\n}\n"
    plain += "static const struct super_operations box_sops = { .evict_inode = box_evict };\n"
    rule, facts = RULES["gives_back"][0], facts_of({"fs/box/a.c": HEAD + plain})
    duties = rule.duties(replace(make_obligation("evict_inode", "gives_back"), struct="super_operations"), facts)[0]
    found = [(duty, place.lines) for duty in duties for place in rule.places(duty)]
    ((one,),) = [rule.judge(duty, list(lines), "") for duty, lines in found]
    assert "the end of box_evict() is reached" in {step.note for step in one.finding.evidence}
    assert one.finding.breach.statement == "the end of the function"


def test_the_lock_goes_first(plans):
    """A page may be freed when its reference is dropped: nobody unlocks it behind that."""
    found = plans(PAGE + "err = step(2); if (err) return err; unlock_page(page); put_page(page); return 0;")
    assert [inserted(plan) for plan in found.values()] == [["+unlock_page(page);", "+put_page(page);"]] * 2
    found = plans(
        PAGE + "err = step(2); if (err) { put_page(page); return err; } unlock_page(page); put_page(page); return 0;"
    )
    assert "+unlock_page(page);\n put_page(page);" in found["page_lock"].semantic_patch.text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(f"{BH}if (dentry) brelse(bh); return -EIO;", "other ways", id="shared"),
        pytest.param(
            f"{LOCK}err = step(2); if (err) return err; if (dentry) return 0; mutex_unlock(&dir->m); return 0;",
            "do not fail keep it too",
            id="a-success-keeps-it-too",
        ),
        pytest.param(
            f"{LOCK}err = step(2); if (err) {{ mutex_unlock(&dir->m); return err; }} if (step(3)) return -EIO; return 0;",
            "do not fail keep it too",
            id="all-that-succeeds-keeps-it",
        ),
        pytest.param(
            f"{BH.replace('!bh', 'bh')}dir->kept = bh; return 0;", "wrong way round", id="a-test-turned-round"
        ),
        pytest.param(
            f"{LOCK}mutex_lock(&dentry->m); mutex_unlock(&dentry->m);\n\t"
            "if (step(2)) { mutex_unlock(&dentry->m); return -EIO; }\n\tmutex_unlock(&dir->m); return 0;",
            "`mutex_unlock(&dentry->m)` gives back what this way has not taken",
            id="another-lock-released",
        ),
        pytest.param(
            f"{LOCK}if (dentry->m) {{ if (step(2)) return -EIO; mutex_lock(&dir->m); }} mutex_unlock(&dir->m); return 0;",
            "another way takes it again with it in hand",
            id="taken-again-elsewhere",
        ),
        pytest.param(BH + LOOKS.replace(" bh = NULL;", ""), "other ways", id="looked-at-behind"),
        pytest.param(
            f"{BH}if (step(1)) {{ unmap_read(bh); brelse(bh); return -EIO; }} if (step(2)) return -EPERM; brelse(bh); return 0;",
            "make `unmap_read(bh)` as well",
            id="a-part-of-an-undoing",
        ),
        pytest.param(
            "int ret;\n\tmutex_lock(&dir->m); if (dentry) return ret; ret = step(1); mutex_unlock(&dir->m); return ret;",
            "has got no value",
            id="a-value-that-nobody-has-set",
        ),
        pytest.param(
            f"{BH}if (step(2)) return -step(3);\n\tbrelse(bh); return 0;", "at the return itself", id="worked-out-there"
        ),
        pytest.param(
            f"{BH}err = step(2); if (err)\n\tgoto out;\n\tbrelse(bh); return 0;\nout: if (bh->n) err = 1;\n\treturn -step(err);",
            "no step at which",
            id="nowhere-left-alone",
        ),
        pytest.param(
            "struct box *f = BOX_OF(dir);\n\tmutex_lock(&f->m);\n\tif (step(1)) { iget_failed(dir); return -EIO; }\n\t"
            "mutex_unlock(&f->m); return 0;",
            "may end what the lock lies in",
            id="an-unlock-behind-the-end-of-its-owner",
        ),
        pytest.param(
            NEW.replace("new_inode(dir->i_sb)", "iget_locked(dir->i_sb, 7)"),
            "how it is to be given back",
            id="perhaps-a-new-one",
        ),
        pytest.param(
            NEW.replace("new_inode(dir->i_sb)", "box_new(dir)").replace("!inode", "IS_ERR(inode)"),
            "how it is to be given back",
            id="begun-by-a-helper",
        ),
    ],
)
def test_what_a_person_must_see(plans, body, why):
    """Each would be a second release, half a repair, a use behind the release, or a new inode that stays locked."""
    (plan,) = plans(body).values()
    assert isinstance(plan, NoFix)
    assert why in plan.reason


@pytest.mark.parametrize(("gone", "why"), [("", "takes semaphore sem at times"), ("bed_end(dir);", "")])
def test_what_may_be_kept_as_well_makes_half_a_fix(suspects, gone, why):
    """A lock that a helper takes at times is told of at the same return: the release of another one alone hides it."""
    begin = "if (note(dir)) return 0; down_read(&dir->sem); if (step(dir->n)) { up_read(&dir->sem); return -ENOSPC; } return 0;"
    body = f"int err;\n\tif (bed_begin(dir)) return -EIO;\n\tmutex_lock(&dir->m); if (step(2)) {{ {gone} return -EIO; }}\n\t"
    body += "mutex_unlock(&dir->m); bed_end(dir); return 0;"
    helpers = f"int bed_begin(struct inode *dir) {{ {begin} }}\n"
    helpers += "void bed_end(struct inode *dir) { if (--dir->n == 0) up_read(&dir->sem); }\n"
    (plan,) = [plan for _, plan in suspects(body, helpers)]
    assert why in (plan.reason if isinstance(plan, NoFix) else "")
    assert isinstance(plan, NoFix) == bool(why)


def test_a_success_that_alone_keeps_the_thing_gives_it_back(plans):
    """All other ways give it back, so this one forgot; what several ways keep may be meant to stay."""
    one = "if (step(2)) { brelse(bh); return -EIO; } if (dir->x) return 0; brelse(bh); return 0;"
    (plan,) = plans(BH + one).values()
    assert ["+brelse(bh);"] == inserted(plan)
    assert {} == plans(BH + one.replace("brelse(bh); return 0;", "return 1;"))


SWAP = "struct box *frame = dir->i_box;\n\terr = step(1); if (err)\n\tgoto out;\n\tif (dir->x) swap({}, bh);\n\t"
SWAP += "err = step(2); if (err)\n\tgoto out;\n\tbrelse(bh);\n\terr = step(3);\nout: return err;"


def test_a_return_that_is_shared_with_who_has_given_it_back_does_not_excuse_the_others(plans):
    """That some of the ways which keep the lock may not fail is no reason to leave it locked, where success gives it back."""
    body = f"{LOCK}err = -EIO; if (dir->n)\n\tgoto undo;\n\terr = other(dentry); if (dir->k)\n\tgoto undo;\n\t"
    body += "mutex_unlock(&dir->m);\nout:\n\tunmake(dentry);\n\treturn err;\n"
    (plan,) = plans(f"{body}undo:\n\tunmake(dir);\n\tgoto out;").values()
    assert inserted(plan) == ["+mutex_unlock(&dir->m);"]


@pytest.mark.parametrize(("other", "jumps"), [("frame->bh", 2), ("other", 0)])
def test_what_is_exchanged_with_a_place_is_owed_by_the_name(plans, other, jumps):
    """`swap(frame->bh, bh)` leaves a reference to give back under the name; of two names of the function nobody knows which."""
    found = plans(BH + SWAP.format(other)).values()
    assert [jumps] * bool(jumps) == [len(plan.anchors) for plan in found if not isinstance(plan, NoFix)]


COUNTED = "struct inode *inode = new_inode(dir->i_sb);\n\tint err = -ENOMEM;\n\tif (!inode) return -ENOMEM;\n\t"
COUNTED += "if (step(2)) goto out;\n\t{}\n\terr = 0;\nout: trace(err);\n\tif (err) return err;\n\treturn 0;"


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ("dir->kept = igrab(inode);", True),
        ("ihold(inode); dir->kept = inode;", True),
        ("dir->kept = inode;", False),
    ],
)
def test_a_second_reference_that_is_stored_is_not_the_first(plans, given, refused):
    """`e->dentry = dget(dentry)` passed for handing over what was looked up: the way that succeeds went on to keep that."""
    (plan,) = plans(COUNTED.format(given)).values()
    assert isinstance(plan, NoFix) == refused
    assert not refused or "counts it once more for others" in plan.reason


FOUND = "if (step(3))\n\t\tgoto found;\n\tdir->n = 4;\n\t{ahead}\n\treturn 0;\nfound:\n\tdentry->n = 3;\n\t{behind}\n\treturn 0;"


@pytest.mark.parametrize(
    ("ahead", "behind", "place"),
    [
        ("dentry->d_n = err;", "mutex_unlock(&dir->m);\n\tdentry->d_n = dentry->n;", "dentry->d_n = err;"),
        ("dentry->d_n = err;", "dentry->d_n = dentry->n;\n\tmutex_unlock(&dir->m);", "return 0;"),
        ("dentry->d_n = dir->n;", "mutex_unlock(&dir->m);\n\tdentry->d_n = dentry->n;", "return 0;"),
        ("dentry->d_n = err;", "mutex_unlock(&dir->m);\n\tdentry->d_x = dentry->n;", "return 0;"),
        ('pr_debug("no");', 'mutex_unlock(&dir->m);\n\tpr_debug("yes");', 'pr_debug("no");'),
        ('pr_debug("no");', 'pr_debug("yes");\n\tmutex_unlock(&dir->m);', "return 0;"),
    ],
)
def test_a_release_goes_where_the_other_exit_has_it(plans, ahead, behind, place):
    """One exit gives the lock back and then tells of it, or stores what was found: so does the one that lacks the release, which
    was sent to the label of the other and did its work a second time."""
    (plan,) = plans(f"{LOCK}{FOUND.format(ahead=ahead, behind=behind)}").values()
    assert f"+mutex_unlock(&dir->m);\n {place}" in plan.semantic_patch.text


def test_of_two_labels_the_upper_one_has_the_release(plans):
    """The lower one is for who has got nothing: a release of NULL is none that anybody writes for them."""
    body = "struct inode *inode = new_inode(dir->i_sb);\n\tint n;\n\tif (!inode)\n\t\tgoto none;\n\t"
    body += "n = step(2);\n\tif (n)\n\t\tgoto some;\n\tif (step(3))\n\t\tgoto both;\n\tdir->kept = inode;\n\t"
    body += "return 0;\nboth:\n\tunmake(dir);\nsome:\nnone:\n\treturn -EIO;"
    (plan,) = plans(body).values()
    assert " some:\n+iput(inode);" in plan.semantic_patch.text


def test_a_label_above_one_that_gives_back_more_has_the_release(plans):
    """The release was put at the very end, behind what three labels are for."""
    body = "struct inode *inode = NULL;\n\tchar *name = get_name(dentry);\n\tif (!name)\n\t\tgoto out;\n\t"
    body += (
        "inode = new_inode(dir->i_sb);\n\tif (!inode)\n\t\tgoto drop_name;\n\tif (step(3))\n\t\tgoto drop_inode;\n\t"
    )
    body += "dir->kept = inode;\n\treturn 0;\ndrop_inode:\ndrop_name:\n\tput_name(name);\nout:\n\treturn -EIO;"
    (plan,) = plans(body).values()
    assert " drop_inode:\n+iput(inode);" in plan.semantic_patch.text


def test_a_label_ahead_of_two_returns_has_the_unlock(plans_of):
    """Each return got one of its own, the last behind what needs no lock."""
    body = f"{LOCK}if (dir->n)\n\tgoto unlock;\n\tdentry = step(2);\nunlock:\n\tif (!dentry)\n\treturn 0;\n\tfree_box(dentry);"
    found = plans_of(f"{body}\n\treturn 1;")
    assert found
    assert all(" unlock:\n+mutex_unlock(&dir->m);" in plan.semantic_patch.text for plan in found)


def test_what_comes_by_elsewhere_is_told_as_it_is_mended(facts_of, make_obligation):
    """`Mended here too` was said where the patch has no change, and of a way that leads to another return."""
    body = f"{LOCK}if (dir->n)\n\tgoto unlock;\n\tif (step(2))\n\tgoto unlock;\n\tdentry = NULL;\n\tif (dir->k)\n\t"
    body += "goto unlock;\n\tdentry = dir->d;\nunlock:\n\tif (!dentry)\n\treturn 0;\n\treturn 1;"
    text = f"{HEAD}static int box_unlink(struct inode *dir, struct dentry *dentry)\n{{\n\t{body}\n}}\n{TABLE}"
    facts = facts_of({"fs/box/a.c": text})
    rule = RULES["gives_back"][0]
    [duty] = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    *_, last = (line for place in rule.places(duty) for line in place.lines)
    [suspect] = rule.judge(duty, [last], "")
    notes = [(text.split("\n")[step.line - 1].strip(), step.note) for step in suspect.finding.evidence]
    here = [(line, note) for line, note in notes if note in (ALSO_HERE, BY_HERE)]
    gone = text[: text.index("if (dir->k)")].count("\n") + 2
    assert here
    assert all(note == BY_HERE for _, note in here)
    assert gone not in [step.line for step in suspect.finding.evidence]


@pytest.mark.parametrize(
    ("begun", "place"),
    [
        ("io_start(dentry);\n\tmutex_lock(&dir->m);", "io_end(dentry);"),
        ("mutex_lock(&dir->m);\n\tio_start(dentry);", "return err;"),
    ],
)
def test_what_came_later_goes_first(plans, begun, place):
    """A lock was given back behind the end of what was begun before it, and behind what waits."""
    body = f"int err;\n\t{begun}\n\terr = step(2); if (err)\n\tgoto out;\n\tdir->n = 1;\nout: io_end(dentry);\n\t"
    body += "if (err)\n\terr = note(dentry);\n\treturn err;"
    (plan,) = plans(body).values()
    assert f"+mutex_unlock(&dir->m);\n {place}" in plan.semantic_patch.text


@pytest.mark.parametrize(
    ("behind", "place"),
    [
        ("account(cookie_of(dir), 1);", " unlock:\n+mutex_unlock(&dir->m);"),
        ("account(dir, 1);", "+mutex_unlock(&dir->m);\n return err;"),
    ],
)
def test_what_is_worked_out_for_an_argument_only_looks(plans, behind, place):
    """The label says unlock; what is read out of the owner for another call behind it needs no lock."""
    body = f"{LOCK}err = step(2); if (err)\n\tgoto unlock;\n\tdir->n = 1;\nunlock: {behind}\n\treturn err;"
    (plan,) = plans(body).values()
    assert place in plan.semantic_patch.text


def test_what_success_keeps_as_well_is_given_back_for_both(plans_of):
    """Nobody is told of the buffer, so no way is meant to keep it."""
    found = plans_of(f"{BH}if (step(bh->n)) err = -EIO; return err;")
    assert found
    assert all(["+brelse(bh);"] == inserted(plan) for plan in found)
