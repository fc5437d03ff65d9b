"""The kinds `returns`, `must_call` and `must_not_call`, on small trees of a few functions."""

from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from cocci_gen.code.searches.paths import Path
from cocci_gen.document.obligations import Obligation, RuleSource, obligations, read_obligations
from cocci_gen.document.tables import read_document
from cocci_gen.facts.calls.reach import CallReach, NotReached, Reached, Sought
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.calls.barred import barred_calls
from cocci_gen.kinds.calls.forbidden import ForbiddenCallRule
from cocci_gen.kinds.calls.owed import owed_calls
from cocci_gen.kinds.calls.required import RequiredCallRule
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.locks.unheld import UnheldLockRule
from cocci_gen.kinds.returns.codes import codes
from cocci_gen.kinds.returns.rule import ReturnRule

KINDS = ("returns", "must_call", "must_not_call")
METHODS = frozenset(
    {
        "mount",
        "kill_sb",
        "fasync",
        "fault",
        "page_mkwrite",
        "statfs",
        "bmap",
        "mark_dirty",
        "commit_dqblk",
        "write_info",
    }
)


@pytest.fixture
def facts_of(tmp_path, make_repository):
    """facts_of({path: text}) -> TreeFacts of a tree with these files."""
    with ExitStack() as stack:

        def make(files):
            number = sum(1 for _ in tmp_path.iterdir())
            folder = make_repository(tmp_path / f"tree{number}", {path: text.encode() for path, text in files.items()})
            tree = stack.enter_context(KernelTree.open(folder))
            index = stack.enter_context(closing(KernelIndex(tree, tmp_path / "cache", METHODS)))
            index.update(1)
            return TreeFacts(tree, index, Effects(index))

        yield make


def obligation(struct, method, kind, names=(), resource="", mode=""):
    """An obligation as stage 2 gives it."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "words")
    return Obligation(struct, method, kind, resource, "prose", "words", source, mode, "", names)


def suspects(rule, one, facts):
    """(line, confidence) of what the rule makes of stars on all lines, as far as a way leads there."""
    duties, _ = rule.duties(one, facts)
    found = [
        suspect for duty in duties for suspect in rule.judge(duty, range(1, 200), "") if isinstance(suspect.path, Path)
    ]
    return [(suspect.finding.line, suspect.finding.confidence) for suspect in found]


MOUNT = obligation("file_system_type", "mount", "returns", ("ERR_PTR",))
TYPE = "struct file_system_type x_type = {{ .mount = {} }};\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\treturn NULL;", [(3, Confidence.HIGH)]),
        ("\treturn (NULL);", [(3, Confidence.HIGH)]),
        ("\treturn ERR_PTR(0);", [(3, Confidence.HIGH)]),
        ("\treturn flags ? NULL : root();", [(3, Confidence.MODERATE)]),
        ("\tint e = -5; return ERR_PTR(e);", []),
        ("\tint e = f(); if (e) return ERR_PTR(e); return root();", []),
        ("\tstruct dentry *d = NULL; d = root(); return d;", []),
        ("\tstruct dentry *d = root(); if (!d) d = ERR_PTR(-5); return d;", []),
        ("\tstruct dentry *d = NULL; fill(&d); return d;", []),
    ],
)
def test_what_mount_returns(body, expected, facts_of):
    """NULL reaches the caller as a dentry; a variable counts only where it must be zero."""
    text = f"static struct dentry *x_mount(struct file_system_type *t, int flags, const char *n, void *d)\n{{\n{body}\n}}\n"
    facts = facts_of({"fs/x.c": text + TYPE.format("x_mount")})

    assert expected == suspects(ReturnRule(), MOUNT, facts)


def test_a_callee_that_returns_its_argument_is_not_blamed(facts_of):
    """`dget(NULL)` gives NULL, but the value is the caller's: it is judged there."""
    text = (
        "static struct dentry *x_get(struct dentry *d)\n{\n\tif (d)\n\t\tf(d);\n\treturn d;\n}\n"
        "static struct dentry *x_mount(struct file_system_type *t, int f, const char *n, void *d)\n"
        "{\n\treturn x_get(root(d));\n}\n"
    )
    facts = facts_of({"fs/x.c": text + TYPE.format("x_mount")})

    assert [] == suspects(ReturnRule(), MOUNT, facts)


