"""What the pipeline does when a person is erased (D-8)."""

from collections.abc import Iterable

from django.db.models import Q

from crm.commands.blanking import blank_texts
from crm.facts import Identity
from pipeline.models import Assessment, Attestation, MeetingRecord, NegotiationPoint, Stakeholder


def erase_contacts(*, contact_ids: Iterable[int], emails: Iterable[str]) -> Identity:
    """Blank what was said by these contacts or about them; who took part in what stays, without a name."""
    theirs = Q(contact__in=list(contact_ids))
    blank_texts(Stakeholder, theirs, "note")
    blank_texts(Assessment, theirs, "note")
    blank_texts(Attestation, theirs, "note")
    blank_texts(NegotiationPoint, theirs, "asked", "answer")
    told = Q(activity__contact__in=list(contact_ids))
    blank_texts(MeetingRecord, told, "present_state", "challenges", "goals")
    return Identity()
