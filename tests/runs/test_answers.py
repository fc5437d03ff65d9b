"""What a list answers becomes verdicts, and trailers for the next version."""

import json

from cocci_gen.runs.answers import tags_of
from cocci_gen.runs.baseline import Status, read_baseline


def test_a_thread_becomes_verdicts_and_trailers(need, tmp_path, few_cases, cocci_gen_says, monkeypatch):
    """What was refused must not be proposed again, and a reviewer's tag must be in the next version."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    tree = few_cases("tree", "early-error-return", "error-in-loop")
    assert cocci_gen_says("run", "--kernel", tree, "-o", "run", "--cache", "cache")[0] == 1
    listed = json.loads((tmp_path / "run/series/series.json").read_text())["series"]
    first, second = [patch for series in listed for patch in series["patches"]]
    thread = "".join(
        f"From x Thu Jan  1 00:00:00 1970\nFrom: A <a@x.org>\nMessage-ID: <{number}@x.org>\n"
        f"Subject: Re: [PATCH] {patch['subject']}\n\n{said}\n\n"
        for number, (patch, said) in enumerate(((first, "NAK"), (second, "Tested-by: B <b@x.org>")))
    )
    (tmp_path / "thread.mbox").write_text(thread)

    code, said, words = cocci_gen_says("series", "run", "--replies", "thread.mbox")
    assert code == 0, words
    assert "refused" in said
    assert "Tested-by: B <b@x.org>" in said
    rulings = read_baseline(tmp_path / "cocci-gen.toml").rulings
    assert {(one.fingerprint, one.status) for one in rulings} == {
        (name, Status.WONTFIX) for name in first["fingerprints"]
    }
    assert "0@x.org" in rulings[0].reason
    assert tags_of(tmp_path / "run") == {first["change_id"]: (), second["change_id"]: ("Tested-by: B <b@x.org>",)}
    cocci_gen_says("series", "run")
    left = json.loads((tmp_path / "run/series/series.json").read_text())["series"]
    assert [patch["subject"] for series in left for patch in series["patches"]] == [second["subject"]]
