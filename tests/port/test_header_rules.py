"""What the headers of two kernels decide alone."""

from cocci_gen.port.changes.comparison import compare, defined_elsewhere, header_differences
from cocci_gen.port.header_rules import HeaderRules
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.texts.trees import of_texts


def test_headers_are_read_once_for_the_same_evolutions(pair):
    """A replay would read them for each file system that it leaves out: half of its time."""
    old, new = (of_texts(name, pair(name)) for name in ("old", "new"))
    before, after, gone = header_differences(old, new)
    changed = compare(before, after, gone, new.below(["include"], (".h",)), defined_elsewhere(old, new), dict)
    rules = HeaderRules(old, new, declarations_of(old), declarations_of(new))

    first = rules.of(tuple(changed))
    assert first is rules.of(tuple(changed))
    assert ("no_turn",) == tuple(one.evolution for one in first.nulls)
    assert first.freed
    assert first.unfolded
    assert not rules.of(()).nulls
