#!/usr/bin/env python3
"""Write the small kernel of the corpus as a git repository: .ci/embedded_kernel.py FOLDER.

It stands in for Debian's kernel where apt cannot supply one.  Identity, date and message are fixed.
"""

import shutil
import sys
from pathlib import Path

from cocci_gen import programs
from cocci_gen.corpus.cases import DEFAULT_KERNEL
from cocci_gen.corpus.folder import read_corpus

IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "cocci-gen"), ("EMAIL", "cocci-gen@localhost"), ("DATE", "1700000000 +0000"))
}


def main(folder: Path) -> None:
    """Make the repository anew; whatever an earlier run left in the folder goes."""
    if folder.exists() and not (folder / "corpus-kernel").exists():
        sys.exit(f"{folder} is not a kernel that this script made; it is left alone")
    shutil.rmtree(folder, ignore_errors=True)
    kernel = read_corpus(Path(__file__).resolve().parent.parent / "corpus").kernel(DEFAULT_KERNEL)
    for path, text in {**kernel, "corpus-kernel": b"made by .ci/embedded_kernel.py\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    env = programs.clean_environment(folder.resolve(), **IDENTITY)
    for words in ("init -q -b main", "add -f -A", "commit -q -m corpus-kernel"):
        ended = programs.run(["git", *words.split()], cwd=folder, timeout=60, env=env)
        if not isinstance(ended, programs.Completed) or ended.returncode:
            sys.exit(f"git {words} failed in {folder}: {ended}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
