"""Kind callers: what shows that a function which takes nothing is not called with the lock."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.document.readings import Mode
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.locks.callers import CallerRule

SOURCE = RuleSource("Documentation/filesystems/locking.rst", 1, "a row")


def owed(identifier, resource):
    """The obligation of that id: whoever calls the method holds the lock."""
    struct, method, kind = identifier.split(".")
    return Obligation(struct, method, kind, resource, "column", "text", SOURCE, Mode.EXCLUSIVE, "")


UNLINK, SYNC = owed("inode_operations.unlink.callers", "i_rwsem"), owed("super_operations.sync_fs.callers", "s_umount")
READ = owed("super_operations.quota_read.callers", "dqio_sem")


@pytest.fixture
def said(tmp_path, make_repository):
    """said(obligation, path=text, ...) -> the messages of `callers`; said.told: of whom it is said that other files decide,
    said.beside: of whom it is noted that something hangs on them."""

    def find(obligation, files):
        number = len(list(tmp_path.iterdir()))
        repository = make_repository(tmp_path / f"tree-{number}", {path: text.encode() for path, text in files.items()})
        with KernelTree.open(repository) as tree:
            index = KernelIndex(tree, tmp_path / f"index-{number}", frozenset({obligation.method}))
            index.update(1)
            rule = CallerRule()
            duties, missing = rule.duties(obligation, TreeFacts(tree, index, Effects(index)))
            found = [one.finding for duty in duties for one in rule.judge(duty, range(1, 99), "")]
            names = {one.name for path in files for one in index.functions_in(path)}
            find.beside = {name for name in names if index.mentions({}).of_beside(name)}
            find.told = {one.function for one in missing}
            find.evidence = [(step.file, step.line) for one in found for step in one.evidence]
            index.close()
        return [one.message.partition(", and ")[2] for one in found]

    return find


TABLE = "const struct quota_format_ops a%s = { .read_file_info = %s };\n"
WIDE = "static int wide(struct super_block *sb) { down_read(&%s->dqio_sem); sb->s_op->quota_read(sb); up_read(&%s->dqio_sem); }\n"
NARROW = "static int narrow(struct super_block *sb) { return sb->s_op->quota_read(sb); }\n"


@pytest.mark.parametrize(
    ("of", "files", "breaks"),
    [
        (
            "sb_dqopt(sb)",
            {"fs/quota/a.c": WIDE + TABLE % (1, "wide"), "fs/quota/b.c": NARROW + TABLE % (2, "narrow")},
            True,
        ),
        ("other", {"fs/quota/a.c": WIDE + TABLE % (1, "wide"), "fs/quota/b.c": NARROW + TABLE % (2, "narrow")}, False),
        ("sb_dqopt(sb)", {"fs/quota/a.c": WIDE, "fs/quota/b.c": NARROW + TABLE % (2, "narrow")}, False),
        (
            "sb_dqopt(sb)",
            {
                "fs/quota/a.c": WIDE + TABLE.replace("quota_format_ops", "other_ops") % (1, "wide"),
                "fs/quota/b.c": NARROW + TABLE % (2, "narrow"),
            },
            False,
        ),
        (
            "sb_dqopt(sb)",
            {
                "fs/quota/a.c": WIDE + "static int narrow(void);\n" + TABLE % (1, "wide"),
                "fs/quota/b.c": NARROW + "int reached(void) { return narrow(0); }",
                "fs/quota/c.c": "static int narrow(struct super_block *sb) { return 0; }\n" + TABLE % (3, "narrow"),
            },
            False,
        ),
    ],
    ids=["of what it is given", "of another thing", "not of the table", "of another table", "a namesake of the table"],
)
def test_who_takes_the_lock_as_the_same_method_is_not_called_with_it(said, of, files, breaks):
    """The caller of both formats would deadlock in the one that takes the lock, so that the other is called without; a lock of
    something else, or a function that is called otherwise, says nothing."""
    files = {path: text.replace("&%s->", f"&{of}->") for path, text in files.items()}
    found = said(READ, files)

    assert breaks is any("wide(), called as ->read_file_info() too, takes itself" in one for one in found)
    if breaks:
        assert ("fs/quota/a.c", 1) in said.evidence
        assert "wide" in said.beside


CALL = "dir->i_op->unlink(dir, d)"


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        (f"if (x) inode_lock(dir); e = {CALL}; return e;", True),
        (f"if (x) inode_lock(other); e = {CALL}; return e;", False),
        (f"if (x) down_write(&dir->i_rwsem); e = {CALL}; return e;", True),
        (f"e = {CALL}; gone(dir); inode_lock(dir); return e;", False),
        (f"if (x) {{ inode_lock(dir); return 0; }} return {CALL};", False),
        (f"if (x) inode_trylock(dir); return {CALL};", False),
    ],
)
def test_who_takes_the_lock_on_another_way_is_not_called_with_it(said, body, breaks):
    """The VFS is believed to be called with what the table promises, but not where it takes that itself in one branch; what
    comes behind the call may take back what a callee has released."""
    files = {"fs/namei.c": f"static int f(struct inode *dir, struct dentry *d, int x) {{ {body} }}\n"}

    assert breaks is any("takes on another way" in one for one in said(UNLINK, files))


WRITE = "int f(struct super_block *sb, int wait) { if (wait) e = sb->s_op->sync_fs(sb, wait); return e; }\n"
MOMENT = "down_read(&sb->s_umount); up_read(&sb->s_umount);"


@pytest.mark.parametrize(
    ("caller", "path", "breaks"),
    [
        (f"{MOMENT} return f(sb, 1);", "fs/demo/a.c", True),
        (f"{MOMENT} return f(sb, wait);", "fs/demo/b.c", True),
        (f"{MOMENT} return f(sb, wait);", "fs/other/b.c", False),
        (f"{MOMENT} return f(sb, 0);", "fs/demo/a.c", False),
        (f"{MOMENT.replace('sb->', 'other->')} return f(sb, 1);", "fs/demo/a.c", False),
        (f"{MOMENT} down_read(&sb->s_umount); return f(sb, 1);", "fs/demo/a.c", False),
        (f"{MOMENT} lock_it(sb); return f(sb, 1);", "fs/demo/a.c", False),
        ("return f(sb, 1);", "fs/demo/a.c", False),
        ("f(sb, 1); down_read(&sb->s_umount); return 0;", "fs/demo/a.c", False),
    ],
    ids=[
        "here",
        "in its folder",
        "elsewhere",
        "not reached",
        "of another",
        "again",
        "perhaps again",
        "never",
        "behind",
    ],
)
def test_who_is_called_behind_the_release_is_not_called_with_the_lock(said, caller, path, breaks):
    """A caller that has had the lock and gives it back before the call does not hold it there."""
    text = f"int g(struct super_block *sb, struct super_block *other, int wait) {{ {caller} }}\n"
    files = {"fs/demo/a.c": WRITE}
    files[path] = files.get(path, "") + text
    found = said(SYNC, files)

    assert breaks is any("nor does g() hold it" in one for one in found)
    assert said.told == set() if breaks else {"f"}
    if breaks:
        assert "g" in said.beside


REMOVE = "int rm(struct inode *dir, struct dentry *d) { return dir->i_op->unlink(dir, d); }\n"


@pytest.mark.parametrize(
    ("caller", "breaks"),
    [
        ("inode_lock(p->d_inode); d = look(p); return rm(p->d_inode, d);", True),
        ("d = look(p); return rm(d_inode(p), d);", True),
        ("inode_lock(p->d_inode); d = look(p); inode_lock(d->d_inode); return rm(p->d_inode, d);", False),
        ("d = look_locked(p); return rm(p->d_inode, d);", False),
        ("return rm(d_inode(p), given);", False),
        ("return rm(d_inode(p), given->child);", False),
        ("return rm(d_inode(p), look(p));", False),
    ],
    ids=[
        "locks the parent",
        "locks nothing",
        "locks it",
        "perhaps locks it",
        "was given it",
        "was given its owner",
        "no name",
    ],
)
def test_what_a_caller_has_looked_up_nobody_above_has_locked(said, caller, breaks):
    """Whoever deletes has the directory locked, which says nothing of the lock of the victim; only who has found the victim can
    have locked that."""
    files = {"fs/namei.c": f"{REMOVE}int g(struct dentry *p, struct dentry *given) {{ struct dentry *d; {caller} }}\n"}

    assert breaks is any("which has looked up d" in one for one in said(UNLINK, files))


@pytest.mark.parametrize(
    ("identifier", "body", "breaks"),
    [
        ("unlink", "inode_lock(dir); return dir->i_op->unlink(dir, d);", True),
        ("unlink", "inode_lock(d->d_inode); return dir->i_op->unlink(dir, d);", False),
        ("unlink", "lock_both(dir, d); return dir->i_op->unlink(dir, d);", False),
        ("create", "return dir->i_op->create(dir, d);", False),
    ],
)
def test_a_victim_is_one_of_the_methods_that_have_one(said, identifier, body, breaks):
    """->create makes its inode, so that there is none to be locked; and who locks anything but the directory may mean it."""
    obligation = owed(f"inode_operations.{identifier}.callers", "i_rwsem")
    code = f"static int rm(struct inode *dir, struct dentry *d) {{ {body} }}\n"
    code += "int g(struct dentry *p) { struct dentry *d = look(p); return rm(p->d_inode, d); }\n"

    assert breaks is any("of the victim" in one for one in said(obligation, {"fs/demo/a.c": code}))


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("if (x) { inode_lock(a); inode_lock(b); } else inode_lock(a); CALL inode_unlock(a); inode_unlock(b);", True),
        ("inode_lock(a); if (x) inode_lock(b); CALL if (x) inode_unlock(b); inode_unlock(a);", False),
        ("inode_lock(a); inode_lock(x); CALL inode_unlock(b);", False),
        ("c = b; if (x) inode_lock(b); else inode_lock(c); CALL inode_unlock(b);", False),
        ("b = c; if (x) inode_lock(b); else inode_lock(c); CALL inode_unlock(b);", False),
        ("if (x) inode_lock(b); else lock_two(a, b); CALL inode_unlock(b);", False),
    ],
    ids=["in one branch only", "under the same test", "under another name", "a copy", "its origin", "by a helper"],
)
def test_the_lock_of_another_inode_is_not_the_one_that_is_released(said, body, breaks):
    """Of two children one was not locked, and the lock of the other passed for it."""
    body = "b = d->child; " + body.replace("CALL", f"e = {CALL};")
    files = {
        "fs/namei.c": f"int f(struct inode *dir, void *d, void *a, void *b, void *c, int x) {{ {body} return e; }}\n"
    }

    assert breaks is any("takes i_rwsem of b, which line 1 releases" in one for one in said(UNLINK, files))


QTREE = """\
static int read(struct super_block *sb) { return sb->s_op->quota_read(sb); }
static int walk(struct super_block *sb) { return read(sb); }
int entry(struct super_block *sb) { return walk(sb); }
"""


@pytest.mark.parametrize(
    ("caller", "path", "breaks"),
    [
        ("down_read(&sb_dqopt(sb)->dqio_sem); entry(sb); up_read(&sb_dqopt(sb)->dqio_sem);", "fs/quota/b.c", False),
        ("down_read(&sb_dqopt(sb)->dqio_sem); up_read(&sb_dqopt(sb)->dqio_sem); entry(sb);", "fs/quota/b.c", True),
        ("down_read(&sb_dqopt(sb)->dqio_sem); entry(sb); up_read(&sb_dqopt(sb)->dqio_sem);", "fs/other/b.c", True),
    ],
    ids=["in its folder", "released before", "elsewhere"],
)
def test_a_lock_of_the_folder_further_up_is_seen(said, caller, path, breaks):
    """A helper of a helper was reported although the other file of the folder locks around all of it; that it is for other
    files to say is told."""
    files = {"fs/quota/a.c": QTREE, path: f"int g(struct super_block *sb) {{ {caller} }}\n"}

    assert breaks is bool(said(READ, files))
    assert said.told == (set() if breaks else {"read"})
    if not breaks:
        assert {"walk", "entry", "g"} <= said.beside
