"""What is remembered of the things that single file systems have."""

from cocci_gen.kinds.takes.holdings.takers import _OWN, takers_of
from cocci_gen.kinds.takes.words.things import own_thing


def test_what_one_file_system_has_is_forgotten_behind_it(facts_of):
    """The takers of every file system of a tree, kept to the end, took half of a scan's memory; those of one are asked for again
    and again."""
    facts = facts_of({"fs/a.c": "int a(void)\n{\n\treturn 0;\n}\n"})
    things = [own_thing(f"fs/{number} bed", "bed", release=["bed_put"]) for number in range(_OWN + 1)]
    first = takers_of(things[0], facts.index, facts.effects)
    for one in things[1:_OWN]:
        takers_of(one, facts.index, facts.effects)
    assert takers_of(things[0], facts.index, facts.effects) is first
    for one in things[1:]:
        takers_of(one, facts.index, facts.effects)
    assert takers_of(things[0], facts.index, facts.effects) is not first
