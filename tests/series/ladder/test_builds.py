"""Stage 8 `builds`: the word of the compiler, from a tiny tree with makefiles of the kernel's shape."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cocci_gen.errors import CocciGenError, UsageProblem
from cocci_gen.kernel.kbuild import Needs, NoObject, depends_on, needs_of
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.ladder import build_room
from cocci_gen.series.ladder.build_room import BuildRoom, Compiled, diagnostics, new_warnings
from cocci_gen.series.ladder.builds import Builder
from cocci_gen.series.ladder.rungs import NotPassed, NotRun, Passed, Rung
from cocci_gen.series.plans import FilePlan, PatchPlan, SectionPlan

ROOT = Path(__file__).resolve().parents[3]
#: The environment before it is made hermetic.
REAL_ENVIRONMENT = dict(os.environ)
#: What the kernel's makefiles do for these goals, in a few lines: FS, DEMO and HOST are on, OFF is off but for ARCH=um.
MAKEFILE = b"""\
O ?= .
MAKEFLAGS += -rR --no-print-directory
Makefile: ;
.PHONY: allmodconfig prepare
allmodconfig:
	@printf 'CONFIG_FS=y\\nCONFIG_DEMO=m\\n%s' '$(if $(filter um,$(ARCH)),CONFIG_OFF=y)' > $(O)/.config
	@test -s "$(KCONFIG_ALLCONFIG)"
	@echo configured >> $(O)/log
prepare:
	@echo '#define READY 1' > $(O)/ready.h
%.o: FORCE
	@mkdir -p $(O)/$(dir $@)
	@echo '  CC      $@'
	@gcc -Wall -I$(O) -c -o $(O)/$@ $(CURDIR)/$*.c
