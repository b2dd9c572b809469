"""Component tags that render a template of templates/components/, because they hold more than a line."""

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from crm.lib import markup
from crm.lib.formats import initials

register = template.Library()
# What a step, a row or a way on may leave out.
WAY = {"icon": "plus", "text": "", "primary": False}
STEP = {"note": "", "state": "waiting"}
PATH_STEP = {"note": "", "days": None, "used": 1, "tone": "", "href": ""}
WHY_ROW = {"note": "", "first": False}


def _filled(rows: Iterable[Mapping[str, Any]], blank: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**blank, **row} for row in rows]


def _component(name: str) -> Any:
    return register.inclusion_tag(f"components/{name}.html", name=name)


@_component("alert")
def alert(
    text: str, title: str = "", tone: str = "bad", icon: str = "", action: str = "", href: str = "", id: str = ""
) -> dict[str, Any]:
    """Show what happened, what is safe and what to do; `tone`: bad, warn, ok, info. An error is never a toast."""
    icons = {"bad": "circle-alert", "warn": "triangle-alert", "ok": "circle-check", "info": "info"}
    return {
        "text": text,
        "title": title,
        "tone": tone,
        "icon": icon or icons[tone],
        "action": action,
        "href": href,
        "id": id,
    }


@_component("toast")
def toast(
    text: str,
    undo_url: str = "",
    undo_label: str = "",
    undo_values: Iterable[tuple[str, str]] = (),
    icon: str = "circle-check",
    oob: bool = True,
) -> dict[str, Any]:
    """Say that something was done, with Undo where there is one, which sends `undo_values`; out of band unless `oob=False`."""
    return {
        "text": text,
        "undo_url": undo_url,
        "undo_label": undo_label,
        "undo_values": undo_values,
        "icon": icon,
        "oob": oob,
    }


@_component("empty")
def empty(
    title: str,
    text: str = "",
    icon: str = "circle-check",
    actions: Iterable[Mapping[str, Any]] = (),
    href: str = "",
    action: str = "",
) -> dict[str, Any]:
    """Say why nothing is here and up to three ways on: `actions` are {icon, title, text, label, href, primary}."""
    return {
        "title": title,
        "text": text,
        "icon": icon,
        "actions": _filled(actions, WAY),
        "href": href,
        "action": action,
    }


@_component("progress")
def progress(
    title: str,
    share: float,
    text: str = "",
    note: str = "",
    steps: Iterable[Mapping[str, Any]] = (),
    state: str = "running",
) -> dict[str, Any]:
    """Show a job: `share` 0 to 1, steps {label, state, note}.

    `state` of the job: running, done, failed, stopped; of a step: done, running, waiting, failed.
    """
    filled = markup.share(share, 1)
    return {
        "title": title,
        "share": share,
        "text": text,
        "note": note,
        "steps": _filled(steps, STEP),
        "state": state,
        "percent": round(filled),
    }


@_component("figure_cell")
def figure_cell(
    label: str, value: Any, note: str = "", tone: str = "", href: str = "", size: str = "", means: str = ""
) -> dict[str, Any]:
    """Show a label, a number and a note under it; `tone` of the note: up, down, ok, warn, bad; `size`: large.

    `means` is where the label's word is defined.
    """
    return {"label": label, "value": value, "note": note, "tone": tone, "href": href, "size": size, "means": means}


