"""What stands between the operators of a text: a part that is missed here is a look that nobody sees."""

import pytest

from cocci_gen.code.graphs.operands import Called, Element, Member, Name, Several, inside, operand_of


def written(operand):
    """An operand as a short text, without brackets and signs that do not matter."""
    if isinstance(operand, Name):
        return operand.name
    if isinstance(operand, Member):
        return f"{written(operand.base)}.{operand.name}"
    if isinstance(operand, Element):
        return f"{written(operand.base)}[]"
    if isinstance(operand, Called):
        return f"{written(operand.callee)}({','.join(map(written, operand.arguments))})"
    if isinstance(operand, Several):
        return f"<{' '.join(filter(None, map(written, operand.parts)))}>" if operand.parts else ""
    return f"&{written(operand.base)}"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("sb->s_fs_info", "sb.s_fs_info"),
        ("(struct box *)sb->s_fs_info", "sb.s_fs_info"),
        ("((struct box *)(sb)->s_fs_info)->table[n]", "sb.s_fs_info.table[]"),
        ("BOX(d_inode(dentry))->name", "BOX(d_inode(dentry)).name"),
        ("*(int *)dentry->d_fsdata", "dentry.d_fsdata[]"),
        ("&box->lock", "&box.lock"),
        ("box->ops->free(box, 1)", "box.ops.free(box,)"),
        ("a->b * c->d", "<a.b c.d>"),
        ("a & b->c", "<a b.c>"),
        ("int n = f(a)->b", "<int n f(a).b>"),
        ('printk("x->y(%d", a->b)', 'printk("x->y(%d",a.b)'),
        ("a ? b->c : d", "<a b.c d>"),
        ("return *a->b", "a.b[]"),
        ("f(", "f()"),
        (")a->b", "<a.b>"),
    ],
)
def test_what_a_text_is_made_of(text, tree):
    """Casts and brackets are left out, operators part, strings hide what they hold, and broken text ends."""
    assert written(operand_of(text)) == tree


def test_everything_is_inside():
    """Who walks down comes to every name."""
    todo, names = [operand_of("f(a->b[c], &d) + e")], []
    while todo:
        one = todo.pop()
        names += [one.name] if isinstance(one, Name) else []
        todo += inside(one)
    assert sorted(names) == ["a", "c", "d", "e", "f"]