FORCE:
"""
CODE = b'#include "ready.h"\nint %s(int a);\nint %s(int a)\n{\n\treturn a + READY;\n}\n'
TREE = {
    "Makefile": MAKEFILE,
    "Kbuild": b"obj-y += fs/\n",
    "fs/Makefile": b"obj-y := plain.o \\\n\tmore.o\nobj-$(CONFIG_DEMO) += demo/\n"
    b"obj-$(CONFIG_OFF)\t+= off/\nobj-$(CONFIG_HARD) += hard.o\n",
    "fs/demo/Makefile": b"obj-$(CONFIG_DEMO) += demofs.o\ndemofs-y := a.o \\\n  b.o\ndemofs-$(CONFIG_OFF) += c.o\n"
    b"demofs-objs += $(addprefix lib/, d.o e.o)\n",
    "fs/off/Makefile": b"obj-$(CONFIG_OFF) += off.o\n",
    "arch/um/Kconfig": b'config OFF\n\ttristate "off"\n\thelp\n\t  depends on nothing\n',
    "fs/Kconfig": b"config HARD\n\tbool\n\tdepends on FS && BROKEN\n\tdepends on ARM\n\tselect X\n\nconfig DEMO\n\ttristate\n",
    **{
        f"fs/{name}.c": CODE % ((name.rpartition("/")[2].encode(),) * 2)
        for name in ("plain", "more", "demo/a", "demo/b", "demo/c", "demo/lib/d", "off/off", "hard", "lost")
    },
    "fs/demo/a.h": b"",
    "arch/arm/x.c": CODE % (b"x", b"x"),
    "arch/arm/Makefile": b"obj-y += x.o\n",
}


@pytest.fixture
def kernel(tmp_path, make_repository, need):
    """A tree that builds in a moment."""
    for program in ("make", "gcc", "tar"):
        need(program)
    return make_repository(tmp_path / "kernel", TREE)


@pytest.fixture(autouse=True)
def easy_needs(request, monkeypatch):
    """The tiny tree needs no flex, bison, bc or headers."""
    if request.node.get_closest_marker("kernel"):
        return
    monkeypatch.setattr(build_room, "_PROGRAMS", {"make": "make", "gcc": "gcc", "tar": "tar"})
    monkeypatch.setattr(build_room, "_HEADERS", {})


def plan(tree, path, *changes, kind="unlocks"):
    """Patches of one file, each changing the text that the one before has left."""
    base = before = tree.read(path)
    plans = []
    for change in changes:
        after = change(before)
        plans.append(PatchPlan(kind, (), (), (), (FilePlan(path, base, before, after),)))
        before = after
    return plans


def section(*plans):
    """A section with these patches."""
    return SectionPlan(None, "DEMO", "demo", plans)


def good(text):
    """A change that compiles."""
    return text.replace(b"a + READY", b"a - READY")


def unused(text):
    """A change that makes gcc warn."""
    return text.replace(b"{\n", b"{\n\tint unused;\n")


def broken(text):
    """A change that does not compile."""
    return text.replace(b"return", b"retrun")


def built(kernel, tmp_path, *sections):
    """The results of the patches, per section."""
    with KernelTree.open(kernel) as tree:
        before = tree.state()
        made = Builder(tree, tmp_path / "cache", 2)([section(*one(tree)) for one in sections])
        assert tree.state() == before
    return [[one.built for one in one.patches] for one in made]


def test_each_patch_is_compiled_on_top_of_those_before(kernel, tmp_path):
    """A warning belongs to the patch that brings it, an error too; the next patch is compared with what is then there."""
    results = built(
        kernel,
        tmp_path,
        lambda tree: plan(tree, "fs/demo/a.c", good, unused, lambda text: text + b"/* more */\n"),
        lambda tree: plan(tree, "fs/plain.c", broken),
        lambda tree: plan(tree, "fs/demo/lib/d.c", good),
    )

    assert results[0][0] == results[0][2] == Passed(Rung.BUILDS)
    assert isinstance(results[0][1], NotPassed)
    assert "fs/demo/a.c: warning: unused variable" in results[0][1].reason
    assert isinstance(results[1][0], NotPassed)
    assert "fs/plain.c does not compile: fs/plain.c: error: " in results[1][0].reason
    assert results[2] == [Passed(Rung.BUILDS)]


def test_a_warning_that_was_there_before_is_nobodys_fault(kernel, tmp_path):
    """A patch must not be blamed for old warnings, wherever their lines have moved."""
    file = kernel / "fs/plain.c"
    file.write_bytes(unused(file.read_bytes()))
    os.system(f"git -C {kernel} commit -q -a -m warn")  # noqa: S605 - a fixed path of this test
    moved = lambda text: b"/* moved */\n" + good(text)  # noqa: E731

    assert built(kernel, tmp_path, lambda tree: plan(tree, "fs/plain.c", moved)) == [[Passed(Rung.BUILDS)]]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("fs/hard.c", "CONFIG_HARD off (fs/Kconfig: depends on FS && BROKEN && ARM)", id="depends"),
        pytest.param("fs/lost.c", "not built: no makefile names fs/lost.o", id="no-makefile"),
        pytest.param("fs/demo/a.h", "fs/demo/a.h has no object file of its own", id="header"),
        pytest.param("arch/arm/x.c", "is code for arm, which needs a cross compiler", id="foreign"),
    ],
)
def test_what_is_not_built_is_said_with_its_reason(kernel, tmp_path, path, reason):
    """ "Not tested" without a reason is what maintainers ask back about."""
    [[result]] = built(kernel, tmp_path, lambda tree: plan(tree, path, lambda text: text + b"\n"))

    assert isinstance(result, NotRun)
    assert reason in result.reason


def test_user_mode_linux_builds_what_only_it_has(kernel, tmp_path):
    """hostfs exists for ARCH=um alone."""
    results = built(kernel, tmp_path, lambda tree: plan(tree, "fs/off/off.c", good, unused))

    assert [type(one) for one in results[0]] == [Passed, NotPassed]


def test_a_file_that_never_compiled_says_nothing_about_the_patch(kernel, tmp_path):
    """The old code's errors are not the patch's."""
    file = kernel / "fs/plain.c"
    file.write_bytes(broken(file.read_bytes()))
    os.system(f"git -C {kernel} commit -q -a -m break")  # noqa: S605 - a fixed path of this test
    [[result]] = built(kernel, tmp_path, lambda tree: plan(tree, "fs/plain.c", lambda text: text + b"\n"))

    assert isinstance(result, NotRun)
    assert "does not compile without the patch either" in result.reason


def test_the_copy_is_made_once_and_left_as_it_was(kernel, tmp_path):
    """A second run must neither unpack nor configure again, nor compile what the first one left."""
    for _ in range(2):
        built(kernel, tmp_path, lambda tree: plan(tree, "fs/plain.c", broken))
    [room] = [path for path in (tmp_path / "cache/builds").iterdir() if path.is_dir()]

    [log] = room.glob("host-*/log")
    assert log.read_text() == "configured\n"
    assert (room / "src/fs/plain.c").read_bytes() == TREE["fs/plain.c"]
    assert not (room / "changed.json").exists()


def test_a_killed_build_is_put_right(kernel, tmp_path):
    """What a kill leaves in the copy must not be compiled as the base by the next run."""
    with KernelTree.open(kernel) as tree:
        with BuildRoom(tree, tmp_path / "cache", 1) as room:
            assert room.compile("", ["fs/plain.c"]) == {"fs/plain.c": Compiled(())}
            room.put({"fs/plain.c": b"nonsense"})
            journal = (room._journal).read_text()
        assert json.loads(journal) == ["fs/plain.c"]
        (room._source / "fs/plain.c").write_bytes(b"nonsense")
        room._journal.write_text(journal)
        with BuildRoom(tree, tmp_path / "cache", 1) as again:
            assert again.compile("", ["fs/plain.c"]) == {"fs/plain.c": Compiled(())}


def test_two_builds_do_not_meet(kernel, tmp_path):
    """Two builds in one copy would compile each other's patches."""
    with (
        KernelTree.open(kernel) as tree,
        BuildRoom(tree, tmp_path / "cache", 1),
        pytest.raises(UsageProblem, match="another build runs"),
    ):
        BuildRoom(tree, tmp_path / "cache", 1).__enter__()


