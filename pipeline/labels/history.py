"""What happened to a deal, in words: for the change history, the timeline and the person whose change met another's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import formats
from crm.lib.labels import label
from pipeline.enums import Fact, Outcome
from pipeline.events import EventKind
from pipeline.labels import FACTS, document_history
from pipeline.labels.economics import economics_words
from pipeline.labels.meetings import meeting_words
from pipeline.labels.promises import promised
from pipeline.labels.questions import delivery_words, question_words
from pipeline.labels.resources import resource_words
from pipeline.models import OpportunityEvent

NOTHING = "–"
Names = Mapping[tuple[str, int | str], str]  # of ids, and of the codes of reasons
COMPETITION = {Outcome.LOST: gettext_lazy("%(name)s won it"), Outcome.WON: gettext_lazy("against %(name)s")}
ICONS = {
    EventKind.CREATED: "plus",
    EventKind.SETPOINT: "arrow-right",
    EventKind.MOVE_VOIDED: "undo-2",
    EventKind.STAGE: "list-ordered",
    EventKind.AMOUNT: "banknote",
    EventKind.OWNER: "user",
    EventKind.CLOSED: "flag",
    EventKind.REOPENED: "rotate-ccw",
    EventKind.NEXT_STEP: "calendar",
    EventKind.EVIDENCE: "badge-check",
    EventKind.ARCHIVED: "archive",
    EventKind.PAUSE: "circle-pause",
    EventKind.QUALIFICATION: "gauge",
    EventKind.STAKEHOLDER: "users",
    EventKind.APPROVAL: "stamp",
    EventKind.PROMISE: "handshake",
    EventKind.MEETING_RECORD: "notebook-pen",
    EventKind.ECONOMICS: "scale",
    EventKind.RESOURCE: "hand-helping",
    EventKind.QUESTION: "message-circle-question-mark",
    EventKind.DELIVERY: "package-check",
    **document_history.ICONS,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One event in words. `old` and `new` are empty where only the sentence says it; `field` can be set back.

    `override` names the facts that were missing where a reason, the `note`, stood in for them (D-34).
    """

    label: str
    old: str
    new: str
    sentence: str
    note: str
    icon: str
    is_move: bool
    at: datetime
    by: str
    field: str = ""
    override: str = ""


def describe_change(event: OpportunityEvent, names: Names) -> Change:
    """Return an event in words; `names` are those of the setpoints and people its ids stand for."""
    words = _describe(event, names)
    old, new = words.get("old", ""), words.get("new", "")
    title = words["label"]
    sentence = words.get("sentence") or (f"{title}: {old} → {new}" if old else f"{title}: {new}")
    return Change(
        label=title,
        old=old,
        new=new,
        sentence=sentence,
        note=words.get("note", ""),
        icon=ICONS.get(EventKind(event.kind), "pencil"),
        is_move=event.kind in (EventKind.SETPOINT, EventKind.CLOSED, EventKind.REOPENED),
        at=event.occurred_at,
        by=names.get(("owner", event.by_id or 0), ""),
        field=words.get("field", ""),
        override=words.get("override", ""),
    )


def _describe(event: OpportunityEvent, names: Names) -> dict[str, str]:
    describe: Callable[..., dict[str, str]] = DESCRIBED.get(EventKind(event.kind), _other)
    return describe(event, event.old or {}, event.new or {}, names)


