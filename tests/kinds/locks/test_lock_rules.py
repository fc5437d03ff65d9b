"""Kinds no_relock, returns_locked, keeps_locked and callers: what becomes a duty, and what a starred line becomes."""

import dataclasses
import importlib

import pytest

from cocci_gen.code.searches.paths import Path
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Confidence
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.locks.gaps import GapRule
from cocci_gen.kinds.registry import RULES as REGISTERED
from cocci_gen.kinds.suspects import FixPlan

RULES = {
    "no_relock": ("kinds.locks.relocks", "RelockRule"),
    "returns_locked": ("kinds.handovers.rule", "HandoverRule"),
    "keeps_locked": ("kinds.keeps.rule", "KeepRule"),
    "callers": ("kinds.locks.callers", "CallerRule"),
}
INODE = "static inline void inode_lock(struct inode *inode) { down_write(&inode->i_rwsem); }\n"


def rule_of(kind):
    """The rule of a kind."""
    module, name = RULES[kind]
    return getattr(importlib.import_module(f"cocci_gen.{module}"), name)()


def owed(identifier, resource, mode="", condition=""):
    """The obligation of that id."""
    struct, method, kind = identifier.split(".")
    source = RuleSource("Documentation/filesystems/locking.rst", 1, method)
    return Obligation(struct, method, kind, resource, "column", "text", source, mode, condition)


@pytest.fixture
def suspects(facts_of):
    """suspects(obligation, C text) -> what the rule says when spatch stars every line."""

    def find(obligation, text):
        rule = rule_of(obligation.kind)
        duties, _ = rule.duties(obligation, facts_of({"fs/demo/a.c": text}, methods=(obligation.method,)))
        found = [suspect for duty in duties for suspect in rule.judge(duty, range(1, 99), "")]
        return [suspect for suspect in found if isinstance(suspect.path, Path)]

    return find


UNLINK = owed("inode_operations.unlink.no_relock", "i_rwsem", "exclusive", "both")
UNLINK_TABLE = "\nconst struct inode_operations ops = { .unlink = rm };\n"


def test_both_inodes_of_unlink_are_held(suspects):
    """The victim is locked by vfs_unlink() as the directory is by its caller."""
    body = "int rm(struct inode *dir, struct dentry *d) { inode_lock(dir);\n inode_lock(d_inode(d)); return 0; }"
    found = suspects(UNLINK, INODE + body + UNLINK_TABLE)

    assert ["dir", "d_inode(d)"] == [one.finding.breach.resource_name for one in found]
    assert {Confidence.HIGH} == {one.finding.confidence for one in found}


MOVED = "both parents, some children"


def test_what_is_moved_is_held_where_the_document_says_so(suspects):
    """->rename that locks the directory it moves hangs in kernels whose VFS does so itself, and only in those."""
    head = "int mv(struct inode *a, struct dentry *old, struct inode *b, struct dentry *new)"
    body = f"{head} {{ struct inode *i = d_inode(old);\n if (a != b) inode_lock_nested(i, 4); return 0; }}"
    text = f"{INODE}{body}\nconst struct inode_operations o = {{ .rename = mv }};\n"
    identifier = "inode_operations.rename.no_relock"
    found = suspects(owed(identifier, "i_rwsem", "exclusive", MOVED), text)

    assert [("d_inode(old)", Confidence.MODERATE)] == [
        (one.finding.breach.resource_name, one.finding.confidence) for one in found
    ]
    assert [] == suspects(owed(identifier, "i_rwsem", "exclusive", "both parents"), text)


def test_shared_twice_is_low(suspects):
    """It deadlocks only when a writer comes in between, so nobody takes a patch for it."""
    lookup = owed("inode_operations.lookup.no_relock", "i_rwsem", "shared")
    body = "void *look(struct inode *dir, struct dentry *d) { down_read(&dir->i_rwsem); return 0; }"
    (one,) = suspects(lookup, body + "\nconst struct inode_operations ops = { .lookup = look };\n")

    assert Confidence.LOW is one.finding.confidence


