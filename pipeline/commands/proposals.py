"""Proposals: written for a customer's challenges, sent on a day, taken back (LT-051, FI-014, FI-017, EE-053)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Money, Refusal
from crm.models import User
from crm.policies.money import money_refusal
from crm.queries.organisation import get_local_date, get_zone
from pipeline.commands.history import EventDraft, money_value, record
from pipeline.commands.opportunities.refused import lock_deal, refuse_unmet
from pipeline.enums import Fact
from pipeline.events import EventKind
from pipeline.models import Opportunity, Proposal, ProposalLine
from pipeline.policies import proposals as policy
from pipeline.policies.proposals import SolutionLine
from pipeline.queries.deals import get_deal_path


class ProposalRefused(CommandRefused):
    """The proposal may not be like this; the refusals name the fields."""


@transaction.atomic
def write_proposal(
    *,
    opportunity_id: int,
    package: str,
    lines: Sequence[SolutionLine],
    by: User | None,
    at: datetime,
    amount: Money | None = None,
    note: str = "",
    override: str = "",
) -> Proposal:
    """Begin a proposal. Where a criterion of the pipeline asks for the economics, they are judged before (EE-053).

    :raises MoveRefused: the economics were not looked at, and no reason stands in for that
    :raises ProposalRefused: it does not say what a proposal says, or the deal is over
    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    lines, note = _clean(lines), note.strip()
    _require_sense(package, amount, lines, note)
    stood_in = _require_economics(deal, by=by, override=override)
    last = Proposal.objects.filter(opportunity=deal).aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        opportunity=deal, number=last + 1, package=package, amount=amount, note=note, by=by, at=at
    )
    _keep_lines(proposal, lines)
    _record(deal, proposal, None, by=by, at=at, override=stood_in)
    return proposal


@transaction.atomic
def change_proposal(
    *,
    proposal_id: int,
    seen_version: int,
    package: str,
    lines: Sequence[SolutionLine],
    by: User | None,
    at: datetime,
    amount: Money | None = None,
    note: str = "",
) -> Proposal:
    """Write a proposal anew that was not sent yet.

    :raises ProposalRefused: it was sent or taken back, or does not say what a proposal says
    :raises StaleRecord: somebody changed it since it was seen
    :raises NotPermitted: the person may not change the deal
    """
    deal, proposal = _lock_unsent(proposal_id, seen_version, by=by)
    lines, note = _clean(lines), note.strip()
    _require_sense(package, amount, lines, note)
    old = proposal_value(proposal)
    proposal.package, proposal.amount, proposal.note = package, amount, note
    proposal.version += 1
    proposal.save(update_fields=["package", "amount", "amount_currency", "note", "version"])
    proposal.lines.all().delete()
    _keep_lines(proposal, lines)
    if old != proposal_value(proposal):
        _record(deal, proposal, old, by=by, at=at)
    return proposal


@transaction.atomic
def send_proposal(*, proposal_id: int, seen_version: int, sent_on: date, by: User | None, at: datetime) -> Proposal:
    """Note on which local day the customer got a proposal; what was sent stays as it is.

    :raises ProposalRefused: the day is not possible, or a custom one does not say what it solves
    :raises StaleRecord: somebody changed it since it was seen
    :raises NotPermitted: the person may not change the deal
    """
    deal, proposal = _lock_unsent(proposal_id, seen_version, by=by)
    refused = policy.sending_refusals(
        lines=proposal.lines.count(), package=proposal.package, sent_on=sent_on, today=get_local_date(at),
        began_on=deal.created_at.astimezone(get_zone()).date(),
    )  # fmt: skip
    if refused:
        raise ProposalRefused(refused)
    old = proposal_value(proposal)
    proposal.sent_on = sent_on
    proposal.version += 1
    proposal.save(update_fields=["sent_on", "version"])
    _record(deal, proposal, old, by=by, at=at)
    return proposal


