"""What is told of a return that a search comes to only past what it cannot see through."""

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.kinds.exits.machines import UNLOCKS
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.exits.study import Study

TEXT = """\
static int demo_readpage(struct file *file, struct page *page)
{
	if (file == NULL) {
		demo_drop(page);
		return -EINVAL;
	}
	demo_fill(page);
	return 0;
}

const struct address_space_operations demo_aops = {
	.readpage = demo_readpage,
};
"""


def test_each_return_names_what_its_own_way_passes(facts_of):
    """The first call of the function that nobody can see through was named for every return, also where no way passes it."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "readpage")
    obligation = Obligation("address_space_operations", "readpage", "unlocks", "page", "yes, unlocks", "", source)
    rule = ExitRule("unlocks", UNLOCKS, frozenset({"release"}))
    _, missing = rule.duties(obligation, facts_of({"fs/demo/a.c": TEXT}))

    told = [one.reason.rpartition(": ")[2].partition("()")[0] for one in missing]
    assert [(5, "demo_drop"), (8, "demo_fill")] == [(one.line, name) for one, name in zip(missing, told, strict=True)]


def test_a_page_in_an_array_of_the_function_is_told(facts_of):
    """It passed for handed on, although only the loop of the function itself unlocks what stands there, if it does."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "readpage")
    obligation = Obligation("address_space_operations", "readpage", "unlocks", "page", "yes, unlocks", "", source)
    rule = ExitRule("unlocks", UNLOCKS, frozenset({"release"}))
    body = "struct page **many = kcalloc(4, 8, GFP_KERNEL);\n\tmany[0] = page;\n\tkfree(many);\n\treturn 0;"
    head = "static int demo_readpage(struct file *file, struct page *page)"
    table = "const struct address_space_operations demo_aops = {\n\t.readpage = demo_readpage,\n};\n"
    _, missing = rule.duties(obligation, facts_of({"fs/demo/a.c": f"{head}\n{{\n\t{body}\n}}\n{table}"}))

    assert ["many[0] keeps it"] == [one.reason.rpartition(": ")[2] for one in missing]


def test_what_was_searched_is_not_searched_again_for_the_tests_of_a_file(facts_of):
    """Each function was searched twice: once to tell of what is not seen, once as the duty that knows the option of the tests."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "readpage")
    obligation = Obligation("address_space_operations", "readpage", "unlocks", "page", "yes, unlocks", "", source)
    rule = ExitRule("unlocks", UNLOCKS, frozenset({"release"}))
    [duty], _ = rule.duties(obligation, facts_of({"fs/demo/a.c": TEXT}))
    told = duty.tested_by("DEMO_KUNIT_TEST")

    assert ("DEMO_KUNIT_TEST", "") == (told.tests, duty.tests)
    assert Study(told, UNLOCKS, ()).explored() is Study(duty, UNLOCKS, ()).explored()
