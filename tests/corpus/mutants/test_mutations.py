"""Mutations: each family of rules is broken in a way that its own rule finds, at places where the code certainly runs."""

from types import SimpleNamespace

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.code.texts.source import file_facts
from cocci_gen.corpus.bench import BenchTree
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.corpus.mutants.breaks import BREAKS
from cocci_gen.corpus.mutants.call_mutations import call_breaks
from cocci_gen.corpus.mutants.experiment import Bench, experiment
from cocci_gen.corpus.mutants.mutations import Body, deleted, inserted
from cocci_gen.document.readings import Mode
from cocci_gen.facts.sleeps.sleep_chains import Forbidden
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.locks.callers import CallerRule
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.sleeps.freed import FreedRule
from cocci_gen.kinds.sleeps.freed_itself import FreedItselfRule
from cocci_gen.kinds.sleeps.rule import CallRule
from cocci_gen.resources import data_folder
from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, open_index, read_rules

DEMO = b"""\
#include <linux/fs.h>

static int demo_count(const struct dentry *dentry)
{
	return dentry->d_count;
}

static int demo_d_delete(const struct dentry *dentry)
{
	int count = demo_count(dentry);

	if (count > 1) {
		note(count);
		return 0;
	}
	return 1;
}

const struct dentry_operations demo_dops = {
	.d_delete = demo_d_delete,
};

static int demo_forget(struct inode *dir)
{
	dir->i_count = 0;
	return 0;
}

static int demo_unlink(struct inode *dir, struct dentry *dentry)
{
	return demo_forget(dir);
}

const struct inode_operations demo_iops = {
	.unlink = demo_unlink,
};

static struct dentry *demo_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	if (!data)
		return ERR_PTR(-EINVAL);
	return mount_nodev(type, flags, data, demo_fill);
}

static void demo_kill_sb(struct super_block *sb)
{
	note(sb->s_flags);
	kill_anon_super(sb);
}

static int demo_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	buf->f_type = 7;
	return 0;
}

const struct super_operations demo_sops = {
	.statfs = demo_statfs,
};

struct file_system_type demo_type = {
	.mount = demo_mount,
	.kill_sb = demo_kill_sb,
};

static int demo_launder_folio(struct folio *folio)
{
	note(folio->flags);
	return 0;
}

static int demo_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
				struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos);

	if (!page)
		return -ENOMEM;
	if (note(pos)) {
		unlock_page(page);
		put_page(page);
		return -EIO;
	}
	*pagep = page;
	return 0;
}

const struct address_space_operations demo_aops = {
	.launder_folio = demo_launder_folio,
	.write_begin = demo_write_begin,
};
"""


@pytest.fixture(scope="module")
def experiments(tmp_path_factory):
    """Kind -> its experiment over a small kernel."""
    folder = tmp_path_factory.mktemp("bench")
    corpus = read_corpus(data_folder("templates").parent / "corpus")
    root = BenchTree(folder, 2).repository({**corpus.trees["6.1"], "fs/demo/demo.c": DEMO})
    with KernelTree.open(root) as tree, JobCache(folder / "jobs.sqlite") as cache, SpatchRunner(cache, 2) as runner:
        every = read_rules(tree)
        options = ScanOptions(jobs=2)
        index = open_index(tree, folder, every, options, lambda stage, done, total: None)
        bench = Bench(tree, index, runner, options, ())
        yield lambda kind: experiment(bench, chosen_obligations(every, (kind,)), 1, 8)
        index.close()


@pytest.mark.parametrize(
    ("kind", "function", "words"),
    [
        ("never_sleeps", "demo_d_delete", "is put in front of line"),
        ("no_relock", "demo_unlink", "inode_unlock(dir);"),
        ("no_relock", "demo_forget", "inode_lock(dir);"),
        ("must_not_call", "demo_statfs", "up_write(&dentry->d_sb->s_umount);"),
        ("returns", "demo_mount", "becomes `return NULL;`"),
        ("must_call", "demo_kill_sb", "`kill_anon_super(sb);` at line"),
        ("keeps_locked", "demo_launder_folio", "folio_unlock(folio);"),
        ("returns_locked", "demo_write_begin", "`unlock_page(page);` at line"),
    ],
)
def test_a_breach_is_made_and_found(experiments, kind, function, words):
    """A kind whose mutants nobody makes has no figure; one whose plainest mutant is missed has a broken rule."""
    done = experiments(kind)
    made = [one for one in done.mutants if one.function == function and words in one.words]

    assert made, [(one.function, one.words) for one in done.mutants]
    assert all(one.found for one in made)
    assert not any(one.alarms for one in done.twins)


#: caller_mutants breaks callers, not methods; what rcu-walk looks at is freed by other functions than those it binds.
UNMEASURED = {CallerRule, FreedItselfRule, FreedRule}


def test_every_family_of_rules_can_be_broken():
    """A new family without a mutation would quietly stay unmeasured."""
    families = {type(rule) for rules in RULES.values() for rule in rules}

    assert set(BREAKS) <= families
    assert UNMEASURED == families - set(BREAKS)


@pytest.mark.parametrize("forbidden", [Forbidden.SLEEP, Forbidden.UNPINNED])
def test_what_ends_an_object_may_sleep(forbidden):
    """No walk calls ->destroy_inode: a sleep in it breaks nothing, and would count as one that is missed."""
    bound = SimpleNamespace(obligation=SimpleNamespace(mode=Mode.ENDED))

    assert [] == list(call_breaks(CallRule("rcu_walk", forbidden), bound))


def body(text):
    """The statements of the one function of a text."""
    [span] = file_facts(text, frozenset()).functions
    definition = Definition("f.c", "0", span)
    return definition, Body(definition, text)


def test_lines_stay():
    """The evidence about everything else in the file would be wrong if lines moved."""
    text = b"\n\nint f(int a)\n{\n\tg(a,\n\t  a);\n\tif (a)\n\t\tg(1, 2);\n\treturn a;\n}\n"
    definition, found = body(text)
    [first] = found.calls("g", 5)
    [second] = found.calls("g", 8)

    assert deleted(definition, text, first, deep=False).applied(text) == text.replace(b"g(a,\n\t  a);", b"    \n      ")
    assert b"if (a)\n\t\t;       \n" in deleted(definition, text, second, deep=False).applied(text)
    assert inserted(definition, second, "h();", deep=False).applied(text).count(b"\n") == text.count(b"\n")


def test_what_is_a_place():
    """Code put behind a label or a declaration would not be C, or would not run."""
    text = b"int f(int a)\n{\n\tint b = g(a);\n\n\tif (a) {\n\t\th(b);\n\t}\nout:\n\tk(b);\n\treturn g(b);\n}\n"
    _, found = body(text)

    assert [one.text for one in found.outermost()] == ["if (a) { h(b); }", "return g(b);"]
    assert [one.text for one in found.nested()] == ["h(b);"]
    assert [condition for condition, _ in found.ifs()] == ["(a)"]
    assert [one.text for one in found.returns()] == ["return g(b);"]
    assert [text[start:end] for start, end in found.values("g", 3)] == [b"g(a)"]
