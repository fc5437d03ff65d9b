#!/usr/bin/env python3
"""What `cocci-gen batch` costs per revision of a kernel whose revisions differ little, as those of a stable series do.

Usage: .ci/bench_revisions.py KERNEL [COUNT] [CACHE].  The revisions are commits in a borrowing clone, each with a small change in
one function of one to five files of fs/, the same ones every time.  With CACHE the first one finds what earlier runs have
left there.
"""

import importlib.util
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("bench", ROOT / ".ci/bench.py")
assert _spec is not None
assert _spec.loader is not None
bench = importlib.util.module_from_spec(_spec)
sys.modules["bench"] = bench
_spec.loader.exec_module(bench)


def changed(text: bytes, number: int) -> bytes:
    """A file with a statement more at the beginning of one of its functions; as it was where it has none."""
    places = [match.end() for match in re.finditer(rb"\)\n\{\n(?=\t)", text)]
    if not places:
        return text
    place = random.choice(places)
    return text[:place] + b"\tmight_resched(); /* %d */\n" % number + text[place:]


def revisions(kernel: Path, folder: Path, count: int) -> Path:
    """A bare clone with the branches r0 (the kernel) to r<count>."""
    clone = folder / "revisions.git"
    bench.git(folder, "clone", "-q", "--shared", "--bare", str(kernel), str(clone))
    tip = bench.git(clone, "rev-parse", "HEAD")
    bench.git(clone, "update-ref", "refs/heads/r0", tip)
    listing = bench.git(clone, "ls-tree", "-r", "--name-only", tip, "fs").split("\n")
    files = [path for path in listing if path.endswith(".c")]
    random.seed(20)
    index = folder / "index"
    for number in range(1, count + 1):
        bench.git(clone, "read-tree", tip, index=index)
        paths = random.sample(files, random.randint(1, 5))
        for path in paths:
            text = subprocess.run(["git", "-C", str(clone), "show", f"{tip}:{path}"], capture_output=True, check=True)
            blob = bench.git(clone, "hash-object", "-w", "--stdin", stdin=changed(text.stdout, number))
            bench.git(clone, "update-index", "--cacheinfo", f"100644,{blob},{path}", index=index)
        tree = bench.git(clone, "write-tree", index=index)
        tip = bench.git(clone, "commit-tree", tree, "-p", tip, "-m", " ".join(paths))
        bench.git(clone, "update-ref", f"refs/heads/r{number}", tip)
    return clone


def size_of(folder: Path) -> float:
    """Megabytes of the files of a folder."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6


def main(kernel: Path, count: int, kept: Path | None) -> int:
    """One batch for each revision; the exit status."""
    folder = Path(tempfile.mkdtemp(prefix="cocci-gen-revisions-"))
    cache = kept or folder / "cache"
    try:
        clone = revisions(kernel, folder, count)
        costs = []
        for number in range(count + 1):
            config = folder / "batch.toml"
            config.write_text(
                f'output = "{folder}/nightly"\ncache = "{cache}"\n'
                f'[[tree]]\nname = "k"\npath = "{clone}"\nrevisions = ["r{number}"]\n'
            )
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ended = subprocess.run(
                [str(ROOT / ".venv/bin/cocci-gen"), "batch", str(config)], capture_output=True, check=False
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if ended.returncode not in (0, 1):
                sys.exit(ended.stderr.decode("utf-8", "replace"))
            costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            what = bench.git(clone, "log", "-1", "--format=%s", f"r{number}") if number else "the kernel"
            print(f"r{number:<3} {costs[-1]:7.1f} CPU s, caches {size_of(cache):6.1f} MB  {what}", flush=True)
        further = sorted(costs[1:])
        mean, median = sum(further) / len(further), further[len(further) // 2]
        print(
            f"a further revision: {mean:.1f} CPU s on average, {median:.1f} in the middle, {mean / costs[0]:.1%} of the first"
        )
        return 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(
        main(
            Path(words[0]).resolve(),
            int(words[1]) if len(words) > 1 else 20,
            Path(words[2]) if len(words) > 2 else None,
        )
    )