def test_a_function_that_serves_two_methods_is_judged_as_one(facts_of):
    """FAULT_FLAG_MKWRITE never comes to ->fault, so what is returned then is no answer of ->fault."""
    text = (
        "static unsigned int x_fault(struct vm_fault *vmf)\n{\n\tif (vmf->flags & FAULT_FLAG_MKWRITE)\n\t\treturn 0;\n"
        "\tif (vmf->pgoff)\n\t\treturn 0;\n\treturn VM_FAULT_SIGBUS;\n}\n"
        "struct vm_operations_struct x_ops = { .fault = x_fault };\n"
    )
    facts = facts_of({"fs/x.c": text})
    one = obligation("vm_operations_struct", "fault", "returns")

    assert [(6, Confidence.HIGH)] == suspects(ReturnRule(), one, facts)


MKWRITE = obligation("vm_operations_struct", "page_mkwrite", "returns")
MKWRITE_HEAD = "static unsigned int x_mkwrite(struct vm_fault *vmf)\n{\n\tunsigned int r = 0;\n"
MKWRITE_TABLE = "struct vm_operations_struct x_ops = { .page_mkwrite = x_mkwrite };\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\treturn VM_FAULT_RETRY;", [(4, Confidence.HIGH)]),
        ("\treturn VM_FAULT_RETRY | VM_FAULT_LOCKED;", [(4, Confidence.HIGH)]),
        ("\tr = VM_FAULT_LOCKED|VM_FAULT_RETRY; return r;", [(4, Confidence.HIGH)]),
        ("\treturn (VM_FAULT_LOCKED | VM_FAULT_NOPAGE);", [(4, Confidence.LOW)]),
        ("\treturn gone() ? VM_FAULT_RETRY : VM_FAULT_NOPAGE;", [(4, Confidence.MODERATE)]),
        ("\tr = VM_FAULT_LOCKED|VM_FAULT_RETRY; r = VM_FAULT_NOPAGE; return r;", []),
        ("\tif (vmf->flags & FAULT_FLAG_ALLOW_RETRY) return VM_FAULT_RETRY; return 0;", []),
        ("\treturn VM_FAULT_LOCKED | VM_FAULT_MAJOR;", []),
        ("\tif (WARN_ON(bad())) return VM_FAULT_RETRY; return 0;", [(4, Confidence.MODERATE)]),
        ("\tif (WARN_ON_ONCE(!fine)) return VM_FAULT_RETRY; return 0;", [(4, Confidence.MODERATE)]),
        ('\tif (WARN(bad, "%d", r)) return VM_FAULT_RETRY; return 0;', [(4, Confidence.MODERATE)]),
        ("\tif (!WARN_ON(bad)) return VM_FAULT_RETRY; return 0;", [(4, Confidence.HIGH)]),
        ("\tif (WARN_ON(bad)) return 0; return VM_FAULT_RETRY;", [(4, Confidence.HIGH)]),
        ("\treturn VM_FAULT_NOPAGE;", []),
    ],
)
def test_what_page_mkwrite_returns(body, expected, facts_of):
    """RETRY is ignored, alone or beside LOCKED; taken for right, it hides a page that is written without being prepared."""
    facts = facts_of({"fs/x.c": f"{MKWRITE_HEAD}{body}\n}}\n{MKWRITE_TABLE}"})

    assert expected == suspects(ReturnRule(), MKWRITE, facts)


def test_a_truncated_page_that_is_tried_again_is_told_once(facts_of):
    """Two findings with one fingerprint would be one in a baseline, and two patches for one line."""
    body = "\tif (page->mapping != m)\n\t\treturn VM_FAULT_RETRY;\n\treturn 0;"
    facts = facts_of({"fs/x.c": f"{MKWRITE_HEAD}{body}\n}}\n{MKWRITE_TABLE}"})

    assert [(5, Confidence.HIGH)] == suspects(ReturnRule(), MKWRITE, facts)


