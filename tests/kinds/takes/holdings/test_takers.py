"""Which functions of a tree take something for their callers."""

import itertools

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.holdings.holding import Sure
from cocci_gen.kinds.takes.holdings.takers import Takers, takers_of
from cocci_gen.kinds.takes.words.texts import called, handed, line_of_call, line_of_handing
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static struct buffer_head *inner(struct super_block *sb) { return sb_bread(sb, 1); }
static void files(struct box *box, struct buffer_head *bh) { box->bh = bh; }
static void counts(struct box *box, struct buffer_head *bh) { get_bh(bh); box->bh = bh; submit_bh(bh); }
"""
HEAD += """\
static struct buffer_head *at_times(struct super_block *sb)
{
	struct buffer_head *bh;

	if (sb->n)
		bh = asked(sb);
	else
		bh = sb_bread(sb, 1);
	return bh;
}
"""
TAKES = "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return NULL; "


def taken(facts_of, body, arguments=("sb", "n"), known=()):
    """(how sure it is that f() takes for its caller, whether this call may)."""
    text = f"{HEAD}static struct buffer_head *f(struct super_block *sb, int n)\n{{\n\t{body}\n}}\n"
    facts = facts_of({"fs/a.c": text})
    source = takers_of(things()["buffer"], facts.index, facts.effects).source("fs/a.c")
    call = Call("f", True, arguments, 1)
    return source.returned(call), source.may(call, known)


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("return sb_bread(sb, n);", Sure.CERTAIN),
        ("return inner(sb);", Sure.CERTAIN),
        (f"{TAKES}return bh;", Sure.CERTAIN),
        ("struct buffer_head *bh = inner(sb); return bh ? bh : ERR_PTR(-EIO);", Sure.CERTAIN),
        (f"{TAKES}if (n) {{ brelse(bh); return ERR_PTR(-EIO); }} return bh;", Sure.CERTAIN),
        (f"{TAKES}if (n) {{ brelse(bh); bh = ERR_PTR(-EIO); }} return bh;", Sure.CERTAIN),
        (f"{TAKES}counts(box, bh); return bh;", Sure.CERTAIN),
        ("struct buffer_head *bh; if (n) bh = asked(sb); else bh = sb_bread(sb, n); return bh;", Sure.PERHAPS),
        ("struct buffer_head *bh; if (n) bh = sb->own; else bh = sb_bread(sb, n); return bh;", Sure.NO),
        ("struct buffer_head *bh = at_times(sb); return bh;", Sure.NO),
        (f"{TAKES}print(\"%p\", bh); return bh;", Sure.CERTAIN),
        (f"{TAKES}sb->s_op->get_dquots(bh); return bh;", Sure.CERTAIN),
        (f"{TAKES}files(box, bh); return bh;", Sure.PERHAPS),
        (f"{TAKES}hidden(bh); return bh;", Sure.PERHAPS),
        (f"{TAKES}brelse(bh); return bh;", Sure.NO),
        ("return sb->cached;", Sure.NO),
        ("struct buffer_head *bh = sb->cached; if (!bh) bh = sb_bread(sb, n); return bh;", Sure.NO),
        ("return NULL;", Sure.NO),
        ("return f(sb, n);", Sure.NO),
    ],
)  # fmt: skip
def test_who_owes_what_he_returns_has_taken_it(facts_of, body, sure):
    """Each shape is one of real code: a getter that lends what it has is no taker, and one that may do so is one perhaps."""
    assert taken(facts_of, body)[0] is sure


def test_what_a_call_is_told_decides_whether_it_takes(facts_of):
    """Who is given a failure returns it, and has taken nothing that the caller could keep."""
    body = f"if (n) return ERR_PTR(n); {TAKES}return bh;"

    assert taken(facts_of, body, ("sb", "-EIO")) == (Sure.CERTAIN, False)
    assert taken(facts_of, body, ("sb", "err"), (("err", 1, ""),)) == (Sure.CERTAIN, False)
    assert taken(facts_of, body, ("sb", "0")) == (Sure.CERTAIN, True)
    assert taken(facts_of, body) == (Sure.CERTAIN, True)


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("static int g(int n)\n{\n\tstruct buffer_head *bh = f(0, n); return 0;\n}\n", True),
        ("static int g(int n)\n{\n\tstruct buffer_head *one = h(n), *bh = f(0, n); return 0;\n}\n", True),
        ("static int g(struct box *box, struct buffer_head *bh)\n{\n\tbh = f(0, 1); return 0;\n}\n", True),
        ("static int g(int n)\n{\n\tstruct box *bh = f(0, n); return 0;\n}\n", False),
        ("static int g(int n)\n{\n\tstruct buffer_head *bh = lent(n); return 0;\n}\n", False),
    ],
)
def test_the_text_tells_who_is_to_be_read(facts_of, text, takes):
    """A function whose text shows no taking is not parsed; one whose text was misread would never be examined."""
    own = "static struct buffer_head *f(int a, int n) { return sb_bread(a, n); }\nstruct buffer_head *lent(int n) { return n; }\n"
    facts = facts_of({"fs/a.c": own + text})

    assert takers_of(things()["buffer"], facts.index, facts.effects).in_text(text.encode(), "fs/a.c") is takes


def test_a_remark_calls_nothing():
    """A helper that a comment only speaks of would be shown as the way to a finding."""
    text = b'static int f(void)\n{\n\t/* as hidden() does */\n\tpr_err("told() failed");\n\treturn real();\n}\n'

    assert {"hidden", "told"}.isdisjoint(called(text))
    assert line_of_call(text, "real") == 4


def test_a_callee_stands_where_it_is_first_called_or_handed_on():
    """A person looks at the line that the evidence names: not at a remark, a longer name, or a later call."""
    text = b"int f(int a)\n{\n\t/* get(a) */\n\tforget(a);\n\tget (\n\t\tfill, a);\n\tget(refill, fill);\n}\n"

    assert {"f": 0, "forget": 3, "get": 4, "fill": 0} == {
        name: line_of_call(text, name) for name in ("f", "forget", "get", "fill")
    }
    assert {"fill": 5, "refill": 6, "get": 0} == {
        name: line_of_handing(text, name) for name in ("fill", "refill", "get")
    }
    assert ("fill", "refill") == handed(text)


def test_what_was_asked_before_decides_nothing(facts_of):
    """A scan of what changed asks in another order than one of all: a finding would come or go with that."""
    names = ["sb_bread", *(f"at{number}" for number in range(7))]
    heads = "struct buffer_head *sb_bread(struct super_block *sb);\n" + "".join(
        f"static struct buffer_head *{outer}(struct super_block *sb) {{ return {inner}(sb); }}\n"
        for inner, outer in itertools.pairwise(names)
    )
    facts = facts_of({"fs/a.c": heads})

    def sure(*before):
        takers = Takers(things()["buffer"], facts.effects)
        asked = [
            takers.returned(Call(name, True, ("sb",), 1), "fs/a.c", depth) for name, depth in (*before, ("at6", 3))
        ]
        return asked[-1]

    assert sure() == sure(("at3", 4)) == sure(("at6", 1), ("at2", 2)) == Sure.CERTAIN
