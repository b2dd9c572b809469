"""Which amounts may be entered (D-5)."""

from decimal import Decimal

from babel.numbers import get_currency_precision, list_currencies

from crm.lib.values import Money, Refusal

LARGEST = Decimal("99999999999999.99")  # numeric(16,2)
CURRENCIES = frozenset(code for code in list_currencies() if len(code) == 3)


def money_refusal(money: Money, *, field: str = "amount", negative: bool = False) -> Refusal | None:
    """Return why the amount cannot be stored, or None: currency, size, or more decimals than its currency has."""
    if money.currency not in CURRENCIES:
        return Refusal.of("unknown_currency", field=field, value=money.currency[:10])
    if not money.amount.is_finite() or abs(money.amount) > LARGEST:
        return Refusal.of("amount_too_large", field=field)
    if money.amount < 0 and not negative:
        return Refusal.of("amount_negative", field=field)
    decimals = min(2, get_currency_precision(money.currency))
    if money.amount != round(money.amount, decimals):
        return Refusal.of("too_many_decimals", field=field, currency=money.currency, decimals=decimals)
    return None
