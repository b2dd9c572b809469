"""When signals speak: the limits of each pipeline and the calendar they are counted in, in one statement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from crm.queries.organisation import ZONE
from pipeline.enums import SignalCode
from pipeline.policies.signals import SIGNALS, USUAL, Calendar, Limit, Limits
from pipeline.queries.signal_spans import Moment

SETTINGS = f"""
SELECT organisation.working_days, organisation.currency, {ZONE}, limits.pipeline_id, limits.code, limits."limit", limits.is_on
FROM crm_organisation organisation LEFT JOIN pipeline_signallimit limits ON true
"""


@dataclass(frozen=True, slots=True)
class SignalSettings:
    """The moment signals are looked at, and the limits of each pipeline that has its own."""

    moment: Moment
    limits: Mapping[int, Limits]

    def of(self, pipeline_id: int) -> Limits:
        """Return the limits of a pipeline."""
        return self.limits.get(pipeline_id, USUAL)


def get_signal_settings(at: datetime) -> SignalSettings:
    """Return when signals speak, as seen at an instant."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        rows = cursor.fetchall()
    working_days, currency, zone = rows[0][:3]
    own: dict[int, dict[SignalCode, Limit]] = defaultdict(lambda: dict(USUAL))
    for *_organisation, pipeline_id, code, limit, is_on in rows:
        if pipeline_id is not None and code in SIGNALS:
            meaning = SignalCode(code)
            own[pipeline_id][meaning] = Limit(SIGNALS[meaning].usual if limit is None else limit, is_on)
    today = at.astimezone(ZoneInfo(zone)).date()
    return SignalSettings(Moment(at, zone, currency, Calendar(today, tuple(working_days))), dict(own))
