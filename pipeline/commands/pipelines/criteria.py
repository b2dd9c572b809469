"""Criteria: added, worded anew, retired, asked again; every wording is a version that stays (P-2, D-34)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.pipelines.refused import (
    PipelineRefused,
    ask_for_refresh,
    free_code,
    lock_pipeline,
    refuse_text,
)
from pipeline.enums import CHECKS, DealType, Evidence, Gate
from pipeline.models import Criterion, CriterionVersion, Setpoint

TEXT_LENGTH = 300


@transaction.atomic
def add_criterion(
    *,
    setpoint_id: int,
    text: str,
    ask: str = "",
    check_code: str = "",
    gate: str = Gate.WARN,
    deal_types: Sequence[str] = (),
    by: User | None,
    at: datetime,
) -> CriterionVersion:
    """Ask for one more fact at a setpoint: met by a built-in check, or by an attested note where none is named.

    :raises PipelineRefused: no words, an unknown check, gate or type, or a check that this pipeline asks for already
    """
    setpoint = Setpoint.objects.get(pk=setpoint_id)
    lock_pipeline(setpoint.pipeline_id, by=by)
    values = _values(text=text, ask=ask, gate=gate, deal_types=deal_types)
    asked = Criterion.objects.filter(setpoint__pipeline_id=setpoint.pipeline_id)
    if check_code and check_code not in CHECKS:
        raise PipelineRefused(Refusal.of("unknown_value", field="check_code", value=check_code[:50]))
    _refuse_asked(setpoint.pipeline_id, check_code)
    taken = set(asked.values_list("code", flat=True))
    last = Criterion.objects.filter(setpoint=setpoint).aggregate(last=Max("order"))["last"]
    criterion = Criterion.objects.create(
        setpoint=setpoint, code=free_code(check_code or text, taken, otherwise="criterion"), order=(last or 0) + 1
    )
    evidence = CHECKS[check_code] if check_code else Evidence.ATTESTED  # type: ignore[index]  # a StrEnum is its code
    version = CriterionVersion.objects.create(
        criterion=criterion, number=1, evidence=evidence, check_code=check_code, valid_from=at, **values
    )
    ask_for_refresh(at)
    return version


@transaction.atomic
def change_criterion(
    *, criterion_id: int, text: str, ask: str, gate: str, deal_types: Sequence[str], by: User | None, at: datetime
) -> CriterionVersion:
    """Give a criterion another wording, gate or deal types, as a version of its own; what met it goes on meeting it.

    :raises PipelineRefused: no words, an unknown gate or type, or it is asked no more
    """
    criterion = _lock(criterion_id, by=by)
    values = _values(text=text, ask=ask, gate=gate, deal_types=deal_types)
    if criterion.retired_at is not None:
        raise PipelineRefused(Refusal.of("criterion_retired"))
    current = CriterionVersion.objects.get(criterion=criterion, valid_until=None)
    if all(getattr(current, name) == value for name, value in values.items()):
        return current
    at = max(at, current.valid_from)
    current.valid_until = at
    current.save(update_fields=["valid_until"])
    version = CriterionVersion.objects.create(
        criterion=criterion, number=current.number + 1, evidence=current.evidence, check_code=current.check_code,
        valid_from=at, **values,
    )  # fmt: skip
    ask_for_refresh(at)
    return version


@transaction.atomic
def retire_criterion(*, criterion_id: int, by: User | None, at: datetime) -> Criterion:
    """Ask for a fact no more. What deals have of it, and what was said of it at every move, stays."""
    criterion = _lock(criterion_id, by=by)
    if criterion.retired_at is None:
        criterion.retired_at = at
        criterion.save(update_fields=["retired_at"])
        CriterionVersion.objects.filter(criterion=criterion, valid_until=None).update(valid_until=at)
        ask_for_refresh(at)
    return criterion


@transaction.atomic
def restore_criterion(*, criterion_id: int, by: User | None, at: datetime) -> CriterionVersion:
    """Ask for a retired fact again, as it was worded last; what deals have of it counts again.

    :raises PipelineRefused: its check is asked for elsewhere in the pipeline by now
    """
    criterion = _lock(criterion_id, by=by)
    last = CriterionVersion.objects.filter(criterion=criterion).latest("number")
    if criterion.retired_at is None:
        return last
    _refuse_asked(criterion.setpoint.pipeline_id, last.check_code)
    criterion.retired_at = None
    criterion.save(update_fields=["retired_at"])
    version = CriterionVersion.objects.create(
        criterion=criterion, number=last.number + 1, text=last.text, ask=last.ask, evidence=last.evidence,
        check_code=last.check_code, gate=last.gate, deal_types=last.deal_types, valid_from=max(at, last.valid_from),
    )  # fmt: skip
    ask_for_refresh(at)
    return version


def _refuse_asked(pipeline_id: int, check_code: str) -> None:
    asked = CriterionVersion.objects.filter(
        criterion__setpoint__pipeline_id=pipeline_id, criterion__setpoint__retired_at=None, criterion__retired_at=None,
        valid_until=None, check_code=check_code,
    )  # fmt: skip
    if check_code and asked.exists():
        raise PipelineRefused(Refusal.of("asked_already", field="check_code"))


def _lock(criterion_id: int, *, by: User | None) -> Criterion:
    criterion = Criterion.objects.select_related("setpoint").get(pk=criterion_id)
    lock_pipeline(criterion.setpoint.pipeline_id, by=by)
    criterion.refresh_from_db()
    return criterion


def _values(*, text: str, ask: str, gate: str, deal_types: Sequence[str]) -> dict[str, Any]:
    refused = refuse_text("text", text, TEXT_LENGTH)
    if len(ask.strip()) > TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="ask", limit=TEXT_LENGTH))
    if gate not in set(Gate):
        refused.append(Refusal.of("unknown_value", field="gate", value=gate[:50]))
    if not set(deal_types) <= set(DealType):
        refused.append(Refusal.of("unknown_value", field="deal_types", value=", ".join(deal_types)[:50]))
    if refused:
        raise PipelineRefused(refused)
    # Every type named is no limit at all.
    types = [str(kind) for kind in DealType if kind in deal_types]
    return {
        "text": text.strip(), "ask": ask.strip(), "gate": str(gate), "deal_types": [] if len(types) == len(DealType) else types,
    }  # fmt: skip
