"""What ends an object frees at once what rcu-walk looks at: who is told, how sure, and what excuses."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.sleeps.freed import FreedRule

HEAD = """\
struct super_block { void *s_fs_info; };
struct inode { struct super_block *i_sb; void *i_private; };
struct dentry { struct super_block *d_sb; struct inode *d_inode; void *d_fsdata; };
struct box { struct inode vfs_inode; char *name; };
static inline struct info *INFO(struct super_block *sb) { return sb->s_fs_info; }
#define BOX(inode) container_of(inode, struct box, vfs_inode)
void waits(struct super_block *sb) { synchronize_rcu(); }
void may_wait(struct super_block *sb) { if (sb) synchronize_rcu(); }
void generic_shutdown_super(struct super_block *sb) { if (sb->s_root) bdi_unregister(sb->s_bdi); }
void shut(struct super_block *sb) { generic_shutdown_super(sb); }
static void drop(struct info *info) { kfree(info->table); }
static void put(struct info *info) { if (refcount_dec_and_test(&info->refs)) kfree(info); }
"""
HASH = "static int hash(const struct dentry *d, struct qstr *q) {{ {} }}\n"
KILL = "static void kill(struct super_block *sb) {{ {} }}\n"
TABLES = """\
const struct dentry_operations d_ops = {{ .{} }};
const struct {} = {{ .{} }};
"""
HASHES = TABLES.format("d_hash = hash", "file_system_type type", "kill_sb = kill")
READS = "struct info *info = d->d_sb->s_fs_info; return info->table[q->len];"


def obligation(method, struct="dentry_operations"):
    """The cell "rcu-walk" of a method."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "maybe")
    return Obligation(struct, method, "rcu_walk", "rcu", "rcu-walk", "maybe", source)


@pytest.fixture
def told(facts_of):
    """told(text, obligation) -> {what is freed: confidence}, and the lines that could not be followed."""

    def find(text, wanted, **files):
        facts = facts_of({"fs/box/a.c": HEAD + text, **files}, methods=(wanted.method,))
        rule = FreedRule()
        duties, missing = rule.duties(wanted, facts)
        found = [one.finding for duty in duties for one in rule.judge(duty, range(200), rule.semantic_patch(duty).text)]
        return {one.breach.resource_name: one.confidence for one in found}, missing

    return find


@pytest.mark.parametrize(
    ("frees", "found"),
    [
        ("struct info *info = sb->s_fs_info; kill_block_super(sb); kfree(info);", {"s_fs_info": Confidence.HIGH}),
        ("kfree(INFO(sb)->table);", {"s_fs_info->table": Confidence.HIGH}),
        ("drop(INFO(sb));", {"s_fs_info->table": Confidence.HIGH}),
        ("kfree(INFO(sb)->options);", {}),
        ("kfree_rcu(INFO(sb), rcu);", {}),
        ("call_rcu(&INFO(sb)->rcu, release);", {}),
        ("synchronize_rcu(); kfree(INFO(sb));", {}),
        ("waits(sb); kfree(INFO(sb));", {}),
        ("kfree(INFO(sb)); waits(sb);", {"s_fs_info": Confidence.HIGH}),
        ("may_wait(sb); kfree(INFO(sb));", {"s_fs_info": Confidence.LOW}),
        ("shut(sb); kfree(INFO(sb));", {"s_fs_info": Confidence.HIGH}),
        ("put(INFO(sb));", {"s_fs_info": Confidence.MODERATE}),
        ("unload_nls(INFO(sb)->table);", {"s_fs_info->table": Confidence.MODERATE}),
        ("struct info *info = sb->s_fs_info; info = other(sb); kfree(info);", {}),
    ],
)
def test_what_is_freed_at_once(told, frees, found):
    """Each line but the first three was a false alarm, or a false certainty, without its guard."""
    answer, _ = told(HASH.format(READS) + KILL.format(frees) + HASHES, obligation("d_hash"))
    assert answer == {f"{what} of the super block": level for what, level in found.items()}


