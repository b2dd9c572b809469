"""Amounts as people type them: 48k, 48 000, 48.000,00. No Django here."""

import re
from decimal import Decimal

FACTORS = {"": 1, "k": 1000, "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000}
TYPED = re.compile(r"^([-+]?)(\d[\d.,' \u00a0\u202f]*?)\s*(k|mn|mln|m)?$", re.IGNORECASE)
LONGEST = 40


class AmountUnclear(ValueError):
    """The text is no amount (`code` unreadable), or could be two (`ambiguous`)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_amount(text: str, *, decimal_mark: str = ".") -> Decimal:
    """Read an amount; `decimal_mark` is the person's own, and decides what one lone mark before three digits is.

    :raises AmountUnclear: it is no number, or `1.234` could mean two
    """
    typed = text.strip().replace("\u2212", "-")
    match = TYPED.match(typed) if len(typed) <= LONGEST else None
    if match is None:
        raise AmountUnclear("unreadable")
    sign, digits, factor = match[1], re.sub(r"[ '\u00a0\u202f]", "", match[2]), (match[3] or "").lower()
    amount = Decimal(sign + _plain(digits, decimal_mark, scaled=bool(factor))) * FACTORS[factor]
    return amount.normalize() + 0 if amount == amount.to_integral_value() else amount


def _plain(digits: str, decimal_mark: str, *, scaled: bool) -> str:
    marks = [character for character in digits if character in ".,"]
    if not marks:
        return digits
    kinds = set(marks)
    whole, _, rest = digits.rpartition(marks[-1])
    if len(kinds) == 2:  # the last kind is the decimal one: 48.000,00
        if marks.count(marks[-1]) > 1 or not _grouped(whole, next(iter(kinds - {marks[-1]}))):
            raise AmountUnclear("unreadable")
        return f"{re.sub('[.,]', '', whole)}.{rest}"
    if len(marks) > 1:
        if not _grouped(digits, marks[0]):
            raise AmountUnclear("unreadable")
        return digits.replace(marks[0], "")
    if len(rest) != 3 or scaled or whole in ("0", ""):
        return f"{whole or '0'}.{rest}"
    if marks[0] == decimal_mark:
        raise AmountUnclear("ambiguous")
    return whole + rest


def _grouped(digits: str, mark: str) -> bool:
    first, *groups = digits.split(mark)
    return 0 < len(first) <= 3 and all(len(group) == 3 for group in groups)
