"""What the commands on deals are refused with, and how a deal is locked before anything else."""

from collections.abc import Sequence

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.facts import CriterionFacts, DealFacts, SetpointFacts
from pipeline.models import Opportunity
from pipeline.permissions import can_edit
from pipeline.policies import moves


class MoveRefused(CommandRefused):
    """The deal may not stand there. `unmet` are the missing facts, `override_allowed` whether a reason carries it."""

    def __init__(
        self,
        refusals: Sequence[Refusal] | Refusal,
        *,
        to: SetpointFacts | None = None,
        unmet: Sequence[CriterionFacts] = (),
        override_allowed: bool = False,
    ) -> None:
        super().__init__(refusals)
        self.to, self.unmet, self.override_allowed = to, list(unmet), override_allowed


class CloseRefused(CommandRefused):
    """The deal may not be closed like this; the refusals name the fields."""


class ReopenRefused(CommandRefused):
    """The deal is not closed, or cannot go on."""


class UndoRefused(CommandRefused):
    """The move can no longer be undone as if it had not been."""


class EditRefused(CommandRefused):
    """A value may not stand in its field; `field` names it."""


class StepRefused(CommandRefused):
    """The next step may not be like this, or has ended already."""


class AttestationRefused(CommandRefused):
    """The fact may not be attested like this, or was revoked already."""


def lock_deal(opportunity_id: int, *, by: User | None) -> Opportunity:
    """Return the deal, locked until the end of the transaction.

    :raises NotPermitted: the person may not change it; `by=None` is the system itself
    """
    deal = Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity_id)
    if by is not None and not can_edit(get_access(by), deal):
        raise NotPermitted(Refusal.of("may_not_edit_deal"))
    return deal


def refuse_missing(facts: DealFacts, to: SetpointFacts, *, by: User | None, override: str) -> None:
    """See that a deal has the facts of a setpoint, or that the person may stand in for them with a reason (D-17).

    :raises MoveRefused: carrying every unmet criterion
    """
    refuse_unmet(moves.unmet_criteria(facts, to=to), facts.owner_id, by=by, override=override, to=to)


def refuse_unmet(
    unmet: Sequence[CriterionFacts], owner_id: int, *, by: User | None, override: str, to: SetpointFacts | None = None
) -> None:
    """See that nothing is missing, or that the person may stand in for it with a reason (D-17).

    :raises MoveRefused: carrying what is missing
    """
    if not unmet or by is None:
        return
    access = get_access(by)
    refused = moves.override_refusals(access, owner_id, unmet, override=override)
    if refused:
        allowed = moves.may_override(access, owner_id, gates={each.gate for each in unmet})
        missing = [moves.unmet_refusal(each) for each in unmet]
        raise MoveRefused(missing + (refused if override else []), to=to, unmet=unmet, override_allowed=allowed)