def test_a_function_that_drops_a_reference_is_low(suspects):
    """A method does not reach what the last reference does, as its caller holds one."""
    body = "void my_put(struct inode *i) { inode_lock(i); }\n"
    body += "int rm(struct inode *dir, struct dentry *d) { my_put(dir); return 0; }"
    (one,) = suspects(UNLINK, INODE + body + UNLINK_TABLE)

    assert Confidence.LOW is one.finding.confidence


def test_a_lock_that_is_taken_only_for_a_moment_is_low(suspects):
    """copy_from_user() takes mmap_lock when a page is not there, and a fault handler may know that it is."""
    fault = owed("vm_operations_struct.fault.no_relock", "mmap_lock", "held")
    body = "int flt(struct vm_fault *vmf) { copy_from_user(a, b, 1);\n vm_munmap(a, b); return 0; }"
    found = suspects(fault, body + "\nconst struct vm_operations_struct ops = { .fault = flt };\n")

    assert [Confidence.LOW, Confidence.HIGH] == [one.finding.confidence for one in found]


def test_a_callee_that_releases_only_sometimes_makes_it_low(suspects):
    """Behind it the lock is held or not, and nothing tells."""
    helper = "static void relax(struct inode *i) { if (busy(i)) up_write(&i->i_rwsem); }\n"
    body = "int rm(struct inode *dir, struct dentry *d) { relax(dir); inode_lock(dir); return 0; }"
    (one,) = suspects(UNLINK, INODE + helper + body + UNLINK_TABLE)

    assert Confidence.LOW is one.finding.confidence


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("inode_unlock(dir);\n wait(d);\n inode_lock(dir);", [3]),
        ("inode_lock(d->d_sb->s_root_inode);\n inode_unlock(d->d_sb->s_root_inode);", []),
        ("if (inode_trylock(dir))\n inode_unlock(dir);", []),
        ("inode_unlock(d->d_fsdata);", []),
        ("relax(dir);", []),
    ],
)
def test_a_lock_that_is_given_up_on_the_way(facts_of, body, lines):
    """apparmor unlocks the directory in ->mkdir, and two of one name both get through; helpers that relax it know why."""
    text = INODE + f"int rm(struct inode *dir, struct dentry *d)\n{{\n {body}\n return 0;\n}}\n"
    helper = "static void relax(struct inode *i) { up_write(&i->i_rwsem); down_write(&i->i_rwsem); }\n"
    more = "static inline void inode_unlock(struct inode *inode) { up_write(&inode->i_rwsem); }\n"
    facts = facts_of({"fs/demo/a.c": text + helper + more + UNLINK_TABLE}, methods=("unlink",))
    duties, _ = GapRule().duties(UNLINK, facts)
    found = [suspect for duty in duties for suspect in GapRule().judge(duty, range(1, 99), "")]

    assert [line + 1 for line in lines] == [one.finding.line for one in found]
    assert {Confidence.LOW} >= {one.finding.confidence for one in found}


def test_what_takes_nothing_needs_no_job(facts_of):
    """Proof that a rule cannot match saves the run of spatch."""
    facts = facts_of(
        {"fs/demo/a.c": "int rm(struct inode *a, struct dentry *d) { return 0; }" + UNLINK_TABLE}, methods=("unlink",)
    )

    assert ((), ()) == rule_of("no_relock").duties(UNLINK, facts)


