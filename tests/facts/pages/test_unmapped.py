"""Tables of address spaces that nobody maps: who is taken for one wrongly is allowed to sleep under a page table lock."""

import pytest

from cocci_gen.facts.pages.unmapped import unmapped, untagged

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


SPACE = "void init(struct address_space *space) { space->a_ops = &node_aops; keep(space); }\n"
UNTAGGED = SPACE.replace("keep(space)", "mapping_set_no_writeback_tags(space)")
OTHER = SPACE.replace("keep(space)", "mapping_set_no_writeback_tags(other)")
TABLE = "const struct address_space_operations node_aops = { .dirty_folio = noop_dirty_folio };\n"


@pytest.mark.parametrize(
    ("files", "alone"),
    [
        pytest.param({"fs/box/a.c": UNTAGGED}, True, id="told"),
        pytest.param({"fs/box/a.c": SPACE}, False, id="not-told"),
        pytest.param({"fs/box/a.c": OTHER}, False, id="another-mapping-is-told"),
        pytest.param({"fs/box/a.c": UNTAGGED, "fs/box/b.c": SPACE.replace("init", "more")}, False, id="not-everywhere"),
        pytest.param({"fs/box/a.c": "int x;\n"}, False, id="nobody-sets-it"),
        pytest.param({"fs/box/a.c": TABLE}, True, id="dirties-without"),
        pytest.param({"fs/box/a.c": TABLE.replace("noop", "filemap")}, False, id="dirties-with"),
        pytest.param({"fs/box/b.c": TABLE}, False, id="another-table"),
    ],
)
def test_mappings_that_keep_no_tags(facts_of, files, alone):
    """A page that is stored elsewhere and unlocked clean would be a sure finding, with a writeback around nothing as its fix."""
    index = facts_of({**files, "fs/box/m.c": METHOD}).index
    (asker,) = index.definitions("box_dirty")
    assert alone == untagged(index, "node_aops", "fs/box/a.c", asker)
    assert bool(index.mentions({}).of_beside("init")) == any("init(" in text for text in files.values())
