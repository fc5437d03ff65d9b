"""Leaf `contracts`: whether a returned value says success or failure."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.handovers.contracts import Says, contracts

NEGATIVE, ZERO, POSITIVE = (("err", 1, ""),), (("err", 2, ""),), (("err", 4, "1"),)


@pytest.mark.parametrize(
    ("method", "value", "facts", "says"),
    [
        ("write_begin", "0", (), Says.SUCCESS),
        ("write_begin", "-ENOMEM", (), Says.FAILURE),
        ("write_begin", "PTR_ERR(folio)", (), Says.FAILURE),
        ("write_begin", "err", (), Says.UNKNOWN),
        ("write_begin", "err", NEGATIVE, Says.FAILURE),
        ("write_begin", "err", ZERO, Says.SUCCESS),
        ("write_begin", "err", POSITIVE, Says.UNKNOWN),
        ("page_mkwrite", "VM_FAULT_LOCKED", (), Says.SUCCESS),
        ("page_mkwrite", "ret | VM_FAULT_LOCKED", (), Says.SUCCESS),
        ("page_mkwrite", "VM_FAULT_NOPAGE", (), Says.FAILURE),
        ("page_mkwrite", "VM_FAULT_LOCKED | VM_FAULT_MAJOR", (), Says.SUCCESS),
        ("page_mkwrite", "VM_FAULT_LOCKED|VM_FAULT_NOPAGE", (), Says.FAILURE),
        ("page_mkwrite", "VM_FAULT_LOCKED|VM_FAULT_RETRY", (), Says.UNKNOWN),
        ("page_mkwrite", "ret", (("ret", 7, "VM_FAULT_MAJOR | VM_FAULT_LOCKED"),), Says.SUCCESS),
        ("page_mkwrite", "0", (), Says.FAILURE),
        ("page_mkwrite", "ret", (("ret", 7, "VM_FAULT_LOCKED"),), Says.SUCCESS),
        ("page_mkwrite", "ret", (), Says.UNKNOWN),
        ("page_mkwrite", "block_page_mkwrite_return(err)", (), Says.UNKNOWN),
        ("page_mkwrite", "block_page_mkwrite_return(err)", NEGATIVE, Says.FAILURE),
        ("mount", "ERR_PTR(-EINVAL)", (), Says.FAILURE),
        ("mount", "-EINVAL", (), Says.FAILURE),
        ("mount", "dget(sb->s_root)", (), Says.UNKNOWN),
    ],
)
def test_what_a_value_says(method, value, facts, says):
    """A success taken for a failure is a false alarm, and the reverse a missed leak."""
    assert says is contracts()[method].says(value, facts)


def test_a_flagged_function_takes_only_with_its_flag():
    """pagecache_get_page() without FGP_LOCK takes no lock."""
    contract = contracts()["write_begin"]

    assert contract.gives_back(Call("pagecache_get_page", True, ("mapping", "index", "FGP_LOCK | FGP_CREAT", "gfp"), 1))
    assert not contract.gives_back(Call("pagecache_get_page", True, ("mapping", "index", "0", "gfp"), 1))