def test_a_function_that_is_a_fault_too_may_want_to_retry(facts_of):
    """The caller of ->fault does look at RETRY, so another code would break that caller."""
    table = "struct vm_operations_struct x_ops = { .page_mkwrite = x_mkwrite, .fault = x_mkwrite };\n"
    facts = facts_of({"fs/x.c": f"{MKWRITE_HEAD}\treturn VM_FAULT_RETRY;\n}}\n{table}"})
    (duty,) = ReturnRule().duties(MKWRITE, facts)[0]
    (suspect,) = ReturnRule().judge(duty, [4], "")

    assert Confidence.MODERATE is suspect.finding.confidence
    assert isinstance(suspect.plan, NoFix)


FAULT = obligation("vm_operations_struct", "fault", "returns")


@pytest.mark.parametrize(
    ("code", "expected"), [("-EAGAIN", Confidence.HIGH), ("-EBUSY", Confidence.LOW), ("-EIO", Confidence.MODERATE)]
)
@pytest.mark.parametrize(
    "test",
    ["if (err == {})", "if (PTR_ERR(err) == {})", "switch (err) {{ case {}:", "switch (PTR_ERR(err)) {{ case {}:"],
)
def test_a_branch_for_a_number_that_nobody_returns(code, expected, test, facts_of):
    """Sure findings of three drivers stood behind such cases, which no execution takes."""
    get = "static int get(void)\n{\n\tif (x)\n\t\treturn -EAGAIN;\n\treturn 0;\n}\n"
    if code == "-EIO":
        get = get.replace("return 0", "return far()")
    end = "}" if "{{" in test else ""
    body = f"\tint err;\n\terr = get();\n\t{test.format(code)}\n\t\treturn VM_FAULT_RETRY;{end}\n\treturn VM_FAULT_SIGBUS;\n"
    text = f"static unsigned int x_fault(struct vm_fault *vmf)\n{{\n{body}}}\n"
    facts = facts_of({"fs/x.c": f"{text}struct vm_operations_struct x_ops = {{ .fault = x_fault }};\n{get}"})

    assert [(6, expected)] == suspects(ReturnRule(), FAULT, facts)


@pytest.mark.parametrize("more", ["\terr = -EBUSY;\n", "\tfill(&err);\n", "\terr = other->err;\n"])
def test_a_number_that_comes_from_elsewhere_is_no_doubt(more, facts_of):
    """Who cannot name all calls that a value comes from knows nothing of it."""
    get = "static int get(void)\n{\n\treturn 0;\n}\n"
    body = f"\tint err = get();\n{more}\tif (err == -EBUSY)\n\t\treturn VM_FAULT_RETRY;\n\treturn VM_FAULT_SIGBUS;\n"
    text = f"static unsigned int x_fault(struct vm_fault *vmf)\n{{\n{body}}}\n"
    facts = facts_of({"fs/x.c": f"{text}struct vm_operations_struct x_ops = {{ .fault = x_fault }};\n{get}"})

    assert [(6, Confidence.HIGH)] == suspects(ReturnRule(), FAULT, facts)


def test_a_function_of_the_same_name_elsewhere_does_not_count(facts_of):
    """Static functions share names between drivers; what another one is registered for says nothing of this one."""
    other = "static unsigned int x_mkwrite(struct vm_fault *vmf)\n{\n\treturn f(vmf);\n}\n"
    files = {
        "fs/a/x.c": f"{MKWRITE_HEAD}\treturn VM_FAULT_RETRY;\n}}\n{MKWRITE_TABLE}",
        "fs/b/x.c": f"{other}struct vm_operations_struct y_ops = {{ .fault = x_mkwrite }};\n",
    }

    assert [(4, Confidence.HIGH)] == suspects(ReturnRule(), MKWRITE, facts_of(files))


