"""What happened stays as it was written: the database itself refuses to change or delete events (D-33, D-34)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import models, transaction
from django.db.utils import InternalError

from crm.models import Activity, MeetingChange
from pipeline.models import CriterionVersion, OpportunityEvent
from scoring.models import LeadStatusEvent
from tests.factories.crm import ActivityFactory
from tests.factories.pipeline import OpportunityFactory, get_version
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def deal_event(**values: object) -> models.QuerySet[OpportunityEvent]:
    made = OpportunityEvent.objects.create(
        opportunity=OpportunityFactory(), seq=99, kind="owner", occurred_at=AT, recorded_at=AT, via="page", **values
    )
    return OpportunityEvent.objects.filter(pk=made.pk)


def status_event() -> models.QuerySet[LeadStatusEvent]:
    made = LeadStatusEvent.objects.create(
        lead=LeadFactory(), old="new", new="mql", occurred_at=AT, recorded_at=AT, via="page"
    )
    return LeadStatusEvent.objects.filter(pk=made.pk)


def meeting_change() -> models.QuerySet[MeetingChange]:
    meeting: Activity = ActivityFactory(kind="meeting")
    made = MeetingChange.objects.create(
        activity=meeting, event="scheduled", meeting_at=AT, occurred_at=AT, recorded_at=AT
    )
    return MeetingChange.objects.filter(pk=made.pk)


def refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except InternalError as error:
        return "Cannot" in str(error)
    return False


@pytest.mark.parametrize("make", [deal_event, status_event, meeting_change])
def test_an_event_is_neither_changed_nor_deleted(make: Callable[[], models.QuerySet[models.Model]]) -> None:
    event = make()
    assert refused(lambda: event.update(recorded_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert refused(event.delete)
    assert event.get().recorded_at == AT  # type: ignore[attr-defined]  # all three have it


def test_what_an_import_assumed_may_make_way_but_not_change() -> None:
    assumed, told = deal_event(detail={"backfilled": True}), deal_event(detail={"backfilled": False})
    assert refused(lambda: assumed.update(seq=100))
    assert refused(told.delete)
    assert assumed.delete()[0] == 1


def test_a_version_of_a_criterion_ends_once_and_says_what_it_said() -> None:
    version = CriterionVersion.objects.filter(pk=get_version("interest_confirmed").pk)
    assert refused(lambda: version.update(gate="require"))
    assert refused(lambda: version.update(gate="require", valid_until=AT))
    assert refused(version.delete)
    assert version.update(valid_until=AT) == 1
    assert refused(lambda: version.update(valid_until=None))
