"""Which label a return goes to that lacks calls, and where it must make them itself."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.states.known import NEGATIVE
from cocci_gen.kinds.jumps import Jump, also_owed, jump_for

HEAD = "int err;\n\tlock(m);\n\terr = step(1);\n\tif (err)\n\t\tgoto out;\n\t"
OUT = "\n\terr = step(2);\nout:\n\t"
PLAIN = f"{OUT}unlock(m);\n\treturn err;"
TOLD = f"{OUT}if (err)\n\t\ttell(m);\n\tunlock(m);\n\treturn err;"
NONE_YET = f"{OUT}unlock(m);\n\tif (!err)\n\t\terr = flush(m);\n\treturn err;"
FREES = f"{OUT}kfree(name);\n\tunlock(m);\n\treturn err;"
SAYS = '\n\terr = step(2);\n\tgoto back;\nout:\n\tprintk("no step");\nback:\n\tunlock(m);\n\treturn err;'
UP = "\n\tgoto out;\nback:\n\treturn err;\nout:\n\tunlock(m);\n\tgoto back;"
AHEAD = "int err;\n\tlock(m);\n\tif (b)\n\t\treturn -EIO;"
SENT = "\n\tif (err)\n\t\tgoto out;"
TABLE = f"{OUT}free_table(name);\n\tunlock(m);\n\treturn err;"
COUNTS = f"{OUT}unlock(m);\n\taccount(name);\n\treturn err;"
ROUND = "int err;\nagain:\n\tlock(m);\n\tname = other();\n\terr = step(1);\n\tif (err)\n\t\tgoto out;"
ROUND += "\n\tif (c) {\n\t\tkfree(name);\n\t\tunlock(m);\n\t\tgoto again;\n\t}\n\tif (b)\n\t\treturn -EIO;\n\tname = other();"
TAKEN = "int err;\n\tlock(m);\n\tif (link(name))\n\t\treturn -EIO;\n\terr = step(1);"
PUT_IN = "int err;\n\tlock(m);\n\terr = add_entry(name);\n\tif (err)\n\t\tgoto out;\n\tif (b)\n\t\treturn -EIO;"
FREED = "\n\tunlock(m);\n\treturn 0;\nout:\n\tkfree(name);\n\tunlock(m);\n\treturn err;"
UNDONE = f"{OUT}undo(name);\n\tunlock(m);\n\treturn err;"
HELD = "int err;\n\tmutex_lock(m);\n\t"
SENT_FIRST = f"{HELD}if (c) {{\n\t\terr = step(name);\n\t\tif (err)\n\t\t\tgoto out;\n\t}}\n\tif (b)\n\t\treturn -EIO;"
SENT_FIRST += "\n\terr = step(name);"
TELLS = "\nout:\n\tmutex_unlock(m);\n\taccount(name);\n\treturn err;"
HALF_ASKED = f"{HELD}if (b)\n\t\treturn -EIO;\n\tif (c)\n\t\tgo_on(1);\n\terr = step(1);{SENT}"
HALF_DONE = "\n\terr = step(2);\nout:\n\tif (c)\n\t\tput_name(name);\n\tmutex_unlock(m);\n\treturn err;"
FORGOTTEN = f"{HELD}err = step(1);\n\tif (b)\n\t\treturn -EIO;\n\tmutex_unlock(m);\n\treturn 0;\nout:\n\tb->links--;"
FORGOTTEN += "\n\tmutex_unlock(m);\n\treturn err;"
EMPTY = (
    "int err;\n\tstruct n *name = NULL;\n\tlock(m);\n\terr = step(1);\n\tif (b)\n\t\treturn -EIO;\n\tname = make(b);"
)
EARLY = "int err;\n\tlock(m);\n\terr = -EIO;\n\tif (!c)\n\t\tgoto out;\n\tif (b)\n\t\treturn -EIO;\n\tunlock(m);\n\treturn 0;"
EARLY += "\nout:\n\tSetPageError(p);\n\tunlock(m);\n\treturn err;"
IF_TOLD = "int err = 0;\n\tbool told = ask(b);\n\tif (told)\n\t\tlock(m);\n\tif (told) {\n\t\terr = step(1);"
IF_TOLD += f"\n\t\tif (err)\n\t\t\treturn -EIO;\n\t}}\n\terr = step(2);{SENT}\n\terr = step(3);\nout:\n\tif (told)"
IF_TOLD += "\n\t\tunlock(m);\n\treturn err;"
DONE = "int err;\n\tint done = 0;\n\tlock(m);\n\terr = step(1);\n\tif (err)\n\t\treturn -EIO;\n\terr = step(2);"
DONE += f"{SENT}\n\tdone = 1;\n\tunlock(m);\n\terr = step(3);\nout:\n\tif (!done)\n\t\tunlock(m);\n\treturn err;"
SET_BACK = Jump("back", ("err = -EIO;",))
SET = Jump("out", ("err = -EIO;",))


def exit_in(code):
    """(graph, node of the `return -EIO;`, nodes of the `unlock(m);`) of a function with this body."""
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return -EIO;")
    return graph, number, [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]


ENDS = ("return -EIO;", "return 1;", "return -EIOCBQUEUED;")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{PLAIN}", SET, id="the calls alone"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{TOLD}", SET, id="tells of the failure first"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{NONE_YET}", SET, id="keeps the first failure"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{FREES}", SET, id="gives back more that is in hand"),
        pytest.param(f"{HEAD}if (b) {{\n\t\tkfree(name);\n\t\treturn -EIO;\n\t}}{FREES}", None, id="given back before"),
        pytest.param(
            f"{HEAD}if (b) {{\n\t\tname = other(b);\n\t\treturn -EIO;\n\t}}{FREES}", None, id="another thing by now"
        ),
        pytest.param(f"{HEAD}if (b)\n\t\treturn 1;{TOLD}", None, id="no failure for a label that asks"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIOCBQUEUED;{TOLD}", None, id="no failure: the I/O is under way"),
        pytest.param(f"{AHEAD}\n\terr = step(1);{SENT}{FREES}", SET, id="a test behind it"),
        pytest.param(
            f"{AHEAD}\n\tname = other(b);\n\terr = step(1);{SENT}{FREES}", None, id="another thing from then on"
        ),
        pytest.param(f"{AHEAD}\n\tget_name(name);\n\terr = step(1);{SENT}{FREES}", None, id="taken from then on"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{COUNTS}", SET, id="what failures ahead do too"),
        pytest.param(
            f"{AHEAD}\n\terr = step(1);{SENT}{COUNTS}", None, id="no giving back, and done by a later failure alone"
        ),
        pytest.param(
            f"{AHEAD}\n\terr = load_table(c);\n\terr = step(1);{SENT}{TABLE}", None, id="taken by the name of another"
        ),
        pytest.param(f"{AHEAD}\n\tname->size = 1;\n\terr = step(1);{SENT}{TABLE}", None, id="filled from then on"),
        pytest.param(
            f"{HEAD}if (b)\n\t\treturn -EIO;\n\treturn 0;\n\tnever();{FREES}", SET, id="a step that no way comes to"
        ),
        pytest.param(f"{ROUND}{FREES}", SET, id="given back where the way comes round again"),
        pytest.param(f"{TAKEN}{SENT}{UNDONE}", None, id="what takes it has failed"),
        pytest.param(f"{PUT_IN}{FREED}", None, id="what failed to take it there has taken it here"),
        pytest.param(f"{PUT_IN.replace('add_entry', 'look_at')}{FREED}", SET, id="what failed there takes nothing"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{SAYS}", SET_BACK, id="a text for another failure"),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;{UP}", SET, id="a label that jumps up to another"),
        pytest.param(
            f"{HEAD}if (c) {{\n\t\tunlock(m);\n\t\treturn -EPERM;\n\t}}\n\tif (b)\n\t\treturn -EIO;{OUT}done(m);\n\tunlock(m);"
            "\n\treturn 0;",
            None,
            id="another value is returned",
        ),
        pytest.param(f"{HEAD}if (b)\n\t\treturn -EIO;\n\tguard(rcu)();{PLAIN}", None, id="over a guard"),
        pytest.param(
            f"{HEAD}if (b)\n\t\treturn -EIO;{OUT}unlock(m);\n\treturn err ?: 7;", SET, id="the value, or another"
        ),
        pytest.param(
            f"{HEAD}if (b)\n\t\treturn -EIO;{OUT}unlock(m);\n\tif (err)\n\t\treturn err;\n\treturn b;",
            SET,
            id="one of two values",
        ),
        pytest.param(
            f"{HEAD}if (b) {{\n\t\terr = -EIO;\n\t\treturn -EIO;\n\t}}{PLAIN}",
            Jump("out", ()),
            id="the value is kept already",
        ),
        pytest.param(
            f"int err;\n\tlock(m);\n\tif (!name)\n\t\treturn -EIO;\n\terr = step(1);{SENT}{FREES}",
            SET,
            id="nothing to free",
        ),
        pytest.param(f"{EMPTY}{SENT}{FREES}", SET, id="nothing to free yet"),
        pytest.param(f"{EMPTY.replace('step(1)', 'step(&name)')}{SENT}{FREES}", None, id="what may be there by now"),
        pytest.param(f"{SENT_FIRST}{SENT}{TELLS}", SET, id="what all others do in the end"),
        pytest.param(
            f"{SENT_FIRST}\n\tif (err) {{\n\t\tmutex_unlock(m);\n\t\treturn err;\n\t}}{TELLS}",
            None,
            id="what one of the others does not",
        ),
        pytest.param(f"{HALF_ASKED}{HALF_DONE}", SET, id="a test that leads there on both sides"),
        pytest.param(
            f"{HALF_ASKED.replace('go_on(1)', 'name = make(b)')}{HALF_DONE}", None, id="a test that decides on taking"
        ),
        pytest.param(IF_TOLD, SET, id="under a test whose outcome is known"),
        pytest.param(IF_TOLD.replace("= step(1)", "= step(&told)"), None, id="a test that may change"),
        pytest.param(DONE, SET, id="under a test of a constant"),
        pytest.param(DONE.replace("err = step(1)", "done = step(1)"), None, id="a constant no more"),
        pytest.param(f"{HALF_ASKED.replace('(c)', '(get_name(name))')}{HALF_DONE}", None, id="a test that takes"),
        pytest.param(EARLY, SET, id="an error that is set ahead of the test"),
        pytest.param(EARLY.replace("err = -EIO", "err = step(0)"), None, id="what may be no error"),
        pytest.param(FORGOTTEN, SET, id="a label that nobody goes to"),
        pytest.param(
            FORGOTTEN.replace("b->links--", "end_page_writeback(p)").replace("return 0", "set_page_writeback(p)"),
            None,
            id="a label for what is not begun yet",
        ),
        pytest.param(
            f"struct n *name __free(put_name) = NULL;\n\t{HEAD}if (b)\n\t\treturn -EIO;{OUT}unlock(m);"
            "\n\tif (err)\n\t\treturn err;\n\treturn b;",
            SET,
            id="what ends with its scope",
        ),
    ],
)
def test_where_a_return_jumps(body, wanted):
    """A jump where the states differ frees twice, or frees what was never taken; none where it fits is no kernel style."""
    graph = graph_of(f"int f(int b)\n{{\n\t{body}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text in ENDS)
    owed = [n for n, node in enumerate(graph.nodes) if node.text in ("unlock(m);", "mutex_unlock(m);")]
    assert jump_for(graph, number, [owed]) == wanted


FAULT = "int err;\n\tint ret;\n\tlock(m);\n\terr = step(1);\n\tif (err)\n\t\tgoto out;\n\terr = step(2);\n\tif (err) {\n\t\t"
OF_ERROR = "\n\t}\n\terr = step(3);\nout:\n\tunlock(m);\n\tret = vmf_error(err);\n\treturn ret;"
OF_CODE = "\n\t}\n\tret = VM_FAULT_LOCKED;\n\tif (b)\n\t\tret = VM_FAULT_NOPAGE;\nout:\n\tput_name(name);\n\tunlock(m);"
OF_CODE += "\n\tif (ret == VM_FAULT_LOCKED)\n\t\tdirty(name);\n\treturn ret;"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        pytest.param(f"{FAULT}return -EIO;{OF_ERROR}", SET, id="an error number"),
        pytest.param(f"{FAULT}return vmf_error(err);{OF_ERROR}", Jump("out", ()), id="what is made of it there too"),
        pytest.param(f"{FAULT}return VM_FAULT_NOPAGE;{OF_ERROR}", None, id="a code that is none"),
        pytest.param(
            f"{FAULT}ret = vmf_error(err);\n\t\treturn ret;{OF_CODE}".replace(
                "goto out", "{\n\t\tret = vmf_error(err);\n\t\tgoto out;\n\t}", 1
            ).replace("};", "}"),
            Jump("out", ()),
            id="a code made of one",
        ),
        pytest.param(
            f"{FAULT}ret = look(b);\n\t\treturn ret;{OF_CODE}".replace(
                "goto out", "{\n\t\tret = vmf_error(err);\n\t\tgoto out;\n\t}", 1
            ).replace("};", "}"),
            None,
            id="a code that may be the page's",
        ),
    ],
)
def test_a_fault_code_that_is_made_behind_the_label(code, wanted):
    """Two calls were written out in front of a return whose error the label makes a fault code of; one of an error number is no
    error number."""
    graph = graph_of(f"static vm_fault_t f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    lines = [n for n, node in enumerate(graph.nodes) if node.kind == "return"]
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]
    assert jump_for(graph, lines[0], [owed]) == wanted


LADDER = "int err;\n\tlock(m);\n\tholder_init(n);\n\terr = step(1);\n\tif (err)\n\t\tgoto uninit;\n\tif (b)\n\t\treturn -EIO;"
LADDER += "\n\terr = step(2);\n\tif (err)\n\t\tgoto drop;\n\terr = step(3);\ndrop:\n\tlet_go(n);\nuninit:\n\tholder_uninit(n);"
LADDER += "\n\tunlock(m);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        pytest.param(
            LADDER.replace("let_go(n)", "holder_dq(n)"), Jump("drop", ("err = -EIO;",)), id="a name that says so"
        ),
        pytest.param(LADDER, None, id="a name that says nothing"),
        pytest.param(
            LADDER.replace("step(2)", "take(n)"), Jump("uninit", ("err = -EIO;",)), id="given to what comes later"
        ),
    ],
)
def test_a_label_too_low_is_no_way_out(code, wanted):
    """A jump to the label below uninitialised a holder that was still queued: what is done in between was owed too."""
    graph, number, owed = exit_in(code)

    assert jump_for(graph, number, [owed], NEGATIVE) == wanted


GOT = "int err;\n\terr = dev_block(n);\n\tif (err)\n\t\treturn err;\n\tlock(m);\n\tif (b)\n\t\treturn -EIO;\n\terr = step(1);\n\t"
GOT += "if (err)\n\t\tgoto unlock;\n\tfind_user(n);\n\terr = step(2);\n\tif (err)\n\t\tgoto put;\n\tunlock(m);\n\treturn 0;"
GOT += "\nput:\n\tput_user(n);\nunlock:\n\tunlock(m);\n\tdev_unblock(n);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "at", "wanted"),
    [
        pytest.param(GOT, "return -EIO;", Jump("unlock", ("err = -EIO;",)), id="what a later exit does without"),
        pytest.param(GOT, "return err;", None, id="what takes it has failed"),
    ],
)
def test_what_an_exit_further_on_does_without_is_not_owed(code, at, wanted):
    """A plain jump was refused for the sake of a reference that is taken two tests later, by a name that does not say so."""
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == at)
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert jump_for(graph, number, [owed], NEGATIVE) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        pytest.param("return again(b);", Jump("put", ()), id="left"),
        pytest.param("clear(m);\n\treturn again(b);", None, id="another has more to do"),
    ],
)
def test_a_label_that_nobody_goes_to_was_meant(code, wanted):
    """A put was written out in front of a jump to another label than the one that puts, to which nobody goes any more."""
    code = f"return err;\nout:\n\t{code}"
    code = f"\n\terr = step(1);\n\tif (err)\n\t\tgoto out;\n\tstep(2);\nput:\n\tput(m);\n\t{code}"
    code = f"int err = -EIO;\n\tif (c)\n\t\tgoto out;\n\tget(m);{code}"
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = [n for n, node in enumerate(graph.nodes) if node.text == "goto out;"][-1]
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "put(m);"]

    assert jump_for(graph, number, [owed]) == wanted


#: Two variables may fail; what is done behind the one label hangs on the first.
TWO = "int err = 0;\n\tint rc = 0;\n\tif (c) {\n\t\terr = -EINVAL;\n\t\tgoto out;\n\t}\n\tlock(m);"
TWO += "\n\terr = step(1);\n\tif (err)\n\t\tgoto unlock;\n\t%s\n\terr = step(3);\nunlock:"
TWO += "\n\tunlock(m);\n\tif (!err)\n\t\tstore(b);\nout:\n\tif (!err)\n\t\terr = rc;\n\treturn err;"


@pytest.mark.parametrize(
    ("fails", "wanted"),
    [
        pytest.param("rc = step(2);\n\tif (rc)\n\t\tgoto out;", None, id="the other one failed"),
        pytest.param("err = step(2);\n\tif (err)\n\t\tgoto out;", Jump("unlock", ()), id="asked"),
        pytest.param("err = -EIO;\n\tif (b)\n\t\tgoto out;", Jump("unlock", ()), id="set"),
    ],
)
def test_a_label_that_asks_a_variable_is_for_those_where_that_one_failed(fails, wanted):
    """With the other one at fault, what is for success would be done as well: data stored of what was refused."""
    graph = graph_of(f"int f(int b)\n{{\n\t{TWO % fails}\n}}\n".encode(), 1)
    number = [n for n, node in enumerate(graph.nodes) if node.text == "goto out;"][-1]
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]
    assert jump_for(graph, number, [owed], NEGATIVE) == wanted


def test_a_return_of_the_constant_of_a_label_means_the_label():
    """`return 0` in the midst of jumps to a label that returns 0 got what the label does written out."""
    code = (
        "lock(m);\n\tif (c)\n\t\tgoto no;\n\tif (b)\n\t\treturn 0;\n\tstep(1);\n\tstep(2);\n\tunlock(m);\n\treturn 1;"
    )
    code += "\nno:\n\tunlock(m);\n\treturn 0;"
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return 0;")
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert jump_for(graph, number, [owed]) == Jump("no", ())


CLEARS = (
    "int err = 0;\n\tif (c)\n\t\tgoto out;\n\terr = step(1);\n\tif (b)\n\t\treturn -EIO;\n\terr = fill(p);\n\tif (!err)"
)
CLEARS += "\n\t\treturn 0;\nout:\n\tmemset(p, 0, 1);\n\tunlock_page(p);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        pytest.param(CLEARS, "out", id="all that fail"),
        pytest.param(
            CLEARS.replace("memset(p", "at = kmap(p);\n\tkunmap(at);\n\tmemset(p"), "out", id="what is made there"
        ),
        pytest.param(CLEARS.replace("\t\treturn 0;", "\t\treturn b;"), None, id="not all"),
        pytest.param(CLEARS.replace("return -EIO", "return 7"), None, id="no failure"),
    ],
)
def test_what_all_do_that_fail_with_what_the_caller_handed_over(code, label):
    """An unlock was written in front of a return where all others that fail clear the page first."""
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text in ("return -EIO;", "return 7;"))
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock_page(p);"]
    found = jump_for(graph, number, [owed])

    assert (found.label if found else None) == label


FILE = "int err = -ENOENT;\n\tlock(m);\n\tff = find(b);\n\tif (!ff)\n\t\tgoto unlock;\n\tif (b)\n\t\treturn -EIO;"
FILE += "\n\twpa = setup(m, ff);"
FILE += "\n\tif (!wpa)\n\t\tgoto put;\n\tuse(wpa);\n\treturn 0;\nput:\n\tput_file(ff);\nunlock:\n\tunlock(m);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "also"),
    [
        pytest.param(FILE, "put_file(ff)", id="got by now"),
        pytest.param(FILE.replace("if (b)\n", "if (!ff)\n"), "", id="found empty"),
        pytest.param(FILE.replace("if (b)\n", "put_file(ff);\n\tif (b)\n"), "", id="given back by now"),
    ],
)
def test_what_has_got_a_value_may_be_in_hand(code, also):
    """A jump to the label below left a file that was found a line before: what is built of it is no taking."""
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also
    assert (jump_for(graph, number, [owed], NEGATIVE) is None) == bool(also)


SYNCS = "int err = -EIO;\n\twhile (b--) {\n\t\tbh = read(b);\n\t\tif (!bh)\n\t\t\tgoto fail;\n\t\tq = find(bh);\n\t\tif (!q)"
SYNCS += "\n\t\t\tgoto drop;\n\t\tq = step(q);\n\t\tif (!q)\n\t\t\tgoto fail;\n\t\tif (dirty(bh))\n\t\t\tsync(bh);\n\t\tput(bh);"
SYNCS += "\n\t}"
SYNCS += "\n\treturn 0;\ndrop:\n\tif (dirty(bh))\n\t\tsync(bh);\n\tput(bh);\nfail:\n\tclean(m);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        (SYNCS, "drop"),
        (SYNCS.replace("sync(bh);", "count(bh);", 1), None),
        (SYNCS.replace("sync(bh)", "sync(q)"), None),
    ],
)
def test_what_goes_with_every_release_goes_with_this_one(code, label):
    """A plain put was written where the function syncs the buffer ahead of each."""
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = [n for n, node in enumerate(graph.nodes) if node.text == "goto fail;"][-1]
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "put(bh);"]
    found = jump_for(graph, number, [owed], NEGATIVE)

    assert (found.label if found else None) == label


ROUNDS = "int err = 0;\n\tlock(m);\n\twhile (b--) {\n\t\tif (!h) {\n\t\t\th = start_step(n);\n\t\t\tif (!h)\n\t\t\t\tgoto unlock;"
ROUNDS += (
    "\n\t\t}\n\t\terr = step(1);\n\t\tif (err)\n\t\t\tgoto out;\n\t\terr = step(2);\n\t\tif (err)\n\t\t\tgoto commit;"
)
ROUNDS += "\n\t}\ncommit:\n\tif (h)\n\t\tcommit_step(n);\nunlock:\n\tunlock(m);\n\tput(m);\nout:\n\treturn err;"


@pytest.mark.parametrize(
    ("started", "also"),
    [
        pytest.param("start_step(n)", "commit_step(n)", id="started by the function"),
        pytest.param("look_at(n)", "", id="nobody knows who"),
    ],
)
def test_what_the_function_has_begun_is_not_left(started, also):
    """An unlock was put in front of a jump past the commit of what was begun, and a jump to the label below it is no better."""
    graph = graph_of(f"int f(int b)\n{{\n\t{ROUNDS.replace('start_step(n)', started)}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "goto out;")
    owed = [n for n, node in enumerate(graph.nodes) if node.text in ("unlock(m);", "put(m);")]

    assert (jump_for(graph, number, [owed], NEGATIVE), also_owed(graph, number, owed)) == (None, also)


@pytest.mark.parametrize(("ahead", "also"), [("struct box *box = BOX_I(b);", ""), ("hold(&box);", "put(box)")])
def test_what_the_first_exit_has_in_hand(ahead, also):
    """An exit at the top, where nothing is done yet, had its unlock refused for what a label further on gives back."""
    code = (
        f"{ahead}\n\tif (WARN_ON(b < 3))\n\t\treturn -EIO;\n\tif (step(1))\n\t\tgoto out;\n\tb = 1;\nout:\n\tput(box);"
    )
    code += "\n\tunlock(m);\n\treturn b;"
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


@pytest.mark.parametrize(
    ("ahead", "also"),
    [("atomic_cmpxchg(&b->state, 0, 1);", "atomic_set(&b->state, 2)"), ("atomic_read(&b->state);", "")],
)
def test_a_state_that_was_set_is_settled(ahead, also):
    """A release at the return left a state half set, which the label settles: who looks at it waits for ever."""
    code = (
        f"int err;\n\t{ahead}\n\tlock(m);\n\tif (b)\n\t\treturn -EIO;\n\tif (q) {{\n\t\tunlock(m);\n\t\treturn 0;\n\t}}"
    )
    code += "\n\terr = step(2);\n\tif (err)\n\t\tgoto out;\n\t"
    code += "err = step(3);\nout:\n\tunlock(m);\n\tif (!err)\n\t\tatomic_set(&b->state, 2);\n\treturn err;"
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


ONE_END = "int err = 0;\n\tlock(m);\n\twhile (more(l)) {\n\t\terr = step(l);\n\t\tif (err)\n\t\t\tgoto out;"
ONE_END += "\n\t\tif (b)\n\t\t\treturn -EIO;\n\t}"
ONE_END += "\nout:\n\twait_for(l);\n\tunlock(m);\n\treturn err;"


@pytest.mark.parametrize(
    ("code", "also"),
    [
        pytest.param(ONE_END, "wait_for(l)", id="all others do"),
        pytest.param(ONE_END.replace("\n\twait_for(l);", ""), "", id="nothing else is done"),
        pytest.param(ONE_END.replace("goto out", "unlock(m);\n\t\treturn err"), "", id="another one does not"),
        pytest.param(
            ONE_END.replace("wait_for(l)", "set_busy(l);\n\tclear_busy(l)"), "", id="it is begun and ended there"
        ),
    ],
)
def test_what_all_others_do_behind_their_one_label(code, also):
    """An unlock and a return were put where every other way ends a list of work first: half of what is owed."""
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


INLINE = "char *at = make(b);\n\tlock(m);\n\tif (b)\n\t\treturn -EIO;\n\tif (step(1)) {"
INLINE += "\n\t\tunlock(m);\n\t\tkfree(at);\n\t\treturn -EIO;\n\t}"
INLINE += "\n\tm->at = at;\n\tunlock(m);\n\treturn 0;"


@pytest.mark.parametrize(
    ("code", "also"),
    [
        pytest.param(INLINE, "kfree(at)", id="it has got a value"),
        pytest.param(INLINE.replace("char *at = make(b)", "char *at = NULL"), "", id="nothing is there yet"),
        pytest.param(INLINE.replace("\n\t\tkfree(at);", ""), "", id="nobody gives it back"),
        pytest.param(INLINE.replace("if (b)\n\t\t", "kfree(at);\n\tif (b)\n\t\t"), "", id="it is given back already"),
    ],
)
def test_what_another_exit_gives_back_beside_it(code, also):
    """Exits that write all of it in line have no label that could tell what an unlock alone leaves behind."""
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


FILLS = (
    "int err;\n\tlock(m);\n\terr = find(m, &n);\n\tif (err)\n\t\tgoto unlock;\n\tif (b)\n\t\treturn -EIO;\n\tuse(n);"
)
FILLS += "\n\tput(n);\nunlock:\n\tunlock(m);\n\treturn err;"


MADE = "int err;\n\tlock(m);\n\terr = {}(b);\n\tif (err)\n\t\treturn -EIO;\n\terr = step(1);\n\tif (err)\n\t\tgoto all;"
MADE += "\n\terr = step(2);\n\tif (err)\n\t\tgoto out;\n\tunlock(m);\n\treturn 0;\n"
MADE += "all:\n\tremove_node({});\nout:\n\tunlock(m);\n\treturn err;"


@pytest.mark.parametrize(
    ("call", "thing", "label"),
    [
        ("create_dir", "root_dir", "out"),
        ("look_at", "root_dir", "all"),
        ("find(m, &root_dir);\n\terr = create_dir", "root_dir", "all"),
    ],
)
def test_nobody_sees_who_puts_something_where_all_find_it(call, thing, label):
    """A directory was removed that the call which fails here would have made, for nobody hands it where it puts that."""
    graph, number, owed = exit_in(MADE.format(call, thing))
    assert jump_for(graph, number, [owed], NEGATIVE) == Jump(label, ("err = -EIO;",))


@pytest.mark.parametrize(
    ("ahead", "also"),
    [
        ("task->info = b;", "task->info = NULL"),
        ("task->info = b;\n\ttask->info = NULL;", ""),
        ("task->other = b;", ""),
        ("", ""),
    ],
)
def test_what_is_set_back_behind_a_label_is_a_part_of_it(ahead, also):
    """The unlock alone was put before a return that leaves a pointer of the task set, as what sets it back is no call."""
    code = f"lock(m);\n\t{ahead}\n\tif (b)\n\t\treturn -EIO;\n\tif (c)\n\t\tgoto out;\n\tstep(1);\nout:\n\t"
    graph, number, owed = exit_in(f"{code}task->info = NULL;\n\tunlock(m);\n\treturn c ? c : b;")
    assert also_owed(graph, number, owed) == also


@pytest.mark.parametrize(
    ("code", "also"),
    [
        ("spin_unlock(&box->lock);\n\t\tkmem_cache_free(cache, bag);", "kmem_cache_free(cache, bag)"),
        ("spin_unlock(&box->lock);\n\t\tkmem_cache_free(bag, b);", "kmem_cache_free(bag, b)"),
        ("spin_unlock(&box->lock);\n\t\tdrop(b);", "drop(b)"),
        ("spin_unlock(&box->lock);\n\t\tdrop(b);\n\t\treturn 0;", ""),
        ("spin_unlock(&box->lock);\n\t\tdrop(b);\n\t\treturn -1;\n\t} else {\n\t\tspin_unlock(&box->lock);", ""),
        ("spin_unlock(&box->lock);\n\t\tmutex_dprintk(b);", ""),
        ("if (c)\n\t\t\tmutex_unlock(&bag->lock);\n\t\tspin_unlock(&box->lock);", "mutex_unlock(&bag->lock)"),
        ("if (c)\n\t\t\tmutex_unlock(&bed->lock);\n\t\tspin_unlock(&box->lock);", ""),
        ("if (c)\n\t\t\tkfree(bed->lock);\n\t\tspin_unlock(&box->lock);", ""),
    ],
)
def test_what_is_given_back_is_not_always_the_first_argument(code, also):
    """The thing is what the function has got; a lock that others gave back here may be one that a helper took at times."""
    exits = f"bag = dig(b);\n\tprepare(bag, b);\n\tspin_lock(&box->lock);\n\tif (b)\n\t\treturn -EIO;\n\tif (c) {{\n\t\t{code}"
    graph, number, _ = exit_in(f"{exits}\n\t\treturn -EPERM;\n\t}}\n\tspin_unlock(&box->lock);\n\treturn 0;")
    made = [n for n, node in enumerate(graph.nodes) if node.text == "spin_unlock(&box->lock);"]
    assert also_owed(graph, number, made) == also


@pytest.mark.parametrize(
    ("code", "also"),
    [
        pytest.param(FILLS, "put(n)", id="put by all that come later"),
        pytest.param(FILLS.replace("if (b)\n", "put(n);\n\tif (b)\n"), "", id="put by now"),
        pytest.param(FILLS.replace("use(n);\n", "if (use(n))\n\t"), "", id="put by some"),
        pytest.param(FILLS.replace("find(m, &n)", "find(m, n)"), "", id="what is only handed on"),
    ],
)
def test_what_a_call_has_filled_in_is_not_left(code, also):
    """A jump to the unlock left what had been found: the function puts it right ahead of the label, on its one way there."""
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also
    assert (jump_for(graph, number, [owed], NEGATIVE) is None) == bool(also)


@pytest.mark.parametrize("between", ["", "int last;", "char *at, *end;"])
def test_what_a_call_has_not_found_is_not_left(between):
    """A declaration between the call and the test of its result had the plain unlock of a read that failed refused."""
    code = f"int err;\n\tlock(m);\n\terr = find(m, &n);\n\t{between}\n\tif (err)\n\t\treturn -EIO;\n\tunlock(m);"
    code += "\n\tput(n);\n\treturn 0;"
    graph, number, owed = exit_in(code)

    assert not also_owed(graph, number, owed)


KEEPS = "int err;\n\tlock(m);\n\tn = find(b);\n\tif (b)\n\t\treturn -EIO;\n\terr = step(1);\n\tif (err)\n\t\tgoto put;"
KEEPS += (
    "\n\tinstall(n);\n\terr = step(2);\n\tif (err)\n\t\tgoto unlock;\n\tunlock(m);\n\treturn 0;\nput:\n\tput_user(n);"
)
KEEPS += "\nunlock:\n\tunlock(m);\n\treturn err;"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(KEEPS, id="one before it comes over it"),
        pytest.param(KEEPS.replace("\n\tinstall(n);", ""), id="one before it comes over it, by no call that is seen"),
    ],
)
def test_what_a_later_exit_may_have_handed_on_is_owed(code):
    """An exit behind what keeps a thing does without its release, and says nothing of one ahead of that."""
    graph, number, owed = exit_in(code)

    assert jump_for(graph, number, [owed], NEGATIVE) == Jump("put", ("err = -EIO;",))


@pytest.mark.parametrize(("kept", "also"), [("install(n)", "put_user(n)"), ("install(b)", "")])
def test_what_is_handed_to_somebody_ahead_of_a_later_exit(kept, also):
    """Whoever was handed the thing in between may have kept it: that a later exit does without says nothing then."""
    code = f"int err;\n\tlock(m);\n\tn = find(b);\n\tif (b)\n\t\treturn -EIO;\n\t{kept};"
    code += (
        "\n\terr = step(2);\n\tif (err)\n\t\tgoto unlock;\n\terr = step(3);\n\tif (err)\n\t\tgoto put;\n\tunlock(m);"
    )
    code += "\n\treturn 0;\nput:\n\tput_user(n);\nunlock:\n\tunlock(m);"
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n\treturn err;\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return -EIO;")
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert also_owed(graph, number, owed) == also


def test_of_two_labels_the_one_that_frees_nothing_is_meant():
    """`goto out_free` where nothing is allocated yet is right, and no maintainer would write it."""
    code = "int err;\n\tlock(m);\n\tname = make(b);\n\tif (!name)\n\t\treturn -ENOMEM;\n\terr = step(1);\n\tif (err)"
    code += "\n\t\tgoto free;"
    code += (
        "\n\tif (c)\n\t\tgoto unlock;\n\terr = step(2);\nfree:\n\tkfree(name);\nunlock:\n\tunlock(m);\n\treturn err;"
    )
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return -ENOMEM;")
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert jump_for(graph, number, [owed], NEGATIVE) == Jump("unlock", ("err = -ENOMEM;",))


def test_what_is_done_by_both_labels_may_ask():
    """A jump to a label too low keeps two things, and only one of them is found: what both labels do is no reason to do half."""
    code = "int err = 0;\n\tif (b < 0)\n\t\tgoto out;\n\tlock(m);\n\tlock_page(p);\n\tif (c)\n\t\tgoto unlock;"
    code += "\n\tif (b)\n\t\tgoto out;"
    code += "\n\terr = step(1);\nunlock:\n\tunlock_page(p);\n\tunlock(m);\nout:\n\tdone(b, err != 0);\n\treturn err;"
    graph = graph_of(f"int f(int b)\n{{\n\t{code}\n}}\n".encode(), 1)
    number = [n for n, node in enumerate(graph.nodes) if node.text == "goto out;"][-1]
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert jump_for(graph, number, [owed], NEGATIVE) == Jump("unlock", ())


def test_a_pointer_that_is_made_of_the_error():
    """All that a lookup takes was written out beside a label that returns ERR_PTR(err)."""
    code = f"{HEAD}name = find(b);\n\tif (IS_ERR(name))\n\t\treturn name;{OUT}unlock(m);\n\tif (err)\n\t\treturn ERR_PTR(err);"
    graph = graph_of(f"char *f(int b)\n{{\n\t{code}\n\treturn name;\n}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return name;")
    owed = [n for n, node in enumerate(graph.nodes) if node.text == "unlock(m);"]

    assert jump_for(graph, number, [owed], NEGATIVE) == Jump("out", ("err = PTR_ERR(name);",))


@pytest.mark.parametrize(
    ("ahead", "also"),
    [("", "put(name)"), ("name = other();\n\t", ""), ("put(name);\n\t", ""), ("flag = 0;\n\t", "put(name)")],
)
def test_what_other_exits_give_back_as_well(ahead, also):
    """A patch that unlocks and does not put mends a half, and hides the rest; one that nobody else would put is none of it."""
    code = f"{HEAD}if (b) {{\n\t{ahead}return -EIO;\n\t}}{OUT}put(name);\n\tunlock(m);\n\treturn 0;"
    graph, number, owed = exit_in(code)

    assert (jump_for(graph, number, [owed], NEGATIVE), also_owed(graph, number, owed)) == (None, also)


@pytest.mark.parametrize(
    ("begun", "also"),
    [
        pytest.param("", "", id="begun behind the label"),
        pytest.param("set_page_writeback(p);\n\t", "end_page_writeback(p)", id="begun ahead"),
        pytest.param("set_page_writeback(p);\n\tend_page_writeback(p);\n\t", "", id="ended already"),
    ],
)
def test_what_has_not_been_begun_is_not_owed(begun, also):
    """A plain fix was refused for the sake of a writeback that only begins behind the label."""
    code = f"{begun}{HEAD}if (b)\n\t\treturn -EIO;{OUT}if (b > 1) {{\n\t\tset_page_writeback(p);\n\t\tend_page_writeback(p);"
    code += "\n\t}\n\tunlock(m);\n\treturn 0;"
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


@pytest.mark.parametrize(("ahead", "also"), [("", ""), ("name = other();\n\t", "unlock(name->lock)")])
def test_what_nothing_has_been_put_into_holds_nothing(ahead, also):
    """A plain fix was refused for the sake of locks of what is only found further on."""
    code = f"{ahead}{HEAD}if (b)\n\t\treturn -EIO;\n\tname = first(m);{OUT}if (n)\n\t\tunlock(name->lock);"
    code += "\n\tunlock(m);\n\treturn 0;"
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


FOUND = "int i;\n\tlock(m);\n\tfor (i = 0; i < b; i++) {\n\t\tif (!leaf(i))\n\t\t\treturn -EIO;"
FOUND += "\n\t\tif (has(i))\n\t\t\tgoto found;\n\t}\nfound:\n\tunlock(m);\n\tnote(m);\n\treturn 0;"


@pytest.mark.parametrize(
    ("code", "also"),
    [
        pytest.param(FOUND, "", id="who succeeds goes on with the work"),
        pytest.param(FOUND.replace("return 0", "return b"), "note(m)", id="who comes there may have failed"),
    ],
)
def test_what_is_done_where_all_succeeds_is_no_part_of_a_failure(code, also):
    """A release was refused, as those who find something set a time behind it."""
    graph, number, owed = exit_in(code)

    assert also_owed(graph, number, owed) == also


LODGES = (
    "int err = 0, lodged = 0;\n\tlock(m);\n\tif (b) {\n\t\tlodge(m);\n\t\tlodged = 1;\n\t}\n\tif (c)\n\t\treturn -EIO;"
)
LODGES += (
    "\n\terr = step(1);\n\tif (err)\n\t\tgoto out;\n\treturn 0;\nout:\n\tif (lodged)\n\t\tundo_it(n);\n\treturn err;"
)


def test_of_a_test_what_hangs_on_it_is_said():
    """A refusal said that other exits "make `lodged`"."""
    graph, number, _ = exit_in(LODGES)

    assert also_owed(graph, number, ()) == "undo_it(n)"


EARLY_FLAG = (
    "int err, lodged = 0;\n\tlock(m);\n\tif (b)\n\t\treturn -EIO;\n\tget_blocks(n);\n\terr = step(1);\n\tif (err)"
)
EARLY_FLAG += "\n\t\tgoto out;\n\tlodged = 1;\n\terr = step(2);\n\tif (err)\n\t\tgoto out;\n\treturn 0;\nout:"
EARLY_FLAG += "\n\tif (lodged)\n\t\tundo(m);\n\tput_blocks(n);\n\tunlock(m);\n\treturn err;"


def test_a_flag_whose_value_is_known_answers_for_nothing_behind_it():
    """A jump gave blocks back that were taken later, as the test ahead of that was taken for one that asks about them."""
    graph, number, owed = exit_in(EARLY_FLAG)

    assert jump_for(graph, number, [owed], NEGATIVE) is None
