"""People, accounts, contacts, products and targets of the demo company, as import rows."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from reports.management.demo import words
from reports.management.demo.clockwork import Dice

Row = dict[str, str]
MAIL = "brightwater.example"
# Letters that do not come apart into a plain one and an accent.
UNSPLIT = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "Ł": "l", "Ø": "o"})


@dataclass
class Firm:
    """An account with what the story needs to know of it."""

    key: str
    name: str
    industry: str
    team: str
    country: str
    rep: str
    size: int
    people: list[str] = field(default_factory=list)

    @property
    def domain(self) -> str:
        """Return the host name of its mail and pages."""
        return f"{slug(self.name)}.example"


def users() -> list[Row]:
    """Return the fourteen who sell, market and administer; managers are named with their team."""
    return [
        {
            "external_id": f"demo-{login}",
            "email": f"{login}@{MAIL}",
            "name": name,
            "roles": role,
            "team": team,
            "manager": "true" if manages else "",
            "locale": "en",
            "time_zone": words.ZONE,
        }
        for name, login, role, team, manages in words.PEOPLE
    ]


def products() -> list[Row]:
    """Return the price list."""
    return [
        {"external_id": f"demo-{code}", "code": code, "name": name, "family": family,
         "price": price, "cost": cost, "currency": words.CURRENCY}
        for code, name, family, price, cost in words.PRODUCTS
    ]  # fmt: skip


def targets(today: date) -> list[Row]:
    """Return yearly revenue per team and rep and quarters that follow the season, for last year and this one."""
    plan = {"Baltics": 1_150_000, "Nordics": 1_250_000, "Central Europe": 480_000}
    whose = [({"team": team, "owner": ""}, revenue) for team, revenue in plan.items()]
    whose += [
        ({"team": "", "owner": mail(rep)}, revenue // len(reps(team)) // 1000 * 1000)
        for team, revenue in plan.items()
        for rep in reps(team)
    ]
    return [
        {"period": period, **who, "measure": "revenue", "value": f"{revenue * share // 10_000}.00"}
        for year, growth in ((today.year - 1, 85), (today.year, 100))
        for who, revenue in whose
        for period, share in ((str(year), 100 * growth), *_quarters(year, growth))
    ]


def _quarters(year: int, growth: int) -> list[tuple[str, int]]:
    return [(f"{year}Q{number}", share * growth) for number, share in enumerate((24, 26, 20, 30), start=1)]


def firms(dice: Dice, count: int = 420) -> tuple[list[Firm], list[Row], list[Row]]:
    """Return the firms with their account rows and contact rows."""
    made: list[Firm] = []
    accounts: list[Row] = []
    contacts: list[Row] = []
    names: set[str] = set()
    while len(made) < count:
        country = dice.weighted({"EE": 14, "LV": 11, "LT": 12, "FI": 15, "SE": 14, "NO": 9, "PL": 14, "DE": 11})
        team, cities, first, last, stems, forms = words.COUNTRIES[country]
        industry = dice.weighted(dict(zip(words.INDUSTRIES, (26, 14, 16, 14, 14, 9, 7), strict=True)))
        name = f"{dice.pick(stems)} {dice.pick(words.INDUSTRIES[industry][0])}"
        if name in names:
            name = f"{dice.pick(cities)} {name}"
        if name in names:
            continue
        names.add(name)
        rep = dice.weighted({rep: words.PACE[rep] for rep in reps(team)})
        firm = Firm(f"demo-a{len(made) + 1}", name, industry, team, country, rep, size=dice.pick(words.SIZES))
        made.append(firm)
        accounts.append(_account(dice, firm, dice.pick(cities), dice.pick(forms)))
        known: set[str] = set()
        contacts.extend(_contact(dice, firm, first, last, known) for _ in range(dice.random.choice((1, 2, 2, 3, 4))))
    return made, accounts, contacts


def reps(team: str) -> list[str]:
    """Return the logins of the team's reps."""
    return [login for _, login, role, own, _ in words.PEOPLE if role == "rep" and own == team]


def manager(team: str) -> str:
    """Return the login of who manages the team."""
    return next(login for _, login, _, _, managed in words.PEOPLE if managed == team)


def mail(login: str) -> str:
    """Return the e-mail a colleague signs in with."""
    return f"{login}@{MAIL}"


def slug(name: str) -> str:
    """Return the name in plain letters, as it stands in addresses."""
    plain = unicodedata.normalize("NFKD", name.translate(UNSPLIT)).encode("ascii", "ignore").decode().lower()
    return "".join(letter if letter.isalnum() else "-" for letter in plain).strip("-")


def address(given: str, family: str, domain: str, known: set[str]) -> str:
    """Return an e-mail address that is not known yet, and make it known."""
    local, number = f"{slug(given)}.{slug(family)}", 1
    while (found := f"{local}{'' if number == 1 else number}@{domain}") in known:
        number += 1
    known.add(found)
    return found


def _account(dice: Dice, firm: Firm, city: str, form: str) -> Row:
    created = dice.today - timedelta(days=dice.random.randrange(740, 1000))
    return {
        "external_id": firm.key,
        "name": firm.name,
        "domain": firm.domain,
        "registration_number": f"{form} {dice.random.randrange(10_000_000, 99_999_999)}",
        "industry": firm.industry,
        "employee_count": str(firm.size),
        "annual_revenue": f"{firm.size * dice.random.randrange(120, 260) * 1000}.00",
        "currency": words.CURRENCY,
        "country": firm.country,
        "city": city,
        "growth_stage": dice.pick(("growing", "steady", "shrinking")),
        "kind": "prospect",
        "owner": mail(firm.rep),
        "source": dice.pick(words.SOURCES)[0],
        "created_at": dice.moment(created).isoformat(),
    }


def _contact(dice: Dice, firm: Firm, first: tuple[str, ...], last: tuple[str, ...], known: set[str]) -> Row:
    given, family, key = dice.pick(first), dice.pick(last), f"{firm.key}-c{len(firm.people) + 1}"
    firm.people.append(key)
    return {
        "external_id": key,
        "account": firm.key,
        "first_name": given,
        "last_name": family,
        "job_title": dice.pick(words.TITLES),
        "email": address(given, family, firm.domain, known),
        "country": firm.country,
        "owner": mail(firm.rep),
        "consent": "true" if dice.chance(0.6) else "",
        "created_at": dice.moment(dice.today - timedelta(days=dice.random.randrange(10, 740))).isoformat(),
    }
