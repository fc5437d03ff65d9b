"""Stage 3 `index`: who implements what and where, kept per blob, so that nothing is parsed twice."""

import os
import re
import signal
import sqlite3
from contextlib import ExitStack, closing

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.tree import indexed_files
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.index_file import BrokenIndexError, IndexStoreError
from cocci_gen.kernel.tree import KernelTree

OPS = "static const struct address_space_operations {0}_aops = {{ .writepage = {1} }};\n"
FN = "{1}int {0}(struct page *page)\n{{\n\treturn 0;\n}}\n"


def paths(definitions):
    """Where definitions lie."""
    return [definition.path for definition in definitions]


def test_definitions_are_found_by_name_in_path_order(index_of):
    """Two runs over one tree must list the same things in the same order."""
    index = index_of({"fs/b.c": FN.format("demo", ""), "fs/a.c": "\n" + FN.format("demo", "")})

    assert [("fs/a.c", 2), ("fs/b.c", 1)] == [(one.path, one.span.line) for one in index.definitions("demo")]
    assert () == index.definitions("other")


def test_a_name_that_loops_is_looked_for_in_no_file(index_of):
    """Each of the thousands of files with `list_for_each_entry(...) {` would be parsed to find that none defines it."""
    loop = FN.format("user", "").replace("return 0;", "list_for_each_box(page, boxes) {\n\t\tpage++;\n\t}\n\treturn 0;")
    index = index_of({"fs/a.c": loop})

    assert () == index.resolve("list_for_each_box", "fs/b.c") == index.definitions("list_for_each_box")
    (blob,) = index._files.outlines.functions.blobs("user")
    assert not index._files.is_parsed(blob)


@pytest.mark.parametrize(
    "head", ["int box_foreach", "struct box *box_foreach", "int\nbox_foreach", "long *\nbox_foreach"]
)
def test_a_function_that_sounds_like_a_loop_is_found(index_of, head):
    """ocfs2_dir_foreach(), ea_foreach() of gfs2, erofs_getxattr_foreach(): what they take and keep was seen by nobody."""
    index = index_of({"fs/a.c": f"{head}(int (*f)(void))\n{{\n\treturn f();\n}}\n"})

    assert ["fs/a.c"] == paths(index.resolve("box_foreach", "fs/a.c")) == paths(index.resolve("box_foreach", "fs/b.c"))


def test_programs_of_user_space_are_left_out(index_of):
    """A helper of tools/ is no definition of a kernel function of the same name, and no rule binds it."""
    index = index_of(
        {f"{folder}/a.c": FN.format("demo", "") for folder in ("tools", "scripts", "samples", "Documentation", "fs")}
        | {"fs/a.S": "demo:"}
    )

    assert (["fs/a.c"], 1) == (paths(index.definitions("demo")), index.files)


def test_what_is_parsed_later_is_no_longer_unknown(index_of):
    """What is remembered of a name while one folder was looked at must not hide the definitions of others."""
    index = index_of({"fs/a/a.c": FN.format("demo", ""), "fs/b/b.c": FN.format("demo", "")})

    assert ["fs/a/a.c"] == paths(index.definitions_in("demo", "fs/a"))
    assert ["fs/b/b.c"] == paths(index.definitions_in("demo", "fs/b"))
    assert ["fs/a/a.c", "fs/b/b.c"] == paths(index.definitions("demo"))


