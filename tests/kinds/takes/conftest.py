"""What the rule says of one function."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

HEAD = "struct buffer_head *sb_bread(struct super_block *sb, int block);\n"


@pytest.fixture
def wrongs(facts_of, make_obligation):
    """wrongs(C text, name) -> what is said to be wrong in a function of that text, which has a `demo_lookup(dir, dentry)`."""

    def find(text, name="demo_lookup"):
        (rule,) = RULES["gives_back"]
        table = "static const struct inode_operations demo_ops = { .lookup = demo_lookup };\n"
        facts = facts_of({"fs/a.c": f"{HEAD}{text}{table}"}, methods=("lookup",))
        obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
        duties = [one for one in rule.duties(obligation, facts)[0] if one.definition.name == name]
        return [one.finding.message for duty in duties for one in rule.judge(duty, range(1, 99), "")]

    return find
