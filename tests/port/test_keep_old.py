"""`--keep-old`: code that builds on both kernels, by the command."""

import subprocess

from click.testing import CliRunner

from cocci_gen.cli import main


def test_every_change_stands_under_a_condition(tmp_path, pair, laid):
    """Who has to build for both kernels would have to undo the port by hand."""
    for name in ("old", "new", "module"):
        laid(tmp_path / name, pair(name))
    laid(tmp_path / "same", pair("old") | {"fs/other.c": b"int other;\n"})
    makefile = tmp_path / "new/Makefile"
    makefile.write_text(makefile.read_text().replace("SUBLEVEL = 0", "SUBLEVEL = 4"))
    (tmp_path / "out/series/elm").mkdir(parents=True)
    (tmp_path / "out/series/elm/0001-of-an-earlier-run.patch").write_text("")
    (tmp_path / "out/port.json").write_text("{}")
    words = ["port", "--kernel", str(tmp_path / "old"), "--to-kernel", str(tmp_path / "new"), "--keep-old"]
    for name in ("old", "new", "same"):
        git = ["git", "-C", str(tmp_path / name), "-c", "user.name=A", "-c", "user.email=a@b.c"]
        for one in (["init", "-q"], ["add", "-A"], ["commit", "-qm", name]):
            subprocess.run([*git, *one], check=True)
    words += ["--module", str(tmp_path / "module"), "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, words)

    assert 1 == result.exit_code, result.output
    diff = (tmp_path / "out/port.diff").read_text()
    assert "+#if LINUX_VERSION_CODE >= KERNEL_VERSION(8, 2, 0)" in diff
    removed = [line for line in diff.split("\n") if line.startswith("-") and not line.startswith("---")]
    assert [] == removed
    guard = "LINUX_VERSION_CODE >= KERNEL_VERSION(8, 2, 0), the version of the newer kernel, not of the release"
    assert guard in result.output
    assert guard in (tmp_path / "out/port.txt").read_text()
    assert not (tmp_path / "out/series").exists()

    same = [str(tmp_path / "same") if word == str(tmp_path / "new") else word for word in words]
    same[same.index(str(tmp_path / "out"))] = str(tmp_path / "none")
    result = CliRunner().invoke(main, same)

    assert "LINUX_VERSION_CODE" not in result.output + (tmp_path / "none/port.txt").read_text(), (
        "no change, no condition"
    )
