"""What speaks against a way on which something is kept."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

CODE = """\
static int box_unlink(struct inode *dir, struct dentry *dentry)
{
	struct box *box = dir->i_private;
	bool has = %s;
	char *buf;
	%s
	buf = box->buf;
	if (has)
		mutex_lock(&box->lock);
	if (!buf)
		return -ENOMEM;
	if (has)
		mutex_unlock(&box->lock);
	return 0;
}
static const struct inode_operations box_iops = { .unlink = box_unlink };
"""


@pytest.mark.parametrize(
    ("read", "between", "confidence"),
    [
        pytest.param("box->buf", "box->n = 0;", "high", id="a-place-is-set"),
        pytest.param("box->buf", "fill(box);", "high", id="somebody-may-have-set-it"),
        pytest.param("box->other", "", "high", id="another-place"),
        pytest.param("box->buf", "", "low", id="the-same"),
        pytest.param("box->buf", "has = box->other;", "high", id="read-anew"),
    ],
)
def test_what_is_read_twice_is_the_same(facts_of, make_obligation, read, between, confidence):
    """A lock that is taken where there is a buffer, and seems to be kept where there is none, is kept on no way."""
    facts = facts_of({"fs/box/a.c": CODE % (read, between)})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (line,) = {place.lines[0] for place in rule.places(duty)}
    (suspect,) = rule.judge(duty, [line], "")
    assert suspect.finding.confidence == confidence
