"""Rows for benchmarks: as many deals as asked for, with the accounts, leads and activities that go with them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from crm.exchange.run import import_rows
from crm.models import User
from reports.management.bench.multiply import multiply_rows

Row = dict[str, str]
REPS = 10
# More than this is many copies of it: an import of 200,000 deals with all that belongs to them takes most of an hour.
IMPORTED = 20_000
SETPOINTS = ("first_meeting", "25", "50", "90")
INDUSTRIES = ("food", "paper", "chemicals", "water", "mining")
EVENT_TYPES = ("page_viewed", "pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "email_opened")
Say = Callable[[str], object]


def load_company(size: int, *, at: datetime, say: Say) -> User:
    """Fill the scratch database in the proportions of peers.md; return a manager whose team owns the deals."""
    say(f"filling a scratch database with {size:,} deals …")
    import_rows("users", list(users()), by=None, at=at)
    manager = User.objects.get(email="manager@bench.invalid")
    times = max(size // IMPORTED, 1)
    size //= times
    for kind, rows in (
        ("accounts", accounts(size // 2)),
        ("contacts", contacts(size)),
        ("leads", leads(size, at)),
        ("opportunities", deals(size, at)),
        ("activities", activities(size * 5, size, at)),
    ):
        import_rows(kind, rows, by=None, at=at, reason="Rows of a benchmark, no history")
    if times > 1:
        multiply_rows(times)
    return manager


def users() -> Iterator[Row]:
    """Give a manager and ten reps in one team."""
    yield {"email": "manager@bench.invalid", "name": "Manager", "roles": "manager; admin", "team": "Bench"}
    for number in range(REPS):
        yield {"email": f"rep{number}@bench.invalid", "name": f"Rep {number}", "roles": "rep", "team": "Bench"}


def rep(number: int) -> str:
    """Return the owner of the row of this number."""
    return f"rep{number % REPS}@bench.invalid"


def accounts(count: int) -> Iterator[Row]:
    """Give accounts."""
    for number in range(count):
        yield {
            "external_id": f"a{number}", "name": f"Company {number:06}", "domain": f"company{number}.example",
            "industry": INDUSTRIES[number % 5], "employee_count": str(20 + number % 900), "country": "EE",
            "owner": rep(number),
        }  # fmt: skip


def contacts(count: int) -> Iterator[Row]:
    """Give two contacts an account."""
    for number in range(count):
        yield {
            "external_id": f"c{number}", "account": f"a{number // 2}", "first_name": "Pat", "last_name": f"Person {number}",
            "job_title": "Plant manager", "email": f"pat{number}@company{number // 2}.example", "owner": rep(number),
        }  # fmt: skip


def leads(count: int, at: datetime) -> Iterator[Row]:
    """Give leads of the last year."""
    for number in range(count):
        yield {
            "external_id": f"l{number}", "first_name": "Kim", "last_name": f"Lead {number}",
            "email": f"kim{number}@lead.example", "company": f"Company {number:06}", "owner": rep(number),
            "status": "nurturing", "created_at": (at - timedelta(days=1 + number % 365)).isoformat(),
        }  # fmt: skip


def deals(count: int, at: datetime) -> Iterator[Row]:
    """Give deals: four of five open, spread over the setpoints, the others won or lost."""
    for number in range(count):
        created = at - timedelta(days=30 + number % 300)
        row = {
            "external_id": f"d{number}", "account": f"a{number % max(count // 2, 1)}", "name": f"Deal {number}",
            "owner": rep(number), "setpoint": SETPOINTS[number % 4], "amount": str(1_000 + number % 90_000),
            "created_at": created.isoformat(), "contact": f"c{number}", "source": "Trade fair",
            "expected_close_on": (at + timedelta(days=number % 200)).date().isoformat(),
        }  # fmt: skip
        if number % 5 == 4:
            closed = (at - timedelta(days=number % 29)).isoformat()
            row |= {"outcome": ("won", "lost")[number % 2], "closed_at": closed}
        elif number % 7:
            row |= {
                "next_step": "Call back",
                "next_step_on": (at + timedelta(days=number % 60 - 20)).date().isoformat(),
            }
        yield row


def activities(count: int, deal_count: int, at: datetime) -> Iterator[Row]:
    """Give activities, five a deal."""
    for number in range(count):
        yield {
            "external_id": f"t{number}", "kind": ("call", "email", "meeting")[number % 3], "subject": "Followed up",
            "occurred_at": (at - timedelta(hours=1 + number % 5_000)).isoformat(), "done": "true",
            "opportunity": f"d{number % deal_count}", "owner": rep(number),
        }  # fmt: skip


def events(lead_count: int, each: int, at: datetime) -> Iterator[Row]:
    """Give events, so many a lead, over the last hundred days."""
    for number in range(lead_count * each):
        yield {
            "idempotency_key": f"e{number}", "lead": f"l{number % lead_count}", "type": EVENT_TYPES[number % 5],
            "occurred_at": (at - timedelta(hours=1 + number * 7 % 2_400)).isoformat(),
        }  # fmt: skip
