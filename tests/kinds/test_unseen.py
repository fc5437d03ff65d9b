"""What a rule loses or cannot follow, it says."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop, Trail
from cocci_gen.code.searches.machines import Result
from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.document.readings import Mode
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.handovers.fault_codes import FaultCodeRule
from cocci_gen.kinds.handovers.rule import HandoverRule
from cocci_gen.kinds.keeps.rule import KeepRule
from cocci_gen.kinds.locks.demanded import DemandRule
from cocci_gen.kinds.locks.unheld import UnheldLockRule
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.takes.ended import EndedRule
from cocci_gen.kinds.takes.rule import GivesBackRule
from cocci_gen.kinds.unseen import unseen_returns

SOURCE = RuleSource("Documentation/filesystems/locking.rst", 1, "")
GIVES_BACK = Obligation("inode_operations", "mkdir", "gives_back", "", PROSE, "", SOURCE)
DEMANDED = Obligation("inode_operations", "mkdir", "must_not_call", "", PROSE, "", SOURCE, Mode.DEMANDED)
ENDED = Obligation(
    "netfs_request_ops", "issue_read", "must_call", "netfs_io_subrequest", PROSE, "", SOURCE, Mode.ENDED, "", ("done",)
)
KEEPS = Obligation("address_space_operations", "launder_folio", "keeps_locked", "page", PROSE, "", SOURCE)
UNHELD = Obligation("inode_operations", "mkdir", "must_not_call", "s_umount", PROSE, "", SOURCE, Mode.NOT_HELD)
FAULT = Obligation("vm_operations_struct", "page_mkwrite", "returns_locked", "page", PROSE, "", SOURCE)
NOWHERE = "no definition of the function in this tree"


@pytest.mark.parametrize(
    ("rule", "owed"),
    [
        (GivesBackRule(), GIVES_BACK),
        (DemandRule(), DEMANDED),
        (EndedRule(), ENDED),
        (KeepRule(), KEEPS),
        (UnheldLockRule(), UNHELD),
        (HandoverRule(), FAULT),
    ],
)
def test_a_function_that_no_file_defines_is_told(facts_of, rule, owed):
    """A table entry that leads nowhere passed for a function without a fault."""
    table = f"void done(void *r);\nconst struct {owed.struct} ops = {{ .{owed.method} = elsewhere }};\n"
    _, missing = rule.duties(owed, facts_of({"fs/a.c": table}, methods=(owed.method,)))

    assert [("elsewhere", NOWHERE)] == [(one.function, one.reason) for one in missing]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("struct buffer_head *bh = sb_bread(dir->i_sb, 1); if (!bh) return -EIO; hide(bh); return -EINVAL;", "hide()"),
        ("struct buffer_head *bh = sb_bread(dir->i_sb, 1); if (!bh) return -EIO; brelse(bh); return -EINVAL;", ""),
        ("struct buffer_head *bh = sb_bread(dir->i_sb, 1); if (!bh) return -EIO; hide(bh); return 0;", "hide()"),
        ("struct buffer_head *bh = sb_bread(dir->i_sb, 1); if (!bh) return -EIO; box_of(dir)->bh = bh; return 0;", ""),
        (
            "struct box box; box.bh = sb_bread(dir->i_sb, 1); if (!box.bh) return -EIO; hide(&box); return -EIO;",
            "hide()",
        ),
        ("get_bh(box_of(dir)->bh); return fill(dir);", "`box_of(dir)->bh`"),
        ("return fill(sb_bread(dir->i_sb, 1));", ""),
        ("if (!igrab(dir)) return -EIO; return fill(dir->i_sb);", "one more of `dir`"),
        ("if (put(sb_bread(dir->i_sb, 1))) return -EIO; return fill(dir);", "gets no name"),
        ("box_of(dir)->bh = sb_bread(dir->i_sb, 1); return fill(dir);", ""),
        (
            "struct page *page = alloc_pages(1, 2); if (!page) return -ENOMEM; __free_page(page + 1); return -EIO;",
            "counting",
        ),
    ],
)
def test_what_a_method_takes_and_nobody_can_follow(facts_of, body, told):
    """`gives_back` said nothing of what it lost sight of."""
    code = (
        "struct buffer_head *sb_bread(struct super_block *sb, int block);\n"
        f"static int make(struct inode *dir)\n{{\n\t{body}\n}}\n"
        "const struct inode_operations ops = { .mkdir = make };\n"
    )
    _, missing = GivesBackRule().duties(GIVES_BACK, facts_of({"fs/a.c": code}, methods=("mkdir",)))

    assert bool(told) is bool(missing)
    assert all(told in one.reason and one.line > 1 for one in missing)


def test_a_loop_of_releases_hides_how_many_it_gives_back(facts_of):
    """Behind a loop over an array nobody knows what is left: that is no proof that nothing is."""
    code = """\
