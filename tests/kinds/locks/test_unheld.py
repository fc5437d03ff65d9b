"""A lock that the caller need not hold: who relies on it, and who knows that it is held."""

import pytest

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.document.readings import Mode
from cocci_gen.kinds.locks.unheld import UnheldLockRule

OWED = Obligation(
    "vm_operations_struct", "huge_fault", "must_not_call", "mmap_lock", PROSE, "", RuleSource("a.rst", 1, ""),
    Mode.NOT_HELD,
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("mmap_read_unlock(vmf->vma->vm_mm); return 1;", True),
        ("if (vmf->flags & FAULT_FLAG_NOWAIT) mmap_read_unlock(vmf->vma->vm_mm); return 1;", True),
        ("if (vmf->flags & FAULT_FLAG_VMA_LOCK) end(vmf); else mmap_read_unlock(vmf->vma->vm_mm); return 1;", False),
        ("if (other->flags & FAULT_FLAG_VMA_LOCK) end(vmf); else mmap_read_unlock(vmf->vma->vm_mm); return 1;", True),
    ],
    ids=["plainly", "another flag", "the flag of the lock", "the flag of something else"],
)
def test_who_asks_how_the_lock_is_held_may_release_it(facts_of, body, breaks):
    """A fault handler is told by a flag which lock it was called with; it was reported for releasing the right one."""
    code = f"static int f(struct vm_fault *vmf)\n{{\n\t{body}\n}}\n"
    table = "const struct vm_operations_struct ops = { .huge_fault = f };\n"
    duties, _ = UnheldLockRule().duties(OWED, facts_of({"mm/a.c": code + table}, methods=("huge_fault",)))

    assert breaks is bool(duties)


@pytest.mark.parametrize(
    ("before", "breaks"),
    [
        ("read_get_thing(vmf);", True),
        ("vmf->ops->get_link(vmf);", True),
        ("vmf->ops->get_lock(vmf);", False),
        ("get_unseen(vmf);", False),
    ],
)
def test_a_getter_takes_no_lock_unless_something_says_so(facts_of, before, breaks):
    """Most of what is called `get` counts something; behind the rest nothing is said."""
    code = "static int read_get_thing(struct vm_fault *vmf) { rcu_read_lock(); return get_one(vmf); }\n"
    code += "static int get_one(struct vm_fault *vmf) { return vmf->flags; }\n"
    code += f"static int f(struct vm_fault *vmf)\n{{\n\t{before} mmap_read_unlock(vmf->vma->vm_mm); return 1;\n}}\n"
    table = "const struct vm_operations_struct ops = { .huge_fault = f };\n"
    duties, _ = UnheldLockRule().duties(OWED, facts_of({"mm/a.c": code + table}, methods=("huge_fault",)))

    assert breaks is bool(duties)


@pytest.mark.parametrize(
    ("before", "breaks"),
    [
        ("node_lock(vmf);", True),
        ("node_lock_deep(vmf);", True),
        ("area_lock(vmf);", False),
        ("area_lock_deep(vmf);", False),
        ("other_area_lock(vmf);", True),
        ("unseen_lock(vmf);", False),
        ("demo_get_block(vmf);", True),
        ("get_ticket();", True),
        ("get_ticket(vmf);", False),
        ("down_read(&vmf->other_sem);", True),
        ("get_node(vmf);", True),
        ("get_area(vmf);", False),
        ("lock_map_acquire_try(vmf);", True),
        ("trace_area_lock(vmf);", True),
    ],
)
def test_a_lock_of_ones_own_is_another(facts_of, before, breaks):
    """A file system that takes its own mutex by `node_lock()` was never reported behind it, nor behind a block that it gets."""
    code = """
static void node_lock(struct vm_fault *vmf) { mutex_lock(&vmf->node->mutex); }
static void node_lock_deep(struct vm_fault *vmf) { node_enter(vmf); }
static void node_enter(struct vm_fault *vmf) { mutex_lock(&vmf->node->mutex); }
static void area_lock(struct vm_fault *vmf) { mmap_read_lock(vmf->vma->vm_mm); }
static void area_lock_deep(struct vm_fault *vmf) { area_enter(vmf); }
static void area_enter(struct vm_fault *vmf) { mmap_read_lock(vmf->vma->vm_mm); }
static void other_area_lock(struct vm_fault *vmf) { down_read(&vmf->other_sem); }
#define get_node(vmf) node_lock(vmf)
#define get_area(vmf) area_lock(vmf)
static int demo_get_block(struct vm_fault *vmf) { return vmf->flags; }
"""
    code += f"static int f(struct vm_fault *vmf)\n{{\n\t{before} mmap_read_unlock(vmf->vma->vm_mm); return 1;\n}}\n"
    table = "const struct vm_operations_struct ops = { .huge_fault = f };\n"
    duties, _ = UnheldLockRule().duties(OWED, facts_of({"mm/a.c": code + table}, methods=("huge_fault",)))

    assert breaks is bool(duties)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("mill_begin(vmf);", "whether mmap_lock is held at mmap_read_unlock() cannot be seen: mill_begin() may have taken it"),
        ("mmap_read_lock(vmf->vma->vm_mm);", ""),
        ("look(vmf);", ""),
    ],
)  # fmt: skip
def test_what_may_have_taken_the_lock_by_its_name_is_told(facts_of, before, told):
    """Behind a call that sounds like a lock nothing is said of a release: a silence that nobody could tell from "right"."""
    code = f"static int f(struct vm_fault *vmf)\n{{\n\t{before} mmap_read_unlock(vmf->vma->vm_mm); return 1;\n}}\n"
    table = "const struct vm_operations_struct ops = { .huge_fault = f };\n"
    _, missing = UnheldLockRule().duties(OWED, facts_of({"mm/a.c": code + table}, methods=("huge_fault",)))

    assert [one.reason for one in missing] == ([told] if told else [])