def _setpoint(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    before, after = (
        names.get(("setpoint", old.get("setpoint")), ""),
        names.get(("setpoint", new.get("setpoint")), NOTHING),
    )
    note = event.detail.get("override") or event.detail.get("reason") or ""
    missing = ", ".join(_missing_facts(event))
    said = {"label": _("Setpoint"), "new": after, "note": note}
    if not before:
        without = _("Started without: %(facts)s") % {"facts": missing} if missing else ""
        return {**said, "sentence": _("Started at %(new)s") % {"new": after}, "override": without}
    without = _("Moved without: %(facts)s") % {"facts": missing} if missing else ""
    sentence = _("Moved from %(old)s to %(new)s") % {"old": before, "new": after}
    return {**said, "old": before, "sentence": sentence, "override": without}


def _missing_facts(event: OpportunityEvent) -> list[str]:
    """Return the facts a reason stood in for; a fact of an installation's own is called by its code."""
    if not event.detail.get("override"):
        return []
    codes = [each["code"] for each in event.detail.get("criteria", ()) if not each["met"]]
    return [str(FACTS[Fact(code)]) if code in FACTS else code.replace("_", " ").capitalize() for code in codes]


def _voided(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    moved, back = (
        names.get(("setpoint", old.get("setpoint")), NOTHING),
        names.get(("setpoint", new.get("setpoint")), NOTHING),
    )
    return {"label": _("Undone"), "old": moved, "new": back, "sentence": _("Move to %(old)s undone") % {"old": moved}}


def _money(value: Mapping[str, Any]) -> str:
    return formats.money(Decimal(value["amount"]), value["currency"]) if value.get("amount") is not None else NOTHING


def _amount(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    return {"label": _("Amount"), "old": _money(old), "new": _money(new), "field": "amount"}


def _day(text: str | None) -> str:
    return formats.short_day(date.fromisoformat(text)) if text else NOTHING


def _close_on(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    return {
        "label": _("Expected close"),
        "old": _day(old.get("on")),
        "new": _day(new.get("on")),
        "field": "expected_close_on",
    }


def _pause(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    if not new:
        return {"label": _("Pause"), "old": _day(old.get("until")), "new": NOTHING, "sentence": _("The pause ended")}
    sentence = _("Waits until %(day)s") % {"day": _day(new.get("until"))}
    return {
        "label": _("Pause"),
        "old": _day(old.get("until")) if old else "",
        "new": _day(new.get("until")),
        "sentence": sentence,
        "note": new.get("reason", ""),
    }


def _owner(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    before = names.get(("owner", old.get("owner")), NOTHING)
    return {
        "label": _("Owner"),
        "old": before,
        "new": names.get(("owner", new.get("owner")), NOTHING),
        "field": "owner_id",
    }


def _coded(name: str, kind: str, title: Callable[[], str]) -> Callable[..., dict[str, str]]:
    def describe(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
        return {
            "label": str(title()),
            "old": label(kind, old.get(name)) or NOTHING,
            "new": label(kind, new.get(name)) or NOTHING,
            "field": name,
        }

    return describe


def _closed(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    outcome, again = label("outcome", new.get("outcome")), new.get("revisit_on")
    how = COMPETITION.get(new.get("outcome"), _("%(name)s was in it"))
    rival = names.get(("competitor", new.get("competitor") or 0))
    why = [
        names.get((f"reason {new.get('outcome')}", new.get("reason") or ""), ""),
        *(label("fact", code) for code in event.detail.get("criteria", ()) if code != new.get("reason")),
        how % {"name": rival} if rival else "",
        _("try again on %(day)s") % {"day": _day(again)} if again else "",
    ]
    said = ", ".join(part for part in why if part)
    whole = f"{outcome} ({said})" if said else outcome
    sentence = _("Closed: %(outcome)s") % {"outcome": whole}
    return {"label": _("Outcome"), "new": whole, "sentence": sentence, "note": event.detail.get("note", "")}


def _reopened(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    voids = event.detail.get("voids_outcome")
    outcome = label("outcome", old.get("outcome"))
    sentence = _("Reopened") if voids else _("Reopened as a new deal")
    return {
        "label": _("Outcome"),
        "old": outcome if voids else "",
        "new": _("open") if voids else outcome,
        "sentence": sentence,
    }


def _step(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    purpose = new.get("purpose") or old.get("purpose") or ""
    given = {"purpose": purpose, "day": _day(new.get("on"))}
    if new.get("done"):
        return {"label": _("Next step"), "new": purpose, "sentence": _("Done: %(purpose)s") % given}
    if new.get("dropped"):
        return {"label": _("Next step"), "new": purpose, "sentence": _("Dropped: %(purpose)s") % given}
    if old and old.get("on") != new.get("on"):
        return {"label": _("Next step"), "new": purpose, "sentence": _("%(purpose)s moved to %(day)s") % given}
    return {"label": _("Next step"), "new": purpose, "sentence": _("Next step: %(purpose)s, %(day)s") % given}


# Facts that are fields of the deal.
FACT_FIELDS: Mapping[str, str] = {
    Fact.DECISION_DATE_KNOWN: "decision_on",
    Fact.RESULTS_KNOWN: "required_results",
    Fact.GO_LIVE_KNOWN: "go_live_on",
}


def _evidence(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    code = new.get("code") or old.get("code") or ""
    fact = label("fact", code)
    if code in FACT_FIELDS and "attestation" not in {**old, **new}:
        before, after = (value.get("text") or _day(value.get("on")) for value in (old, new))
        return {"label": fact, "old": before, "new": after or NOTHING, "field": FACT_FIELDS[code]}
    state = _("attested") if new else _("taken back")
    return {"label": fact, "old": "" if new else _("attested"), "new": state}


def _qualification(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    before, after = (_level(value) for value in (old, new))
    return {"label": label("element", new.get("element")), "old": before, "new": after}


def _level(value: Mapping[str, Any]) -> str:
    if not value:
        return ""
    return label("level", value.get("level")) if value.get("applies", True) else _("does not apply")


def _stakeholder(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    before, after = (names.get(("contact", value.get("contact")), NOTHING) for value in (old, new))
    if "main" not in {**old, **new}:
        return _part(old, new, after)
    return {"label": _("Main contact"), "old": before, "new": after, "field": "contact_id"}


def _part(old: Any, new: Any, name: str) -> dict[str, str]:
    """Say what part somebody has in the decision, and when we met them."""
    role = label("stakeholder_role", new.get("role")) or _("Takes part")
    met = _("met on %(day)s") % {"day": _day(new["met_on"])} if new.get("met_on") else ""
    gone = _("no longer takes part") if new.get("left") else ""
    return {"label": role, "new": ", ".join(part for part in (name, met, gone) if part)}


def _approval(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    state = label("approval_state", new.get("state"))
    area = label("policy_area", new.get("area"))
    asked = promised(new.get("area", ""), Decimal(new.get("asked", 0)))
    note = event.detail.get("answer") or event.detail.get("why") or ""
    return {"label": _("Approval"), "new": state, "sentence": f"{area}, {asked}: {state}", "note": note}


def _promise(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    state = label("promise_state", new.get("state"))
    if not old:
        return {"label": _("Promise"), "new": new.get("text", ""), "sentence": _("Promised: %(text)s") % new}
    return {"label": _("Promise"), "new": state, "sentence": f"{new.get('text')}: {state}"}


def _created(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    return {"label": _("Deal"), "new": _("added"), "sentence": _("Deal added")}


def _pipeline(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    before = names.get(("pipeline", old.get("pipeline")), NOTHING)
    return {"label": _("Pipeline"), "old": before, "new": names.get(("pipeline", new.get("pipeline")), NOTHING)}


def _stage(event: OpportunityEvent, old: Any, new: Any, names: Names) -> dict[str, str]:
    before, after = (names.get(("stage", value.get("stage") or 0), "") for value in (old, new))
    return {"label": _("Phase"), "old": before, "new": after or NOTHING, "field": "stage_id" if before else ""}


def _other(event: OpportunityEvent, old: Any, new: Any, names: Any) -> dict[str, str]:
    words = label("deal_event", event.kind)
    return {"label": words, "new": "", "sentence": words}


DESCRIBED: dict[EventKind, Callable[..., dict[str, str]]] = {
    EventKind.CREATED: _created,
    EventKind.PIPELINE: _pipeline,
    EventKind.SETPOINT: _setpoint,
    EventKind.STAGE: _stage,
    EventKind.MOVE_VOIDED: _voided,
    EventKind.AMOUNT: _amount,
    EventKind.EXPECTED_CLOSE_ON: _close_on,
    EventKind.OWNER: _owner,
    EventKind.PAUSE: _pause,
    EventKind.DEAL_TYPE: _coded("deal_type", "deal_type", lambda: _("Type")),
    EventKind.CATEGORY: _coded("category", "forecast_category", lambda: _("Category")),
    EventKind.APPROACH: _coded("approach", "approach", lambda: _("Approach")),
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.NEXT_STEP: _step,
    EventKind.EVIDENCE: _evidence,
    EventKind.QUALIFICATION: _qualification,
    EventKind.STAKEHOLDER: _stakeholder,
    EventKind.ECONOMICS: economics_words,
    EventKind.APPROVAL: _approval,
    EventKind.PROMISE: _promise,
    EventKind.MEETING_RECORD: meeting_words,
    EventKind.RESOURCE: resource_words,
    EventKind.QUESTION: question_words,
    EventKind.DELIVERY: delivery_words,
    **document_history.DESCRIBED,
}
