"""Customer periods in bulk (D-44): the same rule as one account's, for a batch."""

from collections.abc import Collection

from django.db import transaction

from crm.models import Account, CustomerPeriod


@transaction.atomic
def keep_customer_periods(*, account_ids: Collection[int]) -> None:
    """Bring the last period of each account in line with its two dates; a new start after an end is a new period."""
    accounts = list(Account.objects.filter(pk__in=account_ids, customer_since__isnull=False))
    if not accounts:
        return
    periods = (
        CustomerPeriod.objects.filter(account__in=accounts).order_by("account_id", "-from_on").distinct("account_id")
    )
    last = {period.account_id: period for period in periods}
    made, changed = [], []
    for account in accounts:
        period = last.get(account.pk)
        since, until = account.customer_since, account.churned_on
        if since is None:
            continue
        if period is None or (period.until_on is not None and period.until_on < since):
            made.append(CustomerPeriod(account=account, from_on=since, until_on=until))
        elif (period.from_on, period.until_on) != (since, until):
            period.from_on, period.until_on = since, until
            changed.append(period)
    CustomerPeriod.objects.bulk_create(made)
    CustomerPeriod.objects.bulk_update(changed, ["from_on", "until_on"])
