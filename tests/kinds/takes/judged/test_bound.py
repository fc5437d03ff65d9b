"""Which functions `gives_back` binds."""

from dataclasses import replace

import pytest

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.facts.tree.focus import Focus, FocusedIndex
from cocci_gen.kinds.takes.judged.bound import bind, bound_functions

SOURCE = RuleSource("locking.rst", 1, "a row")
FILES = "static int box_open(struct inode *inode, struct file *file) { return box_do(file); }\n"
TABLE = "const struct file_operations box_fops = { .open = box_open };\n"
SUPER = "const struct super_operations box_sops = { .statfs = box_statfs };\n"


def bound(facts_of, struct, method, files):
    """(name, how it is reached) of the functions that a method binds."""
    facts = facts_of(files, methods=("open", "get_tree", "statfs", "dirty_folio", "kill_sb", "lookup"))
    found, _ = bound_functions(Obligation(struct, method, "gives_back", "", PROSE, "", SOURCE), facts)
    return [(one.definition.name, [step.note for step in one.chain]) for one in found]


def test_what_is_handed_on_to_be_called_is_a_helper(facts_of):
    """What fills in a superblock takes the most, and is called by none of the file system's own functions."""
    text = """\
static int box_fill(struct super_block *sb, struct fs_context *fc) { return 0; }
static int box_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, box_fill);
}
const struct fs_context_operations box_ops = { .get_tree = box_get_tree };
"""

    assert bound(facts_of, "fs_context_operations", "get_tree", {"fs/box/a.c": text}) == [
        ("box_get_tree", []),
        ("box_fill", ["box_get_tree() hands box_fill() on"]),
    ]


def test_a_method_that_another_one_hands_on_is_bound_for_itself_too(facts_of):
    """As a helper it may keep a lock for its caller: what it kept as a method was counted as right."""
    text = (
        "static int box_lookup(struct inode *dir, struct dentry *dentry) { return finish(dentry, box_open); }\n"
        + INODES
    )
    facts = facts_of(
        {"fs/box/a.c": FILES + TABLE + text, "fs/box/super.c": SUPER}, methods=("open", "lookup", "statfs")
    )
    asked = [("inode_operations", "lookup"), ("file_operations", "open"), ("file_operations", "open")]
    every = [Obligation(struct, method, "gives_back", "", PROSE, "", SOURCE) for struct, method in asked]

    first, second, same = (bound_functions(one, facts)[0] for one in every)

    assert [("box_lookup", False), ("box_open", False)] == [(one.definition.name, one.again) for one in first]
    assert [("box_open", [], True)] == [(one.definition.name, list(one.chain), one.again) for one in second]
    assert [one.definition.name for one in same] == ["box_open"]


def test_drivers_are_not_asked_what_locking_rst_says_of_file_systems(facts_of):
    """Any driver has file operations; a file system has a table of another structure beside them."""
    driver, own = {"drivers/box/a.c": FILES + TABLE}, {"fs/box/a.c": FILES + TABLE, "fs/box/super.c": SUPER}

    assert [] == bound(facts_of, "file_operations", "open", driver)
    assert [("box_open", [])] == bound(facts_of, "file_operations", "open", {**driver, **own})


LOOKUP = "static struct dentry *box_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)\n"
INODES = "const struct inode_operations box_iops = { .lookup = box_lookup };\n"


def test_a_wrapper_in_a_header_of_the_folder_hides_no_helper(facts_of):
    """A static function of a header is there for all who include it: what it calls would go unread with it."""
    header = "static inline int box_get(int number)\n{\n\treturn __box_get(number, 0);\n}\n"
    own = "int __box_get(int number, int hidden) { return box_read(number); }\nstatic int box_read(int number) { return 0; }\n"
    files = {"fs/box/own.h": header, "fs/box/a.c": LOOKUP + "{ return box_get(1); }\n" + own + INODES}

    assert bound(facts_of, "inode_operations", "lookup", files) == [
        ("box_lookup", []),
        ("box_get", ["box_lookup() calls box_get()"]),
        ("__box_get", ["box_lookup() calls box_get()", "box_get() calls __box_get()"]),
        ("box_read", ["box_lookup() calls box_get()", "box_get() calls __box_get()", "__box_get() calls box_read()"]),
    ]


