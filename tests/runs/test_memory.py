"""What an earlier run remembers: a tree that has changed a little must say what a scan of all of it would say."""

import shutil
from types import SimpleNamespace

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import find_version
from cocci_gen.facts.tree.mentions import KeptMentions, Mentions
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs import making, memory
from cocci_gen.runs.making import Request, make_run
from cocci_gen.runs.memory import Memory, setup_key
from cocci_gen.scan.changes import Changed, plain_change
from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, read_rules
from cocci_gen.scan.regions import Region

ASKED = ("*.read_folio.*", "*.writepage.writeback", "*.setattr.callers")
TOLD = ("findings.jsonl", "unexamined.jsonl", "examined.jsonl")
HELPERS = b"""
int shared_helper(struct page *page)
{
	unlock_page(page);
	return 0;
}
"""
USER = b"""#include <linux/fs.h>
int shared_helper(struct page *page);
static int %(name)s_read_folio(struct file *file, struct folio *folio)
{
	if (!file)
		return shared_helper(&folio->page);
	folio_unlock(folio);
	return 0;
}
const struct address_space_operations %(name)s_aops = {
	.read_folio = %(name)s_read_folio,
};
"""
HANDS_ON = b"\t\treturn shared_helper(&folio->page);\n"
IN_OTHER_WORDS = b"\t\treturn shared_helper(  &folio->page );\n"
ALONE = USER.replace(b"int shared_helper(struct page *page);\n", b"").replace(HANDS_ON, b"\t\treturn -EIO;\n") % {
    b"name": b"three"
}