def test_a_device_of_its_own_ends_behind_a_grace_period(told):
    """What ->kill_sb frees after the shutdown of a super block with such a device was told as sure, and is safe."""
    own = "int fill(struct super_block *sb) { return super_setup_bdi(sb); }\n"
    after = own + KILL.format("shut(sb); kfree(INFO(sb));")
    before = own + KILL.format("kfree(INFO(sb)); shut(sb);")

    assert {"s_fs_info of the super block": Confidence.LOW} == told(
        HASH.format(READS) + after + HASHES, obligation("d_hash")
    )[0]
    assert {"s_fs_info of the super block": Confidence.HIGH} == told(
        HASH.format(READS) + before + HASHES, obligation("d_hash")
    )[0]


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        ("return INFO(d->d_sb)->table[0];", True),
        ("return look(d->d_sb);", True),
        ("return d->d_sb->s_fs_info == q;", False),
        ("return do_look(&INFO(d->d_sb)->lock);", False),
        ("return sizeof(INFO(d->d_sb)->table[0]);", False),
        ('own_debug("%d", INFO(d->d_sb)->size); return 0;', False),
        ("spin_lock(&d->d_lock); q->len = INFO(d->d_sb)->size; spin_unlock(&d->d_lock); return 0;", False),
    ],
)
def test_what_counts_as_a_look(told, reads, found):
    """A walk that only compares, prints, or holds the lock under which the pointer is cleared is no reason to wait."""
    helper = "static int look(struct super_block *sb) { return INFO(sb)->size; }\n"
    text = helper + HASH.format(reads) + KILL.format("kfree(sb->s_fs_info);") + HASHES
    answer, _ = told(text, obligation("d_hash"))
    assert bool(answer) is found


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        ("return *(int *)d->d_fsdata;", True),
        ("if (flags & LOOKUP_RCU) return -ECHILD; return *(int *)d->d_fsdata;", False),
        ("if (!(flags & LOOKUP_RCU)) return *(int *)d->d_fsdata; return 1;", False),
        ("return ask(d, flags & LOOKUP_RCU);", False),
    ],
)
def test_a_walk_that_does_not_come_there_looks_at_nothing(told, reads, found):
    """The value of the flags decides what of ->d_revalidate runs in rcu-walk, in helpers too."""
    ask = "static int ask(struct dentry *d, bool walk) { if (walk) return -ECHILD; return *(int *)d->d_fsdata; }\n"
    check = f"static int check(struct dentry *d, unsigned int flags) {{ {reads} }}\n"
    release = "static void release(struct dentry *d) { kfree(d->d_fsdata); }\n"
    tables = "const struct dentry_operations d_ops = { .d_revalidate = check, .d_release = release };\n"
    answer, _ = told(ask + check + release + tables, obligation("d_revalidate"))
    assert answer == ({"d_fsdata of the dentry": Confidence.HIGH} if found else {})


@pytest.mark.parametrize(("method", "found"), [("evict_inode", True), ("destroy_inode", True), ("free_inode", False)])
def test_a_name_that_is_handed_to_the_walk_stays(told, method, found):
    """->get_link gives the walk a name to read; only ->free_inode comes behind a grace period."""
    text = """\
static const char *link(struct dentry *d, struct inode *inode, void *done) { return BOX(inode)->name; }
static void end(struct inode *inode) { kfree(BOX(inode)->name); }
const struct inode_operations i_ops = { .get_link = link };
"""
    answer, _ = told(
        text + f"const struct super_operations s_ops = {{ .{method} = end }};\n",
        obligation("get_link", "inode_operations"),
    )
    assert answer == ({"name of the structure around the inode": Confidence.HIGH} if found else {})


def test_a_walk_that_is_sent_back_before_reads_no_link(told):
    """Where ->d_revalidate lets no walk pass, none comes to ->get_link."""
    text = """\
static const char *link(struct dentry *d, struct inode *inode, void *done) { return BOX(inode)->name; }
static void end(struct inode *inode) { kfree(BOX(inode)->name); }
static int check(struct dentry *d, unsigned int flags) { if (flags & LOOKUP_RCU) return -ECHILD; return 1; }
const struct inode_operations i_ops = { .get_link = link };
const struct super_operations s_ops = { .evict_inode = end };
const struct dentry_operations d_ops = { .d_revalidate = check };
"""
    assert told(text, obligation("get_link", "inode_operations"))[0] == {}


