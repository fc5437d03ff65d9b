"""Ported lines under conditions that the new kernel, or only the module's own build, answers."""

import json

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.kernel.modules import open_module
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.application import Applied, Ported
from cocci_gen.port.new_view import NewView
from cocci_gen.port.report import Port, port_json, port_text, summary
from cocci_gen.port.rules import Declarations, PortRule
from cocci_gen.port.uncompiled import without_uncompiled

MAKEFILE = b"VERSION = 8\nPATCHLEVEL = %d\nSUBLEVEL = 0\n"
OLD = b"#define lamp_of(r, l) glow_of(r, l)\n#define lamp_setup(l) glow(l)\nvoid lamp_dim(struct lamp *l);\n"
NEW = OLD.replace(b"lamp_of", b"lamp_container_of").replace(b"lamp_dim", b"lamp_darken")
RULE = PortRule("dim", "lamp_dim", "lamp_dim() is now lamp_darken()", "@@\n@@\n", Declarations(), ())
#: Rewritten by the port: one line of whatever a case puts around it.
BODY = b"static void night(struct lamp *l)\n{\n\tlamp_dim(l);\n}\n"
SETUP = b"#if defined(lamp_setup) && defined(lamp_of)\n#define HAVE_SETUP\n#endif\n"


@pytest.fixture(scope="module")
def lamps(tmp_path_factory, make_repository):
    """Two kernels of which the second has another name for a macro and for a function."""
    folder = tmp_path_factory.mktemp("lamps")
    headers = {"old": OLD, "new": NEW}
    places = [
        make_repository(folder / name, {"Makefile": MAKEFILE % number, "include/linux/lamp.h": headers[name]})
        for number, name in enumerate(headers)
    ]
    with KernelTree.open(places[0], "HEAD") as old, KernelTree.open(places[1], "HEAD") as new:
        yield old, new


@pytest.fixture
def seen(tmp_path, lamps):
    """The text of a module, its makefile, and the names that its `configure` tests -> its port as the new kernel sees it."""

    def make(text, makefile=b"obj-m := room.o\n", tested=b""):
        before = {"room.c": b"#include <linux/lamp.h>\n" + text}
        for path, one in {**before, "Makefile": makefile, "configure": b"# " + tested}.items():
            (tmp_path / path).write_bytes(one)
        after = {path: one.replace(b"lamp_dim", b"lamp_darken") for path, one in before.items()}
        applied = tuple(
            Applied(RULE, path, before[path], after[path]) for path in before if before[path] != after[path]
        )
        port = Port("old", "new", "room", (), (RULE,), Ported(after, after, applied, ()), (), {})
        return without_uncompiled(port, NewView(open_module(str(tmp_path)), lamps, after), before)

    return make


def told(port):
    """The leftovers in words."""
    return [line for one in port.leftovers for line in one.lines()]


def test_a_line_under_a_macro_that_went_is_left(seen):
    """The user would read "done" of a line that the new kernel never compiles, and find the old branch by its errors."""
    port = seen(b"#ifdef lamp_of\n" + BODY + b"#endif\n")

    expected = "the new kernel does not compile this line: `#ifdef lamp_of` is false there (lamp_of is gone)"
    assert [f"room.c:5: condition: {expected}"] == told(port)
    assert () == port.done


def test_a_macro_of_the_module_that_hangs_on_it_is_followed(seen):
    """HAVE_SETUP is the module's own: what it stands for on the new kernel is decided three lines above."""
    port = seen(SETUP + b"#ifdef HAVE_SETUP\n" + BODY + b"#endif\n")

    assert ["room.c:8"] == [line.split(": ")[0] for line in told(port)]
    assert (
        "`#ifdef HAVE_SETUP` is false there (room.c:2 defines HAVE_SETUP only where lamp_of is a macro" in told(port)[0]
    )


def test_the_other_side_of_it_is_what_is_compiled(seen):
    """A branch that the new kernel takes would be told as dead, and be believed."""
    port = seen(SETUP + b"#ifndef HAVE_SETUP\n" + BODY + b"#endif\n")

    assert [] == told(port)
    assert 1 == len(port.done)


