"""The kind `prototype`: where locking.rst and the headers disagree, and what can be mended without inventing a rule."""

from collections import Counter

import pytest

from cocci_gen.document.declarations import read_prototypes, type_of
from cocci_gen.document.tables import read_document
from cocci_gen.facts.tree.headers import definitions
from cocci_gen.findings.findings import Confidence, Fix, NoFix, apply_edits
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.kinds.prototype.differences import DifferenceSort, differences
from cocci_gen.kinds.prototype.edits import repairs
from cocci_gen.kinds.prototype.findings import PASSED, prototype_findings
from cocci_gen.series.assembly import SeriesOptions, build_series

PATH = "Documentation/filesystems/locking.rst"

DOCUMENT = """\
demo_operations
===============

prototypes::

\tint (*open) (struct inode *, unsigned);
\tint (*close)(struct file *); /* last one */
\tint (*lease)(struct file *, int);
\tvoid (*vanished)(void);
\tint (*readpage)(struct file *, struct page *);
\tint (*odd)((struct file *filp);

locking rules:

=========== ======
ops         d_lock
=========== ======
open:       no
close:      yes
lease:      yes
readpage:\t    no
row_only:   no
vanished:   no
odd:        no
=========== ======

->readpage() is called with nothing held. The readpage method
may be called often.

other_operations
================

prototypes::

\tint (*one)(void);
"""
HEADER = """\
/* int (*commented)(void); */
typedef void (end_t)(struct file *, int uptodate);
struct demo_operations {
\tstruct module *owner;
\tint (*open)(struct inode *inode, unsigned int flags);
\tlong (*close)(struct file *); // int (*no)(void);
#ifdef CONFIG_A
\tint (*odd)(struct file *);
#else
\tlong (*odd)(struct file *);
#endif
\tvoid (*row_only)(struct file *filp, struct inode *inode, struct dentry *dentry,
\t\t\t int (*actor)(void *, int), unsigned long flags);
\tint (*read_folio)(struct file *, struct folio *);
\tint (*fresh)(void);
\tunion {
\t\tint (*inner)(void);
\t} u;
\tend_t *end;
} __randomize_layout;

struct lease_operations {
\tbool (*lease)(struct file *filp, long type);
};
struct other_operations { int (*one)(void); };
"""


def compared(document=DOCUMENT, header=HEADER):
    """Document, structures and differences of texts."""
    read = read_document(document.encode(), PATH)
    structs = definitions([("include/linux/demo.h", header.encode())], {"demo_operations", "other_operations"})
    return read, structs, differences(read, structs)


def mended(document=DOCUMENT, header=HEADER):
    """The document with all repairs, and the reasons for those that have none."""
    read, _, found = compared(document, header)
    made = repairs(document.encode(), read, found)
    edits = {edit for repair in made.values() if not isinstance(repair, NoFix) for edit in repair}
    reasons = {one.method: repair.reason for one, repair in made.items() if isinstance(repair, NoFix)}
    return apply_edits(document.encode(), edits).decode(), reasons


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("struct page *page", "struct page *"),
        ("struct page**pagep", "struct page **"),
        ("const char __user *buf", "const char *"),
        ("unsigned flags", "unsigned int"),
        ("unsigned long int", "unsigned long"),
        ("loff_t start", "loff_t"),
        ("umode_t", "umode_t"),
        ("enum migrate_mode", "enum migrate_mode"),
        ("enum migrate_mode mode", "enum migrate_mode"),
        ("u8 id[16]", "u8 *"),
        ("_Bool", "bool"),
        ("struct dquot __rcu **", "struct dquot **"),
        ("int (*actor)(void *, int)", "int (*)(void *, int)"),
        ("...", "..."),
    ],
)
def test_types_in_one_spelling(parameter, expected):
    """Names, spaces and annotations differ between document and header without meaning anything."""

    assert expected == type_of(parameter)


def test_prototypes_of_every_layout():
    """A declaration over several lines, one without a semicolon, and text that is none must not swallow each other."""
    lines = [
        "\tint (*a)(int,",
        "\t\tlong);",
        "\tint (*b)(void)",
        "",
        "\tint (*c)(void); /* c",
        "\t  goes on */",
        "\tnothing here",
    ]
    found = read_prototypes(lines, 10)

    assert [(one.method, one.line, one.last_line, one.problems) for one in found] == [
        ("a", 10, 11, ()),
        ("b", 12, 13, ("no semicolon",)),
        ("c", 14, 14, ()),
        ("", 15, 16, ("no method prototype",)),
    ]
    assert [one.signature for one in found[:3]] == ["int(int, long)", "int()", "int()"]