def test_what_is_left_after_a_fix_is_still_a_semantic_patch(facts_of):
    """spatch ends with an error for a text without a rule, and no fix would ever be seen to work."""
    facts = facts_of({"fs/x.c": f"{MKWRITE_HEAD}\treturn VM_FAULT_RETRY;\n}}\n{MKWRITE_TABLE}"})
    (duty,) = ReturnRule().duties(MKWRITE, facts)[0]

    assert "@returns_nothing_wrong@" in ReturnRule().semantic_patch(replace(duty, candidates=())).text


KILL = obligation("file_system_type", "kill_sb", "must_call", ("generic_shutdown_super", "kill_anon_super"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\tkill_anon_super(sb);", []),
        ("\tif (sb->s_fs_info)\n\t\tkill_anon_super(sb);", [(5, Confidence.HIGH)]),
        ("\tif (sb->s_bdev)\n\t\tkill_anon_super(sb);", [(5, Confidence.LOW)]),
        ("\twhile (sb->s_fs_info)\n\t\tkill_anon_super(sb);", [(5, Confidence.LOW)]),
        ("\thidden_end(sb);", []),
        ("\tsb->ops->end(sb);", []),
        ("\tpr_debug(sb);", [(4, Confidence.HIGH)]),
        ("\tx_end(sb);", []),
        ("\tx_free(sb);", [(4, Confidence.HIGH)]),
        ("\tx_other(sb);", [(4, Confidence.HIGH)]),
        ("\tstruct super_block *s = sb;\n\n\tx_end(s);", []),
        ("\tBUG();", []),
    ],
)
def test_what_kill_sb_calls(body, expected, facts_of):
    """A superblock that is not shut down stays for ever; what cannot be seen may do it and is not blamed."""
    text = f"static void x_kill(struct super_block *sb)\n{{\n{body}\n}}\n"
    more = (
        "static void x_end(struct super_block *sb)\n{\n\tx_last(sb);\n}\nstatic void x_last(struct super_block *sb)\n{\n"
        "\tgeneric_shutdown_super(sb);\n}\nstatic void x_free(struct super_block *sb)\n{\n\tsb->s_fs_info = NULL;\n}\n"
        "static void x_other(struct super_block *sb)\n{\n\tgeneric_shutdown_super(hidden_sb);\n}\n"
        "struct file_system_type x_type = { .kill_sb = x_kill };\n"
    )
    facts = facts_of({"fs/x.c": text + more})

    assert expected == suspects(RequiredCallRule(), KILL, facts)


@pytest.mark.parametrize(
    ("inline", "expected"),
    [
        ("return far_end(sb, 0);", []),
        ("far_end(NULL, sb);", [(4, Confidence.HIGH)]),
        ("if (sb)\n\t\tfar_end(sb, 0);", [(4, Confidence.HIGH)]),
    ],
)
def test_an_inline_of_a_header_that_hands_on_is_seen_through(inline, expected, facts_of):
    """Else twenty ->writepages that call mpage_writepages() are told that nothing there counts the pages down."""
    text = "static void x_kill(struct super_block *sb)\n{\n\tend(sb);\n}\n"
    text += "struct file_system_type x_type = { .kill_sb = x_kill };\n"
    header = f"static inline void end(struct super_block *sb)\n{{\n\t{inline}\n}}\n"
    end = "void far_end(struct super_block *sb, int n)\n{\n\tgeneric_shutdown_super(sb);\n}\n"
    facts = facts_of({"fs/x.c": text, "include/linux/end.h": header, "fs/end.c": end})

    assert expected == suspects(RequiredCallRule(), KILL, facts)


def test_what_an_allocator_hides_is_no_shutdown(facts_of):
    """kfree() of a kernel reaches a function that does not parse; every ->kill_sb that frees would otherwise be silent."""
    table = "struct file_system_type x_type = { .kill_sb = x_kill };\n"
    text = f"static void x_kill(struct super_block *sb)\n{{\n\tdrop(sb);\n}}\n{table}"
    broken = "void drop(void *p)\n{\n\tint = ;\n}\n"

    far = facts_of({"fs/x.c": text, "mm/slab.c": broken})
    near = facts_of({"fs/x.c": text + broken})

    assert [(4, Confidence.HIGH)] == suspects(RequiredCallRule(), KILL, far)
    assert [] == suspects(RequiredCallRule(), KILL, near)


