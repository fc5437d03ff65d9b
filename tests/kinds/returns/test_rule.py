"""The kind `returns`: whose values are a method's own."""

import re
from dataclasses import replace

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.tree.focus import FocusedIndex, focus_on
from cocci_gen.findings.findings import Confidence
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


HALF = """\
vm_fault_t {name}(struct vm_fault *vmf)
{{
	if (wait_writeback_killable(vmf->page))
		return VM_FAULT_NOPAGE;
	if ({wait}(vmf->page))
		return {last};
	return VM_FAULT_LOCKED;
}}
const struct vm_operations_struct {name}_ops = {{ .page_mkwrite = {name} }};
"""
BROKEN = """\
vm_fault_t broken(struct vm_fault *vmf)
{
	if (lock_page_killable(vmf->page))
		return VM_FAULT_RETRY;
	return VM_FAULT_LOCKED;
}
const struct vm_operations_struct broken_ops = { .page_mkwrite = broken };
"""


@pytest.mark.parametrize(
    ("last", "wait", "named"),
    [
        ("VM_FAULT_NOPAGE", "lock_page_killable", "peer"),
        ("VM_FAULT_RETRY", "lock_page_killable", ""),
        ("VM_FAULT_RETRY", "store", "peer"),
    ],
    ids=["at both waits", "at one wait", "no wait"],
)
def test_who_does_it_at_one_wait_only_is_no_example(facts_of, last, wait, named):
    """A reviewer looks at the function that a message names, and finds the very thing that the patch mends; what that does wrong
    for another reason is another patch."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "page_mkwrite")
    names = ("VM_FAULT_LOCKED", "VM_FAULT_NOPAGE", "VM_FAULT_SIGBUS")
    obligation = Obligation("vm_operations_struct", "page_mkwrite", "returns", "page", "prose", "", source, names=names)
    (rule,) = RULES["returns"]
    texts = {"fs/a/a.c": BROKEN, "fs/b/b.c": HALF.format(name="peer", last=last, wait=wait)}
    facts = facts_of(texts, methods=("page_mkwrite",))
    part = replace(facts, index=FocusedIndex(facts.index, focus_on(["fs/a/a.c"])))  # as a scan below a path asks

    for one in (facts, part):
        duties, _ = rule.duties(obligation, one)
        assert [named] == [duty.precedent.function for duty in duties if duty.graph.name == "broken"]


HANDS_ON = """\
vm_fault_t mk(struct vm_fault *vmf)
{
	int err = fill_it(vmf->page);

	%s
	return VM_FAULT_LOCKED;
}
const struct vm_operations_struct ops = { .page_mkwrite = mk };
"""
FILLS = "int fill_it(struct page *page) { if (!page) return -EIO; return 0; }\n"
DEEPER = """\
int ask(struct page *page) { int rc = 0; if (!page) rc = -ENOMEM; return rc; }
int fill_it(struct page *page) { int err = ask(page); return err; }
"""


@pytest.mark.parametrize(
    ("does", "helper", "said"),
    [
        ("if (err) return err;", FILLS, ["-EIO"]),
        ("if (err) return err;", DEEPER, ["-ENOMEM"]),
        ("if (err) return vmf_error(err);", FILLS, []),
        ("if (err == -EIO) return VM_FAULT_SIGBUS; if (err) return err;", FILLS, []),
        ("if (!err) return err;", FILLS, []),
        ("if (err) return err;", FILLS.replace("int fill", "vm_fault_t fill"), []),
        ("if (err) return err;", FILLS.replace("-EIO", "ask(page)"), []),
    ],
    ids=["handed on", "from deeper", "made a code", "asked for", "success", "codes already", "nobody's number"],
)
def test_an_error_number_that_a_callee_returns_is_one(facts_of, does, helper, said):
    """Who keeps the result in a variable returns the same number as who returns the call."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "page_mkwrite")
    names = ("VM_FAULT_LOCKED", "VM_FAULT_NOPAGE", "VM_FAULT_SIGBUS")
    obligation = Obligation("vm_operations_struct", "page_mkwrite", "returns", "page", "prose", "", source, names=names)
    (rule,) = RULES["returns"]
    facts = facts_of({"fs/demo/a.c": helper + HANDS_ON % does}, methods=("page_mkwrite",))
    duties, _ = rule.duties(obligation, facts)
    found = [one.finding for duty in duties for one in rule.judge(duty, range(1, 19), "")]

    assert said == [re.search(r"\((-\w+)\), an error number", one.message)[1] for one in found]
    assert all(one.confidence is Confidence.MODERATE for one in found)
    assert all(any(step.note.endswith(f"() returns {said[0]}") for step in one.evidence) for one in found)


@pytest.mark.parametrize(
    ("made", "method", "helper"),
    [
        (("vmf_error", "vmf_fs_error"), "page_mkwrite", "vmf_fs_error"),
        (("vmf_error",), "page_mkwrite", "vmf_error"),
        ((), "page_mkwrite", ""),
    ],
)
def test_a_fault_code_is_made_of_an_error_by_what_the_tree_has_for_it(facts_of, made, method, helper):
    """Of -EINTR vmf_error() makes VM_FAULT_SIGBUS: a signal of any sort would kill who writes through a mapping."""
    text = "vm_fault_t mk(struct vm_fault *vmf)\n{\n\tif (f(vmf))\n\t\treturn VM_FAULT_LOCKED | VM_FAULT_RETRY;\n\treturn 0;\n}\n"
    header = "".join(f"static inline vm_fault_t {name}(int err)\n{{\n\treturn 2;\n}}\n" for name in made)
    table = f"const struct vm_operations_struct ops = {{ .{method} = mk }};\n"
    source = RuleSource("Documentation/filesystems/locking.rst", 1, method)
    names = ("VM_FAULT_LOCKED", "VM_FAULT_NOPAGE", "VM_FAULT_RETRY", "VM_FAULT_SIGBUS")
    obligation = Obligation("vm_operations_struct", method, "returns", "page", "prose", "", source, names=names)
    (rule,) = RULES["returns"]
    facts = facts_of({"fs/demo/a.c": text + table, "include/linux/mm.h": header}, methods=(method,))

    assert {duty.helper for duty in rule.duties(obligation, facts)[0]} == {helper}


BELOW = """\
vm_fault_t mk(struct vm_fault *vmf)
{{
	int err = work(vmf);

	if (err < 0)
		return {given};
	return VM_FAULT_NOPAGE;
}}
const struct vm_operations_struct ops = {{ .page_mkwrite = mk }};
"""


@pytest.mark.parametrize(("given", "told"), [("err", 1), ("vmf_error(err)", 0), ("VM_FAULT_SIGBUS", 0)])
def test_what_is_known_to_be_an_error_number_is_none_of_the_codes(facts_of, given, told):
    """Which error it is nobody knows there: only constants were looked at, and `return err` behind `err < 0` was silent."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "page_mkwrite")
    obligation = Obligation("vm_operations_struct", "page_mkwrite", "returns", "page", "prose", "", source)
    (rule,) = RULES["returns"]
    facts = facts_of({"fs/demo/a.c": BELOW.format(given=given)}, methods=("page_mkwrite",))
    duties, _ = rule.duties(obligation, facts)
    found = [one.finding.message for duty in duties for one in rule.judge(duty, range(1, 12), "")]

    assert len([one for one in found if "(negative), an error number" in one]) == told
