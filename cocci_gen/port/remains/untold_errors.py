"""What the compiler stops at in ported code, and the places that are left to a person -> the errors at lines that none of these
names, in words: what no rule and no reader of headers has a word for, the compiler has seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.remains.leftovers import Leftover

_ERROR = re.compile(r"([^:\s]+):(\d+): (.*)", re.DOTALL)
#: What the compiler guesses, and the option by which it is an error.
_GUESS = re.compile(r"(?:; did you mean [^;]*?\?)?(?: \[-W[^\]]*\])?$")
#: So many lines of one error are named, and so many errors.
_LINES, _MOST = 6, 30


def untold_errors(errors: Mapping[str, Sequence[str]], leftovers: Iterable[Leftover]) -> Iterator[str]:
    """By file what the compiler says, and the places -> the same error once, with its lines, in the order of the files."""
    told = {(one.path, one.line) for one in leftovers}
    found: dict[str, list[str]] = defaultdict(list)
    for path, ones in sorted(errors.items()):
        for one in ones:
            match = _ERROR.fullmatch(one)
            own = match is not None and path.rpartition("/")[2] == match[1].rpartition("/")[2]
            if match is None:
                found[one].append(path)
            elif not own:
                found[_GUESS.sub("", match[3])].append(f"{match[1]}:{match[2]} by way of {path}")
            elif (path, int(match[2])) not in told:
                found[_GUESS.sub("", match[3])].append(f"{path}:{match[2]}")
    for number, (words, places) in enumerate(found.items()):
        if number == _MOST:
            yield f"{len(found) - _MOST} others (see port.json)"
            return
        more = f" and {len(places) - _LINES} others" if len(places) > _LINES else ""
        yield f"{words}: {', '.join(places[:_LINES])}{more}"
