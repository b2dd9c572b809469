"""What sellers of the demo company asked, promised and handed over, and which hours of colleagues they asked for."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from crm.models import User
from pipeline.commands.approvals import ask_approval, decide_approval, withdraw_approval
from pipeline.commands.derived import refreshing_once
from pipeline.commands.handovers import accept_handover, check_delivery, make_handover
from pipeline.commands.promises import add_promise, end_promise
from pipeline.commands.questions import answer_delivery, ask_delivery
from pipeline.commands.resources import accept_request, decline_request, finish_request, request_hours
from pipeline.enums import Outcome, PolicyArea, PromiseState, ResourceKind
from pipeline.models import Approval, Opportunity, Resource
from reports.management.demo.clockwork import Dice
from reports.management.demo.colleagues import share_hours
from reports.management.demo.company import mail

# area, how far, why, what was answered (empty: not yet), yes or no, days ago, days until the answer
ASKED = (
    (PolicyArea.DISCOUNT, "15", "They order for both plants at once.", "Fine for both plants together.", True, 24, 1),
    (PolicyArea.CUSTOM_WORK, "60", "Their press has no standard flange.", "Sixty hours are planned in.", True, 19, 2),
    (
        PolicyArea.ROADMAP,
        "4",
        "They wait for the mobile readings.",
        "Not before autumn; nothing earlier.",
        False,
        16,
        3,
    ),
    (
        PolicyArea.DELIVERY_DATE,
        "10",
        "The summer stop begins in June.",
        "We can, if they sign this month.",
        True,
        12,
        1,
    ),
    (PolicyArea.DISCOUNT, "18", "The rival is cheaper by that.", "Not without a longer contract.", False, 10, 1),
    (PolicyArea.PAYMENT_TERMS, "45", "Their purchasing pays at 45 days.", "Agreed, once.", True, 9, 2),
    (PolicyArea.DISCOUNT, "12", "A reference visit in return.", "", True, 6, 0),
    (PolicyArea.CUSTOM_WORK, "45", "Readings in their own format.", "", True, 1, 0),
)
KEPT = (
    "Training for the night shift before it goes live.",
    "Spare parts in the local store from the first day.",
    "A named engineer for the first three months.",
    "Weekly readings by e-mail during the trial.",
    "The manual in their own language.",
)
GAPS = (
    "Night readings were promised and are not there yet.",
    "Two of the six meters came a month late.",
)
QUESTIONS = (
    ("andris", "Can two lines go live in the same week?", "Yes, if their electrician is there on both days."),
    ("emilia", "Does the gateway read their old meters?", "From 2015 on; older ones need the adapter."),
    ("helena", "How long does the change take without stopping the plant?", "Six hours a line, at night."),
    ("marek", "Can we keep their data in their own country?", ""),
    ("andris", "Is an installation in the week of the stop possible?", ""),
)
# kind, hours, what for, days ago, what became of it
HOURS = (
    (ResourceKind.SALES_ENGINEER, "12", "Trial with their own water samples.", 23, "done"),
    (ResourceKind.SALES_ENGINEER, "6", "Demo for the plant managers.", 17, "done"),
    (ResourceKind.EXECUTIVE, "2", "Call with their managing director.", 15, "done"),
    (ResourceKind.LEGAL, "4", "Their terms of purchase differ from ours in liability.", 8, "accepted"),
    (ResourceKind.SALES_ENGINEER, "16", "Survey of the boiler house.", 7, "accepted"),
    (ResourceKind.EXECUTIVE, "3", "Dinner with the board.", 6, "declined"),
    (ResourceKind.SALES_ENGINEER, "10", "Connection to their control system.", 4, ""),
    (ResourceKind.SALES_ENGINEER, "8", "Demo at the second plant.", 3, ""),
    (ResourceKind.LEGAL, "3", "Framework contract for the group.", 3, ""),
    (ResourceKind.EXECUTIVE, "2", "Opening of the pilot plant.", 2, ""),
    (ResourceKind.SALES_ENGINEER, "5", "Answers to their tender questions.", 1, ""),
)
WHY = "Without it they will not decide this year."
DECLINED = "Away with the board that week; a call before is possible."
RECENT, CHECKED_AFTER = timedelta(days=160), 90


def promise(dice: Dice, *, by: User) -> None:
    """Let people ask, promise, hand over, check, and ask colleagues, each at its time."""
    share_hours(dice, by=by)
    with refreshing_once(at=dice.now):
        _ask_and_promise(dice, _open_deals(dice))
        for order, deal in enumerate(_won_lately(dice)):
            _hand_over(dice, deal, order)


def _ask_and_promise(dice: Dice, deals: list[Opportunity]) -> None:
    for deal, asked in zip(deals[::3], ASKED, strict=False):
        _ask(dice, deal, *asked)
    for order, deal in enumerate(deals[1::3][:8]):
        due_on = dice.today + timedelta(days=7 * order - 9)
        _promise(dice, deal, KEPT[order % len(KEPT)], made=20 - order, due_on=due_on)
    for order, (deal, asked_of) in enumerate(zip(deals[2::3], QUESTIONS, strict=False)):
        _question(dice, deal, *asked_of, days=12 - 2 * order)
    for deal, wanted in zip(deals[1::2], HOURS, strict=False):
        _hours(dice, deal, *wanted)


def _open_deals(dice: Dice) -> list[Opportunity]:
    """Return open deals at 50% that are older than what is told of them, the largest first."""
    old = Opportunity.objects.filter(outcome="", archived_at=None, setpoint__rank=2, created_at__lt=_ago(dice, 30))
    return list(old.select_related("owner").order_by("-amount", "id"))


def _won_lately(dice: Dice) -> list[Opportunity]:
    won = Opportunity.objects.filter(outcome=Outcome.WON, archived_at=None, closed_at__gt=dice.now - RECENT)
    return list(won.select_related("owner").order_by("closed_at", "id"))


def _ago(dice: Dice, days: int) -> datetime:
    """Return a moment of work so many days ago."""
    return dice.moment(dice.today - timedelta(days=max(1, days)))


def _ask(
    dice: Dice, deal: Opportunity, area: PolicyArea, asked: str, why: str, answer: str, approves: bool, days: int,
    until_answer: int,
) -> None:  # fmt: skip
    """Ask for an approval and let it be answered; what was refused for good is withdrawn."""
    at = _ago(dice, days)
    sent: dict[str, Any] = {"area": area, "asked": Decimal(asked), "why": why, "by": deal.owner, "at": at}
    approval: Approval = ask_approval(opportunity_id=deal.pk, **sent)
    if not answer:
        return
    answered_at = max(_ago(dice, days - until_answer), at + timedelta(hours=2))
    decided: dict[str, Any] = {"approves": approves, "answer": answer, "by": approval.approver, "at": answered_at}
    decide_approval(approval_id=approval.pk, **decided)
    if approves:
        text = "As agreed with us: " + why[0].lower() + why[1:]
        due_on, wanted = dice.today + timedelta(days=40), Decimal(asked)
        sent = {"area": area, "asked": wanted, "by": deal.owner, "at": answered_at}
        add_promise(opportunity_id=deal.pk, text=text, due_on=due_on, **sent)
    elif area == PolicyArea.ROADMAP:
        withdraw_approval(approval_id=approval.pk, by=deal.owner, at=answered_at + timedelta(hours=20))


def _promise(dice: Dice, deal: Opportunity, text: str, *, made: int, due_on: date) -> None:
    """Promise something; what was due is kept, one of three late."""
    at = _ago(dice, made)
    found = add_promise(opportunity_id=deal.pk, text=text, due_on=due_on, by=deal.owner, at=at)
    if due_on < dice.today - timedelta(days=3):
        day = due_on if dice.chance(0.7) else due_on + timedelta(days=2)
        end_promise(promise_id=found.pk, state=PromiseState.KEPT, ended_on=day, by=deal.owner, at=_ago(dice, 1))


def _question(dice: Dice, deal: Opportunity, login: str, text: str, answer: str, *, days: int) -> None:
    """Ask somebody who delivers, who answers the day after."""
    to, at = User.objects.get(email=mail(login)), _ago(dice, days)
    asked = ask_delivery(opportunity_id=deal.pk, to_id=to.pk, text=text, by=deal.owner, at=at)
    if answer:
        at = max(_ago(dice, days - 1), at + timedelta(hours=1))
        answer_delivery(question_id=asked.pk, answer=answer, by=to, at=at)


def _hours(dice: Dice, deal: Opportunity, kind: ResourceKind, hours: str, what: str, days: int, became: str) -> None:
    """Ask for shared hours; they are given, declined or spent by whoever has the most of them."""
    at, due_on = _ago(dice, days), dice.today + timedelta(days=21)
    asked = request_hours(
        opportunity_id=deal.pk,
        kind=kind,
        hours=Decimal(hours),
        purpose=what,
        due_on=due_on,
        reason=WHY,
        by=deal.owner,
        at=at,
    )
    if not became:
        return
    giver = Resource.objects.filter(kind=kind).select_related("user").order_by("-weekly_hours")[0].user
    answered_at = max(_ago(dice, days - 1), at + timedelta(minutes=90))
    if became == "declined":
        decline_request(request_id=asked.pk, answer=DECLINED, by=giver, at=answered_at)
        return
    accept_request(request_id=asked.pk, by=giver, at=answered_at)
    if became == "done":
        spent = Decimal(hours) + dice.pick((Decimal(0), Decimal("1.5"), Decimal(-1)))
        finish_request(request_id=asked.pk, hours=spent, by=giver, at=_ago(dice, days - 6))


def _hand_over(dice: Dice, deal: Opportunity, order: int) -> None:
    """Hand a won deal over with what was promised; after three months somebody looks whether it was delivered as sold."""
    assert deal.closed_at is not None
    won_at = deal.closed_at
    if order % 3 == 0:
        _promise_of_won(dice, deal, order)
    handover = make_handover(deal, at=won_at)
    taken_at = won_at + timedelta(days=1)
    if not dice.past(taken_at + timedelta(days=4)) or handover.to is None:
        return
    accept_handover(handover_id=handover.pk, by=handover.to, at=taken_at)
    checked_at = _ago(dice, (dice.now - won_at).days - CHECKED_AFTER)
    if (dice.now - won_at).days > CHECKED_AFTER and order % 5:
        as_sold = order % 4 != 1
        gap = "" if as_sold else GAPS[order % len(GAPS)]
        check_delivery(handover_id=handover.pk, as_sold=as_sold, gap=gap, by=handover.to, at=checked_at)


def _promise_of_won(dice: Dice, deal: Opportunity, order: int) -> None:
    """Promise something before the win that fell due after it: most was kept, one of five broken."""
    assert deal.closed_at is not None
    at, due_on = deal.closed_at - timedelta(days=3), (deal.closed_at + timedelta(days=45)).date()
    found = add_promise(opportunity_id=deal.pk, text=KEPT[order % len(KEPT)], due_on=due_on, by=deal.owner, at=at)
    if due_on < dice.today - timedelta(days=4):
        state = PromiseState.BROKEN if order % 5 == 3 else PromiseState.KEPT
        day = due_on + timedelta(days=3 if order % 6 == 0 else 0)
        said_at = dice.moment(day)
        end_promise(promise_id=found.pk, state=state, ended_on=day, by=deal.owner, at=max(said_at, _noon(dice, day)))


def _noon(dice: Dice, day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=dice.zone)
