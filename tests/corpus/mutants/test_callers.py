"""Mutants of callers: what is deleted or put in breaks the promise of a table, and is found in the function that calls."""

import random
from dataclasses import replace

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.corpus.bench import BenchTree
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.corpus.mutants.caller_mutations import Calling, caller_breaks
from cocci_gen.corpus.mutants.callers import CallerField
from cocci_gen.corpus.mutants.experiment import Bench, experiment
from cocci_gen.corpus.records import VerdictRecord, Worth
from cocci_gen.facts.tree.call_sites import CallSites
from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.resources import data_folder
from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, open_index, read_rules

DEMO = b"""\
#include <linux/dcache.h>

static int demo_remove(struct inode *dir, struct dentry *dentry)
{
	int err;

	note(dentry);
	inode_lock(dir);
	err = dir->i_op->unlink(dir, dentry);
	inode_unlock(dir);
	return err;
}

int demo_forget(struct inode *dir, struct dentry *dentry)
{
	if (note(dentry)) {
		rcu_read_lock();
		note(dir);
		rcu_read_unlock();
	}
	inode_lock(dir);
	note(dir);
	inode_unlock(dir);
	return demo_remove(dir, dentry);
}
"""
PATH = "fs/demo/demo.c"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A bench over a small kernel of 6.1, and the obligations of its rules."""
    folder = tmp_path_factory.mktemp("bench")
    corpus = read_corpus(data_folder("templates").parent / "corpus")
    root = BenchTree(folder, 2).repository({**corpus.trees["6.1"], PATH: DEMO})
    with KernelTree.open(root) as tree, JobCache(folder / "jobs.sqlite") as cache, SpatchRunner(cache, 2) as runner:
        every = read_rules(tree)
        options = ScanOptions(jobs=2)
        index = open_index(tree, folder, every, options, lambda stage, done, total: None)
        yield Bench(tree, index, runner, options, ()), chosen_obligations(every, ("callers",))
        index.close()


def run(bench, seed=1, **changes):
    """The experiment with the kind `callers`."""
    base, obligations = bench
    return experiment(replace(base, **changes), obligations, seed, 20)


def breaks_of(bench, promise, function="demo_remove", **changes):
    """The breaks of ->unlink in one function, by what they say."""
    base, obligations = bench
    (obligation,) = [one for one in obligations if (one.method, one.mode) == ("unlink", promise)]
    (definition,) = base.index.definitions(function)
    graph = base.index.graph(definition)
    nodes = tuple(n for n, node in enumerate(graph.nodes) if any("unlink" in call.callee for call in node.calls))
    calling = Calling(replace(obligation, **changes), definition, graph, base.index.text(PATH), nodes)
    return {one.words: one.applied(DEMO) for one in caller_breaks(calling)}


def test_every_promise_is_broken_and_found(bench):
    """The figure of a kind whose mutants are all of one sort would hide that the others are missed."""
    done = [run(bench, seed) for seed in range(6)]
    mutants = [one for every in done for one in every.mutants]
    words = {one.words for one in mutants}

    assert {"demo_remove"} == {one.function for one in mutants}
    assert {"unlink.callers"} == {one.method for one in mutants}
    both = "`inode_lock(dir);` at line 8 and what releases it are deleted"
    assert {"low"} == {one.found for one in mutants}  # the caller has given the lock back, so that nobody holds it then
    assert {
        "`inode_lock(dir);` at line 8 is deleted",
        both,
        "`inode_unlock(dir);` is put in front of line 9",
    } <= words
    assert any(one.startswith("`rcu_read_lock();` is put in front of line") for one in words)
    assert {"line 7", "line 8", "line 9"} == {one[-6:] for one in words if "mutation_lock" in one}
    assert all(not one.alarms and one.kind == "callers" for every in done for one in every.twins)


def test_what_is_deleted_and_put_in(bench):
    """A lock that is still taken, or forbidden sleep behind the call, would make a figure of something else."""
    lock, unlock, call = b"\tinode_lock(dir);\n\terr", b"\tinode_unlock(dir);\n\treturn err", b"\terr = dir->i_op"
    broken = breaks_of(bench, "exclusive")

    assert {
        "`inode_lock(dir);` at line 8 is deleted": DEMO.replace(lock, b"\t                \n\terr"),
        "`inode_lock(dir);` at line 8 and what releases it are deleted": DEMO.replace(
            lock, b"\t                \n\terr"
        ).replace(unlock, b"\t                  \n\treturn err"),
        "`inode_unlock(dir);` is put in front of line 9": DEMO.replace(call, b"\tinode_unlock(dir); err = dir->i_op"),
    } == broken
    put_in = breaks_of(bench, "may_sleep")
    assert {"7", "8", "9"} == {words[-1] for words in put_in}  # behind the call nothing is forbidden
    assert {"rcu_read_lock", "spin_lock", "read_lock", "preempt_disable", "local_irq_disable"} <= {
        words[1:].split("(")[0] for words in put_in
    }


def test_a_lock_of_no_use_is_not_deleted(bench):
    """demo_forget() takes and releases the lock, and the call comes behind it, in another function."""
    assert breaks_of(bench, "exclusive", "demo_forget") == {}


def test_only_some_may_call(bench):
    """The method is called in a function that is not among those; the view shows the new call to the rule."""
    base, _ = bench
    inside = breaks_of(bench, "exclusive", "demo_forget", mode="only", names=("demo_remove",))
    (definition,) = base.index.definitions("demo_forget")
    text = inside["`mutation->i_op->unlink(mutation);` is put in front of line 21"]
    view = OverlaidIndex(base.index, definition, (Replacement(definition, text),))

    assert breaks_of(bench, "exclusive", mode="only", names=("demo_remove",)) == {}
    assert [("demo_remove", 9)] == lines_of(base.index)
    assert [("demo_remove", 9), ("demo_forget", 21)] == lines_of(view)


def lines_of(index):
    """Where ->unlink is called."""
    return [(one.definition.name, one.call.line) for one in CallSites(index).of("inode_operations", "unlink")]


def test_promised_locks_and_others_take_turns(bench):
    """There are a dozen functions of the one sort in a kernel, and 150 of the other."""
    base, obligations = bench
    field = CallerField(base, obligations, random.Random(1))

    assert ["exclusive", "may_sleep"] == [one.obligation.mode for one in field.subjects()]


def test_a_caller_that_is_broken_already_is_not_broken_again(bench):
    """What is reported of it could not be told from what is new; and where people agree, it is no twin either."""
    base, _ = bench
    broken = DEMO.replace(b"\tinode_lock(dir);\n\terr", b"\tif (dentry) inode_lock(dir);\n\terr")
    (definition,) = base.index.definitions("demo_remove")
    view = OverlaidIndex(base.index, definition, (Replacement(definition, broken),))
    record = VerdictRecord(PATH, "demo_remove", "inode_operations.unlink.callers", "low", Worth.TAKEN, "accepted")
    seen, known = run(bench, index=view), run(bench, index=view, records=(record,))

    assert not any("deleted" in one.words for one in (*seen.mutants, *known.mutants))
    assert (2, 1) == (len(seen.twins), len(known.twins))


def test_the_seed_decides(bench):
    """Figures that nobody can have again prove nothing."""
    assert run(bench, 3) == run(bench, 3)
    assert len({str(run(bench, seed).mutants) for seed in range(4)}) > 1
