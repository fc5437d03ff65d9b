"""What is assigned to a member is a method of that structure if it takes and returns what the header says."""

import pytest

HEADER = """\
struct demo_operations {
	int (*open)(struct inode *, struct file *);
	void (*close)(struct inode *);
};
"""
SOURCE = """\
static %s
{
	return 0;
}
void set_up(struct thing *it)
{
	it->ops.open = demo_open;
}
"""
FITTING = "int demo_open(struct inode *inode, struct file *file)"


def opened(index_of, head, header=HEADER, extra="", source=SOURCE):
    """The functions that ->open of struct demo_operations is in a small tree."""
    files = {"include/linux/demo.h": header, "fs/demo.c": source % head + extra}
    found, _ = index_of(files, methods=("open",)).implementations("demo_operations", "open")
    return [one.definition.name for one in found]


def test_an_assigned_function_with_the_head_of_the_method_is_one(index_of):
    """File systems that fill in their tables at run time would not be looked at."""
    assert ["demo_open"] == opened(index_of, FITTING)


@pytest.mark.parametrize(
    "head",
    [
        "int demo_open(struct input_dev *dev)",
        "int demo_open(struct file *file, struct inode *inode)",
        "struct file *demo_open(struct inode *inode, struct file *file)",
    ],
    ids=["another number", "another order", "another result"],
)
def test_an_assigned_function_with_another_head_is_none(index_of, head):
    """The `open` of every input device and gpio chip would count as a method with rules, and be judged by them."""
    assert [] == opened(index_of, head)


def test_a_file_with_the_line_ends_of_dos_has_heads_too(index_of):
    """Modules that are built for other systems as well end their lines so; what is no method would count as one."""
    assert [] == opened(index_of, "int demo_open(struct input_dev *dev)", source=SOURCE.replace("\n", "\r\n"))


def test_what_no_header_declares_is_kept(index_of):
    """A structure that the headers do not show must not lose its methods."""
    assert ["demo_open"] == opened(index_of, "int demo_open(struct input_dev *dev)", header="")


def test_a_table_needs_no_proof(index_of):
    """A table of a module may be of another age than the headers; it names the method all the same."""
    table = "static const struct demo_operations demo_ops = { .open = demo_open };\n"

    assert ["demo_open"] == opened(index_of, "int demo_open(struct input_dev *dev)", extra=table)
