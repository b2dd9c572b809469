"""What the organisation assumes when it judges deals, and what an hour costs; both hold from a day on (B16)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.commands.grants import require_administrator
from crm.commands.jobs import enqueue_job
from crm.lib.values import Money
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.attention import REFRESH_SIGNALS
from pipeline.commands.economics.refused import refuse
from pipeline.commands.economics.rows import write
from pipeline.models import CostRate, EconomicAssumptions
from pipeline.policies.economics import assumption_refusals, rate_refusals


@transaction.atomic
def set_assumptions(
    *,
    by: User | None,
    at: datetime,
    margin_floor: Decimal | None = None,
    churn: Decimal | None = None,
    horizon_months: int = 60,
    payback_limit_months: int | None = None,
    onboarding: Money | None = None,
    lead: Money | None = None,
    pursuit: Money | None = None,
    source_name: str = "",
) -> EconomicAssumptions:
    """Say what is assumed from today on; said again on the same day it replaces that day's. Deals follow by a job.

    What stands already changes nothing.

    :raises NotPermitted: only an administrator may
    :raises EconomicsRefused: a value may not stand in its field
    """
    require_administrator(by)
    wanted: dict[str, Any] = {
        "margin_floor": margin_floor, "churn": churn, "horizon_months": horizon_months,
        "payback_limit_months": payback_limit_months, "onboarding": onboarding, "lead": lead, "pursuit": pursuit,
        "source_name": source_name.strip(),
    }  # fmt: skip
    refuse(assumption_refusals(wanted))
    today = get_local_date(at)
    wait_turn("economic assumptions")  # a day has one
    standing = EconomicAssumptions.objects.filter(valid_from__lte=today).order_by("-valid_from").first()
    if standing is not None and all(getattr(standing, name) == value for name, value in wanted.items()):
        return standing
    if standing is None or standing.valid_from != today:
        standing = EconomicAssumptions.objects.create(valid_from=today, **wanted)
    else:
        write(standing, wanted)
    enqueue_job(task=REFRESH_SIGNALS, kwargs={}, at=at, key=f"{REFRESH_SIGNALS}:assumptions:{at.isoformat()}")
    return standing


@transaction.atomic
def set_cost_rate(*, kind: str, hourly: Money | None, by: User | None, at: datetime) -> CostRate:
    """Say what an hour of a kind costs from today on; hours logged before keep the rate of their day.

    :raises NotPermitted: only an administrator may
    :raises EconomicsRefused: a value may not stand in its field
    """
    require_administrator(by)
    refuse(rate_refusals(kind=kind, hourly=hourly))
    today = get_local_date(at)
    wait_turn("cost rates")  # a day has one
    standing = CostRate.objects.filter(kind=kind, valid_from__lte=today).order_by("-valid_from").first()
    if standing is not None and standing.hourly == hourly:
        return standing
    if standing is None or standing.valid_from != today:
        return CostRate.objects.create(kind=kind, hourly=hourly, valid_from=today)
    write(standing, {"hourly": hourly})
    return standing


@transaction.atomic
def set_cost_rates(*, rates: Mapping[str, Money | None], by: User | None, at: datetime) -> list[CostRate]:
    """Say what an hour of several kinds costs from today on; a kind without a rate is left as it is.

    :raises NotPermitted: only an administrator may
    :raises EconomicsRefused: a value may not stand in its field
    """
    require_administrator(by)
    return [set_cost_rate(kind=kind, hourly=hourly, by=by, at=at) for kind, hourly in rates.items() if hourly]
