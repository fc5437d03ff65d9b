"""What a helper puts into a structure of its caller, and whether its result says so."""

import pytest

from cocci_gen.code.control_flow import Call
from cocci_gen.kinds.takes.takers import takers_of
from cocci_gen.kinds.takes.things import things

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
