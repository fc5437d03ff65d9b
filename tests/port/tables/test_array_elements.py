"""Elements of arrays that name what went."""

import pytest

from cocci_gen.port.changes.declared import Constant
from cocci_gen.port.changes.evolutions import ConstantGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Examples
from cocci_gen.port.tables.array_elements import arrays_of, element_rules
from cocci_gen.port.texts.instances import read_code

GONE = ConstantGone(Constant("wild_oats", "include/linux/oats.h", 3, variable=True))


def rules(*files, gone=GONE, excluded=()):
    """The rules that files of the tree teach, each (old, new)."""
    sides = [
        read_code([(f"fs/a{number}/a.c", one[side]) for number, one in enumerate(files)], frozenset())
        for side in (0, 1)
    ]
    return list(element_rules([gone], arrays_of(Examples(*sides, ())), excluded))


def listed(*more, old=b"&wild_oats, &rye", new=b"&rye"):
    """A list before and after, with what came."""
    came = b"".join(b", " + one for one in more)
    return tuple(b"const struct grain *grains[] = { %s };\n" % one for one in (old, new + came))


def indexed(new=b"&tame_oats"):
    """An array with an index before and after."""
    return tuple(b"const struct grain *sown[9] = {\n\t[MAY] = %s,\n};\n" % one for one in (b"&wild_oats", new))


CODE = b"""\
static const struct grain * const a[] = {
	&rye,
%s	&barley,
};
"""


def test_an_element_that_all_lists_lost_goes_with_its_condition(workshop):
    """A module would name what is not there; a condition with nothing inside would be left for somebody to take out."""
    made = rules(listed(), listed(), listed())
    code = {"a.c": CODE % b"#ifdef CONFIG_WILD\n\t&wild_oats,\n#endif\n"}

    assert CODE % b"" == apply_rules(made, code, workshop.runner).texts["a.c"]


def test_what_stands_behind_an_index_becomes_what_stands_there_by_now(workshop):
    """The index would be empty, which means something else."""
    code = b"static const struct grain *a[] = {\n\t[MAY] = &%s,\n\t[JUNE] = &rye,\n};\n"
    made = rules(indexed(), indexed(), indexed())

    assert code % b"tame_oats" == apply_rules(made, {"a.c": code % b"wild_oats"}, workshop.runner).texts["a.c"]


def test_what_a_file_defines_itself_takes_no_place():
    """One list with a new grain of its own would keep the tree from showing what became of the old one."""
    own = listed(b"&own_oats")
    own = (own[0], b"static const struct grain own_oats = { 1 };\n" + own[1])

    assert 1 == len(rules(listed(), listed(), listed(), own))
    assert [] == rules(own, own, own)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([listed(), listed()], id="two lists"),
        pytest.param(
            [listed(), listed(), listed(), listed(b"&tame_oats")], id="one has something of the kernel instead"
        ),
        pytest.param([listed(), listed(), listed(), listed(b"&wild_oats")], id="one has it still"),
        pytest.param([indexed(), indexed()], id="two arrays with an index"),
        pytest.param([indexed(), indexed(), indexed(b"&rye"), indexed(b"&barley")], id="they do not agree"),
    ],
)
def test_what_the_tree_does_not_show_makes_no_rule(files):
    """An element would go, or become another one, that the code needs."""
    assert [] == rules(*files)


def test_enumerators_and_code_that_is_left_out_make_no_rule():
    """A number in a list has a place and no address; a file system would be measured by what it taught itself."""
    assert [] == rules(listed(), listed(), listed(), gone=ConstantGone(Constant("wild_oats", "a.h", 3)))
    assert [] == rules(listed(), listed(), listed(), excluded=("fs/a1",))
