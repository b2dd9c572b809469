"""A part of a report as JSON: what is frozen, and what `manage.py qbr --out F.json` writes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from crm.lib.labels import label
from crm.queries.organisation import get_organisation
from pipeline.queries.setpoint_keys import get_setpoint_keys
from reports.builders.parts import ActionsPart
from reports.enums import RunState
from reports.models import QbrRun
from reports.queries.qbrs import get_actions, get_payloads
from reports.queries.words import get_code_names


def part_payload(part: Any) -> dict[str, Any]:
    """Return a part as plain JSON: numbers as text so that no digit is lost, days in ISO form; with its words."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(part), default=_plain))
    return found | {"texts": _texts(found)}


def _texts(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words the numbers are read by, in the organisation's language: they are frozen with them (D-21)."""
    with override(get_organisation().language):
        return {
            "figures": {
                slug: {"title": label("figure_title", slug), "definition": label("figure_definition", slug)}
                for slug in sorted(_slugs(found))
            },
            "reasons": {f"{kind}/{code}": name for (kind, code), name in get_code_names().items()},
            "setpoints": {setpoint.code: setpoint.name for setpoint in get_setpoint_keys()},
        }


def _slugs(found: Any) -> set[str]:
    """Return which figures stand in a part, however deep."""
    if isinstance(found, Mapping):
        own = {found["name"]} if "definition_version" in found else set()
        return own.union(*map(_slugs, found.values()))
    return set().union(*map(_slugs, found)) if isinstance(found, list) else set()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a frozen report")


def suggestion_texts(part: ActionsPart) -> list[str]:
    """Return the suggested actions as sentences in the organisation's language, for people to edit."""
    names = get_code_names()
    with override(get_organisation().language):
        return [label("qbr_suggestion", one.code) % named_reason(one.params, names) for one in part.suggestions]


def named_reason(params: Mapping[str, str], names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return the numbers of a finding with its outcome and reason in words."""
    if "reason" not in params:
        return dict(params)
    outcome, _, reason = params["reason"].partition("/")
    return {**params, "reason": names.get((outcome, reason)) or label("outcome", outcome)}


def run_document(run: QbrRun) -> dict[str, Any]:
    """Return a run whole: what it is about, its frozen parts with definition versions, its actions as they stand."""
    return {
        "team": run.team.name,
        "quarter": run.quarter,
        "number": run.number,
        "state": str(run.state),
        "as_of": run.as_of.isoformat(),
        "known_at": run.known_at.isoformat(),
        "so_far": run.is_so_far,
        "asked_by": None if run.asked_by_id is None else str(run.asked_by_id),
        "built_at": run.finished_at.isoformat() if run.finished_at and run.state == RunState.READY else None,
        "parts": get_payloads(run),
        "actions": [
            {
                "id": str(action.pk),
                "text": action.text,
                "owner": None if action.owner_id is None else str(action.owner_id),
                "due_on": action.due_on.isoformat() if action.due_on else None,
                "done": action.done_at is not None,
                "suggested": action.is_suggested,
            }
            for action in get_actions(run)
        ],
    }
