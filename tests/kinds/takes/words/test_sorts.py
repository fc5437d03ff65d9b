"""The sorts of states: what a text says of them before its words are looked at."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.words.sorts import giving_back, states, what_of


@pytest.mark.parametrize("state", states(), ids=lambda one: one.thing.name)
def test_every_call_that_takes_a_state_is_seen_by_a_part_of_its_name(state):
    """Else a folder whose helpers lock by one of several functions would have no helpers, and what they lock is never kept."""
    for name in state.thing.taking | state.zero | state.nonzero:
        assert state.is_named_in(f"int f(struct bed *bed)\n{{\n\treturn {name}(bed);\n}}\n".encode())
    assert not state.is_named_in(b"int f(struct bed *bed)\n{\n\treturn sow(bed);\n}\n")


@pytest.mark.parametrize(
    ("callee", "undone"),
    [
        ("mutex_lock_interruptible_nested", "mutex_unlock(&bed->lock)"),
        ("down_read_killable", "up_read(&bed->lock)"),
        ("down_read_non_owner", "up_read_non_owner(&bed->lock)"),
        ("down_write_trylock", "up_write(&bed->lock)"),
        ("spin_lock_irqsave", "spin_unlock_irqrestore(&bed->lock, flags)"),
        ("spin_lock_bh", "spin_unlock_bh(&bed->lock)"),
        ("mmap_write_lock_killable", "mmap_write_unlock(&bed->lock)"),
        ("mnt_want_write_file", "mnt_drop_write_file(&bed->lock)"),
        ("downgrade_write", ""),
        ("insert_inode_locked", ""),
        ("sow", ""),
    ],
)
def test_the_release_that_makes_a_pair_with_a_taking(callee, undone):
    """A lock for reading that a fix gives back as one for writing is worse than the fault."""
    assert giving_back(Call(callee, True, ("&bed->lock", "flags"), 1)) == undone


def test_what_stands_further_on_in_a_call(wrongs):
    """A path is filled in by the last argument of several: it was nobody's to give back where a lookup had succeeded."""
    code = (
        "static int f(struct inode *dir, int n)\n{\n\tstruct path path;\n\tint err = kern_path(name_of(dir, 1), n, &path);\n"
        "\tif (err)\n\t\treturn err;\n\tif (n > 3)\n\t\treturn -EINVAL;\n\tpath_put(&path);\n\treturn 0;\n}\n"
    )
    code += "static int demo_lookup(struct inode *dir, int n)\n{\n\treturn f(dir, n);\n}\n"
    assert wrongs(code, "f") == ["f() fails with path still referenced"]


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("", True),
        ("*where = path;", False),
        ("dir->where.mnt = path.mnt;", False),
        ("mnt = path.mnt;", True),
        ("path.dentry = other(dir);", False),
        ("sink(path.dentry);", True),
    ],
    ids=["kept", "copied", "a part is put elsewhere", "a part has a name", "another part", "a part is looked at"],
)
def test_a_path_that_is_copied_goes_with_its_copy(wrongs, between, kept):
    """A structure has no name of its own: who copies it may leave to the copy what it refers to."""
    code = (
        "static void sink(struct dentry *dentry) { }\n"
        "static int f(struct inode *dir, struct path *where, int n)\n{\n\tstruct path path;\n\tstruct vfsmount *mnt;\n"
        f"\tint err = kern_path(name_of(dir, 1), n, &path);\n\tif (err)\n\t\treturn err;\n\t{between}\n"
        "\tif (n > 3)\n\t\treturn -EINVAL;\n\tpath_put(&path);\n\treturn 0;\n}\n"
    )
    code += "static int demo_lookup(struct inode *dir, int n)\n{\n\treturn f(dir, dir->where, n);\n}\n"
    assert ("f() fails with path still referenced" in wrongs(code, "f")) is kept


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (
            "struct path *path",
            "err = kern_path(name_of(dir), n, path); if (err) return err; err = may(n); if (dir->n) path_put(path); return err;",
        ),
        (
            "int m",
            "err = kern_path(name_of(dir, 1), n, &own); if (err) return err; dput(own.dentry); mntput(own.mnt); return 0;",
        ),
    ],
    ids=["for a caller", "part by part"],
)
def test_a_path_is_never_lost(wrongs, given, body):
    """Who fills in what he was given hands it over, and who gives its parts back has given it back."""
    code = f"static int f(struct inode *dir, {given}, int n)\n{{\n\tstruct path own;\n\tint err;\n\t{body}\n}}\n"
    code += "static int demo_lookup(struct inode *dir, int n)\n{\n\treturn f(dir, dir->where, n);\n}\n"
    assert not any("still referenced" in one for one in wrongs(code, "f"))


FILLS = """\
struct dentry *d_find_alias(struct inode *inode);
static int kern_path(char *name, int flags, struct path *path)
{
	path->dentry = d_find_alias(name);
	return path->dentry ? 0 : -ENOENT;
}
static int f(struct inode *dir, int n)
{
	struct path path = {};
	int err;
	if (n > 5)
		return -ENOENT;
	err = kern_path(0, n, &path);
	if (err)
		return err;
	if (n > 3)
		return -EINVAL;
	path_put(&path);
	return 0;
}
static int demo_lookup(struct inode *dir, int n)
{
	return f(dir, n);
}
"""


def test_a_path_and_its_parts_are_told_of_once(wrongs, looked_at):
    """The dentry of a path goes with it; and one that is set to nothing ahead refers to nothing that anybody could have left."""
    assert wrongs(FILLS, "f") == ["f() fails with path still referenced"]
    assert not [one for one in looked_at(FILLS)[1] if one.function == "f"]


def test_a_bracket_alone_takes_nothing():
    """Of what no function takes by its first argument a bracket is no taking: each text would seem to begin with one."""
    (path,) = [one for one in states() if one.thing.name == "path"]
    assert path.taken.search(b"f(x); g(y, z);") is None
    assert path.taken.search(b"err = kern_path(name, 0, &path);") is not None
    assert path.ends_first(b"{ path_put(path); }")


def test_the_last_argument():
    """What starts I/O takes the buffer behind one argument, or two: it ends the lock when it is done, wherever it stands."""
    (state,) = (one for one in states() if one.thing.name == "buffer_lock")
    for given in (("flags", "bh"), ("op", "flags | F(a, b)", "bh")):
        text = f"lock_buffer(bh); submit_bh({', '.join(given)}); return 0;"
        assert what_of(Call("submit_bh", True, given, 1)) == "bh"
        assert not state.in_text(text.encode())
    assert state.in_text(b"lock_buffer(bh); submit_bh(flags, other); return 0;")


def test_who_is_given_a_buffer_may_start_its_end():
    """A buffer that is put aside for a later round of I/O is unlocked by that; to look at it, or to put it, starts none."""
    (state,) = (one for one in states() if one.thing.name == "buffer_lock")
    may = {
        name: state.may_be_ended_by(Call(name, True, ("bh",), 1), {"bh"})
        for name in ("chunk_add", "brelse", "wait_on_buffer")
    }
    assert may == {"chunk_add": True, "brelse": False, "wait_on_buffer": False}
