"""What the nodes of a function do to what it takes: told by what the rule finds wrong with it."""

import pytest

LOOP = """\
static int get(struct super_block *sb, int n, struct buffer_head **out)
{{
	struct buffer_head *bh;

	*out = NULL;
	{get}
	bh = sb_bread(sb, n);
	if (!bh)
		return -EIO;
	*out = bh;
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	{above}
	for (int n = 0; n < 4; n++) {{
		{inside}

		if (n < 2)
			bh = sb_bread(dir->i_sb, n);
		else if (get(dir->i_sb, n, &bh))
			return -EIO;
		if (!bh)
			return -EIO;
		brelse(bh);
		{behind}
	}}
	return 0;
}}
"""
DECLARED = "struct buffer_head *bh;"


@pytest.mark.parametrize("get", ["", "if (n == 9)\n\t\treturn 0;"], ids=["always", "at times"])
@pytest.mark.parametrize(
    ("above", "inside", "behind", "twice"),
    [
        ("", DECLARED, "", False),
        (DECLARED, "", "", False),
        ("", DECLARED, "if (n)\n\t\t\tbrelse(bh);", True),
    ],
    ids=["declared in the loop", "declared above it", "given back twice on a turn"],
)
def test_what_is_filled_anew_on_each_turn_was_not_given_back_before(wrongs, get, above, inside, behind, twice):
    """A variable that a helper sets by its address was said to hold what the turn before had given back."""
    found = wrongs(LOOP.format(get=get, above=above, inside=inside, behind=behind))

    assert ["has done already" in one for one in found] == [True] * twice


EITHER = """\
static int bind(struct box *box, struct address_space *mapping)
{{
	struct folio *folio, *other;

	for (int n = 0; n < box->n; n++) {{
		folio = filemap_get_folio(mapping, n);
		if (IS_ERR(folio)) {{
			other = filemap_alloc_folio(GFP_NOFS, 0);
			if (!other)
				continue;
			folio = NULL;
		}}
		{store}
		folio_put({put});
	}}
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return bind(dir->i_private, dir->i_mapping);
}}
"""
EMPTY = "if (!box->at[n].page) {{ {} continue; }}"


@pytest.mark.parametrize(
    ("store", "put", "lost"),
    [
        (EMPTY.format("box->at[n].page = folio_page(folio ?: other, 0);"), "folio ?: other", 0),
        (EMPTY.format("box->n++;"), "folio", 2),
        (EMPTY.format("box->at[n].page = folio_page(folio, 0);"), "folio", 1),
        ("", "folio ?: other", 0),
    ],
    ids=["either", "none", "the first one", "either back"],
)
def test_what_stands_on_one_side_of_a_choice_is_given_away(wrongs, store, put, lost):
    """`folio ?: other` was read as neither of the two, and both as lost."""
    assert len(wrongs(EITHER.format(store=store, put=put), "bind")) == lost


GIVEN = """\
static int get(struct super_block *sb, struct buffer_head **out)
{{
	if (!*out)
		*out = sb_bread(sb, 1);
	if (!*out)
		return -EIO;
	return 0;
}}
static int direct(struct inode *dir, struct buffer_head **bh)
{{
	struct buffer_head *tmp = {begun};
	int err = get(dir->i_sb, &tmp);

	if (err)
		return err;
	if (dir->i_flags) {{
		if (!*bh)
			brelse(tmp);
		return -EIO;
	}}
	if (!*bh)
		*bh = tmp;
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head *bh = NULL;
	int err = direct(dir, &bh);

	brelse(bh);
	return err;
}}
"""


@pytest.mark.parametrize(("begun", "lost"), [("*bh", 0), ("NULL", 1)], ids=["holds the caller's", "holds none"])
def test_what_a_variable_holds_a_helper_need_not_take(wrongs, begun, lost):
    """A helper that reads only where there is nothing was said to have taken what its caller had given it."""
    assert len(wrongs(GIVEN.format(begun=begun), "direct")) == lost


