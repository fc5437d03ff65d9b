"""What of a module is built: makefiles are read, never run."""

import pytest

from cocci_gen.kernel.module_makefiles import built_files


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"Makefile": "obj-m := a.o\n", "a.c": "", "user.c": ""}, ["a.c"]),
        ({"Kbuild": "obj-$(CONFIG_X) += m.o\nm-y := a.o \\\n  s/b.o # c.o\n", "a.c": "", "s/b.c": ""}, ["a.c", "s/b.c"]),
        ({"Makefile": "MODULE := z\nobj-m := $(MODULE).o\n$(MODULE)-objs += a.o\n", "a.c": "", "z.c": ""}, ["a.c"]),
        ({"Makefile": "L = a.o b.o\nobj-m = m.o\nm-objs = $(L)\n", "a.c": "", "b.c": "", "m.c": ""}, ["a.c", "b.c"]),
        ({"Makefile": "obj-m = m.o\nm-objs = $(addprefix x/,a.o b.o)\n", "x/a.c": "", "x/b.c": ""}, ["x/a.c", "x/b.c"]),
        ({"Makefile": "P = a.o b.o\nobj-m = m.o\nm-objs = $(addprefix x/,$(P))\n", "x/a.c": "", "x/b.S": ""}, ["x/a.c"]),
        ({"k/Makefile.in": "obj-m += ../os/a.o\n", "os/a.c": ""}, ["os/a.c"]),
        ({"k/Makefile.in": "obj-m := m.o\ninclude $(mfdir)/../os/Makefile\n", "os/Makefile.in": "m-objs += ../os/a.o\n",
          "os/a.c": ""}, ["os/a.c"]),
        ({"Makefile": "obj-m = d/\n", "d/Kbuild": "obj-m = a.o\n", "d/a.c": "", "e/x.c": ""}, ["d/a.c"]),
        ({"Makefile": "ifneq ($(KERNELRELEASE),)\nobj-m = a.o\nelse\nall:\n\tobj-m = b.o\nendif\n", "a.c": "",
          "b.c": ""}, ["a.c"]),
        ({"Makefile": "ifneq ($(KERNELRELEASE),)\n\tobj-m := a.o\n\ta-objs := b.o\nelse\nall:\n\tobj-m = c.o\nendif\n",
          "b.c": "", "c.c": ""}, ["b.c"]),
        ({"Makefile": "all:\n\tmake\nX = 1\n\tobj-m = a.o\n", "a.c": "", "b.c": ""}, ["a.c"]),
        ({"Makefile": "Y = n\nobj-m = m.o\nm-y = a.o\nifeq ($(Y), y)\nm-y += b.o\nelse ifeq ($(Y),n)\nm-y += c.o\nelse\n"
          "m-y += d.o\nendif\n", "a.c": "", "b.c": "", "c.c": "", "d.c": ""}, ["a.c", "c.c"]),
        ({"Makefile": "Y = n\nY = y\nobj-m = m.o\nm-y = a.o\nifneq ($(Y),y)\nm-y += b.o\nelse\nm-y += c.o\nendif\n",
          "a.c": "", "b.c": "", "c.c": ""}, ["a.c", "b.c", "c.c"]),
        ({"Makefile": "Y = n\nobj-m = m.o\nm-y = a.o\nifeq ($(Z),y)\nm-y += b.o\nelse ifneq ($(Y),n)\nm-y += c.o\nelse\n"
          "m-y += d.o\nendif\n", "a.c": "", "b.c": "", "c.c": "", "d.c": ""}, ["a.c", "b.c", "d.c"]),
        ({"Makefile": "obj-m = a.o\na-objs = $(a-objs)\n", "a.c": ""}, ["a.c"]),
        ({"Makefile": "x-$(shell rm -rf /) = a.o\nobj-m = x.o\nx-objs = $(x-objs) $(y)\ny = $(z)\nz = $(y) a.o\n",
          "a.c": ""}, ["a.c"]),
    ],
)  # fmt: skip
def test_the_objects_that_makefiles_name(texts, expected):
    """A file that is not built would be examined, or one that is would be missed."""
    made = built_files({path: text.encode() for path, text in texts.items()})

    assert (expected, True) == (list(made.sources), made.by_makefile)