BEGIN = owed("address_space_operations.write_begin.returns_locked", "page")
BEGIN_HEAD = "int wb(struct file *f, struct address_space *m, loff_t pos, struct page **pagep, void **data) {"
BEGIN_HEAD += " struct page *page; int err;"
BEGIN_TABLE = "}\nconst struct address_space_operations ops = { .write_begin = wb };\n"
GRAB = "page = grab_cache_page(m, 0);\nif (!page) return -ENOMEM;\n"


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("*pagep = page; if (bad()) return -EIO; return 0;", ["fails with page still locked and referenced"]),
        (
            "if (bad()) { unlock_page(page); return -EIO; } *pagep = page; return 0;",
            ["fails with page still referenced"],
        ),
        ("return 0;", ["returns success without having set *pagep"]),
        ("*pagep = page; unlock_page(page); return 0;", ["returns success with page unlocked"]),
        ("*pagep = page; err = bad(); if (err) { unlock_page(page); put_page(page); } return err;", []),
        ("*pagep = page; if (err) { demo_release(page); return -EIO; } return 0;", []),
        ("*pagep = page; return fill(page);", []),
    ],
)
def test_what_write_begin_owes(suspects, body, messages):
    """Callers of ->write_begin clean up after success only."""
    found = suspects(BEGIN, BEGIN_HEAD + GRAB + body + BEGIN_TABLE)

    assert [f"wb() {words}" for words in messages] == [one.finding.message for one in found]


def test_an_unknown_call_makes_it_moderate(suspects):
    """What cannot be seen through may give the page back, and is no proof of it either."""
    found = suspects(
        BEGIN, BEGIN_HEAD + GRAB + "*pagep = page; if (stranger(page)) return -EIO; return 0;" + BEGIN_TABLE
    )

    assert [Confidence.MODERATE] == [one.finding.confidence for one in found]
    assert [False] == [isinstance(one.plan, FixPlan) for one in found]


def test_a_return_that_success_shares_is_mended_before_the_jump(suspects):
    """A release put before a shared return would unlock what was never locked."""
    body = "err = -EIO; if (bad()) goto out; unlock_page(page); put_page(page); err = -EAGAIN; out: return err;"
    found = suspects(BEGIN, BEGIN_HEAD + GRAB + body + BEGIN_TABLE)

    [plan] = [one.plan for one in found]
    assert "+unlock_page(page);\n+put_page(page);\n goto out;" in plan.semantic_patch.text


def test_a_helper_is_bound_when_it_gets_the_out_parameter(suspects):
    """Many ->write_begin are one line that passes everything on."""
    helper = BEGIN_HEAD.replace("wb(", "helper(") + GRAB + "return -EIO; }\n"
    (one,) = suspects(BEGIN, helper + BEGIN_HEAD + "return helper(f, m, pos, pagep, data);" + BEGIN_TABLE)

    assert "helper" == one.finding.function
    assert "wb() passes pagep on to helper()" in one.finding.evidence[0].note


MKWRITE = owed("vm_operations_struct.page_mkwrite.returns_locked", "page")
MKWRITE_HEAD = "int mk(struct vm_fault *vmf) { struct page *page = vmf->page; struct inode *inode = f(vmf->vma);\n"
LOCKED = "return VM_FAULT_LOCKED;"
GONE = "{ unlock_page(page); return VM_FAULT_NOPAGE; } "
HELPERS = (
    "int gone(struct inode *i, struct page *p) { return p->mapping != i->i_mapping; }\n"
    "int deep(struct vm_fault *v) { struct page *p = v->page; return gone(0, p); }\n"
    "void note(struct page *p) { p->index = p->mapping->nr; }\n"
    "int wait_killable(struct page *p) { return deep_in_the_core(p); }\n"
)


@pytest.fixture
def mkwrite(facts_of):
    """mkwrite(body, table) -> (message, confidence) for a ->page_mkwrite with that body."""

    def find(body, table=".fault = filemap_fault"):
        text = f"{HELPERS}{MKWRITE_HEAD}{body}}}\n"
        text += f"const struct vm_operations_struct ops = {{ .page_mkwrite = mk, {table} }};\n"
        text += "int mine(struct vm_fault *v) { return served(v); }\nint served(struct vm_fault *v) "
        text += "{ return filemap_fault(v); }\nint other(struct vm_fault *v) { return 0; }\n"
        facts = facts_of({"fs/demo/a.c": text}, methods=("page_mkwrite", "fault", "map_pages"))
        found = [
            one
            for rule in REGISTERED["returns_locked"]
            for duty in rule.duties(MKWRITE, facts)[0]
            for one in rule.judge(duty, range(1, 99), "")
        ]
        return [(one.finding.message, one.finding.confidence.value, isinstance(one.plan, FixPlan)) for one in found]

    return find


