"""The sorts of states: what a text says of them before its words are looked at."""

import pytest

from cocci_gen.kinds.takes.sorts import states


@pytest.mark.parametrize("state", states(), ids=lambda one: one.thing.name)
def test_every_call_that_takes_a_state_is_seen_by_a_part_of_its_name(state):
    """Else a folder whose helpers lock by one of several functions would have no helpers, and what they lock is never kept."""
    for name in state.thing.taking | state.zero | state.nonzero:
        assert state.is_named_in(f"int f(struct bed *bed)\n{{\n\treturn {name}(bed);\n}}\n".encode())
    assert not state.is_named_in(b"int f(struct bed *bed)\n{\n\treturn sow(bed);\n}\n")
