"""What people answer to the mails of a series."""

import pytest

from cocci_gen.errors import StorageError, UsageProblem
from cocci_gen.series.rerolls.former import FormerPatch, FormerSeries
from cocci_gen.series.rerolls.replies import Said, read_answers

PATCH = FormerPatch("c0ffee", "demo: unlock the page", "unlocks", ("a.c",), ("f" * 16,), "0" * 40, "", "", ())
SERIES = (FormerSeries("DEMO", "demo", "id", 1, "0" * 40, "", "", (), (PATCH,)),)


@pytest.fixture
def answers(tmp_path):
    """answers(body, subject) -> what one mail of a thread comes to."""

    def read(body, subject="Re: [PATCH v2 1/2] demo: unlock the page", headers=""):
        mail = f"From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: A <a@x.org>\nSubject: {subject}\nMessage-ID: <1@x.org>\n"
        path = tmp_path / "thread.mbox"
        path.write_text(f"{mail}{headers}\n{body}\n")
        return read_answers(path, SERIES)

    return read


@pytest.mark.parametrize(
    ("body", "said", "tags"),
    [
        ("Reviewed-by: B <b@x.org>", Said.TAGGED, ("Reviewed-by: B <b@x.org>",)),
        ("Applied, thanks!", Said.TAKEN, ()),
        ("Thanks, applied to fixes.\n\nAcked-by: B <b@x.org>", Said.TAKEN, ("Acked-by: B <b@x.org>",)),
        ("NAK, the caller unlocks it.\nAcked-by: B <b@x.org>", Said.REFUSED, ()),
        ("Could this use the label instead?", Said.COMMENTED, ()),
        ("> Applied, thanks!\n> Reviewed-by: B <b@x.org>\nDid you?", Said.COMMENTED, ()),
        ("Why?\n-- \nApplied, thanks!\nAcked-by: B <b@x.org>", Said.COMMENTED, ()),
        ("This patch is not applied correctly.", Said.COMMENTED, ()),
        ("  Reviewed-by: B <b@x.org>\nSigned-off-by: B <b@x.org>", Said.COMMENTED, ()),
    ],
)
def test_what_a_mail_says(answers, body, said, tags):
    """A tag that nobody gave, or a refusal that is not heard, costs the sender his name."""
    [answer] = answers(body)

    assert (answer.said, answer.tags, answer.patch) == (said, tags, PATCH)
    assert (answer.who, answer.message_id) == ("A <a@x.org>", "1@x.org")


def test_the_patch_itself_is_no_answer(answers):
    """A thread holds the patch too, with the trailers of its message."""
    with pytest.raises(UsageProblem, match="none of its 1 mails answers"):
        answers("Reviewed-by: B <b@x.org>", "[PATCH v2 1/2] demo: unlock the page")


def test_hostile_mails_are_only_read(answers):
    """A thread is written by strangers: no character set, no encoding and no header of theirs may end in a traceback."""
    [answer] = answers(
        "=41pplied=", headers='Content-Type: text/plain; charset="no-such"\nContent-Transfer-Encoding: x\n'
    )
    assert answer.said is Said.COMMENTED
    [answer] = answers("x", headers='Content-Type: multipart/mixed; boundary="\n')
    assert answer.said is Said.COMMENTED
    [answer] = answers("Content-Type: message/rfc822\n\n" * 3000, headers="Content-Type: message/rfc822\n")
    assert answer.said is Said.COMMENTED


def test_no_mbox(tmp_path):
    """Who names the wrong file must be told which one to name."""
    (tmp_path / "x").write_text("hello\n")
    with pytest.raises(UsageProblem, match="b4 mbox"):
        read_answers(tmp_path / "x", SERIES)
    with pytest.raises(StorageError, match="no file"):
        read_answers(tmp_path, SERIES)