DEEP = (
    "static int box_read(int number) { return 0; }\n"
    "static int box_find(int number) { return box_read(number); }\n"
    "static int box_get(int number) { if (number) return 1; return box_find(number); }\n"
    "static int box_more(int number) { int one = box_get(1); return one; }\n"
    + LOOKUP
    + "{ return box_more(1); }\n"
    + INODES
)


def test_a_helper_is_bound_however_deep_it_is(facts_of):
    """Half of what a file system does is further from its methods than two calls, and was not looked at."""
    found = [name for name, _ in bound(facts_of, "inode_operations", "lookup", {"fs/box/a.c": DEEP})]

    assert found == ["box_lookup", "box_more", "box_get", "box_find", "box_read"]


def test_of_the_deeper_ones_those_are_bound_that_are_asked_about(facts_of):
    """Who looks at what a change reaches would look at all that the folder does for a method, were it one that changed."""
    facts = facts_of({"fs/box/a.c": DEEP}, methods=("lookup",))
    lookup = Obligation("inode_operations", "lookup", "gives_back", "", PROSE, "", SOURCE)

    def found(*names):
        focus = Focus(frozenset({"fs/box/a.c"}), frozenset(("fs/box/a.c", name) for name in names))
        there = replace(facts, index=FocusedIndex(facts.index, focus))
        return [one.definition.name for one in bound_functions(lookup, there)[0]]

    assert found("box_lookup") == ["box_lookup", "box_more", "box_get"]
    assert found("box_lookup", "box_find") == ["box_lookup", "box_more", "box_get", "box_find"]


def test_by_way_of_a_folder_one_is_bound_of_whose_method_nothing_is_asked(facts_of):
    """Who asks about one function far below would look at all that lead there, or be told of it by another method."""
    facts = facts_of({"fs/box/a.c": DEEP}, methods=("lookup",))
    lookup = Obligation("inode_operations", "lookup", "gives_back", "", PROSE, "", SOURCE)

    def found(*folders):
        focus = Focus(frozenset({"fs/box/a.c"}), frozenset({("fs/box/a.c", "box_read")}), frozenset(folders))
        there = replace(facts, index=FocusedIndex(facts.index, focus))
        return [(one.definition.name, len(one.chain)) for one in bound_functions(lookup, there)[0]]

    assert found() == []
    assert found("fs/box") == [("box_read", 4)]


def test_the_nearest_method_speaks_for_a_helper(facts_of):
    """A way of five calls is hard to follow where another method calls the helper itself; what both lead to is told once."""
    text = DEEP + FILES.replace("box_do(file)", "box_find(1)") + TABLE
    facts = facts_of({"fs/box/a.c": text}, methods=("open", "lookup"))
    lookup = Obligation("inode_operations", "lookup", "gives_back", "", PROSE, "", SOURCE)
    opened = replace(lookup, struct="file_operations", method="open")
    bind((lookup, opened), facts)

    assert [one.definition.name for one in bound_functions(lookup, facts)[0]] == ["box_lookup", "box_more", "box_get"]
    assert [one.definition.name for one in bound_functions(opened, facts)[0]] == ["box_open", "box_find", "box_read"]


def test_of_two_ways_as_long_the_one_in_the_own_file_is_told(facts_of):
    """The function was written for it."""
    far = "int box_far(void) { int one = box_last(1); return one; }\n"
    text = DEEP.replace("return box_read(number)", "return box_far() + box_near(1)")
    own = (
        "int box_near(int number) { int one = box_last(1); return one; }\nint box_last(int number) { return number; }\n"
    )
    files = {"fs/box/a.c": text, "fs/box/b.c": far, "fs/box/c.c": own}

    chains = dict(bound(facts_of, "inode_operations", "lookup", files))

    assert chains["box_last"][-1] == "box_near() calls box_last()"


