"""What a helper puts into a structure of its caller, and whether its result says so."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.holdings.filled import by_habit
from cocci_gen.kinds.takes.holdings.holding import Sure
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.things import things

GOT = "loc->bh = sb_bread(n, 1); if (!loc->bh) return -EIO; "
OTHERS = """\
static int deep(struct loc *loc, int n) { loc->bh = sb_bread(n, 2); if (!loc->bh) return -EIO; return 0; }
static struct buffer_head *own(int n) { return sb_bread(n, 3); }
"""


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        (f"{GOT}return 0;", {("bh", True)}),
        ("loc->bh = sb_bread(n, 1); return loc->bh ? 0 : -EIO;", {("bh", True)}),
        ("struct buffer_head *bh = sb_bread(n, 1); if (!bh) return -EIO; loc->bh = bh; return 0;", {("bh", True)}),
        ("loc->bh = own(n); if (!loc->bh) return -EIO; return 0;", {("bh", True)}),
        ("return deep(loc, n);", {("bh", True)}),
        ("int err = deep(loc, n); if (err) return err; if (n) { brelse(loc->bh); return -EIO; } return 0;", {("bh", True)}),
        (f"if (n) return 0; {GOT}return 0;", {("bh", False)}),
        (f"{GOT}if (n) return -EIO; return 0;", {("bh", False)}),
        (f"{GOT}hidden(loc); return 0;", {("bh", False)}),
        (f"{GOT}brelse(loc->bh); return 0;", set()),
        ("loc->bh = n; return 0;", set()),
    ],
)  # fmt: skip
def test_a_helper_leaves_in_a_member_what_it_took(facts_of, body, filled):
    """Where its result does not say whether, nobody can follow it: that is told, and a leak of it is no finding."""
    text = f"{OTHERS}static int f(struct loc *loc, int n)\n{{\n\t{body}\n}}\n"
    facts = facts_of({"fs/a.c": text})
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")

    found = source.filled(Call("f", True, ("&loc", "n"), 1))

    assert {(one.member, one.clear) for one in found} == filled
    assert {one.position for one in found} <= {0}


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        ("struct buffer_head *bh = sb_bread(n, 1); if (!bh) return -EIO; *out = bh; return 0;", {("", True)}),
        ("*out = sb_bread(n, 1); if (!*out) return -EIO; return 0;", {("", False)}),
        ("struct buffer_head *bh = sb_bread(n, 1); *out = NULL; if (n) return 0; if (!bh) return -EIO; *out = bh; return 0;",
         {("", False)}),
        ("struct buffer_head *bh; *out = NULL; if (n) return 0; bh = sb_bread(n, 1); if (!bh) return -EIO; *out = bh; return 0;",
         {("", True)}),
        ("struct buffer_head *bh; if (n) return 0; bh = sb_bread(n, 1); if (!bh) return -EIO; *out = bh; return 0;",
         {("", False)}),
        ("struct buffer_head *bh; *out = bh = sb_bread(n, 1); return bh ? 0 : -EIO;", {("", True)}),
        ("return far(out, n);", {("", True)}),
        ("struct buffer_head *bh; int err = far(&bh, n); if (err) return err; *out = bh; return 0;", {("", True)}),
        ("struct buffer_head *bh = sb_bread(n, 1); brelse(*out); *out = bh; return bh ? 0 : -EIO;", set()),
    ],
)  # fmt: skip
def test_a_helper_leaves_what_it_took_where_a_pointer_leads(facts_of, body, filled):
    """`err = read_it(inode, &bh);` takes a buffer head without a word of it; who exchanges what is there takes none."""
    far = "struct buffer_head *bh = sb_bread(n, 2); if (!bh) return -EIO; *out = bh; return 0;"
    text = f"static int far(struct buffer_head **out, int n) {{ {far} }}\n"
    facts = facts_of({"fs/a.c": f"{text}static int f(struct buffer_head **out, int n)\n{{\n\t{body}\n}}\n"})
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")

    found = source.filled(Call("f", True, ("&bh", "n"), 1))

    assert {(one.member, one.clear) for one in found} == filled


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        ("int err = load(loc, n); if (err) return err; look(loc->bh); return 0;", {"bh"}),
        ("int err = load(loc, n); if (err) return err; look(loc->bh); unload(loc); return 0;", set()),
        ("int err = load(loc, n); if (err) return err; if (n) { unload(loc); return -EIO; } return 0;", {"bh"}),
    ],
    ids=["leaves it", "gives it back", "gives it back where it fails"],
)
def test_a_helper_that_unloads_what_another_loaded_leaves_nothing(facts_of, body, filled):
    """Who loads and unloads was taken to leave to its caller what it had loaded, as the one that loads may."""
    text = f"""\