BESIDE = b"int beside(int a)\n{\n\treturn a;\n}\n"
#: A method that unlocks by a macro of its own, and one that does so by a function of a header.
MACRO = b"#define finish(folio) folio_unlock(folio)\n" + USER.replace(
    b"\tfolio_unlock(folio);", b"\tfinish(folio);"
) % {b"name": b"four"}
HEADER = b"""static inline int header_unlock(struct folio *folio)
{
	folio_unlock(folio);
	return 0;
}
"""
INLINE = b'#include "finish.h"\n' + USER.replace(b"\tfolio_unlock(folio);", b"\theader_unlock(folio);") % {
    b"name": b"five"
}
#: A method of a table of which the method beside it, in another file, decides how sure a finding is.
WRITING = b"""#include <linux/fs.h>
static int six_writepage(struct page *page, struct writeback_control *wbc)
{
	if (sealed(page->mapping->host))
		return 0;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
const struct address_space_operations six_aops = {
	.read_folio = six_read_folio,
	.writepage = six_writepage,
};
"""
READING = b"""#include <linux/fs.h>
int six_read_folio(struct file *file, struct folio *folio)
{
	int err = -EACCES;
	if (sealed(folio->mapping->host))
		goto out;
	err = get(folio);
out:
	folio_unlock(folio);
	return err;
}
"""
#: A call of a method three calls deep, of which those who lead to it, in another file, decide whether it holds a lock.
INNER = b"""#include <linux/fs.h>
static int inner_set(struct inode *inode, struct dentry *dentry)
{
	return inode->i_op->setattr(0, dentry, 0);
}
static int inner_walk(struct inode *inode, struct dentry *dentry)
{
	return inner_set(inode, dentry);
}
int inner_entry(struct inode *inode, struct dentry *dentry)
{
	return inner_walk(inode, dentry);
}
"""
OUTER = b"""#include <linux/fs.h>
int outer_calls(struct inode *inode, struct dentry *dentry)
{
	return inner_entry(inode, dentry);
}
int outer_locks(struct inode *inode, struct dentry *dentry)
{
	inode_lock(inode);
	inode_unlock(inode);
	return 0;
}
"""
#: A helper that keeps a lock which nobody gives back, where nobody in another folder calls it.
KEEPING = b"""#include <linux/fs.h>
int eight_begin(struct box *box)
{
	mutex_lock(&box->lock);
	box->n++;
	return box->n;
}
static int eight_read_folio(struct file *file, struct folio *folio)
{
	int n = eight_begin(file->private_data);
	folio_unlock(folio);
	return n < 0 ? n : 0;
}
const struct address_space_operations eight_aops = {
	.read_folio = eight_read_folio,
};
"""
#: What stands beside it, and what stands beside its like in another folder and gives the lock back.
MORE = b"void more(struct box *box)\n{\n\tbox->n = 0;\n}\n"
ENDING = MORE.replace(b"box->n = 0", b"mutex_unlock(&box->lock)")
#: A method that breaks its rule, in one folder, and the table that names it, in another.
SHARED = USER.partition(b"const struct")[0].replace(b"static ", b"").replace(b"\tfolio_unlock(folio);\n", b"") % {
    b"name": b"shared"
}
NAMING = b"""#include <linux/fs.h>
int shared_read_folio(struct file *file, struct folio *folio);
const struct address_space_operations naming_aops = {
	.read_folio = shared_read_folio,
};
"""
#: What a table of the folder has for a call three calls below a method, where it gives back what it takes.
DIGS = b"""#include <linux/fs.h>
static int ten_dig(struct box *box)
{
	mutex_lock(&box->lock);
	if (box->n < 0) {
		mutex_unlock(&box->lock);
		return -EIO;
	}
	mutex_unlock(&box->lock);
	return 0;
}
const struct bed_operations ten_bed = {
	.dig = ten_dig,
};
"""
ASKING = b"""#include <linux/fs.h>
static int ten_third(struct box *box)
{
	return box->ops->dig(box);
}
static int ten_second(struct box *box)
{
	int n = ten_third(box);
	return n;
}
static int ten_first(struct box *box)
{
	int n = ten_second(box);
	return n;
}
static int ten_read_folio(struct file *file, struct folio *folio)
{
	int n = ten_first(file->private_data);
	folio_unlock(folio);
	return n;
}
const struct address_space_operations ten_aops = {
	.read_folio = ten_read_folio,
};
"""
#: What keeps a lock, two calls below a function that leads to it, or does not.
KEEPS = b"""#include <linux/fs.h>
int eleven_dig(struct box *box)
{
	mutex_lock(&box->lock);
	if (box->n < 0)
		return -EIO;
	mutex_unlock(&box->lock);
	return 0;
}
int eleven_lead(struct box *box)
{
	int n = eleven_dig(box);
	return n;
}
"""
LEADS = b"int eleven_lead(struct box *box);\n" + ASKING.replace(b"ten", b"eleven")
LEADS = LEADS.replace(b"return box->ops->dig(box)", b"return eleven_lead(box)")


@pytest.fixture(scope="module")
def first(tmp_path_factory, corpus, make_repository, need):
    """A folder with a repository `k` of two users of one helper and a `cache` in which its scan is remembered; what was told."""
    need("spatch")
    rest = {path: text for path, text in corpus.kernel("6.1").items() if not path.startswith("fs/")}
    files = {f"fs/{name}/file.c": USER % {b"name": name.encode()} for name in ("one", "two")}
    files |= {"fs/three/file.c": ALONE, "fs/beside.c": BESIDE, "fs/naming/file.c": NAMING, "fs/shared/file.c": SHARED}
    files |= {"fs/six/write.c": WRITING, "fs/six/read.c": READING}
    files |= {"fs/seven/inner.c": INNER, "fs/seven/outer.c": OUTER}
    files |= {"fs/eight/file.c": KEEPING, "fs/eight/more.c": MORE}
    files |= {"fs/nine/file.c": KEEPING.replace(b"eight", b"nine"), "fs/nine/more.c": ENDING}
    files |= {"fs/ten/bed.c": DIGS, "fs/ten/file.c": ASKING}
    files |= {"fs/eleven/bed.c": KEEPS, "fs/eleven/file.c": LEADS}
    files |= {"fs/twelve/bed.c": KEEPS.replace(b"eleven", b"twelve")}
    files |= {"fs/twelve/file.c": LEADS.replace(b"eleven", b"twelve").replace(b"twelve_lead(box);", b"box->n;")}
    files |= {"fs/four/file.c": MACRO, "fs/five/file.c": INLINE, "fs/five/finish.h": HEADER}
    place = tmp_path_factory.mktemp("first")
    folder = make_repository(place / "k", {**rest, **files, "fs/helpers.c": HELPERS})
    return place, scanned(folder, place / "before", place / "cache")


