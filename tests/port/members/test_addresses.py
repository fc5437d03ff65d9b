"""The address of a member that went behind functions."""

from dataclasses import replace

import pytest

from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.members.addresses import Held, Use, address_rules, use_of
from cocci_gen.port.texts.instances import head_of, read_code

CUT = Held("plot.p_cut", "plot", "p_cut", "struct date", "plot_get_cut", "plot_set_cut", Learned(3, 3, 3, (), ()))
CALLEES = {
    Use.READS: b"static void tell(int n, struct date *d)\n{\n\tsay(n, d->day, d->hour);\n}\n",
    Use.SETS: b"static void fill(struct date *d, int n)\n{\n\tint day = n;\n\n\t*d = date_of(day);\n\td->hour = 3;\n}\n",
    Use.CHANGES: b"static void round(struct date *d)\n{\n\tif (d->hour > 12)\n\t\td->day++;\n\td->hour = 0;\n}\n",
    Use.UNKNOWN: b"static void keep(struct date *d)\n{\n\tlist_add(d);\n}\n",
}


def functions(text):
    """The functions of a text."""
    return read_code([("a.c", text)], frozenset())


@pytest.mark.parametrize("use", list(Use))
def test_what_a_function_does_with_what_it_gets(use):
    """What is only read would be stored for nothing, and what is changed be lost."""
    code = functions(CALLEES[use])
    ((function,),) = code.functions.values()
    number = 1 if use is Use.READS else 0

    assert use is use_of(function, head_of(function), number)


@pytest.mark.parametrize("text", [b"\tif (n)\n\t\t*d = date_of(n);\n", b"\tif (n)\n\t\treturn;\n\t*d = date_of(n);\n"])
def test_what_is_set_on_one_way_alone_is_changed(text):
    """On the other way a local that nobody has set would be stored."""
    code = functions(b"static void fill(struct date *d, int n)\n{\n" + text + b"}\n")
    ((function,),) = code.functions.values()

    assert use_of(function, head_of(function), 0) is Use.CHANGES


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("d->day = n;\n\td->day += 2;\n\td->hour = d->day % 24;", Use.SETS),
        ("d->day = n;", Use.CHANGES),
        ("d->hour = d->day;\n\td->day = n;", Use.CHANGES),
        ("d->day = n;\n\td->hour += n;", Use.CHANGES),
        ("d->day = n;\n\tif (n)\n\t\td->hour = n;", Use.CHANGES),
        ("d->day = n;\n\tif (n)\n\t\treturn;\n\td->hour = n;", Use.CHANGES),
        ("d->day = n + d->day;\n\td->hour = n;", Use.CHANGES),
    ],
)
def test_all_that_there_is_may_be_set_part_by_part(text, use):
    """What the function leaves alone would be what happened to stand on the stack."""
    code = functions(f"static void fill(struct date *d, int n)\n{{\n\t{text}\n}}\n".encode())
    ((function,),) = code.functions.values()

    assert use is use_of(function, head_of(function), 0, ("day", "hour"))


def test_members_of_one_type_share_a_local(workshop):
    """A function that stamps three members would get three locals for what upstream does with one."""
    pair = [replace(CUT, named="stamp"), replace(CUT, member="p_sown", get="get_sown", set="set_sown", named="stamp")]
    calls = b"\tround(&p->p_cut);\n\ttell(1, &p->p_sown);\n"
    texts = {
        "a.c": b"".join(CALLEES.values()) + b"void f(struct plot *p)\n{\n" + calls + b"}\n"
        b"void g(struct plot *p, int stamp)\n{\n" + calls + b"}\n"
    }
    ported = apply_rules(address_rules(pair, functions(texts["a.c"])), texts, workshop.runner)
    first, second = (" ".join(one.split()) for one in ported.texts["a.c"].decode().split("void ")[-2:])

    assert (
        "struct date stamp; stamp = plot_get_cut(p); round(&stamp); plot_set_cut(p, stamp); stamp = get_sown(p); tell(1, &stamp);"
        in first
    )
    assert "struct date sown; struct date cut; cut = plot_get_cut(p); round(&cut);" in second


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("tell(1, &p->p_cut);", "struct date cut; cut = plot_get_cut(p); tell(1, &cut);"),
        ("fill(&p->p_cut, 1);", "struct date cut; fill(&cut, 1); plot_set_cut(p, cut);"),
        ("round(&p->p_cut);", "struct date cut; cut = plot_get_cut(p); round(&cut); plot_set_cut(p, cut);"),
        (
            "fill(&p->p_cut, 1); round(&p->p_cut);",
            "struct date cut; fill(&cut, 1); plot_set_cut(p, cut); cut = plot_get_cut(p); round(&cut); plot_set_cut(p, cut);",
        ),
        ("p->x = tell(1, &p->p_cut);", "struct date cut; cut = plot_get_cut(p); p->x = tell(1, &cut);"),
        ("x = fill(&p->p_cut, 1);", "struct date cut; x = fill(&cut, 1); plot_set_cut(p, cut);"),
        ("return tell(1, &p->p_cut);", "struct date cut; cut = plot_get_cut(p); return tell(1, &cut);"),
        ("return round(&p->p_cut);", "return round(&p->p_cut);"),
        ("p->p_cut = round(&p->p_cut);", "p->p_cut = round(&p->p_cut);"),
        ("keep(&p->p_cut);", "keep(&p->p_cut);"),
        ("elsewhere(&p->p_cut);", "elsewhere(&p->p_cut);"),
        (
            "int cut = 1; fill(&p->p_cut, cut);",
            "struct date plot_cut; int cut = 1; fill(&plot_cut, cut); plot_set_cut(p, plot_cut);",
        ),
        (
            "int cut = 1; int plot_cut = 1; fill(&p->p_cut, cut);",
            "int cut = 1; int plot_cut = 1; fill(&p->p_cut, cut);",
        ),
    ],
)
def test_the_address_of_a_local_is_given(workshop, call, wanted):
    """There is no member any more that one could point to."""
    head = b"void f(struct plot *p)\n{\n"
    callees = b"".join(CALLEES.values())
    lines = b"".join(b"\t%s;\n" % line.strip().encode() for line in call.split(";") if line.strip())
    texts = {"a.c": callees + head + lines + b"}\n"}
    ported = apply_rules(address_rules([CUT], functions(texts["a.c"])), texts, workshop.runner)
    inside = ported.texts["a.c"].removeprefix(callees + head).removesuffix(b"}\n").decode()

    assert wanted == " ".join(inside.split())
    assert () == ported.refused
