"""Tables of address spaces that nobody maps: who is taken for one wrongly is allowed to sleep under a page table lock."""

import pytest

from cocci_gen.facts.unmapped import unmapped

APART = """\
void read_inode(struct inode *inode)
{
	if (inode->i_ino == 1)
		inode->i_mapping->a_ops = &node_aops;
	else
		inode->i_fop = &box_fops;
}
"""
BEHIND = APART.replace("\telse\n\t", "")
BEFORE = """\
void read_inode(struct inode *inode)
{
	inode->i_fop = &box_fops;
	if (inode->i_ino == 1)
		inode->i_mapping->a_ops = &node_aops;
}
"""
METHOD = "bool box_dirty(void) { return true; }\n"
SILENT = "void read_inode(struct inode *inode) { inode->i_mapping->a_ops = &node_aops; }\n"


@pytest.mark.parametrize(
    ("files", "alone"),
    [
        pytest.param({"fs/box/a.c": APART}, True, id="others-get-file-operations"),
        pytest.param({"fs/box/a.c": BEHIND}, False, id="gets-some-behind"),
        pytest.param({"fs/box/a.c": BEFORE}, False, id="has-some-before"),
        pytest.param({"fs/box/a.c": SILENT}, False, id="nobody-gets-any-there"),
        pytest.param({"fs/box/a.c": APART, "fs/box/b.c": SILENT}, False, id="another-function-sets-it-too"),
        pytest.param({"fs/box/a.c": "int x;\n"}, False, id="nobody-sets-it"),
    ],
)
def test_inodes_without_file_operations(facts_of, files, alone):
    """Only where the same code gives file operations to others is the lack of them a decision."""
    index = facts_of({**files, "fs/box/m.c": METHOD}).index
    (asker,) = index.definitions("box_dirty")
    assert alone == unmapped(index, "node_aops", "fs/box/a.c", asker)
    assert bool(index.mentions({}).of_beside("read_inode")) == any("a_ops" in text for text in files.values())