@transaction.atomic
def remove_proposal(*, proposal_id: int, by: User | None, at: datetime) -> Proposal:
    """Take a proposal back that was noted by mistake; its number is not given again. Taken back already, nothing changes.

    :raises NotPermitted: the person may not change the deal
    """
    deal, proposal = _lock(proposal_id, by=by)
    if proposal.removed_at is None:
        old = proposal_value(proposal)
        proposal.removed_at = at
        proposal.version += 1
        proposal.save(update_fields=["removed_at", "version"])
        record(deal, [EventDraft(EventKind.PROPOSAL, at, old, None)], by=by, at=at)
    return proposal


def proposal_value(proposal: Proposal) -> dict[str, object]:
    """Return a proposal as events hold it."""
    return {
        "proposal": proposal.pk,
        "number": proposal.number,
        "package": str(proposal.package),
        "on": proposal.sent_on.isoformat() if proposal.sent_on else None,
        **(money_value(proposal.amount) or {"amount": None, "currency": None}),
    }


def _lock_open(opportunity_id: int, *, by: User | None) -> Opportunity:
    deal = lock_deal(opportunity_id, by=by)
    if deal.archived_at is not None:
        raise ProposalRefused(Refusal.of("deal_archived"))
    if deal.outcome:
        raise ProposalRefused(Refusal.of("deal_closed", outcome=deal.outcome))
    return deal


def _lock(proposal_id: int, *, by: User | None) -> tuple[Opportunity, Proposal]:
    deal = lock_deal(Proposal.objects.values_list("opportunity_id", flat=True).get(pk=proposal_id), by=by)
    return deal, Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)


def _lock_unsent(proposal_id: int, seen_version: int, *, by: User | None) -> tuple[Opportunity, Proposal]:
    deal, proposal = _lock(proposal_id, by=by)
    if proposal.removed_at is not None:
        raise ProposalRefused(Refusal.of("proposal_removed"))
    if proposal.sent_on is not None:
        raise ProposalRefused(Refusal.of("proposal_sent"))
    if proposal.version != seen_version:
        raise StaleRecord(seen=seen_version, now=proposal.version)
    return deal, proposal


def _clean(lines: Sequence[SolutionLine]) -> list[SolutionLine]:
    stripped = [line.stripped() for line in lines]
    return [line for line in stripped if line.challenge or line.solution]


def _require_sense(package: str, amount: Money | None, lines: Sequence[SolutionLine], note: str) -> None:
    refused = policy.proposal_refusals(package=package, lines=lines, note=note)
    if amount is not None and (wrong := money_refusal(amount)):
        refused.append(wrong)
    if refused:
        raise ProposalRefused(refused)


def _require_economics(deal: Opportunity, *, by: User | None, override: str) -> str:
    """See that the economics were looked at where the pipeline asks for that; return the reason that stood in for it."""
    path = get_deal_path(deal)
    asked = [each for each in path.criteria if each.check_code == Fact.ECONOMICS_CHECKED]
    unmet = [each for each in asked if each.is_asked_of(path.facts.deal_type) and not each.is_met_by(path.facts)]
    refuse_unmet(unmet, deal.owner_id, by=by, override=override)
    return override.strip() if unmet else ""


def _keep_lines(proposal: Proposal, lines: Sequence[SolutionLine]) -> None:
    ProposalLine.objects.bulk_create(
        ProposalLine(proposal=proposal, order=order, challenge=line.challenge, solution=line.solution)
        for order, line in enumerate(lines)
    )


def _record(
    deal: Opportunity, proposal: Proposal, old: dict[str, object] | None, *, by: User | None, at: datetime,
    override: str = "",
) -> None:  # fmt: skip
    detail = {"override": override} if override else {}
    record(deal, [EventDraft(EventKind.PROPOSAL, at, old, proposal_value(proposal), detail)], by=by, at=at)