UNTESTED = "mk() locks page and does not look whether it was truncated before"


@pytest.mark.parametrize(
    "body",
    [
        f"lock_page(page); {LOCKED}",
        f"if (lock_page_killable(page)) return 0; note(page); {LOCKED}",
        f"if (page->mapping != inode->i_mapping) return 0; lock_page(page); {LOCKED}",
        f"struct address_space *m = page->mapping; lock_page(page); if (m != inode->i_mapping) {GONE}{LOCKED}",
        f"lock_page(page); if (a) if (!page->mapping) {GONE}{LOCKED}",
        f"lock_page(page); if (gone(inode, page)) {GONE}unlock_page(page); lock_page(page); {LOCKED}",
        f"lock_page(page); set_page_dirty(page); wait_on_page_writeback(page); {LOCKED}",
        f"lock_page(page); if (wait_killable(page)) {GONE}{LOCKED}",
    ],
)
def test_a_page_that_was_truncated_before_it_was_locked(mkwrite, body):
    """Data written to a page outside its mapping is lost: only a look at it under the lock tells."""
    assert [(UNTESTED, "moderate", False)] == mkwrite(body)


@pytest.mark.parametrize(
    "body",
    [
        f"lock_page(page); if (page->mapping != inode->i_mapping) {GONE}{LOCKED}",
        f"lock_page(page); if (!vmf->page->mapping) {GONE}{LOCKED}",
        f"lock_page(page); if (page_file_mapping(page) != inode->i_mapping) {GONE}{LOCKED}",
        f"lock_page(page); m = page->mapping; if (m != inode->i_mapping) {GONE}{LOCKED}",
        f"lock_page(page); if (page_offset(page) >= size) {GONE}{LOCKED}",
        f"size = i_size_read(inode); lock_page(page); if (size <= page->index) {GONE}{LOCKED}",
        f"lock_page(page); if (gone(inode, page)) {GONE}{LOCKED}",
        f"lock_page(page); if (deep(vmf)) {GONE}{LOCKED}",
        f"lock_page(page); if (stranger(page)) {GONE}{LOCKED}",
        f"lock_page(page); if (inode->ops->gone(page)) {GONE}{LOCKED}",
        "lock_page(page); unlock_page(page); return VM_FAULT_NOPAGE;",
        f"page = find_lock_page(m, 1); if (!page) return 0; {LOCKED}",
    ],
)
def test_a_page_that_is_looked_at_under_its_lock(mkwrite, body):
    """A test by another name, in a helper, or where nobody can see it, is no breach."""
    assert [] == mkwrite(body)


@pytest.mark.parametrize(
    ("table", "confidence"),
    [
        (".map_pages = filemap_map_pages", "moderate"),
        (".fault = mine", "moderate"),
        (".fault = other", "low"),
        (".close = c", "low"),
    ],
)
def test_only_pages_of_the_page_cache_are_truncated(mkwrite, table, confidence):
    """A driver's own pages have no mapping that a truncation could take them from."""
    assert [(UNTESTED, confidence, False)] == mkwrite(f"lock_page(page); {LOCKED}", table)


def test_an_unlocked_page_is_told_beside_an_unseen_truncation(mkwrite):
    """Two ways to one return break two rules of it: the milder one must not hide the one that crashes."""
    body = f"lock_page(page); if (a) {{ unlock_page(page); }} {LOCKED}"

    assert [
        (UNTESTED, "moderate", False),
        ("mk() returns VM_FAULT_LOCKED with the page unlocked", "high", False),
    ] == mkwrite(body)


LAUNDER = owed("address_space_operations.launder_folio.keeps_locked", "folio")


