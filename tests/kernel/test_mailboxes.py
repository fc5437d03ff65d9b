"""Leaf `addresses`: lenient reading, strict writing."""

import email
import email.policy
import subprocess
import time

import pytest

from cocci_gen.kernel.mailboxes import (
    Mailbox,
    _strip_comments,
    address_header,
    encoded_words,
    parse_mailbox,
    parse_mailboxes,
    read_mailmap,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A B <a@b.org>", "A B <a@b.org>", id="plain"),
        pytest.param(
            "Matthew Wilcox (Oracle) <willy@infradead.org>",
            '"Matthew Wilcox (Oracle)" <willy@infradead.org>',
            id="brackets",
        ),
        pytest.param('"Lee, Chun-Yi" <j@s.com>', '"Lee, Chun-Yi" <j@s.com>', id="quoted"),
        pytest.param("Jérôme É <j@x.org> (a remark, two)", '"Jérôme É" <j@x.org>', id="remark"),
        pytest.param("a@b.org", "a@b.org", id="bare"),
        pytest.param("<a@b.org>", "a@b.org", id="no-name"),
        pytest.param('Say "x" <a@b.org>', '"Say \\"x" <a@b.org>', id="inner-quotes"),
    ],
)
def test_mailboxes_read_as_the_script_prints_them(text, expected):
    """A name quoted otherwise than get_maintainer.pl quotes it would make two people of one."""
    assert str(parse_mailbox(text)) == expected


def test_a_list_of_addresses_in_one_line():
    """A comma within a name is no separator, one between two addresses is."""
    assert [str(m) for m in parse_mailboxes("A <a@b.org>, c@d.org")] == ["A <a@b.org>", "c@d.org"]
    assert [str(m) for m in parse_mailboxes("E W, metux IT <i@m.net>")] == ['"E W, metux IT" <i@m.net>']


@pytest.mark.parametrize(
    "name",
    [
        "Jérôme É",
        "Matthew Wilcox (Oracle)",
        'Jo "the\\boss" X',
        "a, b; c: d",
        "Ünï " * 40,
        "=?UTF-8?q?fake?=",
        "中村 太郎",
        "evil\r\nBcc: victim@example.org",
        "tab\tnul\0bell\a",
        "\u202eright-to-left\u2028line",
    ],
)
def test_headers_survive_every_name(name):
    """A name from MAINTAINERS must neither break a header nor add one, and must be read back as it was."""
    header = address_header("To", [Mailbox(name, "a@b.org")])

    parsed = email.message_from_string(header + "\n", policy=email.policy.default)
    assert parsed.keys() == ["To"]
    assert [address.addr_spec for address in parsed["to"].addresses] == ["a@b.org"]
    assert header.isascii()
    assert all(len(line) <= 78 for line in header.split("\n"))
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not any(c in name for c in "\u202e\u2028"):
        assert parsed["to"].addresses[0].display_name.split() == shown.split()


@pytest.mark.parametrize(
    "address", ["a b@c.org", "a@b.org\nBcc: x@y", "a", "", "@b", "a@", "a..b@c", "a@b,c@d", "<a@b>", "ä@b.org", "a@-b"]
)
def test_what_is_no_address_is_refused(address):
    """A broken address in a header would be bounced at best, and be an injection at worst."""
    assert not Mailbox("", address).mailable
    with pytest.raises(ValueError, match="no mail address"):
        Mailbox("N", address).header()


def test_git_reads_the_encoded_words(tmp_path):
    """git send-email and mailinfo understand the Q encoding only in their own way of writing it."""
    mail = f"From: {encoded_words('Jérôme É')} <j@x.org>\nSubject: s\n\nb\n---\n"
    out = subprocess.run(
        ["git", "mailinfo", "msg", "patch"], cwd=tmp_path, input=mail.encode(), capture_output=True, check=True
    )

    assert "Author: Jérôme É\n" in out.stdout.decode()


def test_mailmap_in_all_four_formats():
    """A wrong address left in place bounces."""
    text = (
        "# comment\nReal <real@x>\n<new@x> <old@x>\nGood <good@x> <bad@x>\nRight <right@x> Wrong <wrong@x>\nnonsense\n"
    )
    mailmap = read_mailmap(text)

    assert str(mailmap.real(Mailbox("other", "real@x"))) == "Real <real@x>"
    assert str(mailmap.real(Mailbox("Same", "old@x"))) == "Same <new@x>"
    assert str(mailmap.real(Mailbox("Any", "bad@x"))) == "Good <good@x>"
    assert str(mailmap.real(Mailbox("Wrong", "wrong@x"))) == "Right <right@x>"
    assert str(mailmap.real(Mailbox("Else", "wrong@x"))) == "Else <wrong@x>"


@pytest.mark.parametrize(
    "unit", ["(", ")", "()", "a@", "<", '"', "\\", "a@b,", "<a@", "(\\", "x <", "a <a@b> ", ", (", "\t ", "a@b> <"]
)
@pytest.mark.parametrize("size", [900, 200_000])
def test_no_line_takes_long(unit, size):
    """A MAINTAINERS of 200 kB in one line held the tool for minutes."""
    text = (unit * size)[:size]
    started = time.process_time()

    for line in (text, text + ">", "A <" + text):
        parse_mailboxes(line)
        _strip_comments(line)
        read_mailmap(line)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a (b) c", "a   c"), ("a (b (c) d) e", "a   e"), ("(((x)))", " "), ("a (b", "a (b"), ("a) b", "a) b"),
        ("a ((b) c", "a (  c"), ("(a \\) b) c", "  c"), ('"(a)" (b)', '"(a)"  '), ("(a) (b)", "   "),
    ],
)  # fmt: skip
def test_comments_nest(text, bare):
    """An address within a comment is nobody's."""
    assert bare == _strip_comments(text)