AT_TIMES = """\
struct walk {{ struct inode *dir; int flags; }};
struct place {{ struct buffer_head *bh; int flags; }};
static int deep(struct walk *walk, struct place *place)
{{
	place->bh = NULL;
	if (walk->dir)
		place->bh = sb_bread(walk->dir->i_sb, 1);
	return 0;
}}
static int load(struct walk *nd, struct place *place)
{{
	if (nd->flags & LAZY)
		return 0;
	return deep(nd, place);
}}
static int step(struct walk *walk, int flags)
{{
	struct place place;
	int err = load(walk, &place);

	if (err)
		return err;
	if ({test}) {{
		if (flags)
			return -ECHILD;
	}} else {{
		brelse(place.bh);
	}}
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return step(dir->i_private, dir->i_flags);
}}
"""


@pytest.mark.parametrize(
    ("test", "lost"),
    [("walk->flags & LAZY", 0), ("walk->flags & OTHER", 1), ("!(walk->flags & LAZY)", 1), ("place.flags & LAZY", 1)],
    ids=["what decides", "another flag", "the other way round", "of another one"],
)
def test_what_decided_in_the_helper_decides_behind_it(wrongs, test, lost):
    """A helper that takes nothing in a lazy walk was said to have taken where the walk was found to be a lazy one."""
    assert len(wrongs(AT_TIMES.format(test=test), "step")) == lost


LATER = """\
struct box {{ struct inode vfs; int n; }};
static struct box *BOX_I(struct inode *inode) {{ return container_of(inode, struct box, vfs); }}
static void add_late_iput(struct box *box) {{ box->n++; }}
static void add_late_use(struct box *box) {{ box->n++; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *inode = ilookup(dir->i_sb, 1);

	if (!inode)
		return -ENOMEM;
	if (dir->i_flags) {{
		{end}
		return -EIO;
	}}
	iput(inode);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("end", "lost"),
    [("add_late_iput(BOX_I(inode));", 0), ("add_late_use(BOX_I(inode));", 1), ("add_late_iput(BOX_I(dir));", 1)],
    ids=["says so", "says something else", "of another one"],
)
def test_who_by_its_name_gives_back_later_is_not_seen_through(wrongs, end, lost):
    """An inode that is handed to a worker to be put was said to be kept where that is given what the inode is a part of."""
    assert len(wrongs(LATER.format(end=end))) == lost


FOUND = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;
	{}
}}
"""
FINDING = "if (check(dir)) {{\n\t\tbrelse(bh);\n\t\treturn -EINVAL;\n\t}}\n\t{}\n\treturn 0;"


@pytest.mark.parametrize(
    ("kept", "alone"),
    [("", True), ("list_add_tail(&bh->b_assoc_buffers, dir->i_private);", False), ("WRITE_ONCE(known_bh, bh);", False)],
    ids=["kept by nobody", "linked into a list", "stored where others read it"],
)
def test_what_others_find_is_handed_over(wrongs, kept, alone):
    """A put right behind the linking, as the fix for a leak, takes from under others what they go through."""
    found = wrongs(FOUND.format(FINDING.format(kept)))

    assert [one for one in found if "still referenced" in one] == [
        "demo_lookup() returns with buffer head bh still referenced, on this way alone"
    ] * alone


NUMBERED = """\
static unsigned long folio_pfn(struct folio *folio) {{ return folio->index; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	unsigned long number = 0;
	struct folio *folio = folio_alloc(1, 0);

	if (!folio)
		return -ENOMEM;
	number = {};
	if (move_it(dir, &number))
		return -EIO;
	folio_put(folio);
	return 0;
}}
"""


@pytest.mark.parametrize(("number", "leaks"), [("dir->i_size", True), ("move_flag | folio_pfn(folio)", False)])
def test_what_is_given_the_number_of_a_page_may_find_it(wrongs, number, leaks):
    """Pages that are moved between devices are handed on by their numbers, and put by who looks them up."""
    found = wrongs(NUMBERED.format(number))

    assert bool([one for one in found if "page folio still referenced" in one]) is leaks