@pytest.mark.parametrize(
    ("body", "confidences"),
    [
        ("folio_unlock(folio); return 0;", ["high"]),
        ("folio_lock(folio); folio_unlock(folio); return 0;", ["high"]),
        ("helper(folio); return 0;", ["moderate"]),
        ("folio_unlock(folio); folio_lock(folio); return 0;", []),
        ("if (folio_trylock(folio)) folio_put(folio); return 0;", []),
        ("return failing(folio);", ["moderate"]),
        ("int err = failing(folio); if (err) return err; return 0;", ["moderate"]),
        ("if (failing(folio)) return 1; return 0;", ["moderate"]),
        ("if (failing(folio)) folio_lock(folio); return 0;", []),
    ],
)
def test_what_a_laundered_folio_is_owed(suspects, body, confidences):
    """The folio comes locked and goes back locked."""
    failing = "int failing(struct folio *x) { int e = f(); if (e) folio_unlock(x); return e; }\n"
    text = f"{failing}void helper(struct folio *x) {{ folio_unlock(x); }}\nint la(struct folio *folio) {{ {body} }}\n"
    found = suspects(LAUNDER, text + "const struct address_space_operations ops = { .launder_folio = la };\n")

    assert confidences == [one.finding.confidence.value for one in found]


CALLS = owed("inode_operations.unlink.callers", "i_rwsem", "exclusive")


@pytest.fixture
def called(tmp_path, make_repository):
    """called(mode, C text, path) -> what `callers` says of a file in a real repository, as `git grep` needs one."""

    def find(text, mode="exclusive", path="fs/demo/a.c", resource="i_rwsem"):
        with KernelTree.open(
            make_repository(tmp_path / f"tree-{len(list(tmp_path.iterdir()))}", {path: text.encode()})
        ) as tree:
            index = KernelIndex(tree, tmp_path / "index", frozenset({"unlink"}))
            index.update(1)
            rule, obligation = rule_of("callers"), dataclasses.replace(CALLS, mode=mode, resource=resource)
            duties, missing = rule.duties(obligation, TreeFacts(tree, index, Effects(index)))
            found = [one for duty in duties for one in rule.judge(duty, range(1, 99), "")]
            index.close()
        find.elsewhere = [(one.line, one.reason) for one in missing]
        return [(one.finding.confidence.value, one.finding.line) for one in found]

    return find


CALL = "dir->i_op->unlink(dir, d)"


