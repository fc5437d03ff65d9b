"""The kind `returns`: whose values are a method's own."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.kinds.registry import RULES

TRANSLATES = "vm_fault_t to_fault(int err) { if (!err) return VM_FAULT_LOCKED; return VM_FAULT_SIGBUS; }\n"
METHOD = """\
vm_fault_t mk(struct vm_fault *vmf) { return to_fault(work(vmf)); }
const struct vm_operations_struct ops = { .pfn_mkwrite = mk };
"""


@pytest.mark.parametrize(("header", "says"), [("fs/demo/b.c", ["to_fault"]), ("include/linux/mm.h", [])])
def test_a_helper_of_everybody_is_judged_by_nobodys_contract(facts_of, header, says):
    """One of include/ that ->fault and ->page_mkwrite use too was reported for what is right for them."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "pfn_mkwrite")
    obligation = Obligation(
        "vm_operations_struct", "pfn_mkwrite", "returns", "page", "prose", "", source, names=("VM_FAULT_NOPAGE",)
    )
    (rule,) = RULES["returns"]
    facts = facts_of({"fs/demo/a.c": METHOD, header: TRANSLATES}, methods=("pfn_mkwrite",))
    duties, _ = rule.duties(obligation, facts)
    found = [suspect for duty in duties for suspect in rule.judge(duty, range(1, 9), "")]

    assert says == [one.finding.function for one in found]
