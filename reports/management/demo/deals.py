"""Two years of deals, told as history rows, with all that goes wrong in sales."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import Firm, Row, mail, manager, reps
from reports.management.demo.endings import WENT_BACK, ending

PATH = ("first_meeting", "25", "50", "90")
# Whoever is a customer already is sold to in a pipeline of its own.
OWN_PIPELINE = ("renewal", "expansion")
GOES_ON = {"first_meeting": 0.62, "25": 0.58, "50": 0.66, "90": 0.84}
STAYS = {"first_meeting": 14, "25": 24, "50": 26, "90": 13}


@dataclass
class Deal:
    """One sale as it unfolds; `row` is what stands at the end, `history` how it came to that."""

    key: str
    firm: Firm
    rep: str
    row: Row = field(default_factory=dict)
    history: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    setpoint: str = "first_meeting"
    since: datetime | None = None
    is_open: bool = True


def deals(dice: Dice, firms: list[Firm], count: int = 1000) -> list[Deal]:
    """Return deals spread over two years, more of them lately, each cut off at today."""
    made = []
    for number in range(count):
        firm = dice.pick(firms)
        rep = firm.rep if dice.chance(0.85) else dice.pick(reps(firm.team))
        if not dice.chance(words.PACE[rep] / 1.2):
            continue
        if firm.size >= words.LARGE and dice.chance(0.3):
            rep = manager(firm.team)
        age = int(730 * dice.random.random() ** 1.15)
        created = dice.today - timedelta(days=age + 1)
        made.append(_live(dice, Deal(f"demo-d{number + 1}", firm, rep), created))
    _hand_up(dice, made)
    return made


def _hand_up(dice: Dice, sales: list[Deal], least: int = 3) -> None:
    """Let managers take over deals of their team, for none of them is without deals of their own."""
    taken_on = dice.today - timedelta(days=10)
    for boss in sorted({manager(deal.firm.team) for deal in sales}):
        own = [deal for deal in sales if deal.is_open and deal.rep == boss]
        others = [
            deal
            for deal in sales
            if deal.is_open
            and manager(deal.firm.team) == boss != deal.rep
            and datetime.fromisoformat(deal.row["created_at"]).date() < taken_on - timedelta(days=5)
        ]
        others.sort(key=lambda deal: -deal.firm.size)
        for deal in others[: max(0, least - len(own))]:
            deal.rep, deal.row["owner"] = boss, mail(boss)
            at = dice.moment(taken_on).isoformat()
            deal.history.append(
                {"opportunity": deal.key, "occurred_at": at, "field": "owner", "value": mail(boss), "reason": ""}
            )


def customers(sales: list[Deal], accounts: list[Row]) -> None:
    """Make customers of the accounts that bought, since their first win."""
    since: dict[str, str] = {}
    for deal in sales:
        if deal.row.get("outcome") == "won":
            won_on = deal.row["closed_at"][:10]
            since[deal.firm.key] = min(won_on, since.get(deal.firm.key, won_on))
    for account in accounts:
        if account["external_id"] in since:
            account |= {"kind": "customer", "customer_since": since[account["external_id"]]}


def fill_today(dice: Dice, sales: list[Deal]) -> None:
    """Give every seller something to do on the day the story ends: a step due, one overdue, a meeting."""
    by_rep: dict[str, list[Deal]] = defaultdict(list)
    for deal in sales:
        if deal.is_open:
            by_rep[deal.rep].append(deal)
    for rep in sorted(by_rep):
        own = by_rep[rep]
        chosen = dice.random.sample(own, min(3, len(own)))
        for deal, days in zip(chosen, (0, -3), strict=False):
            deal.row["next_step"] = dice.pick(words.STEPS)
            deal.row["next_step_on"] = dice.workday(dice.today + timedelta(days=days)).isoformat()
        chosen[0].row["next_step_on"] = dice.today.isoformat()
        at = dice.now + timedelta(hours=dice.random.randrange(9, 17))
        _act(dice, chosen[-1], "meeting", dice.pick(words.SUBJECTS["meeting"]), at, done=False)


def _act(
    dice: Dice, deal: Deal, kind: str, subject: str, at: datetime, *, outcome: str = "", direction: str = "",
    done: bool = True,
) -> None:  # fmt: skip
    deal.activities.append(
        {"external_id": f"{deal.key}-x{len(deal.activities) + 1}", "kind": kind, "subject": subject,
         "occurred_at": at.isoformat(), "done": "true" if done else "", "outcome": outcome, "direction": direction,
         "account": deal.firm.key, "contact": dice.pick(deal.firm.people), "opportunity": deal.key,
         "owner": mail(deal.rep)}
    )  # fmt: skip


def _live(dice: Dice, deal: Deal, created: date) -> Deal:
    _, luck, size, pace = words.INDUSTRIES[deal.firm.industry]
    start = dice.moment(created)
    amount = round(dice.random.lognormvariate(10.15, 0.6) * size / 500) * 500 or 4000
    close = created + timedelta(days=round(80 * pace) + dice.random.randrange(-10, 40))
    deal_type = dice.weighted({"new_business": 66, "expansion": 20, "renewal": 9, "win_back": 5})
    deal.row = {
        "external_id": deal.key, "account": deal.firm.key, "owner": mail(deal.rep),
        "pipeline": deal_type if deal_type in OWN_PIPELINE else "new_business",
        "name": dice.pick(words.DEALS).format(n=dice.random.randrange(2, 7)), "currency": words.CURRENCY,
        "deal_type": deal_type, "source": dice.pick(words.SOURCES)[0], "contact": deal.firm.people[0],
        "approach": dice.weighted({"top_down": 30, "bottom_up": 35, "inbound": 35}),
        "created_at": start.isoformat(), "product": f"demo-{dice.pick(words.PRODUCTS)[0]}",
    }  # fmt: skip
    story = _Story(dice, deal, start, amount, close)
    story.tell(luck * words.SKILL[deal.rep], pace)
    return deal


class _Story:
    """Walks one deal along its setpoints until it ends or today comes."""

    def __init__(self, dice: Dice, deal: Deal, start: datetime, amount: int, close: date) -> None:
        self.dice, self.deal, self.now = dice, deal, start
        self.amount, self.close = amount, close

    def tell(self, luck: float, pace: float) -> None:
        self._note("setpoint", "first_meeting")
        self._note("amount", f"{self.amount}.00")
        self._note("expected_close_on", self.close.isoformat())
        self._note("owner", mail(self.deal.rep))
        self.deal.since = self.now
        self._meet(self.now + timedelta(days=self.dice.days(6)), "First meeting")
        for setpoint in PATH:
            if setpoint != self.deal.setpoint:
                continue
            self._stay(self.dice.days(STAYS[setpoint] * pace))
            if not self.dice.past(self.now):
                break
            if not self.dice.chance(min(0.96, GOES_ON[setpoint] * luck)):
                self._lose(setpoint)
                break
            self._go_on(setpoint)
        self._finish()

    def _stay(self, days: int) -> None:
        self._talk(days)
        end = self.now + timedelta(days=days)
        if self.dice.chance(0.3) and self.dice.past(end):
            self.amount = max(2000, round(self.amount * self.dice.random.choice((0.8, 0.9, 1.1, 1.25)) / 500) * 500)
            self._note("amount", f"{self.amount}.00", self.now + timedelta(days=days / 2))
        if end.date() > self.close - timedelta(days=10):
            self.close = end.date() + timedelta(days=self.dice.random.randrange(15, 60))
            if self.dice.chance(0.75):
                self._note("expected_close_on", self.close.isoformat(), end - timedelta(days=min(days, 4)))
        self.now = self.dice.moment(end.date())

    def _go_on(self, setpoint: str) -> None:
        place = PATH.index(setpoint)
        if setpoint == "90":
            self._close("won")
            return
        skip = 2 if place < 2 and self.dice.chance(0.06) else 1
        self.deal.setpoint = PATH[place + skip]
        self._note("setpoint", self.deal.setpoint)
        self.deal.since = self.now
        if self.deal.setpoint == "90" and self.dice.chance(0.1):
            self.now = self.dice.moment((self.now + timedelta(days=self.dice.days(9))).date())
            if self.dice.past(self.now):
                self._note("setpoint", "50", reason=self.dice.pick(WENT_BACK))
                self.now += timedelta(hours=2)
                self.deal.setpoint = "90"
                self._stay(self.dice.days(14))
                if self.dice.past(self.now):
                    self._note("setpoint", "90")
                    self.deal.since = self.now
                else:
                    self.deal.setpoint = "50"

    def _lose(self, setpoint: str) -> None:
        recent = (self.dice.today - self.now.date()).days < 150
        if recent and self.dice.chance({"first_meeting": 0.3, "25": 0.4, "50": 0.5, "90": 0.9}[setpoint]):
            return  # nobody closed it: a quiet deal that still stands on the board
        early = setpoint == "first_meeting"
        outcome = self.dice.weighted({"lost": 25 if early else 55, "no_decision": 40, "declined": 35 if early else 8})
        self._close(outcome)

    def _close(self, outcome: str) -> None:
        row, dice = self.deal.row, self.dice
        self.deal.is_open = False
        row |= {"outcome": outcome, "closed_at": self.now.isoformat()} | ending(dice, outcome, self.now)
        self._note("outcome", outcome)

    def _finish(self) -> None:
        row, dice = self.deal.row, self.dice
        row |= {
            "setpoint": self.deal.setpoint,
            "amount": f"{self.amount}.00",
            "expected_close_on": self.close.isoformat(),
        }
        quiet = dice.chance(0.22)
        if self.deal.is_open and not quiet:
            row["next_step"] = dice.pick(words.STEPS)
            row["next_step_on"] = dice.workday(dice.today + timedelta(days=dice.random.randrange(-7, 16))).isoformat()

    def _note(self, name: str, value: str, at: datetime | None = None, *, reason: str = "") -> None:
        at = at or self.now
        if self.dice.past(at):
            self.deal.history.append(
                {
                    "opportunity": self.deal.key,
                    "occurred_at": at.isoformat(),
                    "field": name,
                    "value": value,
                    "reason": reason,
                }
            )

    def _talk(self, days: int) -> None:
        for _ in range(min(6, 1 + days // 9)):
            at = self.dice.moment((self.now + timedelta(days=self.dice.random.randrange(days + 1))).date())
            kind = self.dice.weighted({"call": 44, "email": 34, "meeting": 10, "demo": 4, "note": 5, "task": 3})
            subject = self.dice.pick(words.SUBJECTS[kind])
            if kind in ("meeting", "demo"):
                self._meet(at, subject, kind)
            elif kind == "task" or self.dice.past(at):
                outcome = self.dice.pick(("conversation", "conversation", "no_answer")) if kind == "call" else ""
                direction = ("inbound" if self.dice.chance(0.3) else "outbound") if kind in ("call", "email") else ""
                done = self.dice.past(at)
                _act(self.dice, self.deal, kind, subject, at, outcome=outcome, direction=direction, done=done)

    def _meet(self, at: datetime, subject: str, kind: str = "meeting") -> None:
        at = self.dice.moment(at.date())
        held = self.dice.past(at)
        outcome = ("held" if self.dice.chance(0.88) else "no_show") if held else ""
        _act(self.dice, self.deal, kind, subject, at, outcome=outcome, done=held)
