"""Modules that adapt themselves to their kernel by macros of their own `configure`."""

import pytest

from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.modules import open_module
from cocci_gen.port.texts.modules import read_module, without_version

VERSION = (8, 2, 0)
OLD = b"static int elm_weed(struct plot *plot, int depth, bool deep)\n"
NEW = OLD.replace(b", bool deep", b"")
LONG = OLD.replace(b"bool deep", b"long deep")
ELDER = b"static int elm_weed(struct plot *plot)\n"
#: A script of its own decides: nobody but the code tells which head is compiled.
OF_OLD = b"#ifdef HAVE_DEEP\n" + OLD + b"#else\n" + ELDER + b"#endif\n"
OF_BOTH = b"#ifdef HAVE_NO_DEEP\n" + NEW + b"#elif defined(HAVE_DEEP)\n" + OLD + b"#else\n" + ELDER + b"#endif\n"
OLD_FIRST = (
    b"#ifdef HAVE_LONG\n"
    + LONG
    + b"#elif defined(HAVE_DEEP)\n"
    + OLD
    + b"#elif defined(HAVE_NO_DEEP)\n"
    + NEW
    + b"#else\n"
    + ELDER
    + b"#endif\n"
)


@pytest.fixture
def carried(tmp_path, kernel_trees, workshop, laid):
    """The texts of a module -> the module as it is read for both kernels, and its port."""

    def make(texts):
        (tmp_path / "configure").write_bytes(b"# HAVE_DEEP HAVE_LONG HAVE_NO_DEEP HAVE_SET_TIME\n")
        laid(tmp_path, texts)
        module = read_module(open_module(str(tmp_path)), *kernel_trees, VERSION)
        return module, workshop.port(dict(module.sources.texts(module.sources.oids)), decided=module.decided)

    return make


@pytest.fixture
def module(pair):
    """Text in place of the head of elm_weed() -> the texts of the module with it."""

    def make(head):
        texts = pair("module")
        assert OLD in texts["elm.c"]
        return texts | {"elm.c": texts["elm.c"].replace(OLD, head)}

    return make


def test_the_head_that_the_old_kernel_compiles_is_carried_over(carried, module):
    """A module with heads under macros of its own would be left to its maintainer, or an older head be ported."""
    read, port = carried(module(OF_OLD))

    assert {"HAVE_DEEP": True} == dict(read.names)
    assert any("HAVE_DEEP" in note for note in read.notes)
    assert b"#ifdef HAVE_DEEP\n" + NEW + b"#else\n" + ELDER + b"#endif\n" in port.ported.texts["elm.c"]


@pytest.mark.parametrize("heads", [OF_BOTH, OLD_FIRST], ids=["the new one first", "the old one first"])
def test_a_head_for_the_new_kernel_is_the_one_that_counts(carried, module, heads):
    """A module that builds on both kernels would be ported a second time, and lose the old kernel."""
    read, port = carried(module(heads))

    assert True is read.names["HAVE_NO_DEEP"]
    assert heads in port.ported.texts["elm.c"]
    assert not [one.reason for one in port.leftovers if one.function == "elm_weed"]


@pytest.mark.parametrize("head", [OF_OLD, OF_BOTH], ids=["for the old kernel", "for both"])
def test_a_second_run_over_such_a_module_changes_nothing(carried, module, head):
    """The next run would take the ported head for one of neither kernel."""
    _, once = carried(module(head))
    _, again = carried(dict(once.ported.texts))

    assert once.ported.applied
    assert () == again.ported.applied


def test_a_head_of_a_kernel_that_is_gone_is_not_taken_for_the_new_one(carried, module):
    """zfs has heads for user_ns, idmap and neither; the new kernel calls none of them, and the first, which the old one cannot
    compile, would be taken for that of the new one: no head followed."""
    heads = b"#ifdef HAVE_LONG\n%s#elif defined(HAVE_DEEP)\n%s#else\n%s#endif\n"
    read, port = carried(module(heads % (LONG, OLD, ELDER)))

    assert {"HAVE_LONG": False, "HAVE_DEEP": True} == dict(read.names)
    assert heads % (LONG, NEW, ELDER) in port.ported.texts["elm.c"]


def test_a_way_that_only_the_new_kernel_has_is_its_way(carried, pair):
    """The other way, for old kernels, would be ported as well, and a module that is done be changed for nothing."""
    both = b"#ifdef HAVE_SET_TIME\n\tplot_set_time(plot, 3);\n#else\n\tplot->p_time = 3;\n#endif\n"
    texts = pair("module")
    text = texts["elm.c"].replace(b"\tplot->p_time = meadow_time(plot);\n", both)
    assert both in text
    read, port = carried(texts | {"elm.c": text})

    assert True is read.names["HAVE_SET_TIME"]
    assert both in port.ported.texts["elm.c"]


def test_a_folder_without_code_is_told(kernel_trees, tmp_path):
    """A typing error in --module would be a port without changes."""
    with pytest.raises(UsageProblem, match="holds no C file"):
        read_module(open_module(str(tmp_path)), *kernel_trees, VERSION)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("openafs-modules-dkms_1.8.9-1+deb12u1", "openafs-modules-dkms"),
        ("zfs-v2.1", "zfs"),
        ("v4l2loopback", "v4l2loopback"),
    ],
)
def test_a_version_is_no_part_of_a_modules_name(folder, name):
    """Every subject would begin with it, and have no room for what the patch does."""
    assert name == without_version(folder)
