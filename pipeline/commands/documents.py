"""Documents: a template filled from a deal, kept as it was filled (LT-096)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from pipeline.builders.documents import build_content, build_values
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import Document, DocumentTemplate, Opportunity, TemplateVersion
from pipeline.policies.templates import empty_refusals
from pipeline.queries.documents import get_fill_facts


class DocumentRefused(CommandRefused):
    """No document was made: the deal lacks what the template says, or the template is gone."""


@transaction.atomic
def make_document(
    *, opportunity_id: int, template_id: int, by: User | None, at: datetime, proposal_id: int | None = None
) -> Document:
    """Fill a template from a deal, and with what the proposal solves, else the deal's latest. Filled again with nothing
    new since, it is the same document.

    :raises DocumentRefused: naming every placeholder that would stay empty
    :raises NotPermitted: the person may not change the deal
    """
    lock_deal(opportunity_id, by=by)
    deal = Opportunity.objects.select_related("account", "owner", "contact").get(pk=opportunity_id)
    if deal.archived_at is not None:
        raise DocumentRefused(Refusal.of("deal_archived"))
    version = _find_version(template_id)
    facts = get_fill_facts(deal, proposal_id)
    if proposal_id is not None and facts.proposal is None:
        raise DocumentRefused(Refusal.of("not_of_this_deal", field="proposal"))
    values = build_values(deal, facts, at=at)
    if refused := empty_refusals((version.title, version.body), values):
        raise DocumentRefused(refused)
    content = build_content(version, values, facts, at=at)
    known = Document.objects.filter(opportunity=deal, kind=version.template.kind).order_by("-number")
    last = known.first()
    if last is not None and (last.version_id, last.content) == (version.pk, content):
        return last
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Document.objects.create(
        opportunity=deal, kind=version.template.kind, number=number, version=version, proposal=facts.proposal,
        content=content, by=by, at=at,
    )  # fmt: skip
    new = {"document": made.pk, "kind": str(made.kind), "number": number, "title": content["title"]}
    record(deal, [EventDraft(EventKind.DOCUMENT, at, None, new)], by=by, at=at)
    return made


def _find_version(template_id: int) -> TemplateVersion:
    template = DocumentTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise DocumentRefused(Refusal.of("choose_offered", field="template"))
    if template.retired_at is not None:
        raise DocumentRefused(Refusal.of("template_retired", field="template"))
    return TemplateVersion.objects.select_related("template").get(template=template, number=template.number)