def test_the_tables_of_a_folder_are_those_of_its_files(index_of):
    """A folder that is asked about after another has its own entries, and none of the other's."""
    function = FN.format("demo", "static ")
    index = index_of({f"fs/{one}/{one}.c": function + OPS.format(one, "demo") for one in "ab"})

    for folder in ("fs/a", "fs/b", "fs"):
        found = [entry.path for entry in index.tabled_in("writepage", folder)]

        assert found == ([f"{folder}/{folder[-1]}.c"] if folder != "fs" else [])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"fs/a/b.c": "static ", "fs/a/a.c": "static "}, ["fs/a/a.c"]),
        ({"fs/a/b.c": "", "fs/c/c.c": ""}, ["fs/a/b.c"]),
        ({"fs/a/b.c": "static ", "mm/c.c": ""}, ["mm/c.c"]),
        ({"fs/c/c.c": "static "}, []),
        ({"include/linux/c.h": "static inline ", "mm/c.c": ""}, ["mm/c.c"]),
        ({"include/linux/c.h": "static inline ", "net/c.h": "static inline "}, ["include/linux/c.h"]),
        ({"arch/x86/c.c": "", "mm/c.c": ""}, ["mm/c.c"]),
        ({"arch/x86/c.c": "", "arch/arm/c.c": ""}, ["arch/arm/c.c", "arch/x86/c.c"]),
        ({"mm/c.c": "", "lib/c.c": ""}, ["lib/c.c", "mm/c.c"]),
    ],
    ids=[
        "own file first", "own folder first", "static ones stay in their file", "a static one elsewhere is another",
        "a file before a stub", "a header that all see", "generic before arch", "variants all count", "several all count",
    ],
)  # fmt: skip
def test_a_name_means_what_its_caller_sees(index_of, files, expected):
    """Effects of a helper of another file system would be taken for those of ours."""
    index = index_of({path: FN.format("demo", words) for path, words in files.items()})

    assert expected == paths(index.resolve("demo", "fs/a/a.c"))


def test_architectures_see_their_own(index_of):
    """Code of an architecture may well mean the function of that architecture."""
    index = index_of({"arch/x86/c.c": FN.format("demo", ""), "mm/c.c": FN.format("demo", "")})

    assert ["arch/x86/c.c", "mm/c.c"] == paths(index.resolve("demo", "arch/x86/kernel/a.c"))


def test_implementations_are_found_across_files(index_of):
    """`.writepage = fn` with fn in another file is how every larger file system does it."""
    index = index_of(
        {
            "fs/a/ops.c": OPS.format("one", "a_writepage") + OPS.format("two", "a_writepage"),
            "fs/a/file.c": FN.format("a_writepage", ""),
        }
    )
    (found,), lost = index.implementations("address_space_operations", "writepage")

    assert ("fs/a/file.c", "a_writepage") == (found.definition.path, found.definition.name)
    assert [("one_aops", "fs/a/ops.c", 1), ("two_aops", "fs/a/ops.c", 2)] == [
        (entry.variable, entry.path, entry.line) for entry in found.entries
    ]
    assert () == lost


def test_an_entry_that_leads_nowhere_is_told(index_of):
    """A function that is made by a macro cannot be examined, and that must be said."""
    index = index_of({"fs/a.c": OPS.format("one", "macro_made")})
    found, (lost,) = index.implementations("address_space_operations", "writepage")

    assert ((), "macro_made", "fs/a.c") == (found, lost.entry.function, lost.entry.path)


def test_other_structures_with_the_method_do_not_count(index_of):
    """->open of an inode and ->open of a tty owe different things."""
    code = FN.format("demo", "static ") + "struct other_operations ops = { .writepage = demo };\n"

    assert ((), ()) == index_of({"fs/a.c": code}).implementations("address_space_operations", "writepage")


def test_an_assignment_implements_the_method_too(index_of):
    """Whether a table is filled by an initialiser or at run time, its function is bound."""
    code = FN.format("demo", "static ") + "void set(struct o *ops)\n{\n\tops->writepage = demo;\n}\n"
    (found,), _ = index_of({"fs/a.c": code}).implementations("address_space_operations", "writepage")

    assert [("", "ops->writepage", 7)] == [(one.struct, one.variable, one.line) for one in found.entries]


