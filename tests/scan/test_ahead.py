"""A second process that looks at functions ahead of the rule: it says what one process says."""

import dataclasses
import os
import threading

import pytest

from cocci_gen.facts.pages.pages import Effects
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.takes import rule
from cocci_gen.kinds.takes.judged.bound import bound_functions
from cocci_gen.kinds.takes.looks import looks_of
from cocci_gen.scan import ahead
from cocci_gen.scan.ahead import looking_ahead

TAKES = """\
static int %(name)s_help(struct box *box)
{
	mutex_lock(&box->lock);
	mutex_unlock(&box->lock);
	return 0;
}
static int %(name)s_create(struct inode *dir, struct dentry *dentry)
{
	mutex_lock(&BOX(dir)->lock);
	if (%(name)s_help(BOX(dir)))
		%(end)s;
	mutex_unlock(&BOX(dir)->lock);
	return 0;
}
static const struct inode_operations %(name)s_iops = { .create = %(name)s_create };
"""


@pytest.fixture
def facts(index_of):
    """What is known of a tree with a folder that gives back and two that do not."""
    ends = {
        "good": "goto out; out: mutex_unlock(&BOX(dir)->lock); return -EIO",
        "bad": "return -EIO",
        "evil": "return -EIO",
    }
    texts = {f"fs/{name}/a.c": TAKES % {"name": name, "end": end} for name, end in ends.items()}

    def make():
        index = index_of(texts)
        return TreeFacts(index.tree, index, Effects(index))

    return make


@pytest.fixture
def chosen(make_obligation):
    """Two obligations that the rule looks at, and one that it does not, between them."""
    create, unlink = (
        dataclasses.replace(make_obligation(method, "gives_back"), struct="inode_operations")
        for method in ("create", "unlink")
    )
    return (create, make_obligation("writepage", "unlocks"), unlink)


def told(chosen, facts, processes, few=0):
    """What the rules tell, as it is compared, by obligation; and the order in which they were asked."""
    found = {}
    with looking_ahead(chosen, facts, processes, few) as asking:
        for number in asking.order:
            asked = [one.duties(chosen[number], facts) for one in asking.rules(chosen[number])]
            found[number] = [
                ([(d.definition.path, d.name, d.chain, d.given) for d in duties], missing) for duties, missing in asked
            ]
    return found


@pytest.fixture
def forks(monkeypatch):
    """Tests before this one may have left threads here (a cluster's client does); they hold nothing that is asked for."""
    monkeypatch.setattr(ahead, "may_fork", lambda: True)


@pytest.mark.usefixtures("forks")
def test_two_processes_tell_what_one_tells(facts, chosen):
    """And the obligations that nobody looks ahead for come first."""
    one, two = told(chosen, facts(), 1), told(chosen, facts(), 2)
    assert one == two
    assert [path for path, *_ in one[0][0][0]] == ["fs/bad/a.c", "fs/evil/a.c"]
    assert (list(one), list(two)) == ([0, 1, 2], [1, 0, 2])


@pytest.mark.usefixtures("forks")
def test_the_rule_does_not_look_again_at_what_was_looked_at(facts, chosen, monkeypatch):
    """But at functions with duties: they cannot be handed over."""
    seen = []
    look = rule._look
    known = facts()
    with looking_ahead(chosen, known, 2, 0) as asking:
        numbers = iter(asking.order)
        first = [next(numbers), next(numbers)]
        monkeypatch.setattr(rule, "_look", lambda obligation, one, of: seen.append(one) or look(obligation, one, of))
        RULES["gives_back"][0].duties(chosen[first[-1]], known)
        list(numbers)
    assert sorted(one.definition.name for one in seen) == ["bad_create", "evil_create"]
    (good,) = known.index.definitions("good_create")
    assert looks_of(known.index).at(chosen[0], good) is not None


def test_a_process_with_threads_looks_alone(facts, chosen, monkeypatch):
    """A lock that one of them held would be held in the other process for ever."""
    monkeypatch.setattr(os, "fork", None)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert list(told(chosen, facts(), 2)) == [0, 1, 2]
    finally:
        done.set()
        thread.join()


@pytest.mark.usefixtures("forks")
def test_a_few_functions_are_looked_at_here(facts, chosen, monkeypatch):
    """A process costs more than they do."""
    monkeypatch.setattr(os, "fork", None)
    assert list(told(chosen, facts(), 2, few=100)) == [0, 1, 2]


FAR = """\
static int box_find(int number) { return number; }
static int box_get(int number) { int one = box_find(number); return one; }
static int box_more(int number) { int one = box_get(number); return one; }
static int box_lookup(struct inode *dir, struct dentry *dentry) { int one = box_more(1); return one; }
static int box_rmdir(struct inode *dir, struct dentry *dentry) { int one = box_find(1); return one; }
static const struct inode_operations box_iops = { .lookup = box_lookup, .rmdir = box_rmdir };
"""


def test_the_nearest_method_speaks_for_a_helper_whichever_is_asked_first(facts_of, make_obligation):
    """The first one that is asked would speak for all that is far below it."""
    facts = facts_of({"fs/box/a.c": FAR}, methods=("lookup", "rmdir"))
    lookup, rmdir = (
        dataclasses.replace(make_obligation(m, "gives_back"), struct="inode_operations") for m in ("lookup", "rmdir")
    )
    with looking_ahead((lookup, rmdir), facts, 1):
        found = {m.method: [one.definition.name for one in bound_functions(m, facts)[0]] for m in (lookup, rmdir)}

    assert found == {"lookup": ["box_lookup", "box_more", "box_get"], "rmdir": ["box_rmdir", "box_find"]}
