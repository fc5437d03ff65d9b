"""Evolution -> what changed, in one line for a person."""

from __future__ import annotations

from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    IncludeGone,
    MacroChanged,
    MacroTakesString,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    NameTaken,
    ProtocolChanged,
    StructRenamed,
    plain_type,
)
from cocci_gen.port.texts.parameters import Added, Kept, MovedAway, MovedHere, Removed, Retyped, Step

#: More names of a header say nothing more.
_TOLD_NAMES = 3


def described(evolution: Evolution) -> str:
    """What changed, in one line for a person."""
    match evolution:
        case MethodChanged(old=old, new=new, steps=steps):
            return "; ".join(_changes(old.prototype.returns, new.prototype.returns, old.prototype.parameters,
                                      new.prototype.parameters, steps))  # fmt: skip
        case MethodRenamed(old=old, new=new, steps=steps):
            changes = _changes(old.prototype.returns, new.prototype.returns, old.prototype.parameters,
                               new.prototype.parameters, steps)  # fmt: skip
            return "; ".join((f"now ->{new.name}", *changes))
        case MethodGone():
            return "gone, no successor in the structure"
        case FunctionChanged(old=old, new=new, steps=steps):
            return "; ".join(_changes(old.returns, new.returns, old.parameters, new.parameters, steps))
        case FunctionGone(macros=macros):
            return "now a macro" if macros else "gone"
        case MacroChanged(old=before, new=after):
            return f"takes {after.arity} {'argument' if after.arity == 1 else 'arguments'} instead of {before.arity}"
        case MacroTakesString():
            return "takes a string, and made one of a name before"
        case MemberRetyped(old=old, new=new) if evolution.is_closed and old.type == new.type:
            return "constant by now: helpers set it"
        case MemberRetyped(old=old, new=new):
            return f"`{old.type}` is now `{new.type}`"
        case StructRenamed(new=tag):
            return f"now `struct {tag}`"
        case HeaderGone(moved=moved):
            return f"gone; {', '.join(moved)} has its name" if moved else "gone"
        case DeclarationsMoved(old=home, names=names):
            more = f" and {len(names) - _TOLD_NAMES} more" if len(names) > _TOLD_NAMES else ""
            return f"declares {', '.join(names[:_TOLD_NAMES])}{more}, as {home.removeprefix('include/')} did"
        case NameTaken():
            return f"{evolution.header} declares a function of this name by now"
        case IncludeGone(old=home):
            return (
                f"{home.removeprefix('include/')} does not include it any more"
                if home
                else "no other header includes it any more"
            )
        case ProtocolChanged(change=change):
            return f"{change.how}: {change.old!r} -> {change.new!r}"
    return "gone"


def _changes(
    before: str, after: str, old: tuple[str, ...], new: tuple[str, ...], steps: tuple[Step, ...]
) -> tuple[str, ...]:
    told = [f"returns `{after}` instead of `{before}`"] if plain_type(before) != plain_type(after) else []
    for step in steps:
        match step:
            case Added(new=j):
                told.append(f"parameter `{new[j]}` added")
            case Removed(old=i):
                told.append(f"parameter `{old[i]}` removed")
            case Retyped(old=i, new=j):
                told.append(f"parameter `{old[i]}` is now `{new[j]}`")
            case MovedHere(old=i, new=j):
                told.append(f"parameter `{old[i]}` is now the {j + 1}. one")
            case Kept() | MovedAway():
                continue
    return tuple(told) or ("spelling only",)