@pytest.mark.parametrize(
    ("text", "mode", "found"),
    [
        (f"static int f(void *dir, void *d) {{ return {CALL}; }}", "exclusive", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ return {CALL}; }}", "exclusive", []),
        (f"static int f(void *dir, void *d) {{ inode_lock(dir); return {CALL}; }}", "exclusive", []),
        (f"static int f(void *dir, void *d) {{ return {CALL}; }}\nint g(void) {{ walk(f); }}", "exclusive", []),
        (f"int f(void *dir, void *d) {{ rcu_read_lock(); return {CALL}; }}", "may_sleep", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ spin_lock(&a); spin_unlock(&a); return {CALL}; }}", "may_sleep", []),
        (f"int f(void *dir, void *d) {{ spin_lock(&a); spin_unlock(&b); return {CALL}; }}", "may_sleep", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ write_lock(&a); return {CALL}; }}", "may_sleep", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ preempt_disable(); return {CALL}; }}", "may_sleep", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ preempt_disable(); preempt_enable(); return {CALL}; }}", "may_sleep", []),
        (f"int f(void *dir, void *d) {{ local_irq_save(a); local_irq_restore(a); return {CALL}; }}", "may_sleep", []),
        (f"int f(void *dir, void *d) {{ inode_lock(dir); inode_unlock(dir); return {CALL}; }}", "held", [("low", 1)]),
        # A primitive of another sort of lock takes no i_rwsem, whatever it sounds like.
        (
            f"int f(void *dir, void *d) {{ inode_lock(dir); inode_unlock(dir); mutex_lock(dir); return {CALL}; }}",
            "held",
            [("low", 1)],
        ),
        (
            f"int f(void *dir, void *d) {{ inode_lock(dir); inode_unlock(dir); lock_it(dir); return {CALL}; }}",
            "held",
            [],
        ),
        (f"int f(void *dir, void *d) {{ int e = {CALL}; inode_unlock(dir); return e; }}", "held", [("low", 1)]),
        (f"int f(void *dir, void *d) {{ lock_it(dir); e = {CALL}; inode_unlock(dir); return e; }}", "held", []),
        (f"int f(void *dir, void *d) __releases(dir) {{ e = {CALL}; inode_unlock(dir); return e; }}", "held", []),
        (f"int f(void *dir, void *d) {{ e = {CALL}; inode_unlock(dir); x(); inode_lock(dir); return e; }}", "held", []),
    ],
)
def test_who_calls_a_method(called, text, mode, found):
    """A call that keeps the promise must stay silent; what breaks it is low, as callers elsewhere may see to it."""
    assert found == called(text, mode)


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        (f"int f(void *dir, void *d) {{ return {CALL}; }}", "exclusive", True),
        (f"int f(void *dir, void *d) {{ inode_lock(dir); return {CALL}; }}", "exclusive", False),
        (f"int f(void *dir, void *d) {{ lock_it(dir); e = {CALL}; inode_unlock(dir); return e; }}", "exclusive", False),
        (f"static int f(void *dir, void *d) {{ return {CALL}; }}", "exclusive", False),
        (f"int f(void *dir, void *d) {{ return {CALL}; }}", "may_sleep", False),
    ],
)
def test_what_other_files_decide_is_told(called, text, mode, told):
    """A function that takes nothing passed for one that keeps the promise: its deleted lock was met with silence."""
    called(text, mode)

    assert [line for line, why in called.elsewhere if "callers in other files" in why] == [1] * told


RELEASES = f"int f(void *dir, void *d) {{ int e = {CALL}; inode_unlock(dir); return e; }}"
TWO = f"int f(void *dir, void *d) {{ inode_lock(dir); inode_lock(a); inode_unlock(%s); return {CALL}; }}"
CALLED = "static int g(void *dir, void *d) { return f(dir, d); }\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"static int f(void *dir, void *d) {{ return {CALL}; }}", []),
        (RELEASES, [("low", 1)]),
        (f"static {RELEASES}\n{CALLED}int h(void *dir) {{ inode_lock(dir); return g(dir, 0); }}", []),
        (
            f"static {RELEASES}\n{CALLED}int h(void *dir) {{ inode_lock(dir); inode_unlock(dir); g(dir, 0); }}",
            [("low", 1)],
        ),
        (f"int f(void *dir, void *d) {{ inode_lock(dir); inode_unlock(dir); return {CALL}; }}", [("low", 1)]),
        (TWO % "dir", [("low", 1)]),
        (TWO % "a", []),
        (TWO.replace("{ inode", "{ void *a = d->parent; inode", 1) % "a", [("low", 1)]),
    ],
)
def test_the_vfs_itself_is_believed_unless_it_releases(called, text, found):
    """The tables describe how fs/*.c calls the methods; but who releases a lock has taken it, and holds it no more."""
    assert found == called(text, path="fs/namei.c")


def test_who_sleeps_is_called_without_a_spinlock(called):
    """The lock that a table promises may be held by a caller, but not by one of a function that sleeps."""
    text = f"int f(void *dir, void *d) {{ %s return {CALL}; }}"

    assert [("low", 1)] == called(text % "msleep(1);", "held", resource="d_lock")
    assert [("low", 1)] == called(text % "kmalloc(1, GFP_KERNEL);", "held", resource="d_lock")
    assert [] == called(text % "kmalloc(1, GFP_ATOMIC);", "held", resource="d_lock")
    assert [] == called(text % "msleep(1); spin_lock(&d->d_lock);", "held", resource="d_lock")
    assert [] == called(text % "msleep(1);", "held", resource="i_rwsem")