def test_a_chain_through_an_operations_table_is_followed(facts_of):
    """->mark_dirty comes to ->quota_write only through the operations of the quota format."""
    text = (
        "static int x_write(struct dquot *d)\n{\n\treturn d->sb->s_op->quota_write(d->sb);\n}\n"
        "struct quota_format_ops x_format = { .commit_dqblk = x_write };\n"
        "static int x_commit(struct dquot *d)\n{\n\treturn d->ops->commit_dqblk(d);\n}\n"
        "static int x_mark(struct dquot *d)\n{\n\treturn x_commit(d);\n}\n"
        "static int y_mark(struct dquot *d)\n{\n\treturn 0;\n}\n"
        "struct dquot_operations x_ops = { .mark_dirty = x_mark };\nstruct dquot_operations y_ops = { .mark_dirty = y_mark };\n"
    )
    facts = facts_of({"fs/x.c": text})
    one = obligation("dquot_operations", "mark_dirty", "must_not_call", ("quota_read", "quota_write"), "quota_file")

    assert [(12, Confidence.LOW)] == suspects(ForbiddenCallRule(), one, facts)


def test_callers_are_found_where_they_are_allowed_least(facts_of):
    """FIBMAP and the swapper may call bmap(); a name that only ends with it is another function."""
    text = "int {}(struct inode *i, sector_t *b)\n{{\n\treturn {}(i, b);\n}}\n"
    files = {
        "fs/ioctl.c": text.format("fibmap", "bmap"),
        "mm/page_io.c": text.format("swap", "bmap"),
        "fs/x.c": text.format("x_log", "bmap") + text.format("y_log", "x_bmap"),
    }
    one = obligation("address_space_operations", "bmap", "must_not_call", ("bmap",))

    assert [(3, Confidence.LOW)] == suspects(ForbiddenCallRule(), one, facts_of(files))
    assert [] == suspects(ForbiddenCallRule(), one, facts_of({"fs/x.c": text.format("x_log", "x_bmap")}))
    assert [(3, Confidence.LOW)] == suspects(
        ForbiddenCallRule(), one, facts_of({"fs/x.c": text.format("x", "i->i_mapping->a_ops->bmap")})
    )
    assert [] == suspects(ForbiddenCallRule(), one, facts_of({"fs/x.c": text.format("x", "i->cache->bmap")}))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\tlockdep_assert_held(&sb->s_umount);", [(3, Confidence.MODERATE)]),
        ("\tup_read(&sb->s_umount);", [(3, Confidence.MODERATE)]),
        ("\tdown_read(&sb->s_umount);\n\tup_read(&sb->s_umount);", []),
        ("\tif (down_read_trylock(&sb->s_umount))\n\t\tup_read(&sb->s_umount);", []),
        ("\tx_lock(sb);\n\tup_read(&sb->s_umount);", []),
        ("\tup_read(&other->s_umount);", []),
        ("\tmutex_lock(&sb->other);\n\tup_read(&sb->s_umount);", [(4, Confidence.MODERATE)]),
        ("\tx_get_size(sb);\n\tup_read(&sb->s_umount);", [(4, Confidence.MODERATE)]),
        ("\tx_get_owner(sb);\n\tup_read(&sb->s_umount);", []),
        ("\thidden_get_size(sb);\n\tup_read(&sb->s_umount);", []),
    ],
)
def test_a_lock_that_is_not_held(body, expected, facts_of):
    """Releasing what was not taken is a bug whoever the caller is; only the lock of the method's own object counts."""
    table = (
        "struct super_operations x_ops = { .statfs = x_begin };\n"
        "static int x_get_size(struct super_block *sb)\n{\n\treturn 4;\n}\n"
        "static void x_get_owner(struct super_block *sb)\n{\n\tfar_lock(sb);\n}\n"
    )
    text = f"static void x_begin(struct super_block *sb)\n{{\n{body}\n}}\n{table}"
    one = obligation("super_operations", "statfs", "must_not_call", (), "s_umount", "not_held")

    assert expected == suspects(UnheldLockRule(), one, facts_of({"fs/x.c": text}))


