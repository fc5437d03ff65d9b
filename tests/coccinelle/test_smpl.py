"""Stage 4 `smpl`: templates become semantic patches, and SmPL that would silently never match is refused."""

import pytest

from cocci_gen.coccinelle.smpl import SemanticPatch, SemanticPatchError, lint, render, templates
from cocci_gen.resources import data_folder

FINE = """\
// identifier page; in a comment is no rule
@returns exists@
expression result;
position place;
identifier fn != { page }, tag, held;
@@
 fn(..., struct page *held, ...) {
 ... when != unlock_page(...)
     when != struct tag other = { ..., .member = held, ... };
* return@place result;
 }
"""


@pytest.fixture
def template(tmp_path, monkeypatch):
    """template(text) -> a folder of templates that holds only `demo.cocci.j2` with that text."""

    def make(text):
        (tmp_path / "demo.cocci.j2").write_text(text)
        monkeypatch.setattr("cocci_gen.coccinelle.smpl.data_folder", lambda name: tmp_path)

    from cocci_gen.coccinelle.smpl import _environment

    _environment.cache_clear()
    yield make
    _environment.cache_clear()


def test_good_smpl_passes():
    """A lint that complains of good rules would be switched off."""

    assert () == lint(FINE)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("expression result;", "expresion result;", "'expresion' is no kind of metavariable"),
        ("held", "page", "the metavariable 'page' is also a tag in the pattern"),
        ("unlock_page(...)", "", "an empty `when !=`"),
        ("unlock_page(...)", "(page)", "an empty `when !=`"),
        ("@returns exists@", "@script:python@\n@@\nprint(1)\n@returns exists@", "holds a script"),
        ("@returns exists@", "@initialize:ocaml@\n@@\n@returns exists@", "holds a script"),
        ("// identifier", "# spatch --sp-file x\n// identifier", "holds a script"),
    ],
)
def test_silent_traps_are_found(before, after, problem):
    """spatch takes each of these without a word and then never matches, or runs a program."""

    assert problem in "; ".join(lint(FINE.replace(before, after)))


def test_scripts_are_allowed_for_people_only():
    """The committed semantic patches need Python for their messages; nothing that this tool runs does."""
    text = FINE + "@script:python@\np << returns.place;\n@@\ncoccilib.report.print_report(p[0], 'x')\n"

    assert ("holds a script",) == lint(text)
    assert () == lint(text, scripts=True)


def test_a_template_is_rendered(template):
    """What is rendered is what spatch gets, with the obligation that it serves."""
    template(FINE.replace("unlock_page", "{{ release }}") + "\n\n\n\n// end\n")
    patch = render("demo", "demo_operations.write.unlocks", {"release": "folio_unlock"}, ("report",))

    assert (
        SemanticPatch(
            "demo_operations.write.unlocks", FINE.replace("unlock_page", "folio_unlock") + "\n// end\n", ("report",)
        )
        == patch
    )


def test_a_hole_in_a_template_is_an_error(template):
    """With Jinja2's default a misspelt name is nothing, and `when != ` nothing matches everything."""
    template(FINE.replace("unlock_page", "{{ relase }}"))

    with pytest.raises(SemanticPatchError, match=r"templates/demo\.cocci\.j2: 'relase' is undefined"):
        render("demo", "x.y.z", {"release": "unlock_page"})


def test_a_template_that_lints_badly_is_an_error(template):
    """Better no run than a run that finds nothing."""
    template(FINE.replace("expression result", "expresion result"))

    with pytest.raises(SemanticPatchError, match=r"demo\.cocci\.j2 for x\.y\.z: 'expresion' is no kind"):
        render("demo", "x.y.z", {})


def test_a_kind_without_template_is_an_error():
    """The name of the missing file is the way out."""
    with pytest.raises(SemanticPatchError, match=r"nosuch\.cocci\.j2"):
        render("nosuch", "x.y.z", {})


def test_templates_are_found_by_their_names(template):
    """A new kind is one file; what is no template must not become a kind."""
    template(FINE)
    folder = data_folder("templates")

    assert ("demo",) == templates()
    assert folder
