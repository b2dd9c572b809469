"""Leads below the threshold that reps are offered to call, so that nobody is blind there (FI-006, B22)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from scoring.commands.crossings import route_leads
from scoring.commands.handoffs import lock_lead, qualify_lead
from scoring.commands.statuses import change_statuses
from scoring.enums import LeadStatus, TrialAnswer
from scoring.models import Handoff, HandoffTerms, Lead, Trial, TrialWeek
from scoring.permissions import can_answer_trial
from scoring.policies.trials import WEEKS_OF_HANDOFFS, number_to_draw, week_of
from scoring.queries.reps import get_triers
from scoring.queries.trials import STATUSES, count_eligible, draw_leads

FIRST_PERCENT = HandoffTerms._meta.get_field("trial_percent").default


class TrialRefused(CommandRefused):
    """The lead was not taken or passed."""


@transaction.atomic
def draw_trials(*, at: datetime) -> list[Trial]:
    """Offer reps the leads drawn for this week, once a week; what was offered before and not answered ends.

    The draw follows from the week alone: run late, or again after it failed, the same leads come up. While everybody is
    away nothing is drawn, so that a later day of the week does.
    """
    reps = get_triers(at=at)
    if not reps:
        return []
    week_on = week_of(get_local_date(at))
    percent = HandoffTerms.objects.filter(pk=1).values_list("trial_percent", flat=True).first()
    week, is_new = TrialWeek.objects.get_or_create(
        pk=week_on, defaults={"at": at, "percent": FIRST_PERCENT if percent is None else percent}
    )
    if not is_new:
        return []
    _end_earlier(week_on, at=at)
    since = at - timedelta(weeks=WEEKS_OF_HANDOFFS)
    handoffs = Handoff.objects.filter(created_at__gt=since, created_at__lte=at).count()
    week.eligible = count_eligible(week_on) if week.percent else 0
    wanted = number_to_draw(percent=week.percent, handoffs=handoffs, eligible=week.eligible)
    leads = draw_leads(week_on, wanted)
    routes = route_leads(leads, reps=reps, at=at)
    trials = [
        Trial(week=week, lead=lead, owner_id=owner_id, score=lead.score.score, drawn_at=at)
        for lead in leads
        if (owner_id := routes[lead.pk].rep_id) is not None
    ]
    week.drawn = len(trials)
    week.save(update_fields=["eligible", "drawn"])
    return Trial.objects.bulk_create(trials)


@transaction.atomic
def take_trial(*, lead_id: int, by: User, at: datetime, seen_version: int | None = None) -> Trial:
    """Take a lead that was offered to try: it is then its trier's, and accepted. Taken already by them: nothing.

    :raises NotPermitted: it was not offered to them, nor to somebody they manage
    :raises TrialRefused: it is offered no more
    :raises StaleRecord: the lead changed since it was seen
    """
    lead, trial = _lock(lead_id, by=by, answer=TrialAnswer.TAKEN, seen_version=seen_version)
    if trial.answered_at is None:
        _answer(trial, TrialAnswer.TAKEN, by=by, at=at)
        lead.owner_id = trial.owner_id
        lead.save(update_fields=["owner"])
        change_statuses(leads=[lead], to=LeadStatus.ACCEPTED, by=by, at=at)
        qualify_lead(lead=lead, by=by, at=at)
    return trial


@transaction.atomic
def pass_trial(*, lead_id: int, by: User, at: datetime, seen_version: int | None = None) -> Trial:
    """Leave a lead that was offered to try as it is. Passed already by them: nothing happens.

    :raises NotPermitted: it was not offered to them, nor to somebody they manage
    :raises TrialRefused: it is offered no more
    :raises StaleRecord: the lead changed since it was seen
    """
    _, trial = _lock(lead_id, by=by, answer=TrialAnswer.PASSED, seen_version=seen_version)
    if trial.answered_at is None:
        _answer(trial, TrialAnswer.PASSED, by=by, at=at)
    return trial


def _lock(lead_id: int, *, by: User, answer: TrialAnswer, seen_version: int | None) -> tuple[Lead, Trial]:
    lead, handoff = lock_lead(lead_id)
    trials = Trial.objects.select_for_update(no_key=True).filter(lead_id=lead_id)
    trial = trials.filter(answered_at=None).first() or trials.filter(answered_by=by, answer=answer).last()
    if trial is None:
        raise TrialRefused(Refusal.of("not_offered"))
    if not can_answer_trial(get_access(by), trial):
        raise NotPermitted(Refusal.of("may_not_decide"))
    if trial.answered_at is None and handoff is not None:
        raise TrialRefused(Refusal.of("handed_over_meanwhile"))
    if trial.answered_at is None and lead.status not in STATUSES:
        raise TrialRefused(Refusal.of("not_offered"))
    if trial.answered_at is None and seen_version is not None:
        lead.require_version(seen_version)
    return lead, trial


def _answer(trial: Trial, answer: TrialAnswer, *, by: User, at: datetime) -> None:
    trial.answer, trial.answered_at, trial.answered_by = answer, at, by
    trial.save(update_fields=["answer", "answered_at", "answered_by"])


def _end_earlier(week_on: date, *, at: datetime) -> None:
    Trial.objects.filter(week_id__lt=week_on, answered_at=None).update(answer=TrialAnswer.ENDED, answered_at=at)
