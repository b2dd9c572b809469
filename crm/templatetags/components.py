"""Component tags: what the pages are built from (templates/components/README.md lists them all)."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.lib import formats, markup
from crm.lib.icons import icon as draw_icon

register = template.Library()
AVATAR_COLOURS = 6
ICON_SIZES = {"": 14, "small": 12, "large": 16}
SLA_LATE_MINUTES, SLA_SOON_MINUTES = 45, 60


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """Show the keys of a shortcut; `mod` becomes ⌘ or Ctrl in the browser."""
    return format_html_join(
        "",
        "<kbd{}>{}</kbd>",
        ((markup.attributes({"data-mod": key == "mod"}), "Ctrl" if key == "mod" else key) for key in keys),
    )


@register.simple_tag
def button(
    label: str,
    icon: str = "",
    kind: str = "",
    size: str = "",
    href: str = "",
    type: str = "button",
    key: str = "",
    busy: bool = False,
    disabled: bool = False,
    icon_only: bool = False,
    **attrs: Any,
) -> SafeString:
    """Draw a button, or a link that looks like one when it has an `href`.

    `kind`: primary, ghost, danger, warn. `size`: small, large. Further names become attributes (`hx_post`, `data_x`).
    """
    name = markup.classes(
        "button", f"is-{kind}" if kind else "", f"is-{size}" if size else "", "is-icon" if icon_only else ""
    )
    attrs = {"class_": markup.classes(name, attrs.pop("extra", "")), **attrs}
    drawn = draw_icon("loader-circle" if busy else icon, ICON_SIZES[size]) if busy or icon else markup.NOTHING
    attrs |= {"aria_label": label, "title": label} if icon_only else {}
    attrs |= {"aria_disabled": "true", "data_busy": True} if busy else {}
    attrs |= {"data_key": key.lower(), "aria_keyshortcuts": key} if key else {}
    words = markup.NOTHING if icon_only else format_html("<span>{}</span>", label)
    shortcut = kbd(key.upper()) if key and not icon_only else markup.NOTHING
    if href:
        return format_html('<a href="{}"{}>{}{}{}</a>', href, markup.attributes(attrs), drawn, words, shortcut)
    attrs |= {"disabled": disabled}
    return format_html('<button type="{}"{}>{}{}{}</button>', type, markup.attributes(attrs), drawn, words, shortcut)


@register.simple_tag
def chip(
    label: str, value: str = "", icon: str = "", remove_url: str = "", href: str = "", kind: str = "", **attrs: Any
) -> SafeString:
    """Draw a filter: `Owner is **Liis** x`; with `kind="add"` the dashed one that adds a filter."""
    drawn = draw_icon(icon, 13) if icon else markup.NOTHING
    strong = format_html(" <b>{}</b>", value) if value else markup.NOTHING
    cross = markup.NOTHING
    if remove_url:
        says = gettext("Remove filter: %(label)s %(value)s") % {"label": label, "value": value}
        cross = format_html(
            '<a class="chip-remove" href="{}" aria-label="{}">{}</a>', remove_url, says, draw_icon("x", 12)
        )
    attrs = {"class_": markup.classes("chip", f"is-{kind}" if kind else ""), **attrs}
    body = format_html("{}<span>{}{}</span>{}", drawn, label, strong, cross)
    if href:
        return format_html('<a href="{}"{}>{}</a>', href, markup.attributes(attrs), body)
    return format_html("<span{}>{}</span>", markup.attributes(attrs), body)


@register.simple_tag
def tab(
    label: str, href: str, current: bool = False, count: int | None = None, icon: str = "", **attrs: Any
) -> SafeString:
    """Draw one of several views of a page, as a link; put tabs in `<nav class="tabs" aria-label=…>`."""
    number = (
        format_html(' <span class="count">{}</span>', formats.count(count)) if count is not None else markup.NOTHING
    )
    drawn = draw_icon(icon, 13) if icon else markup.NOTHING
    attrs |= {"aria_current": "page"} if current else {}
    return format_html('<a class="tab" href="{}"{}>{}{}{}</a>', href, markup.attributes(attrs), drawn, label, number)


@register.simple_tag
def badge(label: str, tone: str = "", icon: str = "", title: str = "") -> SafeString:
    """Draw two or three words of state. `tone`: accent, ok, warn, bad; what warns always has an icon too."""
    drawn = draw_icon(icon, 11) if icon else markup.NOTHING
    named = markup.attributes({"title": title or None})
    return format_html(
        '<span class="{}"{}>{}{}</span>', markup.classes("badge", f"is-{tone}" if tone else ""), named, drawn, label
    )


@register.simple_tag
def avatar(person: Any, size: str = "", square: bool = False) -> SafeString:
    """Draw the initials of a person, or of a company with `square=True`; hidden from readers, the name stands beside it."""
    return _avatar(str(person), int(getattr(person, "pk", None) or 0), size, square)


@lru_cache(maxsize=1024)
def _avatar(name: str, number: int, size: str, square: bool) -> SafeString:
    known = markup.classes(
        "avatar", f"avatar-{number % AVATAR_COLOURS}", f"is-{size}" if size else "", "is-square" if square else ""
    )
    return format_html('<span class="{}" title="{}" aria-hidden="true">{}</span>', known, name, formats.initials(name))


@register.simple_tag
def pips(known: int, of: int = 5, missing: str = "") -> SafeString:
    """Draw how many qualification facts are known; `missing` names the others in the title."""
    says = gettext("%(known)s of %(of)s qualification facts known") % {"known": known, "of": of}
    drawn = format_html_join(
        "", "<i{}></i>", ((markup.attributes({"class": "is-known" if n < known else None}),) for n in range(of))
    )
    return format_html(
        '<span class="pips" role="img" aria-label="{}" title="{}">{}</span>', says, missing or says, drawn
    )


@register.simple_tag
def setpoint_mark(order: int, of: int = 4) -> SafeString:
    """Draw the square in a setpoint's colour."""
    return format_html('<span class="mark {}" aria-hidden="true"></span>', markup.setpoint_class(order, of))