NAMED_BEFORE = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct page *page = dir->i_private;

	if (dir->i_size) {{
		struct folio *folio = {};

		folio_lock(folio);
	}} else {{
		lock_page(page);
	}}
	if (check(dir)) {{
		unlock_page(page);
		return -EIO;
	}}
	unlock_page(page);
	return 0;
}}
"""


@pytest.mark.parametrize(("folio", "leaks"), [("dir->i_folio", True), ("page_folio(page)", False)])
def test_a_page_is_unlocked_by_the_name_that_it_had_before(wrongs, folio, leaks):
    """Half of a function speaks of the page, and the other half of its folio."""
    found = wrongs(NAMED_BEFORE.format(folio))

    assert bool([one for one in found if "page folio still locked" in one]) is leaks


AS_ERROR = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct box *box = dir->i_private;
	struct dentry *ret = ERR_PTR(mutex_lock_interruptible(&box->lock));

	if ({})
		return -EINTR;
	if (check(dir)) {{
		mutex_unlock(&box->lock);
		return -EIO;
	}}
	mutex_unlock(&box->lock);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("test", "keeps"), [("IS_ERR(ret)", False), ("ret", False), ("!ret", True), ("dir->i_size", True)]
)
def test_a_result_that_is_made_an_error_pointer_tells_the_same(wrongs, test, keeps):
    """A function that returns a dentry by now wraps what the helpers of old return."""
    assert bool(wrongs(AS_ERROR.format(test))) is keeps


FOUND_IN = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head *obh = dir->i_private;
	struct folio *folio = obh->b_folio;
	int err;

	folio_lock(folio);
	{}
	err = count(dir->i_size);
	if (err) {{
		folio_unlock({});
		return err;
	}}
	folio_unlock(folio);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("between", "name", "keeps"),
    [
        ("dir->i_size = 0;", "obh->b_folio", False),
        ("obh->b_folio = NULL;", "obh->b_folio", True),
        ("dir->i_size = 0;", "obh->b_other", True),
    ],
)
def test_a_folio_is_unlocked_by_the_place_in_which_it_was_found(wrongs, between, name, keeps):
    """One label speaks of the variable, the other one of where it came from; what is put there meanwhile is another one."""
    assert bool(wrongs(FOUND_IN.format(between, name))) is keeps


AS_NUMBER = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct page *page = find_get_page(dir->i_mapping, 1);

	if (!page)
		return -ENOENT;
	if (dir->i_size) {{
		{};
		return -EIO;
	}}
	put_page(page);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("store", "keeps"),
    [
        ("dir->i_link = (unsigned long)page", False),
        ("dir->i_link = dir->i_bits | (unsigned long) page", False),
        ("dir->i_bits = (unsigned long)page & 3", True),
        ("dir->i_link = dir->i_bits | (unsigned long)dir", True),
    ],
)
def test_a_page_that_is_stored_as_a_number_is_kept_there(wrongs, store, keeps):
    """A scatter list holds its pages with a mark beside each, and whoever frees the list puts them."""
    assert bool(wrongs(AS_NUMBER.format(store))) is keeps


BEGUN = """\
static void drop(struct loc *loc) {{ brelse(loc->bh); }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct loc loc = {{ .at = 1, .bh = sb_bread(dir->i_sb, 1) }};
	if (!loc.bh)
		return -EIO;
	if (look(dir)) {{
		{}
		return -EIO;
	}}
	drop(&loc);
	return 0;
}}
"""


@pytest.mark.parametrize(("gives", "kept"), [("drop(&loc);", False), ("", True)])
def test_what_a_structure_begins_with_has_the_name_of_the_member(wrongs, gives, kept):
    """What an initialiser takes got no name, or that of what was counted, and who gave back the whole structure was unseen."""
    assert wrongs(BEGUN.format(gives)) == (
        ["demo_lookup() fails with buffer head loc.bh still referenced"] if kept else []
    )


STATUS = """\
static {returns} demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	{returns} status = {first};

	if (!bh)
		return {none};
	if (count(dir) != {well})
		{out};
	brelse(bh);
	return {well};
}}
"""


@pytest.mark.parametrize(
    ("returns", "well", "out", "keeps"),
    [
        ("__be32", "nfs_ok", "return nfserr_io", True),
        ("__be32", "nfs_ok", "return nfs_ok", False),
        ("blk_status_t", "BLK_STS_OK", "return errno_to_blk_status(-EIO)", True),
        ("__be32", "nfs_ok", "{ status = nfserr_io; return status ? status : nfs_ok; }", True),
        ("__be32", "0", "{ if (dir->i_ino) return dir->i_ino; }", False),
        ("u32", "0", "return dir->i_ino", False),
    ],
)
def test_a_status_that_is_not_zero_tells_of_a_failure(wrongs, returns, well, out, keeps):
    """Hundreds of functions of nfsd and lockd fail by no error number, and what they keep then was nobody's concern; what is no
    status is a number like any other."""
    text = STATUS.format(returns=returns, first=0, none=well, well=well, out=out)
    assert bool([one for one in wrongs(text) if "fails" in one]) is keeps


ASKED = """\
struct loc {{ struct buffer_head *bh; int at; }};
static int got(struct loc *loc) {{ return loc->at; }}
static int get(struct inode *dir, struct loc *loc)
{{
	loc->bh = sb_bread(dir->i_sb, 1);
	return loc->bh ? 0 : -EIO;
}}
static void drop(struct loc *loc, int n)
{{
	if ({test})
		brelse(loc->bh);
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct loc loc;
	int err = get(dir, &loc);

	if (err)
		return err;
	drop(&loc, dir->i_flags);
	return look(dir) ? -EIO : 0;
}}
"""


@pytest.mark.parametrize(("test", "keeps"), [("got(loc)", False), ("loc->at", False), ("n", True)])
def test_who_asks_the_structure_first_gives_back_what_there_is(wrongs, test, keeps):
    """A helper that looks into the structure whether there is anything was said to leave it at times."""
    assert bool(wrongs(ASKED.format(test=test))) is keeps


COUNTED = """\
struct file *get_file(struct file *file) {{ return file; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct file *file{got};

