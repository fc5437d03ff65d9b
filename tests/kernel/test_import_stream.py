"""The lines that git fast-import reads."""

import subprocess

from cocci_gen.kernel.import_stream import commit, entry, removal

WHO = b"A B <a@b> 1700000000 +0000"


def test_git_gets_every_byte_of_paths_and_texts(tmp_path):
    """A quote, a line's end or a byte that is no text in a path would end the stream, or write another file."""
    paths = ['a "b"\n\\c\td', "M 100644 inline x", "\udcffé"]
    texts = {path: b"data 1\n\0\xff" + path.encode("utf-8", "surrogateescape") for path in paths}
    first = [commit("refs/heads/main", WHO, b"done\n"), *(entry("100755", path, texts[path]) for path in paths), b"\n"]
    second = [commit("refs/heads/main", WHO, b"less"), removal(paths[0]), b"\n"]

    def git(*words, stdin=b""):
        return subprocess.run(["git", "-C", tmp_path, *words], input=stdin, capture_output=True, check=True).stdout

    git("init", "-q", "--bare")
    git("fast-import", "--quiet", "--done", stdin=b"".join([*first, *second, b"done\n"]))

    for path in paths:
        assert git("cat-file", "-p", b"main^:" + path.encode("utf-8", "surrogateescape")) == texts[path]
    left = git("ls-tree", "-z", "--name-only", "main").split(b"\0")
    assert sorted(left) == sorted([b"", *(path.encode("utf-8", "surrogateescape") for path in paths[1:])])
    assert git("ls-tree", "main").count(b"100755 ") == len(left) - 1