@_component("setpoint_path")
def setpoint_path(steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Show a deal's way: steps {label, tone, state: done|current|ahead, days, note, used: share of the typical stay}.

    `href` is where the step's word is defined.
    """
    return {"steps": _filled(steps, PATH_STEP)}


@_component("criterion")
def criterion(name: str, state: str, note: str = "", href: str = "", action: str = "", **attrs: Any) -> dict[str, Any]:
    """Show a fact a setpoint asks for; `state`: met, missing, waived; `note`: the evidence, or how to get it."""
    return {
        "name": name,
        "state": state,
        "note": note,
        "href": href,
        "action": action,
        "attrs": markup.attributes(attrs),
    }


@_component("next_step")
def next_step(
    text: str = "",
    due: Any = None,
    icon: str = "calendar",
    state: str = "set",
    words: str = "",
    href: str = "",
    **attrs: Any,
) -> dict[str, Any]:
    """Show the next step line; `state`: set, overdue, missing; `words` stand instead of the date (Overdue 6 d)."""
    given = markup.attributes(attrs)
    return {"text": text, "due": due, "icon": icon, "state": state, "words": words, "href": href, "attrs": given}


@_component("why_card")
def why_card(
    title: str,
    score: float,
    threshold: int,
    rows: Iterable[Mapping[str, Any]],
    subtitle: str = "",
    grade: str = "",
    parts: Iterable[Mapping[str, Any]] = (),
    foot: str = "",
    foot_value: str = "",
    href: str = "",
    link: str = "",
    top: int = 100,
) -> dict[str, Any]:
    """Show why a lead has its score: rows {points, text, note, kind, first}, parts {label, value, kind}.

    `kind`: did, are, fade; `first` begins a new group of rows.
    """
    spans, start = [], 0
    for part in parts:
        width = markup.share(max(0, part["value"]), top)
        spans.append({**part, "x": markup.percentage(markup.share(start, top)), "width": markup.percentage(width)})
        start += max(0, part["value"])
    return {
        "title": title, "subtitle": subtitle, "score": score, "threshold": threshold, "grade": grade,
        "rows": _filled(rows, WHY_ROW),
        "parts": spans, "tick": markup.percentage(markup.share(threshold, top)), "foot": foot, "foot_value": foot_value,
        "href": href, "link": link,
    }  # fmt: skip


@_component("field")
def field(
    bound: BoundField, label: str = "", icon: str = "", hint: str = "", prefix: str = "", width: str = ""
) -> dict[str, Any]:
    """Show a form field with label, hint and errors, joined by aria; `width`: half, third in a `form-grid`."""
    kind = getattr(bound.field.widget, "input_type", "")
    several = getattr(bound.field.widget, "allow_multiple_selected", False)
    box = "choices" if several else {"checkbox": "check", "radio": "choices", "select": "select"}.get(kind, "input")
    described = f"{bound.auto_id}-hint" if hint or bound.help_text else ""
    if bound.errors:
        described = f"{bound.auto_id}-error"
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described else {}
    attrs |= {"aria-invalid": "true"} if bound.errors else {}
    return {
        "field": bound, "widget": bound.as_widget(attrs=attrs), "label": label or bound.label, "icon": icon,
        "hint": hint or bound.help_text, "prefix": prefix, "width": width, "box": box,
    }  # fmt: skip


@_component("error_summary")
def error_summary(form: BaseForm, title: str = "") -> dict[str, Any]:
    """List what to fix, each entry a link to its field; takes the focus after a failed submit."""
    fields = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"title": title, "fields": fields, "general": form.non_field_errors(), "count": len(form.errors)}


@_component("sheet_head")
def sheet_head(title: str, text: str = "", close_url: str = "") -> dict[str, Any]:
    """Open a sheet or dialog: its title, a sentence, the cross; the dialogs of base.html are named by it."""
    return {"title": title, "text": text, "close_url": close_url}


@_component("column_head")
def column_head(label: str, href: str, sorted: str = "", numeric: bool = False, means: str = "") -> dict[str, Any]:
    """Draw a sortable table head; `sorted`: ascending, descending or nothing; `means`: where its word is defined."""
    return {"label": label, "href": href, "sorted": sorted, "numeric": numeric, "means": means}


@_component("timeline_entry")
def timeline_entry(icon: str, title: str, at: Any, text: str = "", tone: str = "", href: str = "") -> dict[str, Any]:
    """Show one entry of a timeline (`<ol class="timeline">`); `tone`: move for a change of setpoint."""
    return {"icon": icon, "title": title, "at": at, "text": text, "tone": tone, "href": href}


@_component("task_row")
def task_row(
    title: str,
    text: str = "",
    icon: str = "circle",
    tone: str = "",
    aside: str = "",
    href: str = "",
    current: bool = False,
) -> dict[str, Any]:
    """Show what needs doing on My day up to its buttons; wrap in `<li class="task">` and add `<div class="task-actions">`."""
    return {"title": title, "text": text, "icon": icon, "tone": tone, "aside": aside, "href": href, "current": current}


@register.simple_tag
def drawn(template_name: str, **values: Hashable) -> SafeString:
    """Draw a template of words and frozen values alone; its markup is kept by them and the language (decision 0007)."""
    return _drawn(template_name, tuple(values.items()), get_language() or "")


@lru_cache(maxsize=8192)
def _drawn(template_name: str, values: tuple[tuple[str, Hashable], ...], language: str) -> SafeString:
    return render_to_string(template_name, dict(values))


@register.filter(name="initials")
def initials_of(name: str) -> str:
    """Return the initials of a name."""
    return initials(str(name))