	if (look(dir))
		return -EIO;
	{gives};
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("got", "gives", "keeps"),
    [
        (" = get_file(dir->i_private)", "fput(file)", True),
        (" = get_file(dir->i_private)", "dir->i_link = file", True),
        (" = dir->i_private", "fput(file)", False),
    ],
)
def test_what_is_counted_has_the_name_that_it_is_given(wrongs, got, gives, keeps):
    """`base = get_file(box->file)` was told of as no name of the function's own, and nothing else."""
    assert bool([one for one in wrongs(COUNTED.format(got=got, gives=gives)) if "still referenced" in one]) is keeps


HASHED = """\
struct inode *new_inode(struct super_block *sb);
static struct inode *made(struct super_block *sb)
{{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	{hash};
	return inode;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *inode = made(dir->i_sb);

	if (!inode)
		return -ENOMEM;
	if (look(dir))
		return -EIO;
	d_instantiate(dentry, inode);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("hashing", "keeps"), [("insert_inode_hash(inode)", True), ("sb_keep(inode)", False), ("inode->i_size = 0", True)]
)
def test_a_new_inode_that_others_find_is_still_its_makers(wrongs, hashing, keeps):
    """Hashed inodes were left to who finds them, and with them all who create one by `..._new_inode()`."""
    assert bool(wrongs(HASHED.format(hash=hashing))) is keeps


UNDONE = """\
struct loc {{ struct buffer_head *bh; int at; }};
static int get(struct inode *dir, struct loc *loc)
{{
	loc->bh = sb_bread(dir->i_sb, 1);
	return loc->bh ? 0 : -EIO;
}}
static int set(struct inode *dir, struct loc *loc, int undo)
{{
	int err = 0;

	if (undo)
		goto out;
	err = get(dir, loc);
	if (err)
		return err;
	err = look(dir);
	if (err)
		goto out;
	return 0;
out:
	brelse(loc->bh);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct loc loc;
	int err = set(dir, &loc, DO);

	if (err)
		return err;
	if (look(dir)) {{
		{undo};
		return -EIO;
	}}
	brelse(loc.bh);
	return 0;
}}
"""


@pytest.mark.parametrize(("undo", "keeps"), [("set(dir, &loc, UNDO)", False), ("note(dir)", True)])
def test_what_gave_it_is_told_to_undo_that(wrongs, undo, keeps):
    """The second call of what puts it into a structure was said to give it back on some of its ways only."""
    assert bool(wrongs(UNDONE.format(undo=undo))) is keeps


OWNED = """\
struct inode *new_inode(struct super_block *sb);
static struct file *demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *inode = new_inode(dir->i_sb);
	struct file *file;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	file = {call}(inode, dir->i_link, "demo", 0, dir->i_fop);
	if (IS_ERR(file))
		{fails}return file;
	return file;
}}
"""


@pytest.mark.parametrize(
    ("call", "fails", "told"),
    [
        ("alloc_file_pseudo", "", ["demo_lookup() fails with inode still referenced"]),
        ("alloc_file_pseudo", "return iput(inode), ", []),
        ("alloc_file_other", "", []),
    ],
)
def test_who_owns_it_when_it_does_not_fail_leaves_it_when_it_does(wrongs, call, fails, told):
    """What a file was made of was said to be given away at times, and a leak where no file was made stayed unseen."""
    assert [one for one in wrongs(OWNED.format(call=call, fails=fails)) if "inode" in one] == told


OPENED = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct dentry *res = d_lookup(dentry, 1);
	int err;

	if (!res)
		return -ENOENT;
	dentry = res;
	if (dir->i_flags) {{
		err = {call};
		goto out;
	}}
	err = count(dir);
out:
	dput(res);
	return err;
}}
"""