def test_every_table_that_names_a_function(index_of):
    """Whoever else calls a function decides what may be asked of it."""
    code = FN.format("demo", "static ") + OPS.format("one", "demo") + "struct b_ops b = { .go = demo };\n"

    assert [("address_space_operations", "writepage"), ("b_ops", "go")] == [
        (entry.struct, entry.method) for entry in index_of({"fs/a.c": code}).entries_naming("demo")
    ]


def test_functions_of_a_file_in_order(index_of):
    """Slices blank all of them but one."""
    index = index_of({"fs/a.c": FN.format("two", "") + FN.format("one", "static "), "fs/b.c": FN.format("x", "")})

    assert [("two", False), ("one", True)] == [(one.name, one.span.static) for one in index.functions_in("fs/a.c")]


def test_equal_files_are_both_there(index_of):
    """git stores one blob for two equal files; both are examined."""
    index = index_of({"fs/a.c": FN.format("demo", ""), "fs/b.c": FN.format("demo", "")})

    assert ["fs/a.c", "fs/b.c"] == paths(index.definitions("demo"))


def test_holes_are_kept(index_of):
    """What did not parse is remembered with the file, not only when it is first read."""

    assert ((5, 5),) == index_of({"fs/a.c": FN.format("demo", "") + "@@@ garbage\n"}).holes("fs/a.c")


def test_graphs_are_those_of_the_text_and_are_kept(index_of, monkeypatch):
    """A graph that changed on its way through the store would change findings from the second run on."""
    code = FN.format("first", "") + "int demo(struct page *p)\n{\n\tif (a && f(p, 1))\n\t\tp = q;\n\treturn 0;\n}\n"
    index = index_of({"fs/a.c": code})
    (definition,) = index.definitions("demo")
    expected = graph_of(code[code.index("int demo") :].encode(), 5)

    assert expected == index.graph(definition)
    index._store.save()
    index.graph.cache_clear()
    monkeypatch.setattr("cocci_gen.facts.tree.index.graph_of", lambda text, line: pytest.fail("it was parsed again"))
    assert expected == index.graph(definition)


def test_a_second_run_parses_what_changed(tmp_path, make_repository):
    """Whole kernels take minutes to parse; only what is new may be paid for."""
    folder = make_repository(
        tmp_path / "k", {"fs/a.c": FN.format("a", "").encode(), "fs/b.c": FN.format("b", "").encode()}
    )
    parsed = []
    for text in (FN.format("c", ""), FN.format("d", "")):
        with KernelTree.open(folder) as tree:
            for _ in range(2):
                index = KernelIndex(tree, tmp_path / "cache", frozenset({"writepage"}))
                parsed.append(index.update(2))
                names = [one.name for path in sorted(index.paths()) for one in index.functions_in(path)]
                index.close()
        commit(folder, text)

    assert ([2, 0, 1, 0], ["c", "b"]) == (parsed, names)


def commit(folder, text):
    """Replace fs/a.c in a new commit, without a work tree."""
    with KernelTree.open(folder) as tree:
        data = f"commit refs/heads/main\ncommitter t <t@t> 1700000001 +0000\ndata 1\nxfrom {tree.commit}\n"
        data += f"M 100644 inline fs/a.c\ndata {len(text)}\n{text}\n"
        tree.git("fast-import", "--quiet", stdin=data.encode())


def test_parsing_in_several_processes_gives_the_same(tmp_path, make_repository, monkeypatch):
    """What a worker process finds must arrive as if it had been found here."""
    files = {f"fs/f{number}.c": FN.format(f"demo{number}", "").encode() for number in range(6)}
    folder = make_repository(tmp_path / "k", files)
    monkeypatch.setattr("cocci_gen.facts.tree.extraction._OUTLINED", 2)
    seen = []
    with KernelTree.open(folder) as tree:
        index = KernelIndex(tree, tmp_path / "cache", frozenset())
        index.update(2, lambda done, total: seen.append((done, total)))
        found = [paths(index.definitions(f"demo{number}")) for number in range(6)]
        index.close()

    assert [[f"fs/f{number}.c"] for number in range(6)] == found
    assert [(0, 6), (2, 6), (4, 6), (6, 6)] == seen


