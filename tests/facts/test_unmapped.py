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
    assert alone == unmapped(facts_of(files).index, "node_aops", "fs/box/a.c")
