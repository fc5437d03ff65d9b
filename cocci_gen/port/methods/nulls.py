"""The body of a function -> whether what it stores through a parameter may be NULL, or is asked whether it is.

What a helper makes of NULL is not NULL: `page_folio(NULL)` is a crash.  So a store is sure only where the body has left the
function before, should the value be NULL.
"""

from __future__ import annotations

import re


def may_be_null(body: str, name: str) -> bool:
    """Whether `*name` is tested in a body, or a value is stored there that is not known to be another than NULL; NULL itself is
    told apart by those who ask."""
    pointed = rf"\*\s*{name}\b"
    tested = rf"!\s*{pointed}|{pointed}\s*(?:==|!=|&&|\|\||\?|\))|(?:&&|\|\||\(\s*|==|!=)\s*{pointed}\s*\)"
    if re.search(tested, re.sub(rf"\w+\([^()]*{pointed}[^()]*\)", "", body)):
        return True
    stores = re.finditer(rf"{pointed}\s*=(?!=)\s*([^;]+);", body)
    return any(not _is_known(body[: store.start()], body[store.end() :], store.group(1).strip()) for store in stores)


def _is_known(before: str, after: str, value: str) -> bool:
    """Whether a value is NULL by name, the address of something, or a variable that was tested since it was set."""
    if value == "NULL" or value.startswith("&"):
        return True
    if not re.fullmatch(r"[A-Za-z_]\w*", value):
        return False
    places = [found.end() for found in re.finditer(rf"(?<![\w.>]){value}\s*=(?!=)", before)]
    if not places or f"&{value}" in before:
        return False
    ways = re.finditer(
        rf"if \((?:unlikely\()?(?:!\s*{value}|{value} == NULL|IS_ERR(?:_OR_NULL)?\({value}\))\)*\s*"
        r"(?:\{[^{}]*?)?\b(return|goto\s+\w+)\b",
        before[places[-1] :],
    )
    return any(_leaves(way.group(1), after) for way in ways)


def _leaves(word: str, after: str) -> bool:
    """Whether a jump goes past what follows a store."""
    return word == "return" or re.search(rf"^\s*{word.rsplit(maxsplit=1)[-1]}\s*:", after, re.MULTILINE) is not None