def test_of_two_methods_the_one_in_the_file_of_the_helper_leads_there(facts_of):
    """The open of a directory may never come to what the helper does for files, and a reader of the patch sees that at once."""
    methods = {"fs/box/dir.c": "box_dir", "fs/box/file.c": "box_file"}
    files = {
        path: f"static int {name}_open(struct inode *inode, struct file *file) {{ return box_open(inode, file); }}\n"
        f"const struct file_operations {name}_ops = {{ .open = {name}_open }};\n"
        for path, name in methods.items()
    }
    files["fs/box/file.c"] += "int box_open(struct inode *inode, struct file *file) { return 0; }\n"
    files["fs/box/super.c"] = SUPER

    assert ("box_open", ["box_file_open() calls box_open()"]) in bound(facts_of, "file_operations", "open", files)
    files["fs/box/other.c"] = "int box_open(struct inode *inode, struct file *file) { return 0; }\n"
    files["fs/box/file.c"] = files["fs/box/file.c"].replace("int box_open(", "int box_shut(")
    assert ("box_open", ["box_dir_open() calls box_open()"]) in bound(facts_of, "file_operations", "open", files)


def test_what_a_table_of_the_folder_has_for_a_call_by_pointer_is_a_helper(facts_of):
    """Of a file system for several protocols half stands in tables of its own; one elsewhere is not meant."""
    near = "static int deep_dig(int number) { return number; }\nconst struct bed_ops deep = { .dig = deep_dig };\n"
    files = {
        "fs/box/a.c": LOOKUP + "{ return bed->ops->dig(1); }\n" + INODES,
        "fs/box/b.c": near,
        "drivers/crate/a.c": near.replace("deep", "flat"),
    }
    assert bound(facts_of, "inode_operations", "lookup", files) == [
        ("box_lookup", []),
        ("deep_dig", ["box_lookup() calls dig() of a table, deep_dig()"]),
    ]


def test_what_a_macro_makes_a_method_of_is_a_helper(facts_of):
    """`WRAP_DIR_ITER(box_iterate)` hid all that lists a directory, with what it calls."""
    text = """\
static int box_read(int number) { return 0; }
static int box_iterate(struct file *file) { return box_read(1); }
WRAP_DIR_ITER(box_iterate) // made here
const struct file_operations box_fops = { .open = shared_box_iterate };
"""
    found = bound(facts_of, "file_operations", "open", {"fs/box/a.c": text, "fs/box/super.c": SUPER})

    assert found == [
        ("box_iterate", ["WRAP_DIR_ITER(box_iterate) makes shared_box_iterate() of box_iterate()"]),
        (
            "box_read",
            [
                "WRAP_DIR_ITER(box_iterate) makes shared_box_iterate() of box_iterate()",
                "box_iterate() calls box_read()",
            ],
        ),
    ]


def test_methods_of_a_file_system_of_which_no_document_speaks_are_bound_last(facts_of):
    """What an exported file system looks up by was never asked; what another folder exports is its own business."""
    tables = "const struct export_operations box_export = { .get_parent = box_up, .fh_to_dentry = box_lookup };\n"
    text = LOOKUP + "{ return 0; }\nstatic int box_up(int number) { return box_read(number); }\n"
    text += "static int box_read(int number) { return 0; }\n" + tables + INODES
    other = "static int far_up(int number) { return 0; }\n" + tables.replace("box_up", "far_up").replace("box_", "far_")
    found = bound(facts_of, "inode_operations", "lookup", {"fs/box/a.c": text, "drivers/far/a.c": other})

    up = "box_export, a struct export_operations, has box_up() as get_parent"
    assert found == [("box_lookup", []), ("box_up", [up]), ("box_read", [up, "box_up() calls box_read()"])]


