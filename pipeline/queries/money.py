"""What sums over several currencies need, and the organisation's calendar, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection

from crm.lib.periods import Period, quarter_of

FRAME = """
SELECT organisation.currency, organisation.fiscal_year_start_month, organisation.evidence_qualifies,
    coalesce((SELECT zone FROM crm_organisationtimezone WHERE valid_from <= %(on)s ORDER BY valid_from DESC LIMIT 1), 'UTC'),
    ARRAY(SELECT currency || '=' || rate FROM (
        SELECT DISTINCT ON (currency) currency, rate FROM crm_exchangerate
        WHERE kind = 'plan' AND valid_from <= %(on)s ORDER BY currency, valid_from DESC
    ) rates)
FROM crm_organisation organisation WHERE organisation.id = 1
"""


@dataclass(frozen=True, slots=True)
class MoneyFrame:
    """The report currency, what a unit of each currency is worth in it by plan, and the running fiscal quarter.

    `by_evidence` says that its facts qualify a deal, not where it is claimed to stand (D-18).
    """

    currency: str
    rates: dict[str, Decimal]
    quarter: Period
    zone: ZoneInfo
    by_evidence: bool = False

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the instants the quarter begins and ends."""
        return self.quarter.bounds(self.zone)


def get_money_frame(at: datetime) -> MoneyFrame:
    """Return the frame as of the local day of `at`."""
    with connection.cursor() as cursor:
        cursor.execute(FRAME, {"on": at.date()})
        currency, fiscal_start, by_evidence, zone_name, pairs = cursor.fetchone()
    zone = ZoneInfo(zone_name)
    today: date = at.astimezone(zone).date()
    rates = {code: Decimal(rate) for code, _, rate in (pair.partition("=") for pair in pairs)}
    quarter = quarter_of(today, fiscal_start=fiscal_start)
    return MoneyFrame(currency, {**rates, currency: Decimal(1)}, quarter, zone, by_evidence)