def test_where_no_makefile_helps_every_c_file_counts_and_that_is_said():
    """Nothing found in a module of which nothing was read would look clean."""
    made = built_files({"a.c": b"", "d/b.c": b"", "Makefile": b"all:\n\tcc a.c\n", "h.h": b""})

    assert (("a.c", "d/b.c"), False) == (made.sources, made.by_makefile)
    assert "no makefile names an object whose source is there, so all 2 C files are taken" == made.notes[0]


def test_what_a_makefile_names_and_is_not_there_is_said():
    """The build makes it, or it was left out of the package; either way nobody examined it."""
    made = built_files({"Makefile": b"obj-m = m.o\nm-objs = a.o gone.o asm.o\n", "a.c": b"", "asm.S": b""})

    assert "1 file that the makefiles name, but not there: gone.c" in made.notes


def test_an_object_whose_name_only_the_includer_knows_is_no_file_without_a_name():
    """`d/.c` is no file that anybody could look for."""
    part = b"obj-m += $(NAME).o\n$(NAME)-y := $(OBJS)\n"
    made = built_files(
        {"d/Makefile": b"NAME = m\nOBJS = a.o\ninclude Makefile-end.mk\n", "d/Makefile-end.mk": part, "d/a.c": b""}
    )

    assert (("d/a.c",), []) == (made.sources, [note for note in made.notes if "not there" in note])


def test_macros_are_those_that_every_build_sets():
    """A macro of one distribution would decide `#ifdef` for all."""
    text = b"""\
obj-m = a.o
ifneq ($(KERNELRELEASE),)
ccflags-y += -DALWAYS -DLEVEL=3 $(MORE) -DSHELL=$(shell date) -DCONF=@conf@
endif
ifeq ($(RHEL),8)
MORE := -DONLY_THERE
else
EXTRA_CFLAGS += -DONLY_ELSEWHERE
endif
SOC = y
ifeq ($(SOC),y)
ccflags-y += -DSOC
else
ccflags-y += -DNO_SOC
endif
"""
    made = built_files({"Makefile": text, "a.c": b""})

    assert {"ALWAYS": "1", "LEVEL": "3", "SOC": "1"} == made.macros
    assert "-DONLY_THERE" in made.notes[-1]
    assert "SOC" not in made.notes[-1]


def test_headers_are_those_that_are_included():
    """A header for user space may define the same names."""
    texts = {
        "Makefile": b"obj-m = a.o\nccflags-y := -I$(src)/include -I@abs_top_srcdir@/more\n",
        "a.c": b'#include <linux/fs.h>\n#include <own.h>\n#include "near.h"\n# include "made.h"\n#include "x/one.h"\n',
        "include/own.h": b"#include <deep/er.h>\n",
        "more/deep/er.h": b"#include <own.h>\n",
        "near.h": b"",
        "user/own.h": b"",
        "elsewhere/x/one.h": b"",
        "tools/fs.h": b"",
    }
    made = built_files(texts, lambda name: name == "linux/fs.h")

    assert ("elsewhere/x/one.h", "include/own.h", "more/deep/er.h", "near.h") == made.headers
    assert "1 header of its own not there, perhaps made by its build: made.h" in made.notes


def test_a_makefile_that_includes_itself_ends():
    """A hostile module must not hang the scan."""
    assert ("a.c",) == built_files(
        {"Makefile": b"include Makefile\n-include ./Makefile\nobj-m = a.o\n", "a.c": b""}
    ).sources


@pytest.mark.parametrize(
    "line",
    [
        "demo-y := $(patsubst %.c,%.o,$(SOURCES))",
        "demo-y := $(SOURCES:.c=.o)",
        "demo-y := $(SOURCES:%.c=%.o)",
        "demo-y := $(filter-out b.o, $(patsubst %.c,%.o,$(SOURCES)) b.o)",
    ],
)
def test_objects_that_are_made_of_the_names_of_sources(line):
    """The makefiles of NVIDIA's modules list their C files; without them every file of the package would count."""
    files = {
        "demo/demo.Kbuild": f"obj-m += demo.o\nSOURCES = demo/a.c\n{line}\n".encode(),
        "demo/a.c": b"",
        "demo/b.c": b"",
    }

    assert ("demo/a.c",) == built_files(files).sources
