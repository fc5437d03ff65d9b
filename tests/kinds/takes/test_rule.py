"""The kind `gives_back`: what a finding says."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.takes.rule import AGAIN_HERE

CODE = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;
	brelse(bh);
	if (dentry->d_name)
		brelse(bh);
	return 0;
}
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""
#: A test that has to come out so, one that is made again behind it, and one that leads there either way.
AHEAD = """\
	struct buffer_head *bh;

	if (dir->i_size)
		return -EPERM;
	if (dir->i_flags)
		lock_it(dir);
	if (dir->i_mode)
		count_it(dir);
	bh = sb_bread(dir->i_sb, 1);
	if (dir->i_flags)
		unlock_it(dir);
"""


FAILS = "static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{{\n\tint err;\n\n\t"
FAILS += "mutex_lock(&dir->m);\n\terr = step(dir);\n{}\treturn err;\n}}\n"
FAILS += "static const struct inode_operations demo_ops = {{ .lookup = demo_lookup }};\n"


@pytest.mark.parametrize(
    ("behind", "verb"),
    [
        ("\tif (err)\n\t\treturn -EIO;\n\tmutex_unlock(&dir->m);\n", "fails"),
        ("\tif (dir->n) {\n\t\tmutex_unlock(&dir->m);\n\t\treturn 0;\n\t}\n\tif (err)\n\t\terr = -EIO;\n", "returns"),
    ],
)
def test_what_success_keeps_too_is_not_told_of_failures_alone(facts_of, make_obligation, behind, verb):
    """ "It fails with the lock held" says that it is right where it does not fail."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": FAILS.format(behind)}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    found = [one.finding for duty in rule.duties(obligation, facts)[0] for one in rule.judge(duty, range(1, 20), "")]

    assert {one.message.split()[1] for one in found} == {verb}


def test_both_releases_are_told(facts_of, make_obligation):
    """A message, a mail or a page would show the second release alone, and the reader would look for the first."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": CODE}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    (duty,) = rule.duties(obligation, facts)[0]
    (found,) = (one.finding for one in rule.judge(duty, range(1, 14), "") if "already" in one.finding.message)

    assert [
        (4, "sb_bread() takes buffer head bh"),
        (6, "`bh` is true"),
        (8, "brelse(): the first of the two"),
        (9, "`dentry->d_name` is true"),
        (10, "`brelse(bh);`"),
        (10, "moderate: whether another reference was taken by other means cannot be seen"),
    ] == [(step.line, step.note) for step in found.evidence]


@pytest.mark.parametrize(
    ("code", "says", "why"),
    [
        pytest.param(CODE, "already", "which of the two is too many", id="twice"),
        pytest.param(
            CODE.replace("\tbrelse(bh);\n\tif", "\tspin_lock(&dir->m);\n\tmsleep(1);\n\tspin_unlock(&dir->m);\n\tif"),
            "may sleep",
            "whether the call or the lock must go elsewhere",
            id="asleep",
        ),
    ],
)
def test_a_call_too_many_is_not_one_that_lacks_a_place(facts_of, make_obligation, code, says, why):
    """Of a second release it was said that a person is to decide where the thing is to be given back."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": code}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    found = [one for duty in rule.duties(obligation, facts)[0] for one in rule.judge(duty, range(1, 20), "")]
    (plan,) = (one.plan for one in found if says in one.finding.message)

    assert plan.reason == f"{why} is for a person to decide"


def test_what_is_asked_ahead_of_the_taking_is_told_where_it_leads_there(facts_of, make_obligation):
    """The path of a long function would be twenty lines of tests that have nothing to do with what is kept."""
    code = CODE.replace("\tstruct buffer_head *bh = sb_bread(dir->i_sb, 1);\n", AHEAD).replace(
        "\tbrelse(bh);\n\tif", "\tif"
    )
    (rule,) = RULES["gives_back"]
    facts = facts_of(
        {"fs/a.c": code.replace("\t\tbrelse(bh);\n", "\t\treturn -EIO;\n\tbrelse(bh);\n")}, methods=("lookup",)
    )
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    (duty,) = rule.duties(obligation, facts)[0]
    (found,) = (one.finding for one in rule.judge(duty, range(1, 22), ""))

    assert [
        "`dir->i_size` is false",
        "`dir->i_flags` is false",
        "sb_bread() takes buffer head bh",
        "`dir->i_flags` is false",
        "`bh` is true",
        "`dentry->d_name` is true",
        "`return -EIO;`",
    ] == [step.note for step in found.evidence]


