"""The kind no_relock for vm_area_structs: what a fault handler may do with the area that its caller holds for reading."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.locks.areas import AreaRule

HEAD = "int flt(struct vm_fault *vmf)\n{\nstruct vm_area_struct *vma = vmf->vma;\n"
TABLE = "\nreturn 0;\n}\nconst struct vm_operations_struct ops = { .fault = flt };\n"


@pytest.fixture
def uses(facts_of):
    """uses(body, method) -> (line of the body, name of what is wrong) of each suspect, all of which must be as sure as told."""

    def find(body, method="fault", resource="mmap_lock", sure=Confidence.MODERATE, helpers=""):
        source = RuleSource("Documentation/filesystems/locking.rst", 1, method)
        obligation = Obligation("vm_operations_struct", method, "no_relock", resource, "column", "text", source, "held")
        facts = facts_of({"fs/a.c": helpers + HEAD + body + TABLE.replace("fault", method)}, methods=(method,))
        rule = AreaRule()
        duties, _ = rule.duties(obligation, facts)
        found = [one.finding for duty in duties for one in rule.judge(duty, range(1, 99), "")]
        assert all(one.confidence is sure for one in found)
        assert [] == [node for duty in duties for node in rule.unstarred(duty, range(1, 99))]
        assert all("* " in rule.semantic_patch(duty).text for duty in duties)
        return [(one.line - 3 - helpers.count("\n"), "written" in one.message) for one in found]

    return find


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("vma->vm_flags |= 1;", [(1, True)]),
        ("vmf->vma->vm_page_prot = p;", [(1, True)]),
        ("vma->vm_private_data = p;", []),
        ("down_write(&vma->vm_mm->mmap_lock);\nvma->vm_flags |= 1;", []),
        ("mmap_read_unlock(mm);\nuse(vma->vm_flags);", [(2, False)]),
        ("mmap_read_unlock(mm);\nmmap_read_lock(mm);\nuse(vma->vm_flags);", []),
        ("if (a) {\nmmap_read_unlock(mm);\nreturn 1;\n}\nuse(vma->vm_flags);", []),
        ("up_read(&mm->mmap_sem);\nuse(vma->vm_flags);", [(2, False)]),
        ("up_read(&mm->other);\nuse(vma->vm_flags);", []),
        ("mmap_read_unlock(vma->vm_mm);\nuse(mm);", []),
    ],
)
def test_what_a_fault_handler_does_with_the_area(uses, body, found):
    """Two faults of one area run at once, and behind the release it may be gone."""
    assert found == uses(body)


def test_who_has_the_lock_for_writing_may_write(uses):
    """->open and ->close come with mmap_lock held for writing; and other locks say nothing of areas."""
    assert [] == uses("vma->vm_flags |= 1;", method="open")
    assert [] == uses("vma->vm_flags |= 1;", resource="i_rwsem")


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);", Confidence.LOW),
        ("vma->vm_page_prot = make(vma->vm_flags, PROT_ALL);", Confidence.LOW),
        ("vma->vm_page_prot = pgprot_noncached(own->prot);", Confidence.MODERATE),
        (
            "vma->vm_page_prot = f(vma->vm_page_prot);\nif (a)\nvma->vm_page_prot = g(vma->vm_page_prot);",
            Confidence.MODERATE,
        ),
        ("vma->vm_pgoff += 1;", Confidence.MODERATE),
    ],
)
def test_what_every_fault_writes_alike_hurts_nobody(uses, body, sure):
    """Readers called each write of one uncached protection the letter of the rule: two at once write the same bits."""
    assert uses(body, sure=sure)


HELPERS = """int enter(struct bed *b) { return mutex_lock_killable(&b->lock); }
void leave(struct bed *b) { mutex_unlock(&b->lock); }
void turn(struct bed *b) { mutex_lock(&b->lock); mutex_unlock(&b->lock); }
"""
WRITES = "vma->vm_page_prot = a ? f(vma->vm_page_prot) : g(b);\n"


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        (f"mutex_lock(&b->lock);\n{WRITES}mutex_unlock(&b->lock);", Confidence.LOW),
        (f"if (enter(b))\nreturn 1;\n{WRITES}leave(b);", Confidence.LOW),
        (f"b = find_it(vma);\nif (!b)\nreturn 1;\n{WRITES}if (b)\nleave(b);", Confidence.LOW),
        (f"mutex_lock(&b->lock);\nmutex_unlock(&b->lock);\n{WRITES}", Confidence.MODERATE),
        (f"{WRITES}mutex_lock(&b->lock);\nb->n++;\nmutex_unlock(&b->lock);", Confidence.MODERATE),
        (f"{WRITES}if (enter(b))\nreturn 1;\nleave(b);", Confidence.MODERATE),
        (f"{WRITES}turn(b);", Confidence.MODERATE),
        (f"down_read(&b->sem);\n{WRITES}up_read(&b->sem);", Confidence.MODERATE),
        (f"rcu_read_lock();\n{WRITES}rcu_read_unlock();", Confidence.MODERATE),
    ],
)
def test_what_stands_under_a_lock_of_its_own_keeps_other_faults_out(uses, body, sure):
    """Readers called writes between a mutex and its release the letter of the rule: no two faults are there at once.  A lock that
    is taken behind them, or that readers share, keeps nobody out."""
    assert uses(body, sure=sure, helpers=HELPERS)