static int load(struct loc *loc, int n) {{ loc->bh = NULL; if (n > 3) return 0; {GOT}return 0; }}
static void unload(struct loc *loc) {{ if (loc->bh) brelse(loc->bh); }}
static int f(struct loc *loc, int n) {{ {body} }}
"""
    facts = facts_of({"fs/a.c": text})
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")

    found = source.filled(Call("f", True, ("&loc", "n"), 1))

    assert {one.member for one in found} == filled


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("struct real r; r.file = fget(n); if (n) return -EIO; fput(r.file); return 0;", ["r.file"]),
        ("struct real r = { .file = n }; clone(get_file(r.file)); return n ? -EIO : 0;", []),
        ("struct real *r = n; r->file = fget(n); return n ? -EIO : 0;", []),
    ],
)
def test_a_member_of_its_own_structure_is_a_name(facts_of, body, names):
    """What is taken once more of a member goes to whom it is handed; what stands behind a pointer is not the function's own."""
    facts = facts_of({"fs/a.c": f"static int f(int n)\n{{\n\t{body}\n}}\n"})
    [definition] = facts.index.functions_in("fs/a.c")

    found = takers_of(things()["file"], facts.index, facts.effects).holdings(facts.index.graph(definition), "fs/a.c")

    assert [one.name for one in found] == names


def test_a_release_by_two_names_is_a_release(facts_of):
    """`folio_release_kmap(folio, addr)` is given the folio; that it could find it by the address as well hides nothing."""
    puts = "static void folio_release_kmap(struct folio *folio, void *addr) { folio_put(virt_to_folio(addr)); }\n"
    got = "struct folio *folio = read_mapping_folio(m, n, NULL); void *addr; if (IS_ERR(folio)) return PTR_ERR(folio); "
    body = f"{got}addr = kmap_local_folio(folio, 0); folio_release_kmap(folio, addr); return n ? -EIO : 0;"
    facts = facts_of({"fs/a.c": f"{puts}static int f(struct address_space *m, int n)\n{{\n\t{body}\n}}\n"})
    graph = facts.index.graph(facts.index.definitions("f")[0])

    (found,) = takers_of(things()["page"], facts.index, facts.effects).holdings(graph, "fs/a.c")

    assert {one.state for one in found.explored().arrivals} == {"idle", "back"}


def test_a_pointer_tells_whether_something_was_left(facts_of):
    """`entry = find(dir, &bh); if (!entry) return -ENOENT;` has no buffer head; a leak of it would be told of every directory."""
    found = "bh = sb_bread(n, 1); if (!bh) return NULL; *out = bh; return bh->b_data + n;"
    find = f"static void *find(int n, struct buffer_head **out) {{ struct buffer_head *bh; *out = NULL; {found} }}\n"
    body = "struct buffer_head *bh; void *e = find(n, &bh); if (!e) return -ENOENT; if (n) return -EIO; brelse(bh); return 0;"
    facts = facts_of({"fs/a.c": f"{find}static int f(int n)\n{{\n\t{body}\n}}\n"})
    graph = facts.index.graph(facts.index.definitions("f")[0])

    (held,) = takers_of(things()["buffer"], facts.index, facts.effects).holdings(graph, "fs/a.c")

    kept = {one.result.constant for one in held.breaches(held.explored())}
    assert kept == {"-EIO"}


@pytest.mark.parametrize(
    ("returns", "body", "likely"),
    [
        ("int", "if (*out) return 0; *out = sb_bread(n, 1); return *out ? 0 : -EIO;", True),
        ("int", "return far(out, n);", True),
        ("int", "int err = read_all(n, out); if (err && *out) { brelse(*out); *out = NULL; } return err;", True),
        ("void *", "if (n) return NULL; *out = hidden(n); return raw(*out);", True),
        ("int", "*out = NULL; return n ? -EIO : 0;", False),
        ("int", "brelse(*out); *out = sb_bread(n, 1); return 0;", False),
        ("void", "*out = hidden(n);", False),
        ("int", "return look(*out) ? 0 : -EIO;", False),
        ("int", "struct buffer_head *bh = sb_bread(n, 1); if (!bh) return 0; *out = bh; return -EAGAIN;", False),
    ],
)
def test_something_is_likely_put_where_a_pointer_leads(facts_of, returns, body, likely):
    """What is put there may be taken by a way that nobody sees; who clears the place, exchanges what is there, or fills it when
    it fails does not do as others do."""
    far = "static int far(struct buffer_head **out, int n) { if (n) *out = hidden(n); return n ? 0 : -EIO; }\n"
    far += "static int read_all(int n, struct buffer_head *all[]) { all[0] = hidden(n); return 0; }\n"
    facts = facts_of({"fs/a.c": f"{far}static {returns} f(struct buffer_head **out, int n)\n{{\n\t{body}\n}}\n"})
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")

    found = source.filled(Call("f", True, ("&bh", "n"), 1))

    assert likely is any(one.likely for one in found)