def test_headers_are_read_as_c():
    """A comment, a directive, an inner structure or a typedef read wrongly would be a difference that is none."""
    _, structs, _ = compared()
    (demo,) = structs["demo_operations"]

    assert demo.names == ("open", "close", "odd", "row_only", "read_folio", "fresh", "end")
    assert [one.line for one in demo.methods][:4] == [5, 6, 8, 10]
    assert [one.signature for one in demo.prototypes("odd")] == ["int(struct file *)", "long(struct file *)"]
    assert [one.signature for one in demo.prototypes("end")] == ["void(struct file *, int)"]
    assert {"demo_operations", "lease_operations", "other_operations"} == set(structs)


def test_attributes_and_unread_members_are_no_differences():
    """An attribute would be another signature, and a method that a union or a macro declares would be gone."""
    header = """\
struct demo_operations {
\tint __must_check (*open)(struct inode *inode, unsigned int flags) __attribute__((nonnull(1)));
\t__poll_t (*close)(struct file *) __must_hold(&lock) __cold;
\tunion {
\t\tint (*lease)(struct file *filp, int what);
\t};
\tDEMO_METHOD(vanished);
\tforeign_t *odd;
\tint (*row_only)(int readpage);
};
"""
    document, structs, found = compared(header=header)
    (demo,) = structs["demo_operations"]

    assert {"open", "close", "row_only"} == set(demo.names)
    assert [one.signature for one in demo.methods[:2]] == [
        "int(struct inode *, unsigned int)",
        "__poll_t(struct file *)",
    ]
    assert {"lease", "vanished", "odd"} < demo.others
    assert {
        ("close", DifferenceSort.SIGNATURE),
        ("readpage", DifferenceSort.GONE),
        ("row_only", DifferenceSort.NO_PROTOTYPE),
    } == {(one.method, one.what) for one in found if one.struct == "demo_operations"}
    assert document.section("demo_operations").prototype("readpage")


@pytest.mark.parametrize(
    ("prototype", "row", "defined", "expected"),
    [
        (
            "freeze_fs_at",
            "freeze_fs",
            ("freeze_fs", "freeze_super"),
            {(DifferenceSort.RENAMED, "freeze_fs")},
        ),  # the row is right
        ("fereze_fs", "fereze_fs", ("freeze_fs", "freeze_super"), {(DifferenceSort.RENAMED, "freeze_fs")}),
        ("freeze", "freeze", ("freeze_a", "freeze_b"), {(DifferenceSort.GONE, "")}),  # nobody can tell
    ],
)
def test_a_wrong_name_is_the_most_similar_one(prototype, row, defined, expected):
    """A misnamed prototype was deleted and its method documented anew, or took the name of a method that is somewhat alike."""
    members = "".join(f"\tint (*{name})(struct super_block *);\n" for name in ("open", *defined))
    document = f"""\
demo_operations
===============

prototypes::

\tint (*open)(struct super_block *);
\tint (*{prototype})(struct super_block *);

============= ======
ops           d_lock
============= ======
open:         no
{row}:{"no".rjust(15 - len(row))}
============= ======
"""
    text, header = document.encode(), f"struct demo_operations {{\n{members}}};\n".encode()
    read = read_document(text, PATH)
    found = differences(read, definitions([("include/linux/demo.h", header)], {"demo_operations"}))
    made = [repair for repair in repairs(text, read, found).values() if not isinstance(repair, NoFix)]

    assert expected == {(one.what, one.other) for one in found if one.what is not DifferenceSort.MISSING}
    if prototype == "freeze_fs_at":
        assert len(found) == 2  # and ->freeze_super() is not documented
        assert apply_edits(text, made[0]) == document.replace(prototype, "freeze_fs").encode()


