"""A structure of the function's own that calls begin and end by its address."""

import pytest

OTHERS = "".join(
    f"static int other{n}(struct inode *dir)\n{{\n\tstruct walk w;\n\tint err = walk_first(dir, &w);\n\n"
    "\tif (err)\n\t\treturn err;\n\twalk_release(&w);\n\treturn 0;\n}\n"
    for n in range(4)
)
HEAD = """\
struct walk {{ void *map; int at; }};
static {type} walk_first(struct inode *dir, struct walk *w) {{ w->map = dir->i_private; return {value}; }}
static void walk_release(struct walk *w) {{ w->map = NULL; }}
static int walk_step(struct walk *w) {{ return w->at++; }}
"""
BODY = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct walk w, v;
	int err = walk_first(dir, &w);

	if (err)
		return err;
	{body}
	walk_release(&w);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("if (walk_step(&w)) return -EIO;", True),
        ("if (walk_step(&w)) { walk_release(&w); return -EIO; }", False),
        ("v = w; if (walk_step(&w)) return -EIO;", False),
        ("if (dir->n) goto out; walk_step(&w); if (0) { out: if (w.map) walk_release(&w); return -EIO; }", False),
        ("err = walk_first(dir, &w); if (err) return err;", False),
    ],
    ids=["left", "ended", "copied", "asked", "begun again"],
)
def test_what_is_begun_by_its_address_is_ended_by_it(wrongs, body, told):
    """`struct dnode_of_data dn;` holds pages as a pointer does; a copy has them too, and a call that fails to begin it once more
    may have ended the first."""
    found = wrongs(HEAD.format(type="int", value="w->map ? 0 : -EIO") + OTHERS + BODY.format(body=body))
    assert any("with walk w still referenced" in one for one in found) == told


@pytest.mark.parametrize(
    "head",
    [
        HEAD.format(type="void", value="").replace(" return ;", "").replace("err = ", ""),
        HEAD.format(type="struct walk *", value="w"),
        HEAD.format(type="int", value="w->map ? 0 : -EIO").replace(
            "static void walk_release", "static int walk_release"
        ),
    ],
    ids=["only sets members", "hands back what it is given", "its end may fail"],
)
def test_what_begins_may_fail_and_what_ends_may_not(wrongs, head):
    """Who only sets members takes nothing; `put_user_ifreq(&ifr, user)` copies, and ends nothing."""
    assert not wrongs(head + OTHERS + BODY.format(body="if (walk_step(&w)) return -EIO;"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("if (text[0]) return -EIO; kunmap_local(text);", True),
        ("rest = text + 2; kunmap_local(rest); if (text[0]) return -EIO;", False),
        ("rest = &text[4]; kunmap_local(rest); if (dir->n) return -EIO;", False),
        ("rest = kmap_local_page(0); kunmap_local(rest); if (dir->n) return -EIO; kunmap_local(text);", True),
    ],
    ids=["left", "by one behind", "by an element", "another map"],
)
def test_a_map_is_ended_by_any_address_in_it(wrongs, body, told):
    """A page that stays mapped keeps the task on its processor; any address in the page ends the map."""
    text = f"""\
void *kmap_local_page(struct page *page);
void kunmap_local(void *addr);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	char *rest, *text = kmap_local_page(dir->i_private);

	{body}
	return 0;
}}
"""
    assert any("demo_lookup() fails with map text still in place" in one for one in wrongs(text)) == told


@pytest.mark.parametrize(
    ("asked", "told"), [("page", False), ("dir->n", True)], ids=["of the page", "of something else"]
)
def test_without_a_page_there_is_no_map_of_it(wrongs, asked, told):
    """`if (!IS_ERR_OR_NULL(folio)) folio_release_kmap(folio, header);` ends each map that there is."""
    text = f"""\
struct page *find_page(struct inode *dir);
void *kmap_local_page(struct page *page);
void kunmap_local(void *addr);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	char *text = NULL;
	struct page *page = find_page(dir);

	if (page)
		text = kmap_local_page(page);
	if (dir->i_private)
		goto out;
	return 0;
out:
	if ({asked})
		kunmap_local(text);
	return -EIO;
}}
"""
    assert any("demo_lookup() fails with map text still in place" in one for one in wrongs(text)) == told