struct page *grab_cache_page(struct address_space *m, int n);
static int make(struct inode *dir)
{
	struct page *page[4];
	int i;
	for (i = 0; i < 4; i++) {
		page[i] = grab_cache_page(dir->i_mapping, i);
		if (!page[i])
			goto out;
	}
	return 0;
out:
	while (--i > dir->i_first)
		put_page(page[i]);
	return -ENOMEM;
}
const struct inode_operations ops = { .mkdir = make };
"""
    _, missing = GivesBackRule().duties(GIVES_BACK, facts_of({"fs/a.c": code}, methods=("mkdir",)))

    assert [(15, True)] == [(one.line, "which of page[] are there" in one.reason) for one in missing]


def test_a_request_that_went_where_nobody_looks(facts_of):
    """A method that gives its request to a function pointer may have ended it, or not."""
    code = "void done(void *r);\nstatic void f(struct netfs_io_subrequest *r)\n{\n\tr->ops->send(r);\n}\n"
    table = "const struct netfs_request_ops ops = { .issue_read = f };\n"
    duties, missing = EndedRule().duties(ENDED, facts_of({"fs/a.c": code + table}, methods=("issue_read",)))

    assert () == duties
    assert ["r->ops->send" in one.reason for one in missing] == [True]


def test_a_lock_that_a_hidden_step_may_have_taken(facts_of):
    """VM_FAULT_LOCKED behind a call that cannot be seen through is neither right nor wrong."""
    code = """\
static vm_fault_t f(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	page->ops->prepare(page);
	return VM_FAULT_LOCKED;
}
const struct vm_operations_struct ops = { .page_mkwrite = f };
"""
    duties, missing = FaultCodeRule().duties(FAULT, facts_of({"fs/a.c": code}, methods=("page_mkwrite",)))

    assert () == duties
    assert [5] == [one.line for one in missing]


@pytest.mark.parametrize(
    ("rule", "owed", "reason"),
    [
        (KeepRule(), KEEPS, "has no page or folio parameter"),
        (UnheldLockRule(), UNHELD, "no parameter leads to the owner of s_umount"),
    ],
)
def test_a_method_that_is_not_given_what_the_rule_is_about(facts_of, rule, owed, reason):
    """A method in another form than the table knows was left out without a word."""
    code = f"static int f(struct box *box)\n{{\n\treturn 0;\n}}\nconst struct {owed.struct} ops = {{ .{owed.method} = f }};\n"
    _, missing = rule.duties(owed, facts_of({"fs/a.c": code}, methods=(owed.method,)))

    assert [("f", reason)] == [(one.function, one.reason) for one in missing]


def test_a_way_that_is_hidden_beside_one_that_is_seen(facts_of):
    """A return that is right on one way and unknown on the other is not a return that was found right."""
    body = """\
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	if (!bh)
		return -EIO;
	if (dir->i_dead)
		dir->i_ops->drop(bh);
	else
		brelse(bh);
	return -EINVAL;
"""
    code = (
        f"static int make(struct inode *dir)\n{{\n{body}}}\nconst struct inode_operations ops = {{ .mkdir = make }};\n"
    )
    _, missing = GivesBackRule().duties(GIVES_BACK, facts_of({"fs/a.c": code}, methods=("mkdir",)))

    assert [(10, True)] == [(one.line, "what a way to this return" in one.reason) for one in missing]


@pytest.mark.parametrize(
    ("branches", "told"),
    [
        ("if (x) hide(page); else { bio->page = page; submit_bio(bio); }", "what a way to this return passes"),
        ("if (x) hide(page); else hide(page);", "what every way to this return passes"),
        ("if (x) hide(page); else unlock_page(page);", ""),
        ("bio->page = page; submit_bio(bio);", ""),
    ],
    ids=["or handed on", "every", "or unlocked", "handed on"],
)
def test_a_page_that_nobody_here_unlocks_is_told_where_a_way_cannot_be_seen_through(facts_of, branches, told):
    """Once the only unlock of a function that others read pages by is deleted, one way hands the page to I/O, and the rest was
    met with silence."""
    owed = Obligation("address_space_operations", "readpage", "unlocks", "page", PROSE, "", SOURCE)
    code = f"static int f(struct file *x, struct page *page) {{ struct bio *bio = next(); {branches} return 0; }}\n"
    code += "const struct address_space_operations ops = { .readpage = f };\n"
    rule = next(one for one in RULES["unlocks"] if isinstance(one, ExitRule))
    _, missing = rule.duties(owed, facts_of({"fs/a.c": code}, methods=("readpage",)))

    assert bool(told) is bool(missing)
    assert all(one.reason.startswith(told) for one in missing)


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        ("g()", "what every way to this return passes cannot be seen through: g()"),
        ("", "what becomes of it on every way to this return cannot be seen"),
    ],
)
def test_a_return_whose_ways_show_no_step_that_hides_is_told_so(hidden, told):
    """ "Passes cannot be seen through: what becomes of it" was no sentence."""
    graph = graph_of(b"int f(void) { g(); return 0; }", 1)
    (end,) = (number for number, node in enumerate(graph.nodes) if node.kind == "return")
    stop = Stop(end, "unseen", ())
    seen = Exploration(
        Trail({(end, "unseen", 0, False): None}, lambda _number: ()),
        arrivals=[Arrival(stop, end, "unseen", Result(), ())],
    )

    (one,) = unseen_returns(graph, seen, frozenset({"unseen"}), hides={end: hidden} if hidden else {})

    assert told == one.why