@pytest.fixture
def tree_of(tmp_path, first):
    """(repository, change): the same, its scan remembered in the folder `cache` beside it; each change is one more commit."""
    place, _ = first
    for name in ("k", "cache"):
        shutil.copytree(place / name, tmp_path / name)
    folder = tmp_path / "k"

    def change(path, text):
        with KernelTree.open(folder) as tree:
            words = f"commit refs/heads/master\ncommitter t <t@t> 1700000001 +0000\ndata 1\nxfrom {tree.commit}\n"
            words += f"M 100644 inline {path}\ndata {len(text)}\n"
            branch = tree.git("symbolic-ref", "HEAD").strip()
            tree.git(
                "fast-import", "--quiet", stdin=words.encode().replace(b"refs/heads/master", branch) + text + b"\n"
            )

    return folder, change


def scanned(folder, out, cache, timeout=60.0):
    """A run over HEAD; what it tells.  With another timeout no scan is remembered, only what spatch said of equal jobs."""
    options = ScanOptions(ASKED, jobs=1, timeout=timeout)
    with KernelTree.open(folder) as tree:
        make_run(tree, Request(options, out, cache, "spatch", "a test"))
    return [(out / name).read_bytes() for name in TOLD]


CHANGES = {
    "a remark below": ("fs/one/file.c", lambda text: text + b"/* nothing */\n"),
    "a string below": ("fs/one/file.c", lambda text: text + b'char *one = "/* nothing";\n'),
    "a line above": ("fs/one/file.c", lambda text: b"\n" + text),
    "the helper keeps the lock": ("fs/helpers.c", lambda text: text.replace(b"\tunlock_page(page);\n", b"\n")),
    "the helper moves": ("fs/helpers.c", lambda text: b"\n\n" + text),
    "what stands beside the helper changes": ("fs/beside.c", lambda text: text.replace(b"return a", b"return 2 * a")),
    "a table moves": ("fs/naming/file.c", lambda text: b"\n\n" + text),
    "the helper keeps the lock further down": (
        "fs/helpers.c",
        lambda text: b"\n" + text.replace(b"\tunlock_page(page);\n", b""),
    ),
    "the helper goes": ("fs/helpers.c", lambda text: b"int other;\n"),
    "a method hands on no longer": ("fs/five/file.c", lambda text: text.replace(HANDS_ON, b"\t\treturn -EIO;\n")),
    "a method hands on in other words": ("fs/five/file.c", lambda text: text.replace(HANDS_ON, IN_OTHER_WORDS)),
    "a method breaks": ("fs/two/file.c", lambda text: text.replace(b"\tfolio_unlock(folio);\n", b"")),
    "a table changes": ("fs/two/file.c", lambda text: text.replace(b".read_folio =", b".writepage =")),
    "a macro that is used changes": ("fs/four/file.c", lambda text: text.replace(b"folio_unlock(folio)\n", b"0\n")),
    "a macro that nobody uses changes": ("fs/four/file.c", lambda text: b"#define unused 1\n" + text),
    "a header's function changes": (
        "fs/five/finish.h",
        lambda text: b"\n" + text.replace(b"\tfolio_unlock(folio);\n", b""),
    ),
    "a header declares something else": ("fs/five/finish.h", lambda text: text + b"int finish_more(void);\n"),
    "the method beside it changes": ("fs/six/read.c", lambda text: text.replace(b"-EACCES", b"0")),
    "who leads to it takes the lock": (
        "fs/seven/outer.c",
        lambda text: text.replace(b"{\n", b"{\n\tinode_lock(inode);\n", 1),
    ),
    "who has the lock leads to it": (
        "fs/seven/outer.c",
        lambda text: text.replace(b"\tinode_unlock", b"\tinner_entry(inode, dentry);\n\tinode_unlock"),
    ),
    "another folder calls the helper that keeps a lock": (
        "fs/beside.c",
        lambda text: text.replace(b"return a", b"return eight_begin(a)"),
    ),
    "another folder knows the helper that keeps a lock": (
        "fs/beside.c",
        lambda text: b"int eight_begin(struct box *box);\n" + text,
    ),
    "somebody gives back what the helper keeps": ("fs/eight/more.c", lambda _: ENDING),
    "nobody gives back any longer what a helper keeps": ("fs/nine/more.c", lambda _: MORE),
    "what a table has for a call far below keeps a lock": (
        "fs/ten/bed.c",
        lambda text: text.replace(b"\t\tmutex_unlock(&box->lock);\n", b""),
    ),
    "nobody leads any longer to what keeps a lock far below": (
        "fs/eleven/file.c",
        lambda text: text.replace(b"return eleven_lead(box)", b"return box->n"),
    ),
    "somebody leads to what keeps a lock far below": (
        "fs/twelve/file.c",
        lambda text: text.replace(b"return box->n", b"return twelve_lead(box)"),
    ),
    "what is far below keeps no lock any longer": (
        "fs/eleven/bed.c",
        lambda text: text.replace(b"\t\treturn -EIO;", b"\t\tn = 0;"),
    ),
    "a macro comes": ("fs/two/file.c", lambda text: b"#define shared_helper(x) 0\n" + text),
}


