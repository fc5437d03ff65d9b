"""The locks that a function keeps -> what becomes of those who want them: one waits for ever, another is killed, or fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cocci_gen.series.words.breaches import FindingWords
from cocci_gen.series.words.listings import listed, plural

#: Locks that are spun for.
_SPUN = ("spinlock", "lock")
#: What may be wanted without its lock.
_LOCKED = ("page", "folio", "buffer head")
#: What is called by its sort; all else is the lock of something.
_NAMED = (*_LOCKED, "mutex", "semaphore", "spinlock")
#: How a function waits whose name says so, first come first served; the last are those that wait for good.
_WAYS = (("trylock", "try"), ("_killable", "kill"), ("_interruptible", "signal"), ("", "good"))
_UNTIL = {"kill": "until {} killed", "signal": "until a signal comes"}
_BEHIND = "and so do readers that come after it"


def waiting(findings: Sequence[FindingWords]) -> str:
    """The sentences about some locks."""
    locks = list({words.variable: words for words in findings}.values())
    if len(locks) == 1:
        return _of_one(locks[0], f"the {locks[0].resource}" if locks[0].resource in _NAMED else "the lock")
    if not any(map(_differs, locks)):
        return f"The next task that wants one of them {_for_ever(locks)}."
    return " ".join(_of_one(words, words.called) for words in locks)


def _of_one(words: FindingWords, which: str) -> str:
    if words.never_written:
        return f"Nobody can take {which} for writing again."
    if words.reading and not any(way != "good" for way, _ in _grouped(words.wanted)):
        return f"The next task that wants {which} for writing {_for_ever([words])}, {_BEHIND}."
    if not _differs(words):
        which = f"to lock {which}" if words.resource in _LOCKED else which
        return f"The next task that wants {which} {_for_ever([words])}."
    again = f"Nobody can take {which} {'for writing ' if words.reading else ''}again"
    if not words.wanted:
        return f"{again}: whoever waits for it {_verbs(words)[0]} for ever, and {_as_here(words)}."
    said = [_of_way(way, callees, words) for way, callees in _grouped(words.wanted)]
    return f"{again}: {listed(said)}."


def _differs(words: FindingWords) -> bool:
    """Whether not all who want a lock wait for good."""
    taken = words.wanted or ([words.taker] if words.taker else [])
    return words.reading or words.never_written or any(way != "good" for way, _ in _grouped(taken))


def _grouped(callees: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The functions that take a lock, by how they wait; those first that wait for good."""
    found: dict[str, list[str]] = {way: [] for _, way in reversed(_WAYS)}
    for callee in callees:
        found[next(way for word, way in _WAYS if word in callee)].append(callee)
    yield from ((way, every) for way, every in found.items() if every)


def _of_way(way: str, callees: Sequence[str], words: FindingWords) -> str:
    """What becomes of who calls some functions: `mutex_trylock() fails every time`."""
    who = listed(callees)
    if way == "try":
        return f"{who} {plural(callees, 'fails', 'fail')} every time"
    verb = plural(callees, *_verbs(words))
    if way == "good":
        return f"{who} {verb} for ever{_state(words)}"
    return f"{who} {verb} {_UNTIL[way].format(plural(callees, 'it is', 'they are'))}"


def _as_here(words: FindingWords) -> str:
    """What becomes of who takes a lock as the function itself has, where that is not to wait for good."""
    [(way, _)] = _grouped([words.taker])
    if way == "try":
        return f"whoever only tries, as {words.function}() does, fails every time"
    return f"whoever waits as {words.function}() does, {_UNTIL[way].format('he is')}"


def _for_ever(locks: Sequence[FindingWords]) -> str:
    spun = sum(words.resource in _SPUN for words in locks)
    if 0 < spun < len(locks):
        return "sleeps or spins for ever"
    return f"{_verbs(locks[0])[0]} for ever{_state(locks[0])}"


def _verbs(words: FindingWords) -> tuple[str, str]:
    return ("spins", "spin") if words.resource in _SPUN else ("sleeps", "sleep")


def _state(words: FindingWords) -> str:
    return "" if words.resource in _SPUN else " in uninterruptible (D) state"
