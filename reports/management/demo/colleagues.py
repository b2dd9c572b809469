"""Who keeps what sellers of the demo company promise, and gives deals their hours: finance, product, delivery, experts."""

from decimal import Decimal

from crm.models import User
from pipeline.commands.resource_hours import put_resource, set_week
from pipeline.enums import ResourceKind
from pipeline.queries.resources import next_weeks
from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import Row, mail

# name, e-mail, role
COLLEAGUES = (
    ("Kristjan Mägi", "kristjan", "finance"),
    ("Emilia Korpela", "emilia", "product"),
    ("Andris Liepa", "andris", "delivery"),
    ("Helena Sundström", "helena", "delivery"),
    ("Marek Wilk", "marek", "operations"),
    ("Ott Kivisild", "ott", "contributor"),
    ("Saara Niskanen", "saara", "contributor"),
    ("Ruta Vaitkutė", "ruta", "contributor"),
    ("Toomas Raud", "toomas", "contributor"),
)
# whose hours deals share: e-mail, kind, hours a week
GIVERS = (
    ("ott", ResourceKind.SALES_ENGINEER, Decimal(24)),
    ("saara", ResourceKind.SALES_ENGINEER, Decimal(20)),
    ("ruta", ResourceKind.LEGAL, Decimal(10)),
    ("toomas", ResourceKind.EXECUTIVE, Decimal(5)),
)


def users() -> list[Row]:
    """Return the colleagues as rows of people; they belong to no team."""
    return [
        {
            "external_id": f"demo-{login}",
            "email": mail(login),
            "name": name,
            "roles": role,
            "locale": "en",
            "time_zone": words.ZONE,
        }
        for name, login, role in COLLEAGUES
    ]


def share_hours(dice: Dice, *, by: User) -> None:
    """Share the hours of the experts; one of them is away in two weeks."""
    found = {user.email: user for user in User.objects.filter(email__in=[mail(login) for login, *_ in GIVERS])}
    for login, kind, hours in GIVERS:
        given = put_resource(user_id=found[mail(login)].pk, kind=kind, weekly_hours=hours, by=by, at=dice.now)
        if login == "saara":
            set_week(resource_id=given.pk, monday=next_weeks(dice.today, 3)[2], hours=Decimal(0), by=by, at=dice.now)
