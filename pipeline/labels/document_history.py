"""What happened to proposals, negotiation, documents and files of a deal, in words for its history."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.labels import label
from pipeline.events import EventKind

ICONS = {
    EventKind.PROPOSAL: "file-text",
    EventKind.NEGOTIATION: "handshake",
    EventKind.DOCUMENT: "file-check",
    EventKind.FILE: "paperclip",
}


def _proposal(event: Any, old: Any, new: Any, names: Any) -> dict[str, str]:
    on, amount = new.get("on"), new.get("amount")
    given = {
        "number": new.get("number") or old.get("number"),
        "amount": formats.money(Decimal(amount), new["currency"]) if amount is not None else "–",
        "day": formats.short_day(date.fromisoformat(on)) if on else "",
    }
    if not new:
        sentence = _("Proposal %(number)s was taken back") % given
    elif on:
        sentence = _("Proposal %(number)s sent on %(day)s: %(amount)s") % given
    elif old:
        sentence = _("Proposal %(number)s changed: %(amount)s") % given
    else:
        sentence = _("Proposal %(number)s written: %(amount)s") % given
    package = label("package", (new or old).get("package"))
    return {"label": _("Proposal"), "new": package, "sentence": sentence, "note": event.detail.get("override", "")}


def _negotiation(event: Any, old: Any, new: Any, names: Any) -> dict[str, str]:
    topic, state = label("negotiation_topic", new.get("topic")), label("negotiation_state", new.get("state"))
    said = {"topic": topic, "text": new.get("text", ""), "state": state.lower()}
    sentence = _("%(topic)s, %(state)s: %(text)s") % said if old else _("%(topic)s, asked for: %(text)s") % said
    return {"label": _("Negotiation"), "new": state, "sentence": sentence}


def _document(event: Any, old: Any, new: Any, names: Any) -> dict[str, str]:
    name = f"{label('document_kind', new.get('kind'))} {new.get('number')}"
    return {"label": _("Document"), "new": name, "sentence": _("%(name)s made") % {"name": name}}


def _file(event: Any, old: Any, new: Any, names: Any) -> dict[str, str]:
    name = {"name": new.get("name") or old.get("name", "")}
    sentence = _("%(name)s attached") % name if new else _("%(name)s taken away") % name
    return {"label": _("File"), "new": name["name"], "sentence": sentence}


DESCRIBED: Mapping[EventKind, Callable[..., dict[str, str]]] = {
    EventKind.PROPOSAL: _proposal,
    EventKind.NEGOTIATION: _negotiation,
    EventKind.DOCUMENT: _document,
    EventKind.FILE: _file,
}
