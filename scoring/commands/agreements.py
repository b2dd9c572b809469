"""Marketing and sales agree on what their words mean, each from its side; every wording is kept (LT-068)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from crm.commands.edits import wait_turn
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import AgreeingSide
from scoring.models import AgreedDefinition
from scoring.policies.agreements import agreement_refusals, clean_words, own_side, proposal_refusals, sides_of


class AgreementRefused(CommandRefused):
    """What the word means stays as it was agreed."""


@transaction.atomic
def propose_definition(*, term: str, text: str, by: User, at: datetime) -> AgreedDefinition:
    """Propose what a word is to mean; the proposer's side agrees by it, the other is still to.

    What waited for an answer is withdrawn, unless it says the same: then it is returned.

    :raises NotPermitted: the person is neither of marketing nor a manager
    :raises AgreementRefused: there is no such word, no text, or it is what was agreed already
    """
    side = own_side(_require_sides(by))
    kept, refusals = clean_words(text)
    wait_turn("agreed definitions")
    wordings = AgreedDefinition.objects.filter(term=term)
    held = wordings.exclude(agreed_at=None).order_by("-number").first()
    refusals = refusals or proposal_refusals(term, kept, in_force=held.text if held else "")
    if refusals:
        raise AgreementRefused(refusals, field=dict(refusals[0].params)["field"])
    waiting = wordings.filter(agreed_at=None, withdrawn_at=None).first()
    if waiting is not None:
        if waiting.text == kept:
            return waiting
        waiting.withdrawn_at = at
        waiting.save(update_fields=["withdrawn_at"])
    number = (wordings.aggregate(last=Max("number"))["last"] or 0) + 1
    signed = {f"{side}_by": by, f"{side}_at": at}
    return AgreedDefinition.objects.create(
        term=term, number=number, text=kept, proposed_by=by, proposed_at=at, **signed
    )


@transaction.atomic
def agree_to_definition(*, definition_id: int, by: User, at: datetime) -> AgreedDefinition:
    """Agree to a proposed wording from the side that has not yet; from then on it holds. Agreed already: nothing.

    :raises NotPermitted: the person is neither of marketing nor a manager
    :raises AgreementRefused: another wording was proposed since, it is their own, or their side has agreed already
    """
    sides = _require_sides(by)
    found = AgreedDefinition.objects.select_for_update(of=("self",), no_key=True).get(pk=definition_id)
    if found.agreed_at is not None:
        return found
    if found.withdrawn_at is not None:
        raise AgreementRefused(Refusal("wording_withdrawn"))
    missing = AgreeingSide.SALES if found.marketing_at else AgreeingSide.MARKETING
    if refused := agreement_refusals(sides, missing=missing, proposed_by=found.proposed_by_id, user_id=by.pk):
        raise AgreementRefused(refused)
    setattr(found, f"{missing}_by", by)
    setattr(found, f"{missing}_at", at)
    found.agreed_at = at
    found.save(update_fields=[f"{missing}_by", f"{missing}_at", "agreed_at"])
    return found


def _require_sides(by: User) -> frozenset[AgreeingSide]:
    sides = sides_of(get_access(by))
    if not sides:
        raise NotPermitted(Refusal("may_not_agree"))
    return sides
