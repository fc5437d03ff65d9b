"""What a method is given, and goes on to be its caller's."""

from dataclasses import replace

import pytest

from cocci_gen.facts.tree.mentions import named_anywhere
from cocci_gen.kinds.registry import RULES

OTHER = """\
static int other%d(struct inode *inode, struct file *file) { %s return 0; }
static const struct file_operations other_fops%d = { .open = other%d };
"""
METHOD = """\
static int box_open(struct inode *inode, struct file *file)
{
	int err = find(inode, file);
	if (err) {
		%s
		return err;
	}
	return 0;
}
static const struct file_operations box_fops = { .open = box_open };
static const struct super_operations box_sops = { .statfs = box_statfs };
"""


def asked(facts_of, make_obligation, body, others=0, more=""):
    """The tree, and what is said of the method, while so many of five others put the file that they are given."""
    beside = "".join(OTHER % (n, "fput(file);" if n < others else "", n, n) for n in range(5))
    files = {"fs/box/a.c": more + METHOD % body, "fs/other/a.c": beside}
    facts = facts_of(files, methods=("open", "statfs", "dirty_folio", "kill_sb", "lookup"))
    rule = RULES["gives_back"][0]
    duties, _ = rule.duties(replace(make_obligation("open", "gives_back"), struct="file_operations"), facts)
    every = ((duty, place) for duty in duties if duty.definition.path == "fs/box/a.c" for place in rule.places(duty))
    return facts, [rule.suspect(duty, place, "").finding.message for duty, place in every]


def said(facts_of, make_obligation, body, others=0, more=""):
    """What is said of the method alone."""
    return asked(facts_of, make_obligation, body, others, more)[1]


DROPS = ["box_open() drops a reference to file that is its caller's"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("fput(file);", DROPS, id="put"),
        pytest.param("get_file(file); fput(file);", [], id="its-own"),
        pytest.param("keep(file); fput(file);", DROPS, id="behind-a-call"),
        pytest.param("box_get(file); fput(file);", [], id="taken-by-another-name"),
        pytest.param("atomic_long_inc(&file->f_count); fput(file);", [], id="counted-by-hand"),
        pytest.param("file = other(inode); fput(file);", [], id="another-one"),
        pytest.param("fput(inode->file);", [], id="of-another-place"),
        pytest.param("", [], id="left-alone"),
    ],
)
def test_what_is_the_callers_stays_with_it(facts_of, make_obligation, body, found):
    """The caller puts the file where an open fails: put here too, it is freed in the hands of who uses it."""
    assert said(facts_of, make_obligation, body) == found


@pytest.mark.parametrize(("others", "found"), [(0, DROPS), (1, [])])
def test_the_others_who_implement_a_method_tell_whose_it_is(facts_of, make_obligation, others, found):
    """->write_end is to put its folio: who says otherwise of such a method is wrong about all who implement it."""
    assert said(facts_of, make_obligation, "fput(file);", others) == found


def test_a_helper_may_be_given_it_for_good(facts_of, make_obligation):
    """Of a helper nobody knows what it is to give back: only a method has others who do the same."""
    helper = "static void box_end(struct inode *inode, struct file *file) { fput(file); }\n"
    assert said(facts_of, make_obligation, "box_end(inode, file);", more=helper) == []


def test_who_comes_to_give_such_a_thing_back_may_decide(facts_of, make_obligation):
    """One who implements the method and puts the file from now on makes two customs of one: the other is to be looked at again,
    and nobody is for a change that names no put."""
    facts, _ = asked(facts_of, make_obligation, "fput(file);")
    mentions = facts.index.mentions({})
    assert mentions.of_beside(named_anywhere("fput")) == {("fs/box/a.c", "box_open")}
    assert not mentions.of_judged_by("other0")
