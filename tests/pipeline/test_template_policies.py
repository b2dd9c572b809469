"""Templates hold text and placeholders of a fixed list, never code (reliability.md 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.policies.templates import (
    BLOCKS,
    Line,
    Placeholder,
    empty_refusals,
    fill,
    placeholders_in,
    printable,
    read_body,
    template_refusals,
)


def refused(body: str = "Text", *, title: str = "Offer", name: str = "Offer") -> list[tuple[str, dict[str, str]]]:
    return [(each.code, dict(each.params)) for each in template_refusals(name=name, title=title, body=body)]


@pytest.mark.parametrize(
    ("body", "code", "shown"),
    [
        pytest.param("{{ settings.SECRET_KEY }}", "unknown_placeholder", "{{ settings.SECRET_KEY }}", id="a setting"),
        pytest.param("{{request}}", "unknown_placeholder", "{{request}}", id="the request"),
        pytest.param("{{7*7}}", "unknown_placeholder", "{{7*7}}", id="arithmetic"),
        pytest.param("{{ customer.owner.password }}", "unknown_placeholder", "{{ customer.owner.password }}", id="a path"),
        pytest.param("{{ customer|safe }}", "unknown_placeholder", "{{ customer|safe }}", id="a filter"),
        pytest.param("{{ Customer }}", "unknown_placeholder", "{{ Customer }}", id="capitals"),
        pytest.param("{{}}", "unknown_placeholder", "{{}}", id="nothing within"),
        pytest.param("{{\ncustomer.x\n}}", "unknown_placeholder", "{{ customer.x }}", id="over lines"),
        pytest.param("{% load log %}", "no_code", "{% load log %}", id="a tag"),
        pytest.param("Hello {% debug %}", "no_code", "{% debug %}", id="another"),
        pytest.param("{# hidden #}", "no_code", "{# hidden #}", id="a comment"),
        pytest.param("{{ customer", "no_code", "{{ customer", id="half a placeholder"),
        pytest.param("customer }}", "no_code", "}}", id="the other half"),
        pytest.param("{{{{ customer }}}}", "unknown_placeholder", "{{{{ customer }}", id="one within another"),
        pytest.param("Dear {{ lines }}", "placeholder_not_alone", "{{ lines }}", id="a table within a sentence"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(body, code, shown):
    assert (code, {"field": "body", "name": shown}) in refused(body)
    if code != "placeholder_not_alone":
        assert (code, {"field": "title", "name": shown}) in refused(title=body)


def test_text_and_known_placeholders_are_taken():
    assert refused('# Hello {{ customer }}\n\n{{lines}}\n\n50% of {amount} [x] #read("/etc/passwd") $x$ <b>') == []


def test_a_table_is_no_title():
    assert refused(title="{{ lines }}") == [("placeholder_not_alone", {"field": "title", "name": "{{ lines }}"})]


@pytest.mark.parametrize(
    ("given_texts", "expected"),
    [
        ({"name": " "}, [("required", {"field": "name"})]),
        ({"title": "a" * 201}, [("too_long", {"field": "title", "limit": "200"})]),
        ({"body": "a" * 50_001}, [("too_long", {"field": "body", "limit": "50000"})]),
    ],
)
def test_edges(given_texts, expected):
    assert refused(**given_texts) == expected


def test_lines_become_blocks():
    body = "# One\nTwo\nthree\n\n- Four\n## Five\n{{ lines }}\nSix {{ customer }}"
    assert read_body(body) == [
        Line("heading", "One"), Line("text", "Two three"), Line("item", "Four"), Line("subheading", "Five"),
        Line("block", "lines"), Line("text", "Six {{ customer }}"),
    ]  # fmt: skip


def test_what_is_filled_in_is_not_looked_at_again():
    values = {Placeholder.CUSTOMER: "{{ amount }} # {{ lines }}", Placeholder.AMOUNT: "€1"}
    assert fill("Dear {{ customer }}", values) == "Dear {{ amount }} # {{ lines }}"


def test_what_is_not_known_is_named_blocks_aside():
    assert placeholders_in("{{ amount }} {{customer}}", "{{ lines }}") == [
        Placeholder.CUSTOMER, Placeholder.AMOUNT, Placeholder.LINES,
    ]  # fmt: skip
    missing = empty_refusals(("{{ amount }} {{ customer }}\n{{ lines }}",), {Placeholder.CUSTOMER: "A"})
    assert [(each.code, dict(each.params)) for each in missing] == [("placeholder_empty", {"placeholder": "amount"})]


@given(st.text())
def test_whatever_is_taken_can_be_read_and_filled(text):
    body = printable(text)
    if not template_refusals(name="A", title="A", body=body):
        for line in read_body(body):
            assert line.kind == "block" or "{{" not in fill(line.text, {})


def test_blocks_are_placeholders():
    assert set(Placeholder) > BLOCKS