def test_the_shortest_chain_is_given_and_recursion_ends(facts_of):
    """A search that walks in circles never ends; a chain that is longer than needed convinces nobody."""
    text = (
        "static void a(void)\n{\n\tb();\n\tc();\n}\nstatic void b(void)\n{\n\ta();\n\tc();\n}\n"
        "static void c(void)\n{\n\tgoal();\n}\nstatic void d(void)\n{\n\td();\n}\n"
    )
    facts = facts_of({"fs/x.c": text})
    reach = CallReach(facts.index)
    target = Sought(frozenset({"goal"}), frozenset(), ("lib/",), 6)
    found = reach.of(facts.index.definitions("a")[0], target)

    assert isinstance(found, Reached)
    assert ["a() calls c()", "goal()"] == [step.note for step in found.steps]
    assert reach.of(facts.index.definitions("d")[0], target) == NotReached("")


@pytest.mark.parametrize(
    "version", ["v5.8", *(pytest.param(kernel, marks=pytest.mark.kernel) for kernel in ("6.1", "6.12", "7.3"))]
)
def test_every_obligation_of_these_kinds_has_an_entry(version, locking_rst):
    """An obligation without an entry is never looked at, and nobody would know."""
    every = obligations(read_obligations(read_document(locking_rst(version), "locking.rst")))
    found = [one for one in every if one.kind in KINDS]
    forbidden = {(barred.struct, method) for barred in barred_calls() for method in barred.methods}
    missing = [
        one.id
        for one in found
        if not (one.kind == "returns" and any(code.binds(one) for code in codes()))
        and not (one.kind == "must_call" and any(owed.binds(one) for owed in owed_calls()))
        and not (one.kind == "must_not_call" and (one.mode == "not_held" or (one.struct, one.method) in forbidden))
    ]

    assert found
    assert [] == missing


def test_the_semantic_patches_render(facts_of):
    """A hole in a template shows only when it is rendered: the fixtures above never ask for the text."""
    text = (
        "static struct dentry *x_mount(struct file_system_type *t, int f, const char *n, void *d)\n{\n"
        "\tstruct dentry *r = NULL;\n\tif (f)\n\t\treturn r;\n\treturn NULL;\n}\n"
        "static void x_kill(struct super_block *sb)\n{\n\tsb->s_fs_info = NULL;\n}\n"
        "struct file_system_type x_type = { .mount = x_mount, .kill_sb = x_kill };\n"
        "static void x_begin(struct super_block *sb)\n{\n\tup_read(&sb->s_umount);\n}\n"
        "struct super_operations x_ops = { .statfs = x_begin };\n"
        "int x_log(struct inode *i, sector_t *b)\n{\n\treturn bmap(i, b);\n}\n"
    )
    facts = facts_of({"fs/x.c": text})
    unheld = obligation("super_operations", "statfs", "must_not_call", (), "s_umount", "not_held")
    asked = (
        (ReturnRule(), MOUNT, ["r = NULL", "* return r;", "* return NULL;"]),
        (RequiredCallRule(), KILL, ["when != generic_shutdown_super(...)", "* return;"]),
        (UnheldLockRule(), unheld, ["* up_read(...)"]),
        (
            ForbiddenCallRule(),
            obligation("address_space_operations", "bmap", "must_not_call", ("bmap",)),
            ["* bmap(...)"],
        ),
    )
    for rule, one, expected in asked:
        (duty,) = rule.duties(one, facts)[0]
        rendered = rule.semantic_patch(duty).text

        assert [] == [words for words in expected if words not in rendered]
