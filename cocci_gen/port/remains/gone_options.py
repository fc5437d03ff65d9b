"""CONFIG_ words of the code that Kconfig files of the old kernel define and those of the new one do not -> Leftovers: what
stands under such a condition is not compiled any more, and no compiler says so.

CONFIG_NFS_V4_1 went as what it chose is always there since; what asks for it is left out with all that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.trees import Sources

_USED = re.compile(rb"\bCONFIG_(\w+?)(?:_MODULE)?\b")
_DEFINED = re.compile(rb"^[ \t]*(?:menu)?config[ \t]+(\w+)", re.MULTILINE)
_REASON = (
    "no Kconfig of the new kernel has it: what asks for it is not compiled any more, or is by now what it was without"
)


def gone_options(old: Sources, new: Sources, texts: Mapping[str, bytes]) -> Iterator[Leftover]:
    """Two kernels, and code -> each line on which the code asks for an option that went with the old one."""
    code = {path: plain(text).code for path, text in texts.items()}
    used = frozenset(name for text in code.values() for name in _USED.findall(text))
    gone = used and _options(old, used) - _options(new, used)
    for path, text in sorted(code.items() if gone else ()):
        lines = {
            (text.count(b"\n", 0, found.start()) + 1, found[1].decode())
            for found in _USED.finditer(text)
            if found[1] in gone
        }
        for line, name in sorted(lines):
            yield Leftover(path, line, f"CONFIG_{name}", _REASON, ())


def _options(kernel: Sources, wanted: Collection[bytes]) -> frozenset[bytes]:
    """Those of some options that the Kconfig files of a kernel define."""
    paths = [path for path in kernel.oids if path.rpartition("/")[2].startswith("Kconfig")]
    return frozenset(name for _, text in kernel.texts(paths) for name in _DEFINED.findall(text) if name in wanted)
