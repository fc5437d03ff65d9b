"""The inode itself is freed behind a grace period: who is told, and who not."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.document.readings import Mode
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.sleeps.freed_itself import FreedItselfRule

HEAD = """\
struct super_block { void *s_fs_info; };
struct inode { struct super_block *i_sb; void *i_private; };
struct box { struct inode vfs_inode; char *name; };
#define BOX(inode) container_of(inode, struct box, vfs_inode)
static void later(struct rcu_head *head) { kfree(head); }
static void drop(struct box *box) { kfree(box); }
"""
NAMES = """\
static struct dentry *look(struct inode *dir, struct dentry *dentry, unsigned int flags) { return NULL; }
const struct inode_operations i_ops = { .lookup = look };
"""
SOURCE = RuleSource("Documentation/filesystems/porting.rst", 1, "must RCU-free their inodes")
WANTED = Obligation("super_operations", "destroy_inode", "rcu_walk", "rcu", "", "", SOURCE, Mode.ENDED)


@pytest.mark.parametrize(
    ("body", "names", "found"),
    [
        ("kfree(BOX(inode));", NAMES, {Confidence.HIGH}),
        ("struct box *box = BOX(inode); kmem_cache_free(cache, box);", NAMES, {Confidence.HIGH}),
        ("drop(BOX(inode));", NAMES, {Confidence.HIGH}),
        ("kfree(BOX(inode)->name);", NAMES, set()),
        ("call_rcu(&inode->i_rcu, later);", NAMES, set()),
        ("synchronize_rcu(); kfree(BOX(inode));", NAMES, set()),
        ("kfree(BOX(inode));", "", set()),
    ],
)
def test_the_inode_stays_for_a_grace_period(facts_of, body, names, found):
    """A walk looks at it without a reference, but only where names lead to it: a pseudo file system may free at once."""
    table = "const struct super_operations s_ops = { .destroy_inode = destroy };\n"
    text = f"{HEAD}{names}static void destroy(struct inode *inode) {{ {body} }}\n{table}"
    facts = facts_of({"fs/box/a.c": text}, methods=("destroy_inode", "lookup"))
    rule = FreedItselfRule()
    duties, _ = rule.duties(WANTED, facts)

    assert found == {
        one.finding.confidence
        for duty in duties
        for one in rule.judge(duty, range(200), rule.semantic_patch(duty).text)
    }
