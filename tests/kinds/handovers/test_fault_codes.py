"""VM_FAULT_LOCKED is said of a locked page."""

import pytest

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.kinds.handovers.fault_codes import FaultCodeRule

CODE = """\
static int code(int err) {{ if (err == 0) return VM_FAULT_LOCKED; return VM_FAULT_SIGBUS; }}
static void gone(struct page *page) {{ unlock_page(page); }}
static vm_fault_t f(struct vm_fault *vmf)
{{
	struct page *page = vmf->page; int err = 0;
	vm_fault_t ret = VM_FAULT_LOCKED;
	{body}
}}
const struct vm_operations_struct ops = {{ .{method} = f }};
"""


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("lock_page(page); return VM_FAULT_LOCKED;", False),
        ("lock_page(page); unlock_page(page); return VM_FAULT_LOCKED;", True),
        ("lock_page(page); gone(page); return ret;", True),
        ("if (!page->mapping) goto out; lock_page(page); out: return ret;", True),
        ("if (lock_page_killable(page) < 0) return VM_FAULT_RETRY; return VM_FAULT_LOCKED;", False),
        ("if (!trylock_page(page)) return 0; return VM_FAULT_LOCKED;", False),
        ("if (err) ret = code(err); else lock_page(page); return ret;", False),
        ("unseen(page); return VM_FAULT_LOCKED;", False),
        ("lock_page(page); unseen(page); unlock_page(page); return VM_FAULT_LOCKED;", True),
    ],
)
def test_the_page_of_a_write_fault(facts_of, body, breaks):
    """The VM unlocks what is said to be locked: somebody else's lock, then."""
    assert breaks is bool(duties(facts_of, "page_mkwrite", body))


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        (
            "page = find_lock_page(m, 1); if (!page) return VM_FAULT_SIGBUS; vmf->page = page; return VM_FAULT_LOCKED;",
            False,
        ),
        (
            "page = find_get_page(m, 1); if (!page) return VM_FAULT_SIGBUS; vmf->page = page; return VM_FAULT_LOCKED;",
            True,
        ),
        ("filemap_fault(vmf); return VM_FAULT_LOCKED;", False),
    ],
)
def test_the_page_that_a_fault_finds(facts_of, body, breaks):
    """A finder locks or it does not; who is given the fault may do what it wants."""
    assert breaks is bool(duties(facts_of, "fault", body))


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("if (had(page)) return VM_FAULT_SIGBUS; return VM_FAULT_LOCKED;", False),
        ("if (kept(page)) return VM_FAULT_SIGBUS; return VM_FAULT_LOCKED;", True),
        ("if (kept(page)) { unlock_page(page); return VM_FAULT_SIGBUS; } return VM_FAULT_LOCKED;", False),
        ("kept(page); return 0;", True),
        ("lock_page(page); return 0;", False),
        ("return answers(page);", True),
    ],
)
def test_a_lock_that_a_callee_took(facts_of, body, breaks):
    """Nobody unlocks what a callee has locked where the code does not say so; of its own locks `rule` asks the method, and here
    only a function that gets the page."""
    callees = """\
static int had(struct page *page) { lock_page(page); if (page->index) { unlock_page(page); return -EIO; } return 0; }
static int kept(struct page *page) { lock_page(page); if (page->index) return -EIO; return 0; }
static vm_fault_t answers(struct page *page) { lock_page(page); if (page->index) return VM_FAULT_SIGBUS; return VM_FAULT_LOCKED; }
"""
    assert breaks is bool(duties(facts_of, "page_mkwrite", body, callees))


def duties(facts_of, method, body, callees=""):
    """The duties of a method with this body."""
    owed = Obligation("vm_operations_struct", method, "returns_locked", "page", PROSE, "", RuleSource("a.rst", 1, ""))
    found, _ = FaultCodeRule().duties(
        owed, facts_of({"fs/a.c": callees + CODE.format(body=body, method=method)}, methods=(method,))
    )
    return found
