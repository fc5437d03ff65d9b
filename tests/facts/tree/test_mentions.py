"""Who mentions what: the smaller this is, the less is looked at again when one function changes."""

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.tree.mentions import KeptMentions, Mentions, called_in, words_of
from cocci_gen.facts.tree.outlines import numbered

TEXT = b"""int f(struct x *ops)
{
	int empty = ops->fill(ops) ? ops->in.last : 1;

	if (ops -> spaced)
		return g(empty);
	return 0;
}
"""


def mentions():
    """Of one function."""
    kept = KeptMentions(
        ["0", "1"], ["f", "of_another_tree"], b"", dict.fromkeys((0, 1), numbered(words_of(graph_of(TEXT, 1))))
    )
    return Mentions(kept, {"0": ["a.c"]})


def test_a_member_is_not_a_function_of_its_name():
    """`empty_dir` is a variable in one file system and a method in another: both would be looked at for each other's sake."""
    assert mentions().of("g") == mentions().of("empty") == {("a.c", "f")}
    assert mentions().of("fill") == mentions().of("last") == set()


def test_a_call_through_a_pointer_is_known_by_its_member():
    """Whoever calls a method that changed would keep what was said of it before."""
    assert mentions().of_member("fill") == mentions().of_member("last") == {("a.c", "f")}
    assert mentions().of_member("spaced") == {("a.c", "f")}
    assert mentions().of_member("empty") == mentions().of_member("g") == set()


def test_what_a_comment_names_is_not_called():
    """One function of ext4 that a comment of fs/fs-writeback.c names led to all who call iput(): the whole kernel was scanned."""
    text = b'int f(void)\n{\n\t/* see dig() */\n\tpr_err("fill() failed");\n\treturn g(); // not h()\n}\n'
    assert called_in(text) == {b"f", b"g", b"pr_err"}