def test_a_tree_that_cannot_be_configured(kernel, tmp_path):
    """The user needs make's own words."""
    (kernel / "Makefile").write_bytes(
        MAKEFILE.replace(b"prepare:\n", b"prepare:\n\t@echo 'no luck: error: today' >&2; exit 1\n")
    )
    os.system(f"git -C {kernel} commit -q -a -m bad")  # noqa: S605 - a fixed path of this test
    with pytest.raises(CocciGenError, match=r"`make prepare` of the tree fails: no luck"):
        built(kernel, tmp_path, lambda tree: plan(tree, "fs/plain.c", good))


def test_missing_programs_are_named_by_their_packages(monkeypatch, kernel, tmp_path):
    """ "flex: not found" deep inside a build log helps nobody."""
    monkeypatch.setattr(build_room, "_PROGRAMS", {"gcc": "gcc", "no-such-flex": "flex", "no-such-bc": "bc"})
    monkeypatch.setattr(build_room, "_HEADERS", {"no/such/gelf.h": "libelf-dev", "stddef.h": "libgcc-12-dev"})

    with pytest.raises(UsageProblem, match=r"sudo apt-get install bc flex libelf-dev$"):
        built(kernel, tmp_path, lambda tree: plan(tree, "fs/plain.c", good))


def test_a_cache_that_make_cannot_use(kernel, tmp_path):
    """make takes a blank in O= for the end of it."""
    with pytest.raises(UsageProblem, match="blanks or colons"):
        built(kernel, tmp_path / "a b", lambda tree: plan(tree, "fs/plain.c", good))


def test_the_options_of_an_object(kernel):
    """Composite objects, conditional parts, folders above: all of them must be on."""
    with KernelTree.open(kernel) as tree:
        on, off = frozenset({"DEMO", "FS"}), frozenset({"FS"})
        for path, missing, without in (
            ("fs/plain.c", (), ()),
            ("fs/demo/b.c", (), ("DEMO",)),
            ("fs/demo/c.c", ("OFF",), ("DEMO", "OFF")),
            ("fs/demo/lib/d.c", (), ("DEMO",)),
            ("fs/off/off.c", ("OFF",), ("OFF",)),
        ):
            needs = needs_of(tree, path)
            assert isinstance(needs, Needs), path
            assert needs.missing(on) == missing, path
            assert needs.missing(off) == without, path
        for path in ("fs/a;touch x;.c", "-o.c", "fs/../x.c", "fs/lost.c"):
            assert isinstance(needs_of(tree, path), NoObject), path
        assert depends_on(tree, "HARD") == ("fs/Kconfig: depends on FS && BROKEN && ARM",)
        assert depends_on(tree, "OFF") == ("arch/um/Kconfig: no depends",)
        assert depends_on(tree, "FS") == ()


def test_a_hostile_name_is_not_given_to_make(make_repository, tmp_path, need):
    """Makefiles hand names to a shell."""
    need("gcc")
    name = "fs/a;touch PWNED;.c"
    kernel = make_repository(tmp_path / "kernel", {**TREE, name: b"int x;\n"})
    [[result]] = built(kernel, tmp_path, lambda tree: plan(tree, name, lambda text: text + b"\n"))

    assert isinstance(result, NotRun)
    assert "make cannot take the name" in result.reason
    assert not list(tmp_path.rglob("PWNED"))