#: A mutex that one way does not give back, and another place that takes it behind that.
AGAIN = """\
struct nest_box { struct mutex lock; int left; };
static int nest_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct nest_box *box = dir->i_private;

	while (dentry->d_name) {
		mutex_lock(&box->lock);
		dentry->d_name = nest_next(dentry);
	}
	mutex_lock(&box->lock);
	nest_settle(box);
	mutex_unlock(&box->lock);
	return 0;
}
static const struct inode_operations nest_ops = { .link = nest_link };
"""


def test_one_release_that_is_missing_is_one_finding(facts_of, make_obligation):
    """ntfs_attr_fallocate() without one up_write() was four findings, three of them at places where nothing is wrong."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": AGAIN}, methods=("link",))
    obligation = replace(make_obligation("link", "gives_back"), struct="inode_operations")
    (duty,) = rule.duties(obligation, facts)[0]
    (found,) = (one.finding for one in rule.judge(duty, range(1, 18), ""))

    assert "nest_link() takes mutex box->lock, which it holds already" == found.message
    assert (7, [10]) == (found.line, [step.line for step in found.evidence if step.note == AGAIN_HERE])


#: A driver, and a file system of one folder.
OPEN = """\
static int NAME_open(struct inode *inode, struct file *file) { return 0; }
static const struct file_operations NAME_fops = { .open = NAME_open };
"""


def test_a_driver_is_not_asked_and_does_not_count_as_settled(facts_of, make_obligation):
    """3,000 functions of drivers that nobody had read stood there as settled by the facts of the tree."""
    (rule,) = RULES["gives_back"]
    beside = "static const struct super_operations nest_sops = { .statfs = nest_statfs };\n"
    files = {"fs/nest/a.c": OPEN.replace("NAME", "nest") + beside, "drivers/twig/a.c": OPEN.replace("NAME", "twig")}
    facts = facts_of(files, methods=("open", "statfs"))
    obligation = replace(make_obligation("open", "gives_back"), struct="file_operations")

    assert rule.asks(obligation, "fs/nest/a.c", facts.index)
    assert not rule.asks(obligation, "drivers/twig/a.c", facts.index)
    assert rule.asks(replace(obligation, struct="inode_operations"), "drivers/twig/a.c", facts.index)


LOSES = "static int demo_change(struct inode *dir)\n{{\n\tmutex_lock(&dir->m);\n\tdir->n++;\n\t{}return 0;\n}}\n"
LOSES += "static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{{\n\tint err = demo_change(dir);\n\n\t"
LOSES += "if (dir->n > 3)\n\t\treturn -EIO;\n\treturn err;\n}}\n"
LOSES += "static const struct inode_operations demo_ops = {{ .lookup = demo_lookup }};\n"


def test_a_lock_that_a_helper_has_lost_is_told_of_there_alone(facts_of, make_obligation):
    """One release that a helper lacked was told of seventeen times, in each of its callers."""
    (rule,) = RULES["gives_back"]
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")

    def told(code):
        duties = rule.duties(obligation, facts_of({"fs/a.c": code}, methods=("lookup",)))[0]
        found = [one.finding for duty in duties for one in rule.judge(duty, range(1, 20), "")]
        return [(one.function, one.message.rpartition(", ")[2]) for one in found]

    assert told(LOSES.format("")) == [("demo_change", "which nobody gives back")]
    assert set(told(LOSES.format("").replace("demo_change", "demo_lock"))) == {
        ("demo_lookup", "which nobody gives back")
    }


FAR = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int demo_read(struct super_block *sb)
{
	struct buffer_head *bh = sb_bread(sb, 1);

	if (!bh)
		return -EIO;
	if (sb->s_flags)
		return -EPERM;
	brelse(bh);
	return 0;
}
static int demo_find(struct inode *dir) { int err = demo_read(dir->i_sb); return err; }
static int demo_get(struct inode *dir) { int err = demo_find(dir); return err; }
static int demo_lookup(struct inode *dir, struct dentry *dentry) { int err = CALL; return err; }
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""


@pytest.mark.parametrize(("call", "sure"), [("demo_find(dir)", "high"), ("demo_get(dir)", "moderate")])
def test_what_is_found_far_below_a_method_is_a_step_less_sure(facts_of, make_obligation, call, sure):
    """A sure finding goes into a series, and so far down fewer of them were right when they were read."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": FAR.replace("CALL", call)}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    found = [one.finding for duty in rule.duties(obligation, facts)[0] for one in rule.judge(duty, range(1, 20), "")]

    assert [(one.function, str(one.confidence)) for one in found] == [("demo_read", sure)]