LENDS = (
    "static int show(struct box *box, struct buffer_head **out) { if (!box) return -EIO; *out = box->bh; return 0; }\n"
)
SHOWN = "struct buffer_head *bh; int err = show(box, &bh); if (err) return err; "
GIVES = f"static int g{{}}(struct box *box) {{{{ {SHOWN}brelse(bh); return 0; }}}}\n"


@pytest.mark.parametrize(
    ("others", "body", "names"),
    [
        (0, "if (n) return -EINVAL; return 0;", []),
        (0, "if (n) return -EINVAL; brelse(bh); return 0;", ["bh"]),
        (1, "if (n) return -EINVAL; return 0;", []),
        (2, "if (n) return -EINVAL; return 0;", ["bh"]),
    ],
)
def test_whose_it_is_that_is_likely_put_there_its_callers_tell(facts_of, others, body, names):
    """The helper may show what is somebody else's: the one who gives that back, or whom others do, has it for his own."""
    more = "".join(GIVES.format(number) for number in range(others))
    facts = facts_of({"fs/a.c": f"{LENDS}{more}static int f(struct box *box, int n)\n{{\n\t{SHOWN}{body}\n}}\n"})
    (graph,) = (facts.index.graph(one) for one in facts.index.functions_in("fs/a.c") if one.name == "f")

    found = takers_of(things()["buffer"], facts.index, facts.effects).holdings(graph, "fs/a.c")

    assert [one.name for one in found] == names
    assert all(one.sure is Sure.PERHAPS for one in found)


def test_what_a_likely_one_does_to_what_is_there_is_not_seen(facts_of):
    """A second call may find what the first one put there, or leave it lost; behind a release it is no second release."""
    got = "struct buffer_head *bh = NULL; int err = show(box, &bh); if (err) return err; "
    body = (
        f"{got}if (n) {{ err = show(box, &bh); return err; }} brelse(bh); err = show(box, &bh); brelse(bh); return err;"
    )
    facts = facts_of({"fs/a.c": f"{LENDS}static int f(struct box *box, int n)\n{{\n\t{body}\n}}\n"})
    (graph,) = (facts.index.graph(one) for one in facts.index.functions_in("fs/a.c") if one.name == "f")

    (found,) = takers_of(things()["buffer"], facts.index, facts.effects).holdings(graph, "fs/a.c")
    seen = found.explored()

    assert not found.breaches(seen)
    assert not found.twice(seen)
    assert "unseen" in {one.state for one in seen.arrivals}


def test_a_macro_that_is_one_call_fills_what_that_fills(facts_of):
    """By the argument of the macro that goes where the call puts something."""
    get = "static int __get(int n, int line, struct buffer_head **out) { if (n) return -5; *out = hidden(n); return 0; }\n"
    facts = facts_of(
        {"fs/a.c": f"#define get(b, n) __get((n), __LINE__, (b))\n#define keep(n) __get(n, 1, &all)\n{get}"}
    )
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")

    assert [0] == [one.position for one in source.filled(Call("get", True, ("&bh", "n"), 1))]
    assert () == source.filled(Call("keep", True, ("n",), 1))


@pytest.mark.parametrize(("end", "zero"), [("return 1;", False), ("return 0;", True), ("return n ? 1 : 0;", True)])
def test_an_answer_tells_nothing_of_a_habit(facts_of, end, zero):
    """Who says yes or no says yes when he has done it: to take his zero for success told of a table that was never loaded."""
    text = f"int parse(struct box *box, int n)\n{{\n\tbox->bh = hidden(n);\n\tif (n)\n\t\treturn 0;\n\t{end}\n}}\n"
    graph = facts_of({"fs/a.c": text}).index.graph(facts_of({"fs/a.c": text}).index.definitions("parse")[0])
    assert bool(by_habit(graph)) is zero


def test_what_was_null_once_is_no_other_name(wrongs):
    """`bh = NULL, other = NULL;` made each of the two a name of what a call puts into the first: brelse(other) gave it back."""
    text = """\
static int fill(struct inode *dir, struct buffer_head **out)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;
	*out = bh;
	return 0;
}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bh = NULL, *other = NULL;
	int err = fill(dir, &bh);

	if (err)
		return err;
	if (dir->n) {
		brelse(other);
		return -EINVAL;
	}
	brelse(bh);
	return 0;
}
"""
    assert any("demo_lookup() fails with buffer head bh still referenced" in one for one in wrongs(text))