@pytest.mark.parametrize(("asked", "told"), [("text", False), ("dir->n", True)], ids=["its map", "something else"])
def test_a_map_may_stand_for_its_page(wrongs, asked, told):
    """`if (data) { kunmap_local(data); folio_put(folio); }`: who asks for the map asks for both."""
    text = f"""\
void *kmap_local_page(struct page *page);
void kunmap_local(void *addr);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	char *text = NULL;
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	text = kmap_local_page(page);
	if (dir->i_private)
		goto out;
	kunmap_local(text);
	put_page(page);
	return 0;
out:
	if ({asked}) {{
		kunmap_local(text);
		put_page(page);
	}}
	return -EIO;
}}
"""
    assert any("demo_lookup() fails with page still referenced" in one for one in wrongs(text)) == told


READY = """\
struct walk {{ struct inode *inode; int at; }};
static void walk_begin(struct inode *dir, struct walk *w) {{ {does} }}
static void walk_init(struct inode *dir, struct walk *w) {{ w->at = 0; walk_begin(dir, w); }}
static void walk_exit(struct walk *w) {{ iput(w->inode); }}
static int walk_step(struct walk *w) {{ return w->at++; }}
{others}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct walk w;

	walk_init(dir, &w);
	{body}
	return 0;
}}
"""
USER = "static int user{n}(struct inode *dir)\n{{\n\tstruct walk w;\n\n\twalk_init(dir, &w);\n\twalk_exit(&w);\n\treturn 0;\n}}\n"
LEAVES = "if (walk_step(&w)) return -EIO;\n\twalk_exit(&w);"


@pytest.mark.parametrize(
    ("does", "users", "body", "told"),
    [
        ("w->inode = igrab(dir);", 4, LEAVES, True),
        ("w->inode = igrab(dir);", 4, "if (walk_step(&w)) return -EIO;", True),
        ("w->inode = igrab(dir);", 4, "if (walk_step(&w)) { walk_exit(&w); return -EIO; } walk_exit(&w);", False),
        ("w->inode = igrab(dir);", 1, LEAVES, False),
        ("memset(w, 0, 8); mutex_init(&w->lock);", 4, LEAVES, False),
    ],
    ids=["left", "never ended", "ended", "used by few", "only sets members"],
)
def test_what_makes_a_structure_ready_may_take_something(wrongs, does, users, body, told):
    """`bch2_trans_iter_init(trans, &iter, id, pos, 0)` cannot fail, and each way out owes bch2_trans_iter_exit(): where the one
    call of that is forgotten, only the others say so."""
    others = "".join(USER.format(n=n) for n in range(users))
    found = wrongs(READY.format(does=does, others=others, body=body))
    assert any("demo_lookup() fails with walk w still referenced" in one for one in found) == told


@pytest.mark.parametrize("does", ["int", "void"])
def test_what_may_fail_may_leave_what_it_begins_to_who_does_well(wrongs, does):
    """What ubifs_budget_space() has set aside for an inode goes to that one once it is dirty, and is kept here on all ways."""
    begins = {
        "int": ("int", "w->inode = igrab(dir); return w->inode ? 0 : -EIO;", "if (walk_init(dir, &w)) return -EIO;"),
        "void": ("void", "w->inode = igrab(dir);", "walk_init(dir, &w);"),
    }
    returns, body, calls = begins[does]
    code = READY.format(
        does=body, others="".join(USER.format(n=n) for n in range(4)), body="if (walk_step(&w)) return -EIO;"
    )
    code = code.replace(
        "static void walk_init(struct inode *dir, struct walk *w) { w->at = 0; walk_begin(dir, w); }\n", ""
    )
    code = code.replace("static void walk_begin", f"static {returns} walk_init").replace(
        "\twalk_init(dir, &w);", f"\t{calls}"
    )
    assert any("demo_lookup() fails with walk w" in one for one in wrongs(code)) == (does == "void")
