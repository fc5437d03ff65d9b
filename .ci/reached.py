#!/usr/bin/env python3
"""Of functions of fs/, drawn by lot, how many are looked at again where the body of one alone has changed.

Usage: .ci/reached.py KERNEL CACHE [--seed N] [--count N], CACHE being the folder of caches of a finished scan of that kernel:
what that scan has read decides.  The kernel is only read, and nothing is changed.
"""

import argparse
import random
from pathlib import Path

from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.changes import Changed
from cocci_gen.scan.pipeline import ScanOptions, open_index, read_rules
from cocci_gen.scan.regions import Region


def reached(kernel: Path, cache: Path, seed: int, count: int) -> list[int]:
    """How many functions are looked at for each of so many, itself included, the fewest first."""
    with KernelTree.open(kernel) as tree:
        index = open_index(tree, cache, read_rules(tree), ScanOptions(), lambda *_: None)
        paths = sorted(path for path in index.paths() if path.startswith("fs/") and path.endswith(".c"))
        every = [(path, one.name, one.span.static) for path in paths for one in index.functions_in(path)]
        mentions, found = index.mentions({}), list[int]()
        for path, name, static in random.Random(seed).sample(every, count):
            place, nothing = frozenset({(path, name)}), frozenset[str]()
            own = place if static else frozenset[tuple[str, str]]()
            change = Changed(place, nothing if static else frozenset({name}), own, frozenset({path}))
            region = Region(index, mentions, change)
            found.append(len(region.functions | region.taken))
        index.close()
    return sorted(found)


def main() -> None:
    """Print what a half, three in four and nine in ten come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernel", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    asked = parser.parse_args()
    found = reached(asked.kernel, asked.cache, asked.seed, asked.count)
    for share in (0.5, 0.75, 0.9):
        print(f"{share:.0%} of {len(found)}: {found[int(share * len(found))]} functions or fewer")


if __name__ == "__main__":
    main()