def test_whom_nobody_in_its_folder_calls_is_bound_at_last(facts_of):
    """What servers that the network asks, and what file systems have in common, was not looked at: no method leads there."""
    lookup = (
        "static int box_lookup(struct inode *dir, struct dentry *dentry) { return 0; }\n"
        "const struct inode_operations box_iops = { .lookup = box_lookup };\n"
    )
    served = (
        "static int box_dig(int a) { return box_spade(a); }\nstatic int box_spade(int a) { return a; }\n"
        "const struct served_ops box_served = { .call = box_dig };\n"
    )
    common = "int plant(int a) { return sow(a); }\nint sow(int a) { return a; }\n"
    files = {"fs/box/a.c": lookup, "fs/box/super.c": SUPER, "fs/box/net.c": served, "fs/common/a.c": common}
    files |= {
        "drivers/box/a.c": "int drive(int a) { return a; }\n",
        "fs/common/a.h": "static inline int leaf(int a) { return a; }\n",
    }

    assert bound(facts_of, "inode_operations", "lookup", files) == [
        ("box_lookup", []),
        ("box_dig", ["box_served, a struct served_ops, has box_dig() as call"]),
        ("plant", ["no function of its folder calls plant()"]),
        ("box_spade", ["box_served, a struct served_ops, has box_dig() as call", "box_dig() calls box_spade()"]),
        ("sow", ["no function of its folder calls plant()", "plant() calls sow()"]),
    ]


@pytest.mark.parametrize(
    ("header", "step"),
    [
        ("#define sow_it(a) plant(a, 0)\n", "the macro sow_it() of its folder calls plant()"),
        ("#define sow_it(a) replant(a)\n", "no function of its folder calls plant()"),
    ],
)
def test_whom_a_macro_calls(facts_of, header, step):
    """A mail said that nobody calls a function which is called all over, by a macro that hands its own name on."""
    files = {"fs/box/super.c": SUPER, "fs/box/a.h": header, "fs/box/a.c": "int plant(int a) { return a; }\n"}
    assert ("plant", [step]) in bound(facts_of, "inode_operations", "lookup", files)


def test_whom_nobody_calls_is_bound_in_a_module_too(facts_of):
    """What the rest of a module calls in its files of the VFS was looked at by nobody; its other files speak of no inode."""
    table = "const struct super_operations box_sops = { .statfs = box_statfs };\n"
    files = {"module/os/super.c": table, "module/os/zone.c": "int plant(int a) { return a; }\n"}
    files |= {"module/core/beds.c": "int sow(int a) { return a; }\n"}
    files |= {f"fs/{name}/super.c": table for name in ("a", "b")}

    assert bound(facts_of, "inode_operations", "lookup", files) == [
        ("plant", ["no function of its folder calls plant()"])
    ]


def test_who_is_not_asked_about_is_not_found_by_his_callers_alone(facts_of):
    """Where only a few functions are looked at, one whose callers are not is no other than where all are."""
    text = "int plant(int a) { return sow(a); }\nint sow(int a) { return a; }\n"
    inodes = "const struct inode_operations box_iops = { .lookup = box_lookup };\n"
    facts = facts_of(
        {"fs/box/a.c": text + inodes, "fs/box/super.c": SUPER}, methods=("lookup", "statfs", "dirty_folio", "kill_sb")
    )
    lookup = Obligation("inode_operations", "lookup", "gives_back", "", PROSE, "", SOURCE)
    for asked, found in (("sow", []), ("plant", ["plant"])):
        focus = FocusedIndex(facts.index, Focus(frozenset({"fs/box/a.c"}), frozenset({("fs/box/a.c", asked)})))
        every, _ = bound_functions(lookup, replace(facts, index=focus))
        assert [one.definition.name for one in every] == found