def dies(*_):
    """A worker process that the kernel kills for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_is_one_clear_error(tmp_path, make_repository, monkeypatch):
    """Two processes need twice the memory, and the user can take one."""
    folder = make_repository(tmp_path / "k", {f"fs/f{number}.c": b"%d" % number for number in range(4)})
    monkeypatch.setattr("cocci_gen.facts.tree.extraction._OUTLINED", 2)
    monkeypatch.setattr("cocci_gen.facts.tree.extraction._outlines_of", dies)
    with KernelTree.open(folder) as tree:
        index = KernelIndex(tree, tmp_path / "cache", frozenset())
        with pytest.raises(CocciGenError, match="smaller -j"):
            index.update(2)
        index.close()


def test_one_store_serves_all_rules(index_of, tmp_path):
    """The next kernel has a method more; its files that are the same must not be parsed again for that."""
    text = "void set(struct x *x)\n{\n\tx->a = f;\n\tx->b = g;\n\tx->other = f;\n}\n"
    tree = index_of({"fs/a.c": text}).tree
    with closing(KernelIndex(tree, tmp_path / "cache", frozenset({"a"}))) as first:
        assert first.update(1) == 1
        assert [entry.function for entry in first.entries("a")] == ["f"]
        assert [entry.method for entry in first.entries_naming("f")] == ["a"]
    with closing(KernelIndex(tree, tmp_path / "cache", frozenset({"a", "b"}))) as second:
        assert second.update(1) == 0
        assert [entry.function for entry in second.entries("b")] == ["g"]


HEADER = """struct old_operations {
	%s(*other)(struct x *);
};
struct new_operations {
	int (*open)(struct x *);
};
"""
TABLE = "static const struct new_operations ops = { .open = %s };\n"
FOLLOWED = {
    "fs/a.c": FN.format("a_open", "static ") + TABLE % "a_open",
    "fs/b.c": FN.format("b_open", "static ") + FN.format("b_too", "static ") + TABLE % "b_open",
    "fs/both.c": FN.format("helper", ""),
    "include/linux/x.h": HEADER % "int ",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"fs/both.c": FN.format("other", "")},
        {"fs/b.c": FOLLOWED["fs/b.c"].replace(".open = b_open", ".open = b_too")},
        {"fs/b.c": "\n" + FOLLOWED["fs/b.c"]},
        {"fs/b.c": None},
        {"fs/c.c": FOLLOWED["fs/a.c"]},
        {"fs/a.c": None, "fs/c.c": FOLLOWED["fs/a.c"]},
        {"fs/new.c": FN.format("n_open", "static ") + TABLE % "n_open"},
        {"include/linux/x.h": HEADER % "int (*open)(struct x *);\n\tint "},
        {"fs/old.c": FN.format("o_open", "static ") + TABLE.replace("new_", "old_") % "o_open"},
    ],
)
def test_an_index_that_follows_another_answers_as_one_that_does_not(tmp_path, index_of, changes):
    """What a commit changes would be looked at with the tables of the commit before it."""
    files = {path: text for path, text in {**FOLLOWED, **changes}.items() if text is not None}
    former, alone = index_of(FOLLOWED, methods=("open",)), index_of(files, methods=("open",))
    answers(former)
    with closing(KernelIndex(alone.tree, tmp_path / "index-0", alone.methods, former)) as index:
        index.update(1)

        assert answers(alone) == answers(index)
        assert answers(alone) == answers(index)


def answers(index):
    """What an index says of methods and functions."""
    return (
        index.home("old_operations", "open"),
        index.implementations("old_operations", "open"),
        index.entries("open"),
        [index.entries_of("open", struct) for struct in ("old_operations", "new_operations")],
        [index.definitions(name) for name in ("helper", "other", "a_open", "o_open")],
        {path: index.functions_in(path) for path in index.paths()},
    )


def test_an_index_does_not_follow_one_that_is_kept_elsewhere(tmp_path, index_of):
    """The numbers of another file mean other blobs: the tables of one file would be taken for those of another."""
    former = index_of({path: FOLLOWED[path] for path in sorted(FOLLOWED, reverse=True)}, methods=("open",))
    alone = index_of(FOLLOWED, methods=("open",))
    answers(former)
    with closing(KernelIndex(alone.tree, tmp_path / "elsewhere", alone.methods, former)) as index:
        index.update(1)

        assert answers(alone) == answers(index)


def test_an_index_does_not_follow_one_that_was_asked_for_other_methods(tmp_path, index_of):
    """An assignment to a method that the former was not asked for would be lost."""
    files = {"fs/a.c": FN.format("f", "") + "void set(struct x *x)\n{\n\tx->open = f;\n}\n"}
    former = index_of(files, methods=("close",))
    assert former.entries("open") == ()
    with closing(KernelIndex(former.tree, tmp_path / "index-0", frozenset({"open"}), former)) as index:
        index.update(1)

        assert [one.function for one in index.entries("open")] == ["f"]


SPAN = "static int f%d(int x)\n{\n\treturn g%d(x);\n}\n"


def _damage(path, kind):
    """One way in which a file goes bad."""
    text = path.read_bytes()
    middle = len(text) // 2
    match kind:
        case "truncated":
            path.write_bytes(text[:middle])
        case "empty":
            path.write_bytes(b"")
        case "zeroed":
            path.write_bytes(text[:8192] + bytes(len(text) - 8192))
        case "head":
            path.write_bytes(bytes(4096) + text[4096:])
        case "foreign":
            path.write_bytes(b"no database" * 1000)
        case "other tables":
            path.unlink()
            with closing(sqlite3.connect(path)) as database:
                database.execute("CREATE TABLE function (x)")
                database.commit()
        case "flipped":
            flipped = bytearray(text)
            for place in range(4096, len(text), 512):
                flipped[place] ^= 0x10
            path.write_bytes(flipped)


@pytest.mark.parametrize("kind", ["truncated", "empty", "zeroed", "head", "foreign", "other tables", "flipped"])
def test_a_broken_store_is_made_again(tmp_path, index_of, kind):
    """Every nightly run would otherwise end the same way until somebody moves the file."""
    index = index_of({f"fs/f{number}.c": SPAN % (number, number) for number in range(200)})
    asked = [f"f{number}" for number in range(200)]
    before = [index.definitions(name) for name in asked]
    index.graph(before[0][0])
    index.close()
    (store,) = (tmp_path / "index-0").glob("index-*.sqlite")
    _damage(store, kind)

    with closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as again:
        assert again.update(1) == 200
        assert [again.definitions(name) for name in asked] == before

    assert ["empty"] * (kind == "empty") or list((tmp_path / "index-0").glob("*.broken-*"))


def test_a_wrong_number_is_noticed(tmp_path, index_of):
    """A flipped bit in the place of a function is sound for SQLite, and the slice would be cut from elsewhere."""
    index = index_of({"fs/a.c": SPAN % (1, 1)})
    index.definitions("f1")
    index.close()
    (store,) = (tmp_path / "index-0").glob("index-*.sqlite")
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE function SET start = start + 8")
        database.commit()

    with closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as again:
        again.update(1)
        with pytest.raises(BrokenIndexError, match="put aside"):
            again.definitions("f1")
    with closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as mended:
        mended.update(1)
        assert mended.definitions("f1")[0].span.start == 0


def test_a_damaged_graph_is_made_again(tmp_path, index_of):
    """Control flow that was kept must not be another one."""
    index = index_of({"fs/a.c": SPAN % (1, 1)})
    (definition,) = index.definitions("f1")
    graph = index.graph(definition)
    index.close()
    (store,) = (tmp_path / "index-0").glob("index-*.sqlite")
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE graph SET body = ?", (b"x",))
        database.commit()

    with closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as again:
        again.update(1)
        assert again.graph(definition) == graph


def test_a_store_that_is_put_aside_is_closed(tmp_path, index_of, monkeypatch):
    """Python 3.13 warns of a connection that nobody closed, in whatever test runs by then."""
    index = index_of({"fs/a.c": ""})
    index.close()
    (store,) = (tmp_path / "index-0").glob("index-*.sqlite")
    store.write_bytes(b"no database" * 1000)
    opened = []
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *words, **named: opened.append(connect(*words, **named)) or opened[-1]
    )
    KernelIndex(index.tree, tmp_path / "index-0", index.methods).close()

    assert len(opened) >= 2
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_full_disk_is_one_clear_error(index_of):
    """The user can make room and go on; a traceback would not tell so."""
    index = index_of({"fs/a.c": FN.format("demo", "")})
    index._store.file.rows("PRAGMA max_page_count = 1")

    with pytest.raises(IndexStoreError, match="free some space"):
        index._store.insert_facts([(number, ("x", [("f", 0, 0, 0, 0, 0)] * 500, [], [])) for number in range(50)])


def test_a_chunk_is_stored_whole_or_not_at_all(index_of):
    """A blob that counts as known without its functions would never be parsed again."""
    index = index_of({"fs/a.c": ""})

    with pytest.raises(IndexStoreError):
        index._store.insert_facts([(7, ("x", [("f", 0, 0, 0, 0, 0)], [], [])), (8, ("y", [("too", "short")], [], []))])
    assert [] == index._store.file.rows("SELECT * FROM parsed WHERE blob IN (7, 8)")
    with pytest.raises(IndexStoreError):
        index._store.insert_outlines([("x", (b"",) * 5, []), ("y", (b"",) * 5, [("too short",)])])
    assert [] == index._store.file.rows("SELECT * FROM blob WHERE oid IN ('x', 'y')")


def test_a_lost_name_of_an_outline_is_noticed(tmp_path, index_of):
    """A file that no longer names its functions would never be parsed, and a finding be lost without a word."""
    index = index_of({"fs/a.c": SPAN % (1, 1)})
    index.close()
    (store,) = (tmp_path / "index-0").glob("index-*.sqlite")
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE blob SET functions = ?", (b"",))
        database.commit()

    with (
        closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as again,
        pytest.raises(BrokenIndexError, match="put aside"),
    ):
        again.update(1)


@pytest.fixture
def many(index_of, tmp_path):
    """many(last) -> the index of a tree of 600 files and a last one; their names are put in order, as in a kernel."""
    files = {f"fs/a{number}.c": SPAN % (number, number) for number in range(600)}

    def make(last):
        tree = index_of({**files, "fs/last.c": last}).tree
        with ExitStack() as stack:
            index = stack.enter_context(closing(KernelIndex(tree, tmp_path / "many", frozenset())))
            index.update(1)
            stack.pop_all()
        return index

    return make


def test_names_that_stand_in_order_are_those_of_the_files(many, tmp_path):
    """A function whose file came after the others were put in order would be unknown to every rule."""
    with closing(many("int one(void)\n{\n\treturn 1;\n}\n")) as first:
        assert ["fs/a77.c"] == paths(first.definitions("f77"))
        assert ["fs/last.c"] == paths(first.definitions("one"))
    with closing(many("int two(void)\n{\n\treturn 1;\n}\n")) as second:
        assert ["fs/a77.c"] == paths(second.definitions("f77"))
        assert ["fs/last.c"] == paths(second.definitions("two"))
        assert [] == paths(second.definitions("one"))
    (store,) = (tmp_path / "many").glob("index-*.sqlite")
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("SELECT last FROM ordered WHERE sort = 0").fetchone() == (601,)
        assert database.execute("SELECT count(*) FROM blob").fetchone() == (602,)


@pytest.mark.parametrize(
    "change", ["UPDATE ordered SET numbers = ?", "DELETE FROM ordered WHERE numbers <> ? AND sort = 0"]
)
def test_a_lost_name_that_stood_in_order_is_noticed(many, tmp_path, change):
    """The outline of a file is not looked at where its names stand in order."""
    many("int one(void)\n{\n\treturn 1;\n}\n").close()
    (store,) = (tmp_path / "many").glob("index-*.sqlite")
    with closing(sqlite3.connect(store)) as database:
        database.execute(change, (b"",))
        database.commit()

    with pytest.raises(BrokenIndexError, match="put aside"):
        many("int one(void)\n{\n\treturn 1;\n}\n")


def test_only_files_that_may_matter_are_parsed(index_of, monkeypatch):
    """Nine tenths of a cold scan would go into parsing drivers that no rule ever asks about."""
    index = index_of(
        {
            "fs/a/ops.c": OPS.format("one", "demo") + FN.format("demo", "static ") + FN.format("other", ""),
            "fs/a/near.c": FN.format("helper", ""),
            "mm/far.c": FN.format("helper", "") + FN.format("demo", ""),
            "mm/user.c": "int user(void)\n{\n\treturn helper(0);\n}\n",
        }
    )
    parsed = []
    one_by_one = index._store.insert_facts
    monkeypatch.setattr(
        index._store, "insert_facts", lambda rows: (parsed.extend(r[1][0] for r in rows), one_by_one(rows))
    )
    names = {blob.oid: path for path, blob in index.tree.blobs().items()}

    assert ["fs/a/ops.c"] == paths(index.resolve("demo", "fs/a/ops.c"))
    assert ["fs/a/near.c"] == paths(index.resolve("helper", "fs/a/ops.c"))
    assert ["fs/a/ops.c", "fs/a/near.c"] == [names[oid] for oid in parsed]
    assert ["fs/a/near.c", "mm/far.c"] == paths(index.definitions("helper"))
    assert "mm/user.c" not in [names[oid] for oid in parsed]


def test_the_files_of_a_folder_and_the_functions_that_say_something(facts_of):
    """What lies deeper is another folder, and a word outside of functions is nobody's."""
    texts = {
        "fs/box/b.c": "int word;\nint f(void) { return word; }\nint g(void) { return 0; }\n",
        "fs/box/a.c": "int h(void) { return word; }\n",
        "fs/box/deep/c.c": "int i(void) { return word; }\n",
    }
    index = facts_of(texts).index
    assert list(index.files_in("fs/box")) == ["fs/box/a.c", "fs/box/b.c"]
    assert list(index.files_in("fs/nothing")) == []
    assert [one.name for one in index.functions_with(re.compile(rb"\bword\b"), "fs/box/b.c")] == ["f"]


def test_what_another_process_has_parsed_meanwhile_is_not_parsed_again(index_of, tmp_path, monkeypatch):
    """Two processes look at one tree: each file is parsed by the first that asks, and both know all of it."""
    index = index_of({"fs/a.c": FN.format("demo", ""), "mm/b.c": "\n" + FN.format("demo", "")})
    assert paths(index.definitions_in("demo", "mm")) == ["mm/b.c"]
    with closing(KernelIndex(index.tree, tmp_path / "index-0", index.methods)) as other:
        other.update(1)
        assert paths(other.definitions("demo")) == ["fs/a.c", "mm/b.c"]

    def nothing(*_):
        raise AssertionError("it was parsed again")

    monkeypatch.setattr(indexed_files, "facts_of", nothing)
    assert [one.name for one in index.functions_in("fs/a.c")] == ["demo"]
    assert paths(index.definitions("demo")) == ["fs/a.c", "mm/b.c"]
