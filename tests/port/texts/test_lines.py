"""What became of which line."""

import random

from cocci_gen.port.texts.lines import opcodes


def test_the_new_lines_come_out_of_the_old_ones():
    """A change would be put at another place, or get lost."""
    chance = random.Random(1)
    for _ in range(300):
        old = [b"%d" % chance.randrange(4) for _ in range(chance.randrange(9))]
        new = list(old)
        for _ in range(chance.randrange(3)):
            place = chance.randrange(len(new) + 1)
            new[place : place + chance.randrange(2)] = [b"x"] * chance.randrange(3)
        made, done = [], 0
        for tag, start, end, first, last in opcodes(old, new):
            assert done == start
            made += old[start:end] if tag == "equal" else new[first:last]
            done = end
        assert (new, len(old)) == (made, done)


def test_nothing_is_searched_twice_where_all_is_equal():
    """A table entry that is added at the end of equal ones would belong to the wrong one."""
    assert [("equal", 0, 2, 0, 2)] == opcodes([b"a", b"a"], [b"a", b"a"])
    assert [("equal", 0, 2, 0, 2), ("insert", 2, 2, 2, 3)] == opcodes([b"a", b"a"], [b"a", b"a", b"a"])
