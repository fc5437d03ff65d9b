"""Ported lines under conditions that the new kernel, or only the module's own build, answers."""

import json
import re

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.kernel.modules import open_module
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.checks.new_view import NewView
from cocci_gen.port.checks.uncompiled import compiled_only
from cocci_gen.port.edits.application import Applied, Ported
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.output.report import Port, port_json, port_text, summary, write_port

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


def carried(text, known):
    """The lines of a text, each changed where the same text with known conditions still has it."""
    lines = zip(text.split(b"\n"), known.split(b"\n"), strict=True)
    return b"\n".join(one.replace(b"lamp_dim", b"lamp_darken") if one == other else one for one, other in lines)


@pytest.fixture
def seen(tmp_path, lamps, laid):
    """The text of a module, its makefile, and the names that its `configure` tests -> the port of what is compiled."""

    def make(text, makefile=b"obj-m := room.o\n", tested=b""):
        before = {"room.c": b"#include <linux/lamp.h>\n" + text}
        laid(tmp_path, {**before, "Makefile": makefile, "configure": b"# " + tested})

        def port(decided):
            known = {**before, **decided}
            after = {path: carried(one, known[path]) for path, one in before.items()}
            applied = tuple(
                Applied(RULE, path, before[path], after[path]) for path in before if before[path] != after[path]
            )
            return Port("old", "new", "room", (), (RULE,), Ported(after, after, applied, ()), (), {})

        first = port({})
        view = NewView(open_module(str(tmp_path)), lamps, first.ported.texts)
        return compiled_only(first, view, before, {}, port)

    return make


def told(port):
    """The leftovers in words."""
    return [f"{one.path}:{one.line}: {one.evolution}: {one.reason}" for one in port.leftovers]


def test_a_line_under_a_macro_that_went_is_left(seen):
    """The user would read "done" of a line that the new kernel never compiles, and find the old branch by its errors."""
    port = seen(b"#ifdef lamp_of\n" + BODY + b"#endif\n")

    expected = "the new kernel does not compile this line: `#ifdef lamp_of` is false there (lamp_of is gone)"
    assert [f"room.c:5: condition: {expected}"] == told(port)
    assert () == port.ported.applied


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
    assert 1 == len(port.ported.applied)


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
    assert () == port.ported.applied


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
    assert ["room.c"] == [one.path for one in port.ported.applied]
    assert {} == port.apart


def test_what_is_compiled_is_done_and_the_rest_is_kept_beside(seen):
    """Mails would carry the line that is compiled nowhere, or a user who wants both would have to write the second himself."""
    port = seen(BODY + b"#ifdef lamp_of\n" + BODY.replace(b"night", b"noon") + b"#endif\n")
    text, apart = port.ported.texts["room.c"], port.apart["room.c"]

    assert 1 == len(told(port))
    assert [(1, 1), (2, 0)] == [(one.count(b"lamp_darken"), one.count(b"lamp_dim")) for one in (text, apart)]
    assert text == port.ported.applied[0].after
    assert () == port.uncompiled


def test_a_file_apart_is_a_patch_on_the_port(seen, tmp_path):
    """`git apply port.diff uncompiled.diff` would not give what the rules made; that of an earlier run would stay."""
    text = BODY + b"#ifdef lamp_of\n" + BODY.replace(b"night", b"noon") + b"#endif\n"
    port, out = seen(text), tmp_path / "out"
    write_port(out, port, {"room.c": b"#include <linux/lamp.h>\n" + text})
    both = [(out / name).read_bytes() for name in ("port.diff", "uncompiled.diff")]
    write_port(out, seen(BODY), {"room.c": b"#include <linux/lamp.h>\n" + BODY})

    assert [1, 1] == [one.count(b"\n+\tlamp_darken(l);") for one in both]
    assert both[1].startswith(b"--- a/room.c")
    assert not (out / "uncompiled.diff").exists()


def test_the_count_of_what_is_done_does_not_hold_it(seen, tmp_path):
    """port.txt, port.json and the last words would say "done", each for another reader."""
    port = seen(b"#ifdef lamp_of\n" + BODY + b"#endif\n")
    told = json.loads(json.dumps(port_json(port)))

    assert "done (0 semantic patches)" in port_text(port)
    assert "left for you (1 place)" in port_text(port)
    assert "not done, as the new kernel does not or may not compile it (1, in uncompiled.diff)" in port_text(port)
    assert ([], ["room.c"]) == (told["rules"], [one["file"] for one in told["not compiled"]])
    assert any("0 files by 0 semantic patches" in line for line in summary(port, tmp_path))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"#ifdef LAMP_CAN_DIM\nint a;\n#endif\n", {"LAMP_CAN_DIM"}),
        (b"#ifdef LAMP_CAN_DIM\nint a;\n#else\nint b;\n#endif\n", set()),
        (b"#ifdef CONFIG_LAMP\nint a;\n#endif\n", set()),
    ],
    ids=["alone", "with another way", "the kernel's configuration"],
)
def test_what_the_build_asks_for_around_a_line(tmp_path, lamps, laid, text, names):
    """`#else` may be the way of a kernel before the old one: who is told that the build decides would find out as it fails."""
    laid(tmp_path, {"room.c": text, "Makefile": b"obj-m := room.o\n", "configure": b"# LAMP_CAN_DIM"})
    view = NewView(open_module(str(tmp_path)), lamps, {"room.c": text})

    assert names == view.set_around("room.c", text, 1)


@pytest.fixture
def command(tmp_path, kernel_trees, laid):
    """The texts of a module -> what `port` made of them: its text for people, all mails, and what the diffs hold."""

    def run(texts):
        laid(tmp_path / "elm", texts)
        words = ["port", "--kernel", str(kernel_trees[0].root), "--to-kernel", str(kernel_trees[1].root), "-j", "1"]
        words += ["--module", str(tmp_path / "elm"), "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
        result = CliRunner().invoke(main, words)
        assert 1 == result.exit_code, result.output
        out = tmp_path / "out"
        mails = b"".join(one.read_bytes() for one in sorted(out.glob("series/*/*.patch")))
        return (out / "port.txt").read_text(), mails, {one.name: one.read_bytes() for one in out.glob("*.diff")}

    return run


def test_the_command_tells_both(command, pair):
    """A module whose macro went, and which calls what no kernel has: the command would say that nothing is left."""
    texts = pair("module")
    line = b"\tplot->p_time = meadow_time(plot);\n"
    assert line in texts["elm.c"]
    more = b"#ifdef PLOT_SPREAD\n" + line.replace(b"(plot)", b"(plot->next)") + b"#endif\n\tplot_rake(plot);\n"
    told, mails, diffs = command({**texts, "elm.c": texts["elm.c"].replace(line, line + more)})

    assert "`#ifdef PLOT_SPREAD` is false there (PLOT_SPREAD is gone)" in told
    assert "plot_rake(): used, and declared neither" in told
    changed = [
        re.findall(rb"(?m)^-\tplot->p_time = (.*);", one) for one in (mails, *dict(sorted(diffs.items())).values())
    ]
    assert [[b"meadow_time(plot)"], [b"meadow_time(plot)"], [b"meadow_time(plot->next)"]] == changed
