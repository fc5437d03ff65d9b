"""What the rule says of one function."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

HEAD = "struct buffer_head *sb_bread(struct super_block *sb, int block);\n"


@pytest.fixture
def wrongs(findings_in):
    """wrongs(C text, name) -> what is said to be wrong in a function of that text, which has a `demo_lookup(dir, dentry)`."""

    def find(text, name="demo_lookup"):
        return [one.message for one in findings_in(text, name)]

    return find


@pytest.fixture
def findings_in(looked_at):
    """The same as findings."""

    def find(text, name="demo_lookup"):
        duties = [one for one in looked_at(text)[0] if one.definition.name == name]
        (rule,) = RULES["gives_back"]
        return [one.finding for duty in duties for one in rule.judge(duty, range(1, 99), "")]

    return find


@pytest.fixture
def looked_at(facts_of, make_obligation):
    """looked_at(C text) -> the duties, and what is told of functions that cannot be followed."""

    def find(text):
        (rule,) = RULES["gives_back"]
        table = "static const struct inode_operations demo_ops = { .lookup = demo_lookup };\n"
        facts = facts_of({"fs/a.c": f"{HEAD}{text}{table}"}, methods=("lookup",))
        obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
        return rule.duties(obligation, facts)

    return find
