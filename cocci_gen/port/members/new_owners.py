"""Members that another structure has by now, and how the tree comes from the one to the other -> rules for their uses.

`page->index` went, `struct folio` has an `index` of the same type, and whoever has a page and wants its folio calls page_folio().
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cocci_gen.port.changes.evolutions import Evolution, MemberGone, plain_type
from cocci_gen.port.lessons.habits import Habit, Habits
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.members.accessors import Declarations


def owner_rules(
    evolutions: Iterable[Evolution], habits: Habits, declarations: Declarations, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, the habits of the tree without some groups, and what headers of the new kernel declare -> a rule for each
    member that exactly one structure of its header has by now to which the tree has a way."""
    for one in evolutions:
        if isinstance(one, MemberGone):
            ways = list(_ways(one, habits, declarations, excluded))
            if len(ways) == 1:
                yield _rule(one, *ways[0])


def _ways(
    gone: MemberGone, habits: Habits, declarations: Declarations, excluded: Collection[str]
) -> Iterator[tuple[str, Habit]]:
    old = gone.old
    for (struct, member), ones in declarations(old.path).members.items():
        if member == old.name and struct != old.struct and plain_type(ones[0].type) == plain_type(old.type):
            habit = habits.find(struct, old.struct, excluded)
            if habit is not None:
                yield struct, habit


def _rule(gone: MemberGone, struct: str, habit: Habit) -> PortRule:
    member = gone.old.name
    given = habit.value.replace("{}", "E")
    text = f"@{gone.old.struct}_{member}@\nstruct {gone.old.struct} *E;\n@@\n- E->{member}\n+ {given}->{member}\n"
    title = f"E->{member} of a `struct {gone.old.struct} *E` is {given}->{member}, a member of `struct {struct}` by now"
    ground = habit.ground
    return PortRule(f"{gone.id}.owner", gone.id, title.replace("`", ""), text, ground, (frozenset({member}),))
