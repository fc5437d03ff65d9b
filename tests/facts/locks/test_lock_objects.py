"""Leaf `lock_objects`: which object an expression denotes, seen from the lock that is held."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.locks.lock_objects import lock_objects

NAMES = {"dir": "inode", "dentry": "child", "victim": "dentry", "file": "file", "disk": "disk", "fl": "file_lock"}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("dir", "inode"),
        ("d_inode(victim)", "inode"),
        ("victim->d_inode", "inode"),
        ("d_inode(dentry)", ""),
        ("dentry->d_parent->d_inode", "inode"),
        ("d_inode(dget_parent(dentry))", "inode"),
        ("file->f_path.dentry->d_inode", "inode"),
        ("file_inode(file)->i_mapping->host", "inode"),
        ("(struct dentry *)victim", "dentry"),
        ("&EXT4_I(dir)->vfs_inode", "inode"),
        ("dir->i_sb", "super_block"),
        ("dir->i_private", ""),
        ("stranger", ""),
        ("READ_ONCE(victim->d_inode)", "inode"),
        ("((struct nbd *)disk->private_data)->disk", "disk"),
        ("d_inode(victim) + f(dir)", ""),
        ("d_inode(dir->i_sb->s_root)->i_sb", "super_block"),
        ("d_inode(dget(dir->i_sb->s_root))", "root_inode"),  # not the inode whose lock is held
    ],
)
def test_what_an_expression_denotes(expression, wanted):
    """A lock taken under another name is missed, or that of another object is blamed, when this goes wrong."""
    assert wanted == lock_objects().denoted(expression, NAMES)


def test_the_member_of_an_object():
    """`&inode->i_rwsem` is the lock of that inode, whatever the inode is called."""
    assert ("inode", "i_rwsem") == lock_objects().member_of("&d_inode(victim)->i_rwsem", NAMES)
    assert ("", "") == lock_objects().member_of("&stranger->i_rwsem", NAMES)


def test_a_local_name_that_means_two_things_means_neither():
    """A variable that walks over inodes must not be taken for the one that is locked."""
    text = b"void f(struct inode *dir, struct inode *other) { struct inode *a = dir, *b = dir; b = other; dir->x = 1; }"
    names = lock_objects().local_names(graph_of(text, 1), {"dir": "inode"})

    assert "inode" == names["a"]
    assert "b" not in names


def test_a_member_of_a_local_structure_is_a_name_too():
    """->rename of many file systems keeps what it works on in a structure; one that is set twice means neither."""
    text = b"void f(struct dentry *d) { struct arg old = { .n = g(1, (2)), .inode = d_inode(d) }; old.o = d_inode(d); old.n = 1;}"
    names = lock_objects().local_names(graph_of(text, 1), {"d": "dentry"})

    assert ("inode", "inode") == (names["old.inode"], names["old.o"])
    assert "inode" == lock_objects().denoted("old.inode", names)
    assert "old.n" not in names
    two = text.replace(b"old.n = 1", b"old.inode = next(d)")
    assert "old.inode" not in lock_objects().local_names(graph_of(two, 1), {"d": "dentry"})


def test_a_parameter_that_is_assigned_is_forgotten():
    """What a parameter denotes holds only as long as it holds it."""
    names = lock_objects().local_names(graph_of(b"void f(struct inode *dir) { dir = next(dir); }", 1), {"dir": "inode"})

    assert {} == names