BY_TABLE = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry) { int err = NFS(dir)->find(dir); return err; }
static const struct demo_ops demo_own = { .find = demo_get };
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""
TELLS = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static struct buffer_head *demo_read(struct inode *dir, int *told)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	*told = bh ? 0 : check(dir);
	return bh;
}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	int err, other = dir->i_size;
	struct buffer_head *bh = demo_read(dir, &err);

	if (!bh)
		return -EIO;
	err = handle(dir, err);
	if (CALL)
		return -EPERM;
	brelse(bh);
	return 0;
}
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""
PUTS = """\
struct inode *ilookup(struct super_block *sb, int number);
static int demo_make(struct inode *dir, struct inode **out)
{
	struct inode *found = ilookup(dir->i_sb, 1);

	if (!found)
		return -EIO;
	*out = found;
	return 0;
}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct inode *made = NULL;
	int err;

	err = demo_make(dir, &made);
	if (err)
		return err;
	iput(made);
	if (made)
		iput(made);
	return 0;
}
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        (PUTS, "moderate"),
        (FAR.partition("static int demo_lookup")[0] + BY_TABLE, "moderate"),
        (TELLS.replace("CALL", "other"), "high"),
        (TELLS.replace("CALL", "err"), "low"),
        (TELLS.replace("CALL", "!err"), "high"),
        (TELLS.replace("CALL", "err").replace("handle(dir, err)", "handle(dir)"), "high"),
        (
            TELLS.replace("CALL", "other")
            .replace("&err", "&told")
            .replace("int err, other", "struct told told; int other")
            .replace("err = handle(dir, err)", "other = handle(dir, told.key)"),
            "high",
        ),
        (TELLS.replace("CALL", "err").replace("err = handle(dir, err)", "handle(dir, &err)"), "high"),
    ],
)
def test_what_is_come_to_by_a_table_or_told_by_the_taker_is_less_sure(facts_of, make_obligation, text, sure):
    """Which table a pointer means nobody knows for sure; what fails by what the taking call has said of itself took nothing."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": text}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    found = [one.finding for duty in rule.duties(obligation, facts)[0] for one in rule.judge(duty, range(1, 99), "")]

    assert [str(one.confidence) for one in found] == [sure]


ADDRESS = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct folio *folio;
	void *table = NULL;

	folio = folio_alloc(dir->gfp, 0);
	if (!folio)
		return -ENOMEM;
	{}
	if (!table)
		return -ENOMEM;
	folio_put(folio);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("sets", "sure"),
    [
        ("table = folio_address(folio);", "low"),
        ("table = dir->table;", "high"),
        ("if (dir->n) {\n\t\ttable = folio_address(folio);\n\t\tput_it(table);\n\t}\n\ttable = dir->table;", "high"),
    ],
)
def test_what_the_way_itself_sets_to_an_address_is_not_null(findings_in, sets, sure):
    """The address of a folio that is there is no NULL; what the variable was before the way set it anew says nothing."""
    assert [one.confidence for one in findings_in(ADDRESS.format(sets))] == [sure]


