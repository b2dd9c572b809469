"""Templates of proposals and contracts, worded by administrators and managers; what was said before stays."""

from datetime import datetime

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.enums import DocumentKind
from pipeline.models import DocumentTemplate, TemplateVersion
from pipeline.permissions import can_word_templates
from pipeline.policies.templates import printable, template_refusals


class TemplateRefused(CommandRefused):
    """The template stays as it was; the refusals name the placeholder, or what looks like code."""


@transaction.atomic
def add_template(*, kind: str, name: str, title: str, body: str, by: User | None, at: datetime) -> DocumentTemplate:
    """Add a template with its first words.

    :raises TemplateRefused: it holds anything but text and known placeholders, or its name is taken
    :raises NotPermitted: the person neither administers nor manages
    """
    _require_permission(by)
    if kind not in set(DocumentKind):
        raise TemplateRefused(Refusal.of("unknown_value", field="kind", value=kind[:20]))
    name, title, body = _clean(name, title, body)
    _require_sense(None, name, title, body)
    template = DocumentTemplate.objects.create(kind=kind, name=name)
    TemplateVersion.objects.create(template=template, number=1, title=title, body=body, by=by, at=at)
    return template


@transaction.atomic
def word_template(
    *, template_id: int, seen_number: int, name: str, title: str, body: str, by: User | None, at: datetime
) -> DocumentTemplate:
    """Word a template anew: other words are its next version, from which documents are made from now on.

    :raises TemplateRefused: it holds anything but text and known placeholders, or its name is taken
    :raises StaleRecord: somebody worded it anew since it was seen
    :raises NotPermitted: the person neither administers nor manages
    """
    _require_permission(by)
    template = DocumentTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if template.number != seen_number:
        raise StaleRecord(seen=seen_number, now=template.number)
    name, title, body = _clean(name, title, body)
    _require_sense(template, name, title, body)
    standing = TemplateVersion.objects.get(template=template, number=template.number)
    if (standing.title, standing.body) != (title, body):
        template.number += 1
        TemplateVersion.objects.create(template=template, number=template.number, title=title, body=body, by=by, at=at)
    template.name = name
    template.save(update_fields=["name", "number"])
    return template


@transaction.atomic
def retire_template(*, template_id: int, is_retired: bool, by: User | None, at: datetime) -> DocumentTemplate:
    """Take a template out of use, or into use again; documents made of it stay.

    :raises NotPermitted: the person neither administers nor manages
    """
    _require_permission(by)
    template = DocumentTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if (template.retired_at is not None) != is_retired:
        template.retired_at = at if is_retired else None
        template.save(update_fields=["retired_at"])
    return template


def _require_permission(by: User | None) -> None:
    if by is not None and not can_word_templates(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_word_templates"))


def _clean(name: str, title: str, body: str) -> tuple[str, str, str]:
    return " ".join(printable(name).split()), " ".join(printable(title).split()), printable(body).strip() + "\n"


def _require_sense(template: DocumentTemplate | None, name: str, title: str, body: str) -> None:
    refused = template_refusals(name=name, title=title, body=body)
    wait_turn("document templates")
    others = DocumentTemplate.objects.filter(name__iexact=name)
    if (others.exclude(pk=template.pk) if template else others).exists():
        refused.append(Refusal.of("taken", field="name"))
    if refused:
        raise TemplateRefused(refused)
