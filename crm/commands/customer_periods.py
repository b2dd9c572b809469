"""Customer periods (D-44), of one account or of a batch."""

from collections.abc import Collection

from django.db import transaction

from crm.models import Account, CustomerPeriod


@transaction.atomic
def keep_customer_periods(*, account_ids: Collection[int]) -> None:
    """Bring the periods of each account in line with its two dates.

    A start after an end is a new period. Any other start corrects the last period; what it reaches back over was
    part of it.
    """
    accounts = list(Account.objects.filter(pk__in=account_ids, customer_since__isnull=False))
    known: dict[int, list[CustomerPeriod]] = {}
    for period in CustomerPeriod.objects.filter(account__in=accounts).order_by("-from_on"):
        known.setdefault(period.account_id, []).append(period)
    made, changed, swallowed = [], [], []
    for account in accounts:
        since, until = account.customer_since, account.churned_on
        periods = known.get(account.pk, [])
        last = periods[0] if periods else None
        if since is None or (last and (last.from_on, last.until_on) == (since, until)):
            continue
        if last is None or (last.until_on is not None and last.until_on < since):
            made.append(CustomerPeriod(account=account, from_on=since, until_on=until))
            continue
        swallowed += [period.pk for period in periods[1:] if period.until_on is None or period.until_on >= since]
        last.from_on, last.until_on = since, until
        changed.append(last)
    CustomerPeriod.objects.filter(pk__in=swallowed).delete()
    CustomerPeriod.objects.bulk_create(made)
    CustomerPeriod.objects.bulk_update(changed, ["from_on", "until_on"])