def test_every_difference_is_found_once():
    """A maintainer who checks the list against the header must find each entry true and none missing."""
    _, _, found = compared()

    assert {(one.what, one.method): one.documented.line for one in found} == {
        (DifferenceSort.SIGNATURE, "close"): 7,
        (DifferenceSort.MOVED, "lease"): 8,
        (DifferenceSort.GONE, "vanished"): 9,
        (DifferenceSort.RENAMED, "readpage"): 10,
        (DifferenceSort.SYNTAX, "odd"): 11,
        (DifferenceSort.NO_PROTOTYPE, "row_only"): 22,
        (DifferenceSort.MISSING, "fresh"): 1,
        (DifferenceSort.MISSING, "end"): 1,
    }
    assert {"lease": "lease_operations", "readpage": "read_folio"} == {
        one.method: one.other for one in found if one.other
    }
    for one in found:
        assert one.method in one.message
        assert one.defined.path == "include/linux/demo.h"


def test_the_mended_document_agrees_with_the_header():
    """Every prototype in the layout of the document, the row moved with its heading, the sentences renamed."""
    text, reasons = mended()

    assert (
        text
        == """\
demo_operations
===============

prototypes::

\tint (*open) (struct inode *, unsigned);
\tlong (*close)(struct file *); /* last one */
\tint (*read_folio)(struct file *, struct folio *);
\tvoid (*row_only)(struct file *filp, struct inode *inode,
\t\t\tstruct dentry *dentry, int (*actor)(void *, int),
\t\t\tunsigned long flags);
\tint (*odd)(struct file *filp);

locking rules:

=========== ======
ops         d_lock
=========== ======
open:       no
close:      yes
read_folio:\t    no
row_only:   no
odd:        no
=========== ======

->read_folio() is called with nothing held. The read_folio method
may be called often.

lease_operations
================

prototypes::

\tbool (*lease)(struct file *filp, long type);

locking rules:

=========== ======
ops         d_lock
=========== ======
lease:      yes
=========== ======

other_operations
================

prototypes::

\tint (*one)(void);
"""
    )
    assert {"fresh", "end"} == set(reasons)
    assert "stands in no header" in reasons["fresh"]
    _, _, left = compared(text)
    assert {DifferenceSort.MISSING} == {one.what for one in left}


@pytest.mark.parametrize(
    ("document", "method", "reason"),
    [
        (DOCUMENT.replace("->readpage()", "->vanished()"), "vanished", "line 27 speaks of the method"),
        (DOCUMENT.replace("vanished:   no\n", "").replace("open:       no\n", ""), "open", "stands in no header"),
        (
            DOCUMENT.replace("lease:      yes", "lease:      yes").replace("->readpage()", "->lease()"),
            "lease",
            "line 27",
        ),
    ],
)
def test_what_needs_a_person_is_left_alone(document, method, reason):
    """A lock rule that the tool made up, or a sentence about a method that is gone, would be worse than the gap."""
    _, reasons = mended(document)

    assert reason in reasons[method]


@pytest.mark.parametrize(
    ("document", "header"),
    [
        pytest.param(DOCUMENT, HEADER + HEADER.split("\n\n", maxsplit=1)[0].split("\n", 2)[2], id="defined twice"),
        pytest.param(DOCUMENT.split("other_operations", maxsplit=1)[0].rstrip() + "\n", "", id="nowhere defined"),
    ],
)
def test_no_judgement_without_one_definition(document, header):
    """Two headers may define a structure for two architectures; picking one would report what is true for the other."""
    _, _, found = compared(document, header)

    assert {one.what for one in found if one.struct == "demo_operations"} <= {DifferenceSort.NO_STRUCT}


def test_findings_of_a_tree(tmp_path, make_repository):
    """A finding names both places, its fix has passed all checks, and nothing of the checkout is touched."""
    files = {
        PATH: DOCUMENT.encode(),
        "include/linux/demo.h": HEADER.encode(),
        "include/net/far.h": b"struct far { int (*a)(void); };",
    }
    with KernelTree.open(make_repository(tmp_path / "kernel", files)) as tree:
        before = tree.state()
        proven = prototype_findings(tree, tree.read(PATH), PATH)
        after = tree.state()
    by_method = {one.finding.function: one for one in proven}

    assert before == after
    mended = [one for one in proven if isinstance(one.finding.fix, Fix)]
    assert {PASSED} == {one.passed for one in mended}
    assert {("applies", "parses", "finding gone", "none new", "converges")} == {one.trial.passed for one in mended}
    close = by_method["close"].finding
    assert close.obligation.id == "demo_operations.close.prototype"
    assert (close.file, close.line, close.confidence) == (PATH, 7, Confidence.HIGH)
    assert [(step.file, step.line) for step in close.evidence] == [(PATH, 7), ("include/linux/demo.h", 6)]
    assert "+\tlong (*close)(struct file *); /* last one */" in close.fix.diff
    assert isinstance(by_method["fresh"].finding.fix, NoFix)
    assert by_method["fresh"].finding.confidence is Confidence.MODERATE
    assert len(proven) == len({one.finding.fingerprint for one in proven})