@pytest.mark.parametrize(("head", "told"), [("static int", 1), ("static int __init", 0)])
def test_what_is_kept_when_the_kernel_starts_stays(wrongs, head, told):
    """Who mounts the first file systems keeps the mounts for good: it was told that nobody gives them back."""
    mounts = "struct vfsmount *mnt = kern_mount(&type);\n\n\tif (IS_ERR(mnt))\n\t\treturn PTR_ERR(mnt);\n\tdir->n++;"
    keep = f"{head} demo_change(struct inode *dir)\n{{\n\t{mounts}\n\treturn 0;\n}}\n"
    code = (
        f"{keep}static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{{\n\treturn demo_change(dir);\n}}\n"
    )
    assert len(wrongs(code, "demo_change")) == told


AROUND = """\
static void frees(struct buffer_head *bh)
{{
	if (bh->b_private)
		return;
	brelse(bh);
}}
static void ends(struct loc *loc)
{{
	{ends};
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct loc loc = {{ .old = 0 }};

	loc.bh = sb_bread(dir->i_sb, 1);
	if (!loc.bh)
		return -EIO;
	if (dir->n) {{
		ends(&loc);
		return -EINVAL;
	}}
	brelse(loc.bh);
	return 0;
}}
"""


@pytest.mark.parametrize(("ends", "told"), [("if (loc->old) brelse(loc->bh)", 0), ("frees(loc->bh)", 1)])
def test_who_asks_the_rest_of_a_structure_may_know_what_there_is(wrongs, ends, told):
    """The old credentials stand beside the new ones, and are there when these are; what is asked of the thing itself is no word
    of whether there is one."""
    assert len(wrongs(AROUND.format(ends=ends))) == told


TABLE = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	{own}

	table = load_nls(1);
	if (!table)
		return -EIO;
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("all_have", "own", "told"), [("", "struct nls_table *table;", 1), ("struct nls_table *table;\n", "", 0)]
)
def test_what_a_variable_of_all_holds_is_found_there(wrongs, all_have, own, told):
    """A table of characters that is loaded once stands where all find it: it was told that nobody unloads it."""
    assert len(wrongs(all_have + TABLE.format(own=own))) == told


@pytest.mark.parametrize(("given", "told"), [("of(dentry)", 0), ("of(dir)", 1)])
def test_what_is_taken_and_given_back_by_what_it_is_found_with(wrongs, given, told):
    """NFS takes the context of a file and gives it back by the file: it was told that the context is kept."""
    take = "struct inode *it = igrab(of(dentry));\n\n\tif (!it)\n\t\treturn 0;\n"
    fail = f"\tif (dir->n) {{\n\t\tiput({given});\n\t\treturn -EIO;\n\t}}\n\tiput(it);\n\treturn 0;\n"
    code = f"static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{{\n\t{take}{fail}}}\n"
    assert len([one for one in wrongs(code) if "still referenced" in one]) == told


@pytest.mark.parametrize(
    ("test", "error", "told"),
    [("dir->n", "-EIO", 1), ("IS_ERR(dentry)", "PTR_ERR(dentry)", 1), ("dir->n", "next(fd)", 0)],
)
def test_a_number_that_an_error_takes_the_place_of(wrongs, test, error, told):
    """A message queue that could not be opened kept its descriptor reserved: the error stands where its number stood."""
    take = "int fd = get_unused_fd_flags(0);\n\n\tif (fd < 0)\n\t\treturn fd;\n"
    fail = f"\tif ({test}) {{\n\t\tfd = {error};\n\t\treturn fd;\n\t}}\n\tput_unused_fd(fd);\n\treturn 0;\n"
    code = f"static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{{\n\t{take}{fail}}}\n"
    assert len([one for one in wrongs(code) if "still reserved" in one]) == told
