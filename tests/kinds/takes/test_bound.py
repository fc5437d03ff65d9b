"""Which functions `gives_back` binds."""

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.kinds.takes.bound import bound_functions

SOURCE = RuleSource("locking.rst", 1, "a row")
FILES = "static int box_open(struct inode *inode, struct file *file) { return box_do(file); }\n"
TABLE = "const struct file_operations box_fops = { .open = box_open };\n"
SUPER = "const struct super_operations box_sops = { .statfs = box_statfs };\n"


def bound(facts_of, struct, method, files):
    """(name, how it is reached) of the functions that a method binds."""
    facts = facts_of(files, methods=("open", "get_tree", "statfs", "dirty_folio", "kill_sb", "lookup"))
    found, _ = bound_functions(Obligation(struct, method, "gives_back", "", PROSE, "", SOURCE), facts)
    return [(one.definition.name, [step.note for step in one.chain]) for one in found]


def test_what_is_handed_on_to_be_called_is_a_helper(facts_of):
    """What fills in a superblock takes the most, and is called by none of the file system's own functions."""
    text = """\
static int box_fill(struct super_block *sb, struct fs_context *fc) { return 0; }
static int box_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, box_fill);
}
const struct fs_context_operations box_ops = { .get_tree = box_get_tree };
"""

    assert bound(facts_of, "fs_context_operations", "get_tree", {"fs/box/a.c": text}) == [
        ("box_get_tree", []),
        ("box_fill", ["box_get_tree() hands box_fill() on"]),
    ]


def test_drivers_are_not_asked_what_locking_rst_says_of_file_systems(facts_of):
    """Any driver has file operations; a file system has a table of another structure beside them."""
    driver, own = {"drivers/box/a.c": FILES + TABLE}, {"fs/box/a.c": FILES + TABLE, "fs/box/super.c": SUPER}

    assert [] == bound(facts_of, "file_operations", "open", driver)
    assert [("box_open", [])] == bound(facts_of, "file_operations", "open", {**driver, **own})