@register.simple_tag
def setpoint_class(order: int, of: int = 4) -> str:
    """Return the class that gives an element `--c`, the colour of a setpoint."""
    return markup.setpoint_class(order, of)


@register.simple_tag
def gauge(real: Any, ideal: Any, tone: str = "", size: str = "", label: str = "") -> SafeString:
    """Draw real against ideal. `tone`: a setpoint class (`{% setpoint_class %}`), won, warn; `size`: thin."""
    says = label or gettext("%(real)s of %(ideal)s ideal") % {"real": real, "ideal": ideal}
    return markup.gauge(real, ideal, tone=tone, size=f"is-{size}" if size else "", label=says)


@register.simple_tag
def meter(value: Any, of: Any = 100, tick: Any = None, tone: str = "", size: str = "", label: str = "") -> SafeString:
    """Draw a plain bar from 0 to `of` with an optional tick: quota with pace, share of time used. No label: decoration."""
    mark = None if tick is None else markup.share(tick, of)
    return markup.bar(
        fill=markup.share(value, of), tick=mark, tone=tone, size=f"is-{size}" if size else "", label=label
    )


@register.simple_tag
def score(value: float, threshold: int, top: int = 100) -> SafeString:
    """Draw a lead's score with its threshold bar."""
    says = gettext("Score %(value)s, threshold %(threshold)s") % {
        "value": formats.points(value),
        "threshold": threshold,
    }
    drawn = markup.bar(fill=markup.share(value, top), tick=markup.share(threshold, top), size="is-line", label=says)
    return format_html('<span class="score"><b class="num">{}</b>{}</span>', formats.points(value), drawn)


@register.simple_tag
def grade(letter: str) -> SafeString:
    """Draw a grade tile, A to D."""
    says = gettext("Grade %(letter)s") % {"letter": letter}
    return format_html('<span class="grade is-{}" role="img" aria-label="{}">{}</span>', letter.lower(), says, letter)


@register.simple_tag
def sla(due_at: datetime, started_at: datetime | None = None) -> SafeString:
    """Draw the time left to answer; static/js/ticking.js counts on from the server's clock each minute.

    Before it begins to count, which it does in working hours, it says when that is.
    """
    waits = started_at is not None and started_at > formats.now()
    left = due_at - formats.now()
    minutes = left.total_seconds() / 60
    tone = "is-bad" if minutes < SLA_LATE_MINUTES else "is-warn" if minutes < SLA_SOON_MINUTES else ""
    pattern = gettext("%(time)s late") if minutes < 0 else gettext("%(time)s left")
    text = pattern % {"time": formats.duration(left)}
    used = markup.NOTHING
    if started_at:
        text = gettext("Starts %(time)s") % {"time": formats.soon(started_at)} if waits else text
        spent = formats.now() - started_at
        used = markup.bar(
            fill=markup.share(Decimal(spent.total_seconds()), Decimal((due_at - started_at).total_seconds())),
            size="is-line",
        )
    return format_html(
        '<span class="{}"><span class="sla-time">{}<time datetime="{}" title="{}"{}>{}</time></span>{}</span>',
        markup.classes("sla", tone),
        draw_icon("timer", 13),
        due_at.isoformat(),
        formats.exact(due_at),
        markup.attributes({"data_due": not waits}),
        text,
        used,
    )


@register.simple_tag
def live(text: str, assertive: bool = False) -> SafeString:
    """Put a sentence into the page's live region, out of band, in the answer to an htmx request."""
    region = "live-assertive" if assertive else "live-polite"
    return format_html('<div hx-swap-oob="innerHTML:#{}">{}</div>', region, text)
