"""The organisation's settings as the rest of the product asks for them (D-1)."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from crm.enums import RateKind
from crm.lib.moments import parse_moment
from crm.models import ExchangeRate, FeatureSwitch, Organisation, OrganisationTimeZone

# The organisation's zone today, as `get_zone` returns it, for statements.
ZONE = """COALESCE(
    (SELECT zone FROM crm_organisationtimezone WHERE valid_from <= CURRENT_DATE ORDER BY valid_from DESC LIMIT 1),
    (SELECT zone FROM crm_organisationtimezone ORDER BY valid_from LIMIT 1),
    'UTC')"""
# The organisation's local day, for statements that ask who is in a team now: the same day whoever asks.
TODAY = f"(now() AT TIME ZONE {ZONE})::date"


def get_organisation() -> Organisation:
    """Return the one organisation."""
    return Organisation.objects.get(pk=1)


def get_zone(on: date | None = None) -> ZoneInfo:
    """Return the zone whose days bound periods and decay on a local date, by default today.

    Before the first dated row the first zone holds.
    """
    dated = OrganisationTimeZone.objects.order_by("-valid_from")
    in_force = dated.filter(valid_from__lte=on if on is not None else Now()).first() or dated.last()
    return ZoneInfo(in_force.zone) if in_force else ZoneInfo("UTC")


def get_dated_zones() -> list[tuple[date, ZoneInfo]]:
    """Return every zone the organisation has had, with the local day from which it holds."""
    dated = OrganisationTimeZone.objects.order_by("valid_from").values_list("valid_from", "zone")
    return [(valid_from, ZoneInfo(zone)) for valid_from, zone in dated] or [(date.min, ZoneInfo("UTC"))]


def read_local_moment(text: str) -> datetime:
    """Read a date, meaning its end, or a time, in the zone the organisation had that day (D-1, D-46).

    :raises BadMoment: it is neither
    """
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        day = None
    return parse_moment(text, get_zone(day))


def get_local_date(at: datetime) -> date:
    """Return the organisation's local day of an instant."""
    return at.astimezone(get_zone(at.date())).date()


def get_rates(kind: RateKind, *, on: date, currency: str = "") -> dict[str, Decimal]:
    """Return the rates of a kind in force on a day; the report currency, given where it is known, is itself worth 1."""
    dated = ExchangeRate.objects.filter(kind=kind, valid_from__lte=on).order_by("currency", "-valid_from")
    rates = dict(dated.distinct("currency").values_list("currency", "rate"))
    return {**rates, currency or get_organisation().currency: Decimal(1)}


def get_switched_off() -> frozenset[str]:
    """Return the modules this organisation has switched off (D-45)."""
    return frozenset(FeatureSwitch.objects.filter(is_on=False).values_list("module", flat=True))
