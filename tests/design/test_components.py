"""The component tags: what they draw, and that nothing a person typed becomes markup."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory

from crm.lib import charts, formats, labels, markup

NASTY = '"><script>alert(1)</script>'
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def draw(source: str, **context: Any) -> str:
    """Render a piece of template with a request."""
    request = RequestFactory().get("/deals/", {"owner": "5", "page": "2"})
    with formats.bound(locale="en", now=NOW):
        return str(engines["django"].from_string(source).render(context, request))


@pytest.mark.parametrize(
    "source",
    [
        "{% button nasty icon='check' data_x=nasty %}",
        "{% chip nasty nasty remove_url='?' %}",
        "{% tab nasty '#' count=3 %}",
        "{% badge nasty title=nasty %}",
        "{% avatar nasty %}",
        "{% alert nasty title=nasty %}",
        "{% toast nasty undo_url='/undo/' %}",
        "{% figure_cell nasty nasty nasty %}",
        "{% next_step nasty words=nasty %}",
        "{% criterion nasty 'met' nasty %}",
        "{% gauge 1 2 label=nasty %}",
        "{% live nasty %}",
        "{% row_chart bars name='x' title=nasty label=nasty head=head %}",
    ],
)
def test_what_people_typed_stays_text(source: str) -> None:
    """See that no component lets markup through."""
    drawn = draw(source, nasty=NASTY, bars=[charts.Bar(NASTY, 1, NASTY, NASTY)], head=[NASTY, NASTY])
    assert "&lt;script&gt;" in drawn
    assert "<script>" not in drawn


@pytest.mark.parametrize(
    ("real", "ideal", "fill", "over"),
    [
        (4, 8, "33.33%", None),
        (5, 5, "66.67%", None),
        (11, 9, "66.67%", "14.81%"),
        (50, 3, "66.67%", "33.33%"),
        (0, 8, "0.00%", None),
        (3, 0, "0.00%", None),
    ],
)
def test_the_ideal_tick_stands_at_two_thirds(real: int, ideal: int, fill: str, over: str | None) -> None:
    """See that the bar measures against the tick and what is over it is hatched."""
    drawn = str(markup.gauge(real, ideal, label="x"))
    assert f'<svg class="bar-track"><rect width="{fill}"' in drawn
    assert ("bar-over" in drawn) is (over is not None)
    assert over is None or f'width="{over}"' in drawn
    assert 'x="66.67%" width="2"' in drawn


def test_query_keeps_the_rest_of_the_address() -> None:
    """See that a link changes only what it names."""
    assert draw("{% query owner=7 page=None %}") == "?owner=7"
    assert draw("{% query %}") == "?owner=5&amp;page=2" or draw("{% query %}") == "?owner=5&page=2"


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    """See that words are looked up by kind, and that nothing disappears where one is missing."""
    labels.register("example_kind", {"a": "Alpha"})
    assert draw("{{ 'a'|label:'example_kind' }} {{ 'b'|label:'example_kind' }}") == "Alpha b"


@pytest.mark.parametrize(
    ("order", "of", "expected"),
    [(0, 4, "sp-0"), (1, 4, "sp-2"), (3, 4, "sp-6"), (1, 3, "sp-3"), (0, 1, "sp-0"), (6, 7, "sp-6")],
)
def test_pipelines_of_any_length_share_one_ramp(order: int, of: int, expected: str) -> None:
    """See that the first and the last setpoint always have the ends of the ramp."""
    assert markup.setpoint_class(order, of) == expected


def test_a_chart_is_a_table_where_it_is_asked_for() -> None:
    """See that the numbers of a chart are there as a table and as CSV."""
    source = "{% column_chart bars name='won' title='Won' label='July won 5' head=head %}"
    given = {"bars": [charts.Bar("July", Decimal(5), "€5", tick=4)], "head": ["Month", "Won", "Plan"]}
    request = RequestFactory().get("/", {"as": "table:won"})
    drawn = engines["django"].from_string(source).render(given, request)
    assert "<td" in drawn
    assert "data:text/csv" in drawn
    assert 'aria-label="July won 5"' in draw(source, **given)


FORBIDDEN = {
    "inline style": re.compile(r"\sstyle="),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "inline handler": re.compile(r"\son\w+="),
    "hx-on": re.compile(r"hx-on[:-]"),
    "evaluated value": re.compile(r"hx-(vals|headers)=.\s*js:|hx-trigger=\"[^\"]*\w\["),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_need_no_hole_in_the_policy(what: str) -> None:
    """See that no template holds what the content security policy blocks."""
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "emails" not in path.parts]
    assert len(templates) > 20
    assert [str(path) for path in templates if FORBIDDEN[what].search(path.read_text())] == []
