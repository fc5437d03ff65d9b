"""The page of a run: it holds what was found, whatever the tree wrote, and can be read without a mouse and without a network."""

import re
import struct
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.html.page import history_page
from cocci_gen.reports.html.views import matrix
from cocci_gen.reports.nights import Target, read_history
from cocci_gen.runs.baseline import Baseline

WITH_OTHERS = b"void demo(void)\n{\n\tone();\n\ttwo();\n}\n" + b"void other(void)\n{\n\tend();\n}\n" * 4
VOID = ("meta", "input", "br", "line", "circle", "polyline")


class Outline(HTMLParser):
    """Every element of a page with its attributes, and the text of each kind of element."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.unbalanced, self.texts = [], [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """An element ends."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        """Text between them."""
        for tag in set(self.open):
            self.texts[tag] = self.texts.get(tag, "") + data

    def all(self, tag):
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def outline(page):
    """The same, parsed."""
    return Outline(page)


@pytest.fixture(params=["page", "nights_page"])
def any_outline(request):
    """Each of the pages, parsed."""
    return Outline(request.getfixturevalue(request.param))


def test_no_markup_of_a_tree_becomes_markup(outline):
    """Paths, messages and code are written by whoever wrote the tree; the page is opened by whoever maintains the kernel."""
    handlers = [name for _, attributes in outline.elements for name in attributes if name.startswith("on")]

    assert ([], [], [], 1) == (
        outline.all("img"),
        handlers,
        outline.unbalanced + outline.open,
        len(outline.all("script")),
    )
    assert "onerror=alert(1)" in outline.texts["summary"]
    assert "\u202e" not in str(outline.texts)
    assert "\x1b" not in str(outline.texts)


def test_nothing_is_loaded_and_only_the_own_script_may_run(any_outline):
    """A page that is mailed on must not phone anybody."""
    [policy] = [one["content"] for one in any_outline.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]

    assert re.fullmatch(r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]+'; .*", policy)
    assert [] == [
        one for _, one in any_outline.elements if "src" in one or one.get("href", "#").startswith("#") is False
    ]
    assert "url(" not in any_outline.texts["style"]


def test_it_can_be_read_without_eyes_and_without_a_mouse(any_outline):
    """Landmarks, headings, labels and captions are what a screen reader goes by; what scrolls must take the focus."""
    tags = [tag for tag, _ in any_outline.elements]
    headings = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    regions = [attributes for _, attributes in any_outline.elements if attributes.get("role") == "region"]

    assert [("html", {"lang": "en"})] == any_outline.elements[:1]
    assert (1, 1, 1) == (tags.count("h1"), tags.count("main"), tags.count("nav"))
    assert all(later - former <= 1 for former, later in pairwise(headings))
    assert all(one.get("tabindex") == "0" and one.get("aria-label") for one in regions)
    assert all(one.get("scope") for one in any_outline.all("th"))
    assert all(one.get("role") == "img" and one.get("aria-label") for one in any_outline.all("svg"))
    assert tags.count("input") <= tags.count("label")


def test_a_picture_without_a_value_says_so(nights_page, tmp_path):
    """An empty frame looks like a page that failed to draw, where nobody has judged a finding yet."""
    unjudged = history_page(read_history(tmp_path / "out", Baseline(())))

    assert "No night has a value yet." in unjudged
    assert unjudged.count("No night has a value yet.") > nights_page.count("No night has a value yet.")


def test_every_link_leads_somewhere_and_every_id_is_one(any_outline):
    """A link into nothing is a promise not kept."""
    ids = [one["id"] for _, one in any_outline.elements if "id" in one]
    links = [one["href"].removeprefix("#") for one in any_outline.all("a")]

    assert len(ids) == len(set(ids))
    assert set() == set(links) - set(ids)


def test_a_finding_has_its_rule_its_path_its_fix_and_its_reasons(outline):
    """These five are what a person needs to judge it, and nothing else has to be opened."""
    text = " ".join(outline.texts["main"].split())

    assert "yes, unlocks (see below) (binds here)" in text
    assert "31 if (!info)" in text
    assert "1. `info` is false" in text
    assert ["del", "add"] == [one.get("class") for one in outline.all("span") if one.get("class") in ("del", "add")][:2]
    assert "infeasible_path: every path contradicts itself" in text
    assert "None: no shape fits" in text
    assert "fs/b.c cannot be shown: no such file" in text


def test_the_path_is_drawn_from_its_first_step_to_the_finding(outline):
    """Steps behind the finding explain it and are not on the way to it."""
    drawn = [one["class"].split()[1:] for one in outline.all("span") if one.get("class", "").startswith("l ")]

    assert ["first", "step"] in drawn
    assert ["last", "step", "here"] in drawn


def test_what_was_not_examined_stands_under_few_reasons(make_judged, make_record, page_of):
    """A page of 100 reasons with one function each is one that nobody reads; the text has a line per sort."""
    lost = [
        Unexamined("a.b.callers", f"fs/{name}.c", name, 1, f"not seen: {name}() hides it") for name in ("one", "two")
    ]
    page = page_of(make_record([make_judged()], unexamined=lost))

    assert "<summary>2: not seen</summary>" in page
    assert "one() for a.b.callers: one() hides it</li>" in page
    assert "Findings (1 open)" in page


def test_the_path_goes_on_where_lines_are_left_out(make_judged, make_record, page_of):
    """A line that ends at dots and begins again below them looks like two paths; and dots for one line hide it for nothing."""
    code = b"void demo(void)\n{\n" + b"\tone();\n" * 90 + b"}\n"
    steps = (Step("fs/a.c", 10, "first"), Step("fs/a.c", 22, "second"), Step("fs/a.c", 80, "last"))
    page = page_of(make_record([make_judged(evidence=steps, line=80)]), {"fs/a.c": code})

    assert ["", " on"] == re.findall(r'class="gap( on)?">\.\.\.', page)
    drawn = re.findall(r"([^{}]*\.l\.on::before[^{}]*)\{[^}]*left:", page)  # on a wide screen and on a narrow one
    assert [True, True] == ["pre .gap.on::before" in one for one in drawn]
    assert re.search(r"pre \.gap \{[^}]*position: relative", page)
    assert '<span class="n">16</span>' in page


def test_every_step_is_drawn_in_its_order_wherever_it_stands(make_judged, make_record, page_of):
    """Numbers that jump from 3 to 6 look as if something was kept from whoever judges."""
    steps = (
        Step("fs/b.c", 9, "called"),
        Step("fs/b.c", 3, "goes on"),
        Step("fs/a.c", 11, "frees"),
        Step("fs/a.c", 3, "ends"),
    )
    page = page_of(make_record([make_judged(evidence=steps)]), {"fs/b.c": b"f();\n" * 20, "fs/a.c": WITH_OTHERS})

    assert ["1", "2", "3", "4"] == sorted(re.findall(r'class="dot">(\d+)<', page))
    assert page.index("fs/b.c, with the path") < page.index("fs/a.c, with the path")


def test_a_doubt_speaks_against_a_finding_and_is_no_step_of_its_path(make_judged, make_record, page_of):
    """Who reads "Nothing" there takes a doubt for a part of the proof."""
    steps = (Step("fs/a.c", 3, "`info` is false"), Step("fs/a.c", 4, "low: an old caller may hold it"))
    page = page_of(make_record([make_judged(evidence=steps, confidence=Confidence.LOW)]))
    path, _, against = page.partition("What speaks against it")

    assert "an old caller may hold it" not in path
    assert "fs/a.c:4: low: an old caller may hold it" in against
    assert "Nothing" not in against.partition("fingerprint")[0]


def test_what_the_path_does_not_pass_is_no_step_of_it(make_judged, make_record, page_of):
    """A numbered mark on the line said that the release was passed, which is what the finding denies."""
    note = "unlock_page() [release]: not passed on this path"
    steps = (Step("fs/a.c", 3, "`info` is false"), Step("fs/a.c", 4, "returns"), Step("fs/a.c", 5, note))
    judged = make_judged(evidence=steps)
    page = page_of(make_record([judged]))

    assert steps[2:] == judged.finding.beside
    assert f'<span class="say off">{note}</span>' in page
    assert "3. unlock_page()" not in page
    assert ["1", "2"] == re.findall(r'<span class="dot">(\d)</span>', page)


def test_what_came_and_what_went_is_told_of_every_night(nights_page, nights):
    """Two came and two went looks like a night in which nothing happened."""
    [demo, _] = nights.targets

    assert [("", ""), ("1", "1"), ("1", "0")] == [step[1:] for step in demo.steps]
    assert "<code>fs/past.c:4</code>: &lt;i&gt;locked: mended" in nights_page


def test_modules_stand_against_kernels(nights_page, nights):
    """Two kernels at HEAD, and a module over each, fell into one cell of trees against revisions."""
    kernels = [Target(f"m-{n}", f"/k/linux-{n}.git", "HEAD", "failed", "torn", (), "/w/demofs", "") for n in (1, 2)]
    history = replace(nights, targets=(*nights.targets, *kernels, replace(kernels[0], name="part")))
    page = history_page(history)
    bare, over = history.grids

    assert ("/w/demofs",) == over.rows
    assert ("linux-1 HEAD", "linux-2 HEAD") == over.columns
    assert 2 == len(over.at("/w/demofs", "linux-1 HEAD"))
    assert ("/t/demo", "/t/<b>gone") == bare.rows
    assert "Modules and kernels" in page
    assert "Modules and kernels" not in nights_page
    assert "m-1: <strong" in page


def test_lines_that_hide_each_other_tell_their_last_value(nights_page):
    """Three dots on one place looked like a single finding of the last sort."""
    assert re.search(r"solid: high \d+</span>, <span class=\"moderate\">dashed: moderate \d+</span>", nights_page)


def test_the_matrix_tells_how_functions_stand(outline):
    """What was kept, found and not examined, per method and kind; and what the rules decline, with the reason."""
    cells = {one["title"] for one in outline.all("td") if "title" in one}

    assert any("1 kept" in one and "1 not examined" in one and "found" in one for one in cells)
    assert "line 18: (blank)" in outline.texts["li"]


def test_the_matrix_of_a_change_has_the_methods_that_it_reaches(record, corpus):
    """A check looks at one function: a hundred rows in which nothing was looked at hide the one that counts."""
    path = "Documentation/filesystems/locking.rst"
    document = corpus.trees["6.1"][path]
    whole = matrix(record, lambda _: document, path)
    checked = replace(record, header=replace(record.header, change={"name": "x.mbox", "new": [], "still": []}))
    short = matrix(checked, lambda _: document, path)

    assert {one.method for one in short.rows} == {"writepage"} < {one.method for one in whole.rows}
    assert "callers" in short.kinds  # what the rules ask of the method itself is shown whole


def test_a_browser_runs_the_filter_and_opens_what_is_linked_to(browser, page, record):
    """The policy must let the own script run and nothing of the tree's; the page must work from a file."""
    [wanted] = [one.finding.fingerprint for one in record.findings if one.finding.function == "demo_writepage"]
    dom = browser(page, "--dump-dom", fragment=f"#f-{wanted}")

    assert "5 of 5 shown" in dom
    assert re.search(rf'<details class="finding" id="f-{wanted}"[^>]* open=""', dom)
    assert re.search(r"<title>cocci-gen: [^<]*no tree HEAD</title>", dom)


@pytest.mark.parametrize("name", ["page", "nights_page"])
def test_a_browser_draws_it(browser, name, request, tmp_path):
    """A style sheet that hides everything is valid too: most of the picture must not be of one colour in one piece."""
    browser(request.getfixturevalue(name), f"--screenshot={tmp_path / 'shot.png'}", "--window-size=1200,900")
    png = (tmp_path / "shot.png").read_bytes()

    assert (1200, 900) == struct.unpack(">II", png[16:24])
    assert len(png) > 20_000