@pytest.mark.parametrize(
    ("call", "told"), [("finish_no_open(dir->i_private, res)", 1), ("finish_open(dir->i_private)", 0)]
)
def test_what_an_opened_file_has_is_not_put_again(wrongs, call, told):
    """It was compared by its first argument, which is the file, and a dentry of two names was never put twice."""
    assert sum("which it has done already" in one for one in wrongs(OPENED.format(call=call))) == told


BURIED = """static struct dentry *demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *inode = ilookup(dir->i_sb, 1);

	if (inode && !inode->i_op) {{
		{first}
		inode = ERR_PTR(-EINVAL);
	}}
	return d_splice_alias(inode, dentry);
}}
"""


@pytest.mark.parametrize(("first", "told"), [("", True), ("iput(inode);", False)])
def test_what_is_given_back_behind_an_error_is_the_error(wrongs, first, told):
    """The release of what had been put in its place was taken for its own."""
    found = ["demo_lookup() puts an error into inode, where one inode is still referenced"] if told else []
    assert wrongs(BURIED.format(first=first)) == found


ASKED_AT_ONCE = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct dentry *old = NULL;
	int err = 0;

	if ({test}(old = lookup_one_len("old", dentry, 3))) {{
		err = PTR_ERR(old);
		old = NULL;
	}} else if (look(dir)) {{
		err = -EIO;
	}}
	dput(old);
	return err;
}}
"""


@pytest.mark.parametrize(("test", "told"), [("IS_ERR", False), ("!IS_ERR", True)])
def test_what_is_asked_for_an_error_where_it_is_got_is_none(wrongs, test, told):
    """A name that was cleared behind such a test was said to hold what the call had not given."""
    assert any("clears old" in one for one in wrongs(ASKED_AT_ONCE.format(test=test))) is told