def test_a_macro_that_only_the_build_sets_is_told_once(seen):
    """`configure` tests for the old name: each line under its macro is dead, and one line about it is enough."""
    body = b"#ifdef LAMP_CAN_DIM\n" + BODY + BODY.replace(b"night", b"noon") + b"#endif\n"
    port = seen(body, tested=b"LAMP_CAN_DIM")

    assert 1 == len(told(port))
    assert (
        "may not compile this line, as `#ifdef LAMP_CAN_DIM` says: the module's build sets LAMP_CAN_DIM"
        in told(port)[0]
    )
    assert told(port)[0].endswith("; so it is with 9")
    assert () == port.done


@pytest.mark.parametrize(
    ("condition", "makefile"),
    [
        (b"#ifdef CONFIG_LAMP\n", b"obj-m := room.o\n"),
        (b"#ifdef lamp_setup\n", b"obj-m := room.o\n"),
        (b"#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 0, 0) || defined(LAMP_CAN_DIM)\n", b"obj-m := room.o\n"),
        (b"#ifdef DEBUG\n", b"obj-m := room.o\n"),
        (b"#ifdef LAMP_CAN_DIM\n", b"obj-m := room.o\nccflags-y += -DLAMP_CAN_DIM\n"),
    ],
    ids=[
        "the kernel's configuration",
        "a macro that stayed",
        "the version will do",
        "any module's user",
        "set by every build",
    ],
)
def test_other_conditions_leave_a_change_done(seen, condition, makefile):
    """Everything under an #ifdef would be told as undone, and nobody would read it."""
    port = seen(condition + BODY + b"#endif\n", makefile, b"LAMP_CAN_DIM DEBUG CONFIG_LAMP")

    assert [] == told(port)
    assert port.ported.applied == port.done


def test_a_rule_that_also_changes_compiled_lines_of_a_file_is_done(seen):
    """One dead line would take a rule out of the count that did its work elsewhere."""
    port = seen(BODY + b"#ifdef lamp_of\n" + BODY.replace(b"night", b"noon") + b"#endif\n")

    assert 1 == len(told(port))
    assert port.ported.applied == port.done


@pytest.mark.parametrize(("given", "done"), [(b"lamp_dim", 0), (b"l", 1)], ids=["both changed", "the body alone"])
def test_a_body_follows_its_heads(seen, given, done):
    """A body that fits the dead head alone would be told as done; one that fits any head stays so."""
    head = (
        b"#ifdef LAMP_CAN_DIM\nstatic void night(struct lamp *"
        + given
        + b")\n#else\nstatic void night(int l)\n#endif\n"
    )
    port = seen(head + b"{\n\tlamp_dim(l);\n}\n", tested=b"LAMP_CAN_DIM")

    assert done == len(port.done)


def test_the_count_of_what_is_done_does_not_hold_it(seen, tmp_path):
    """port.txt, port.json and the last words would say "done", each for another reader."""
    port = seen(b"#ifdef lamp_of\n" + BODY + b"#endif\n")
    rule = json.loads(json.dumps(port_json(port)))["rules"][0]

    assert "done (0 rules)" in port_text(port)
    assert "left for you (1)" in port_text(port)
    assert ([], ["room.c"]) == (rule["files"], rule["not compiled"])
    assert any("0 files by 0 semantic patches" in line for line in summary(port, tmp_path))


def test_the_command_tells_both(tmp_path, kernel_trees, pair):
    """A module whose macro went, and which calls what no kernel has: the command would say that nothing is left."""
    texts = pair("module")
    line = b"\tplot->p_time = meadow_time(plot);\n"
    assert line in texts["elm.c"]
    more = b"#ifdef PLOT_SPREAD\n" + line + b"#endif\n\tplot_rake(plot);\n"
    (tmp_path / "elm").mkdir()
    for path, text in {**texts, "elm.c": texts["elm.c"].replace(line, more)}.items():
        (tmp_path / "elm" / path).write_bytes(text)
    words = ["port", "--kernel", str(kernel_trees[0].root), "--to-kernel", str(kernel_trees[1].root), "-j", "1"]
    words += ["--module", str(tmp_path / "elm"), "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, words)
    told = (tmp_path / "out/port.txt").read_text()

    assert 1 == result.exit_code, result.output
    assert "`#ifdef PLOT_SPREAD` is false there (PLOT_SPREAD is gone)" in told
    assert "plot_rake(): used, and declared neither" in told