SAME = {
    "a header declares something else",
    "a method hands on in other words",
    "a remark below",
    "a string below",
    "what stands beside the helper changes",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_small_change_says_what_a_whole_scan_says(first, tree_of, tmp_path, name):
    """A finding that is lost because somebody wanted to be quick is the worst that can happen."""
    (_, before), (folder, change) = first, tree_of
    path, edit = CHANGES[name]
    with KernelTree.open(folder) as tree:
        text = tree.read(path)
    change(path, edit(text))

    assert text != edit(text)
    quick = scanned(folder, tmp_path / "quick", tmp_path / "cache")
    assert quick == scanned(folder, tmp_path / "whole", tmp_path / "cache", timeout=61.0)
    assert (quick == before) == (name in SAME)


def test_what_only_moves_has_nobody_else_looked_at_again(tree_of, tmp_path, monkeypatch):
    """A line that is put into a file that all call into would have the whole kernel scanned."""
    folder, change = tree_of
    change("fs/naming/file.c", b"\n\n" + NAMING)
    looked = []
    examination = making.Examination
    monkeypatch.setattr(making, "Examination", lambda *words: looked.append(words[3].focus) or examination(*words))
    scanned(folder, tmp_path / "quick", tmp_path / "cache")

    assert [{"fs/naming/file.c"}] == [set(focus.files) for focus in looked]


def test_what_did_not_change_is_not_looked_at_again(tree_of, tmp_path, monkeypatch):
    """One changed file of a kernel would cost as much as all of them."""
    folder, change = tree_of
    change("fs/three/file.c", b"\n" + ALONE)
    looked = []
    examination = making.Examination
    monkeypatch.setattr(making, "Examination", lambda *words: looked.append(words[3].focus) or examination(*words))
    scanned(folder, tmp_path / "quick", tmp_path / "cache")

    assert [{"fs/three/file.c"}] == [set(focus.files) for focus in looked]


def test_whom_a_method_hands_on_to_is_looked_at_without_the_others_who_do(tree_of, tmp_path, monkeypatch):
    """A method that changes would have all methods looked at that end in one generic function, half of all."""
    folder, change = tree_of
    change("fs/five/file.c", INLINE.replace(HANDS_ON, IN_OTHER_WORDS))
    looked = []
    examination = making.Examination
    monkeypatch.setattr(making, "Examination", lambda *words: looked.append(words[3].focus) or examination(*words))
    scanned(folder, tmp_path / "quick", tmp_path / "cache")

    assert [{"fs/five/file.c", "fs/helpers.c"}] == [set(focus.files) for focus in looked]


def test_who_calls_in_its_file_is_told_anew_of_a_caller_of_a_method():
    """Whether it holds the lock is read from its callers in the file, which may change while it does not."""
    changed = Changed(frozenset({("fs/a.c", "outer")}), frozenset(), frozenset(), frozenset())
    index = SimpleNamespace(entries_naming=lambda name: ())
    region = Region(index, Mentions(KeptMentions((), (), b"", {}), {}), changed)

    assert region.holds(("file_operations.open.callers", "fs/a.c", "inner"))
    assert not region.holds(("file_operations.open.callers", "fs/b.c", "inner"))
    assert not region.holds(("file_operations.open.returns", "fs/a.c", "inner"))


def test_who_is_called_by_what_changed_in_its_folder_is_told_anew(tree_of):
    """What its callers hand a helper decides whether it can break its rule at all."""
    folder, change = tree_of
    with KernelTree.open(folder) as before:
        change("fs/one/file.c", (USER % {b"name": b"one"}).replace(b"(!file)", b"(!file && other(file))"))
        with KernelTree.open(folder) as after:
            index = SimpleNamespace(
                version=0,
                methods=frozenset(),
                entries_naming=lambda name: (),
                definitions_in=lambda name, folder: (),
                tabled_in=lambda method, folder: (),
            )
            changed = plain_change(before, after, index)

    assert {("fs/one", "other"), ("fs/one", "shared_helper")} <= changed.calls


@pytest.mark.parametrize(
    "added",
    [
        pytest.param(b"int f(void)\n{\n\treturn super_setup_bdi(0);\n}\n", id="a-device-of-the-folder"),
        pytest.param(b"void f(struct inode *i)\n{\n\ti->i_mapping->a_ops = &one_aops;\n}\n", id="a-table-that-is-set"),
        pytest.param(b"int f(void)\n{\n\treturn folio_start_fscache(0);\n}\n", id="a-flag-that-is-set"),
        pytest.param(b"@@@ no C\n", id="what-nobody-reads"),
    ],
)
def test_what_is_looked_for_in_a_whole_folder_is_no_plain_change(tree_of, added):
    """Who asks a folder for a word has read all its functions, and would not be asked again."""
    folder, change = tree_of
    with KernelTree.open(folder) as before:
        change("fs/one/file.c", (USER % {b"name": b"one"}) + added)
        with KernelTree.open(folder) as after:
            index = SimpleNamespace(
                version=0, methods=frozenset(), entries_naming=lambda name: (), search=lambda words: ()
            )
            assert plain_change(before, after, index) is None


def test_what_lies_beside_what_changed_is_not_looked_at(tree_of, tmp_path, monkeypatch):
    """A folder of a file system has hundreds of functions that read nothing of the one that changed."""
    folder, change = tree_of
    change("fs/helpers.c", HELPERS.replace(b"return 0", b"return 1"))
    looked = []
    examination = making.Examination
    monkeypatch.setattr(making, "Examination", lambda *words: looked.append(words[3].focus) or examination(*words))
    scanned(folder, tmp_path / "quick", tmp_path / "cache")

    readers = {(f"fs/{name}/file.c", f"{name}_read_folio") for name in ("one", "two", "shared", "four", "five")}
    assert looked[0].functions == readers | {("fs/helpers.c", "shared_helper")}


def test_of_the_old_tree_only_what_is_told_anew_is_asked(tree_of, tmp_path, monkeypatch):
    """Both trees would be asked everything where a method hands one of many obligations on to whom others hand it on too."""
    folder, change = tree_of
    change("fs/two/file.c", USER.replace(b"(!file)", b"(file == NULL)") % {b"name": b"two"})
    asked = []
    scan = making.Examination.scan

    def noted(self, chosen, progress=lambda stage, done, total: None):
        asked.append({one.id for one in chosen})
        return scan(self, chosen, progress)

    monkeypatch.setattr(making.Examination, "scan", noted)
    scanned(folder, tmp_path / "quick", tmp_path / "cache")

    assert len(asked[0]) > 1
    assert asked[1:]
    assert all(again < asked[0] for again in asked[1:])


def test_scans_of_other_repositories_push_none_out(tree_of, monkeypatch):
    """Who looks at changes of five clones would have the kernel scanned anew for the sixth."""
    folder, _ = tree_of
    kept = {}
    kept_in = Memory(SimpleNamespace(get=kept.get, put=kept.__setitem__), "setup")
    monkeypatch.setattr(memory, "scan_to_bytes", lambda scan: scan)
    monkeypatch.setattr(memory, "scan_from_bytes", lambda data, commit, chosen: data)
    with KernelTree.open(folder) as tree:
        kept_in.keep(tree, b"its scan")
        for number in range(9):
            kept_in.keep(SimpleNamespace(commit=f"{number:040x}", tree=f"{number:040x}"), b"of another clone")

        assert [scan for _, scan in kept_in._earlier(tree, ())] == [b"its scan"]


def test_a_scan_that_is_asked_for_again_is_the_latest(tree_of, tmp_path):
    """A nightly scan of the same tree would be forgotten for those of branches that nobody asks for any longer."""
    folder, _ = tree_of
    cache = tmp_path / "cache"
    scanned(folder, tmp_path / "first", cache)
    with JobCache(cache / "jobs.sqlite") as jobs:
        options = ScanOptions(ASKED, jobs=1)
        setup = setup_key(options, find_version("spatch"))
        kept_in = Memory(jobs, setup)
        (own,) = kept_in._commits()
        kept_in.note(SimpleNamespace(commit="of another tree"))
    scanned(folder, tmp_path / "again", cache)

    with JobCache(cache / "jobs.sqlite") as jobs:
        assert Memory(jobs, setup)._commits() == [own, "of another tree"]


DEEP = b"""#include <linux/fs.h>
struct buffer_head *sb_bread(struct super_block *sb, int n);
void brelse(struct buffer_head *bh);
static int ten_far(struct inode *dir)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 2);

	if (!bh)
		return -EIO;
	if (dir->i_size > 2)
		return -EINVAL;
	brelse(bh);
	return 0;
}
static int ten_third(struct inode *dir)
{
	dir->i_size++;
	return ten_far(dir) ? -EIO : 0;
}
static int ten_second(struct inode *dir)
{
	dir->i_size++;
	return ten_third(dir) ? -EIO : 0;
}
static int ten_first(struct inode *dir)
{
	dir->i_size++;
	return ten_second(dir) ? -EIO : 0;
}
static int ten_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *dir = attr->dir;
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;
	if (dir->i_size > 4)
		return -EINVAL;
	brelse(bh);
	return ten_first(dir);
}
static const struct inode_operations ten_iops = { .setattr = ten_setattr };
"""


def test_what_is_remembered_is_as_sure_as_it_is_alone(tree_of, tmp_path):
    """What lies far down is sure by the same fault near a method: put together with parts of another tree, in which that is
    mended, it would have stayed so."""
    folder, change = tree_of
    change("fs/ten/file.c", DEEP)
    options = ScanOptions(("*.setattr.gives_back",), jobs=1)
    with KernelTree.open(folder) as tree, JobCache(tmp_path / "cache" / "jobs.sqlite") as jobs:
        run = make_run(tree, Request(options, tmp_path / "out", tmp_path / "cache", "spatch", "a test"))
        chosen = chosen_obligations(read_rules(tree), options.rules)
        remembered = Memory(jobs, setup_key(options, find_version("spatch"))).of(tree, chosen)

    def sure(scan):
        return {one.finding.function: str(one.finding.confidence) for one in scan.findings}

    assert sure(run.scan) == {"ten_setattr": "high", "ten_far": "high"}
    assert sure(remembered) == {"ten_setattr": "high", "ten_far": "moderate"}
