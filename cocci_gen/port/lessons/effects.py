"""A function and some of its arguments -> the SmPL that leaves alone the calls of which one of these does something.

What a rule drops, or repeats, must do nothing: a call, an assignment or a step in it would be lost, or done twice.  A number that
a caller computed (`size - 1` where others give what strlen() says) is nothing that a function finds by itself, and nor is what a
name says (`AOP_FLAG_NOFS` where others hand on their flags).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

#: What an argument may do: its name, what is declared for it, its form.
_EFFECTS = (
    ("calls", "expression F;\nexpression list ES;\n", "F(ES)"),
    ("sets", "expression X, Y;\nassignment operator aop;\n", "X aop Y"),
    ("steps", "expression X;\n", "\\(X++\\|++X\\|X--\\|--X\\)"),
)
_SAYS = (
    ("computes", "expression X, Y;\nbinary operator bop;\n", "X bop Y"),
    ("names", 'identifier C =~ "^[A-Z][A-Z0-9_]+$";\n', "C"),
)


def guarded(name: str, count: int, numbers: Iterable[int], plain: Collection[int] = ()) -> tuple[str, str]:
    """A function that takes so many arguments, the numbers of those that must do nothing, and of those among them that must not
    be computed or named either -> the rules that find what is to be left alone, and what declares the position `p` of all
    other calls."""
    guards, excluded = [], []
    for number in sorted(numbers):
        rest = "".join(f"expression A{other};\n" for other in range(count) if other != number)
        for kind, names, does in (*_EFFECTS, *_SAYS) if number in plain else _EFFECTS:
            rule = f"{kind}_{name}_{number}"
            given = ", ".join(f"<+... {does} ...+>" if other == number else f"A{other}" for other in range(count))
            guards.append(f"@{rule}@\n{rest}{names}position p;\n@@\n {name}@p({given})\n\n")
            excluded.append(f"{rule}.p")
    return "".join(guards), f"position p != {{{', '.join(excluded)}}};\n" if excluded else "position p;\n"
