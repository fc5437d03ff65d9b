"""Which file systems have a backing device: without one no flusher thread comes, and an end of theirs takes no grace period."""

import pytest

from cocci_gen.facts.pages.backing_devices import backing_devices

REGISTERS = "int init(void) { return register_filesystem(&box_type); }\n"


@pytest.mark.parametrize(
    ("more", "own", "none"),
    [
        pytest.param("", False, True, id="none"),
        pytest.param("int fill(void) { return super_setup_bdi(sb); }\n", True, False, id="its-own"),
        pytest.param("void *mount(void) { return mount_bdev(1); }\n", False, False, id="of-a-block-device"),
        pytest.param("int get(void) { return get_tree_mtd(fc); }\n", False, False, id="of-an-mtd"),
        pytest.param("/* no bdi is set up */\n", False, True, id="a-word-that-is-no-call"),
    ],
)
def test_what_is_called_in_the_folder_tells(facts_of, more, own, none):
    """A finding about a tag that flushers look for is true only where they come; it would be low for everybody, or nobody."""
    devices = backing_devices(
        facts_of({"fs/box/a.c": REGISTERS, "fs/box/b.c": more, "fs/else/c.c": "super_setup_bdi(s);"}).index
    )
    assert (own, none) == (devices.own("fs/box"), devices.none("fs/box"))


def test_a_library_registers_nothing(facts_of):
    """What serves many file systems has none of their calls: that says nothing of their devices."""
    assert not backing_devices(facts_of({"fs/lib/a.c": "int write(void) { return 0; }\n"}).index).none("fs/lib")