def test_diagnostics_belong_to_the_file_that_was_compiled():
    """A warning in a header counts for each C file that includes it, whatever line it stands in."""
    said = diagnostics(
        "/s/fs/a.c: In function 'f':\n/s/fs/a.c:3:5: warning: one [-Wx]\n"
        "In file included from /s/include/x.h:1,\n                 from /s/fs/b.c:2:\n"
        "/s/include/y.h:7:1: warning: two [-Wy]\nfs/b.o: warning: objtool: f()+0x1: three\n"
        "/s/fs/c.c:9:1: fatal error: four\n",
        Path("/s"),
    )

    assert said == {
        "fs/a.c": ["fs/a.c: warning: one [-Wx]"],
        "fs/b.c": ["include/y.h: warning: two [-Wy]"],
        "fs/b.o": ["fs/b.o: warning: objtool: f()+0x1: three"],
        "fs/c.c": ["fs/c.c: fatal error: four"],
    }
    assert new_warnings(("a", "b", "b"), ("b", "a", "b", "b", "c")) == ("b", "c")


@pytest.mark.parametrize(
    ("result", "run", "notes"),
    [
        (Passed(Rung.BUILDS), "Compile-tested only.", "the changed files compile without new warnings"),
        (
            NotPassed(Rung.BUILDS, "x.c: warning: y"),
            "The patch has not been run.",
            "Not passed: compiles: x.c: warning: y.",
        ),
        (NotRun(Rung.BUILDS, "not built: CONFIG_X"), "neither compiled nor run.", "Not built: CONFIG_X."),
    ],
)
def test_the_message_says_what_the_compiler_said(demo_kernel, make_finding, run_facts, result, run, notes):
    """No sentence about tests may be untrue."""
    from dataclasses import replace

    def build(sections):
        return tuple(
            replace(one, patches=tuple(replace(patch, built=result) for patch in one.patches)) for one in sections
        )

    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, "fs/demo/file.c", "demo_writepage1", "unlocks")]
        options = SeriesOptions(Person("T", "t@x.org"), build=build)
        [series] = build_series(tree, findings, run_facts(tree, findings), options).series

    flat = " ".join(series.patches[0].mail.data.decode().split("\n---\n")[1].split())
    assert run in flat
    assert notes in flat
    assert run not in series.patches[0].body
    assert run.split()[0] in series.cover_text


def test_nothing_is_built_unasked(demo_kernel, make_finding, run_facts, monkeypatch):
    """The makefiles of a tree are programs of somebody else."""
    monkeypatch.setattr(BuildRoom, "__init__", lambda *_: pytest.fail("a build was started"))
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, "fs/demo/file.c", "demo_writepage1", "unlocks")]
        [series] = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@x.org"))).series

    assert NotRun(Rung.BUILDS, "not asked for") in series.patches[0].results


@pytest.mark.kernel
@pytest.mark.timeout(1800)
def test_the_real_kernel(debian_kernel):
    """What the tiny tree cannot show: real makefiles, real options, user-mode Linux; a minute on a fast machine."""
    wanted = ["flex=flex", "bison=bison", "bc=bc", "gcc=gcc", "make=make"]
    wanted += ["/usr/include/gelf.h=libelf-dev", "/usr/include/openssl/opensslv.h=libssl-dev"]
    subprocess.run([ROOT / ".ci/need", *wanted], check=True, env=REAL_ENVIRONMENT)
    cache = Path(REAL_ENVIRONMENT.get("XDG_CACHE_HOME") or Path(REAL_ENVIRONMENT["HOME"]) / ".cache") / "cocci-gen"
    paths = ("fs/minix/file.c", "fs/hostfs/hostfs_kern.c", "fs/ntfs3/inode.c", "arch/arm/mm/fault.c")
    with KernelTree.open(debian_kernel("6.1")) as tree:
        before = tree.state()
        warn = lambda text: text + b"\nstatic int unused_thing;\n"  # noqa: E731
        sections = [section(*plan(tree, path, lambda text: text + b"\n", warn)) for path in paths]
        results = [[one.built for one in one.patches] for one in Builder(tree, cache, 2)(sections)]
        assert tree.state() == before

    for good_one, bad_one in results[:3]:
        assert good_one == Passed(Rung.BUILDS)
        assert isinstance(bad_one, NotPassed)
        assert "unused_thing" in bad_one.reason
    assert {type(one) for one in results[3]} == {NotRun}