def test_dentries_of_another_table_are_other_dentries(told):
    """Two tables of one file: what one releases the other never saw."""
    text = """\
static int check(struct dentry *d, unsigned int flags) { return *(int *)d->d_fsdata; }
static void release(struct dentry *d) { kfree(d->d_fsdata); }
const struct dentry_operations one = { .d_revalidate = check };
const struct dentry_operations other = { .d_release = release };
"""
    assert told(text, obligation("d_revalidate"))[0] == {}


def test_another_file_system_of_the_folder_lowers(told):
    """Where a folder has several ->kill_sb, the look in another file may be of the other one."""
    hashes = HEAD + HASH.format(READS) + "const struct dentry_operations d_ops = { .d_hash = hash };\n"
    kills = "static void kill2(struct super_block *sb) { kill_anon_super(sb); }\n" + KILL.format("kfree(INFO(sb));")
    types = "const struct file_system_type a = { .kill_sb = kill };\nconst struct file_system_type b = { .kill_sb = kill2 };\n"
    answer, _ = told(kills + types, obligation("d_hash"), **{"fs/box/b.c": hashes})
    assert answer == {"s_fs_info of the super block": Confidence.MODERATE}


def test_a_folder_of_its_own_is_another_file_system(told):
    """What looks the same in another folder is another object."""
    hashes = HEAD + HASH.format(READS) + "const struct dentry_operations d_ops = { .d_hash = hash };\n"
    kills = KILL.format("kfree(INFO(sb));") + "const struct file_system_type a = { .kill_sb = kill };\n"
    assert told(kills, obligation("d_hash"), **{"fs/other/b.c": hashes})[0] == {}


def test_what_is_freed_through_a_pointer_is_told_of(told):
    """`info->ops->free(info)` may free at once: it is not proof of anything."""
    text = HASH.format(READS) + KILL.format("INFO(sb)->ops->free(INFO(sb)); INFO(sb)->ops->show(INFO(sb));") + HASHES
    answer, missing = told(text, obligation("d_hash"))
    assert answer == {}
    assert [(one.function, "->free" in one.reason) for one in missing] == [("kill", True)]


def test_each_free_is_told_once(facts_of):
    """Several methods look at the same thing; one finding is enough."""
    compare = "static int cmp(const struct dentry *d) { return INFO(d->d_sb)->size; }\n"
    more = "const struct dentry_operations more = { .d_compare = cmp };\n"
    text = HEAD + HASH.format(READS) + compare + KILL.format("kfree(INFO(sb));") + HASHES + more
    facts = facts_of({"fs/box/a.c": text}, methods=("d_hash", "d_compare"))
    duties = [FreedRule().duties(obligation(method), facts)[0] for method in ("d_hash", "d_compare", "d_hash")]
    assert [len(one) for one in duties] == [1, 0, 1]


LINKED = """
struct inode *make(struct super_block *sb)
{
	struct inode *inode = iget_locked(sb, 1);
	struct box *box = BOX(inode);

	inode->i_link = box->name;
	return inode;
}
const char *simple_get_link(struct dentry *d, struct inode *inode, struct delayed_call *done) { return inode->i_link; }
"""
LINKS = TABLES.replace("dentry_operations", "inode_operations").format(
    "get_link = simple_get_link", "super_operations ops", "evict_inode = evict"
)


def test_the_name_of_a_link_is_read_under_another_name(told):
    """What `i_link` points to belongs to the file system, which frees it under its own name, too early."""
    wanted = obligation("get_link", "inode_operations")
    evict = "static void evict(struct inode *inode) {{ kfree(BOX(inode)->{}); }}\n"
    freed, _ = told(LINKED + evict.format("name") + LINKS, wanted)
    other, _ = told(LINKED + evict.format("other") + LINKS, wanted)

    assert {"name of the structure around the inode": Confidence.HIGH} == freed
    assert {} == other