def test_structures_in_other_folders_are_found(tmp_path, make_repository):
    """The document names what a subsystem defines, wherever below include/ that is."""
    files = {PATH: DOCUMENT.encode(), "include/net/demo.h": HEADER.encode()}
    with KernelTree.open(make_repository(tmp_path / "kernel", files)) as tree:
        proven = prototype_findings(tree, tree.read(PATH), PATH)

    assert "include/net/demo.h" in proven[0].finding.message + proven[1].finding.message


def test_the_differences_become_patches_to_the_document(tmp_path, make_repository, run_facts):
    """The document asks to be kept up to date; the patches, one that corrects and one that moves, must say each difference, and
    claim no rule and no test."""
    files = {
        PATH: DOCUMENT.encode(),
        "include/linux/demo.h": HEADER.encode(),
        "MAINTAINERS": b"DOCS\nS:\tMaintained\nF:\tDocumentation/\n",
    }
    with KernelTree.open(make_repository(tmp_path / "kernel", files)) as tree:
        findings = [one.finding for one in prototype_findings(tree, tree.read(PATH), PATH)]
        made = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@test.example")))
        ((patch, move),) = [series.patches for series in made.series]
        after = tree.git("show", f"{move.commit.oid}:{PATH}").decode()
    body = " ".join(f"{patch.body} {move.body}".split())

    assert (patch.kind, patch.paths, len(made.left_out)) == ("prototype", (PATH,), 0)
    assert patch.subject.endswith("bring prototypes up to date with the headers")
    assert "below the wrong structure" not in patch.body
    assert "below the wrong structure" in move.body
    for one in findings:
        assert isinstance(one.fix, NoFix) == (f"->{one.obligation.method}()" not in body), one.message
    assert "No rule about locking is added or changed." in body
    assert "spatch" not in body
    assert "Drop what the structures do not have any more." in body
    assert {DifferenceSort.MISSING} == {one.what for one in compared(after)[2]}
    assert "keep to the locking rules" not in made.series[0].mails[0].data.decode()


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("version", "counts", "some"),
    [
        (
            "6.1",
            {"signature": 21, "syntax": 2, "no prototype": 2, "gone": 2, "missing": 42},
            {
                ("signature", "inode_operations", "update_time"),
                ("signature", "vm_operations_struct", "fault"),
                ("no prototype", "vm_operations_struct", "map_pages"),
                ("gone", "inode_operations", "truncate"),
                ("gone", "block_device_operations", "direct_access"),
                ("missing", "file_system_type", "init_fs_context"),
            },
        ),
        (
            "6.12",
            {"signature": 15, "syntax": 2, "no prototype": 1, "gone": 2, "moved": 3, "missing": 40},
            {
                ("signature", "block_device_operations", "release"),
                ("signature", "file_operations", "setlease"),
                ("no prototype", "dentry_operations", "d_prune"),
                ("moved", "lock_manager_operations", "lm_break"),
                ("syntax", "address_space_operations", "swap_activate"),
            },
        ),
    ],
)
def test_the_kernels_of_debian(version, counts, some, debian_kernel):
    """Each of these was compared with the headers by hand; the numbers move only when the tool does."""
    with KernelTree.open(debian_kernel(version)) as tree:
        proven = prototype_findings(tree, tree.read(PATH), PATH)
    found = {(one.finding.breach.resource_name, one.finding.obligation.struct, one.finding.function) for one in proven}

    assert counts == Counter(what for what, _, _ in found)
    assert some <= found
    for one in proven:
        assert isinstance(one.finding.fix, NoFix) == (one.finding.breach.resource_name == "missing"), (
            one.finding.message
        )
