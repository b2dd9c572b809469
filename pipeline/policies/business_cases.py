"""What a business case may hold, what two people who change one at once both get, and how long it is shared (B28)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from crm.lib.values import Money, Refusal
from crm.policies.money import CURRENCIES, LARGEST, money_refusal
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts, CaseRowFacts

SHARED = "business-case"  # what the signature of its address is for
MOST_YEARS, MOST_ROWS, MOST_KPIS = 10, 20, 12
LONGEST_SHARE, USUAL_SHARE = timedelta(days=366), timedelta(days=30)
LENGTHS = {"justification": 1000, "measure": 300, "label": 200, "name": 120, "unit": 40, "our_part": 300}
HEAD = tuple(each.name for each in fields(CaseFacts) if each.name not in ("kpis", "rows"))
Part = TypeVar("Part", CaseKpiFacts, CaseRowFacts)
Seen = Mapping[str, str]
AnyPart = CaseKpiFacts | CaseRowFacts


def row_of(side: CaseSide, label: str, at_start: Decimal, yearly: Sequence[Decimal], **more: Any) -> CaseRowFacts:
    """Return a row as it is kept: without the zeros at its end."""
    amounts = list(yearly)
    while amounts and not amounts[-1]:
        amounts.pop()
    return CaseRowFacts(side, label.strip(), at_start, tuple(amounts), **more)


def parts_of(case: CaseFacts) -> tuple[AnyPart, ...]:
    """Return the customer's figures and the rows of a case."""
    return (*case.kpis, *case.rows)


def part_name(part: AnyPart) -> str:
    """Return what a part that is kept is called where changes meet."""
    return f"kpi:{part.kpi_id}" if isinstance(part, CaseKpiFacts) else f"row:{part.row_id}"


def digest(value: Any) -> str:
    """Return a short text that tells one value from another, for a form to say what it showed."""
    return sha256(repr(_plain(value)).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, CaseKpiFacts | CaseRowFacts):
        return [_plain(getattr(value, each.name)) for each in fields(value)]
    return [_plain(each) for each in value] if isinstance(value, tuple) else str(value)


def digests(case: CaseFacts) -> dict[str, str]:
    """Return the digest of every field, row and figure of a case."""
    head = {name: digest(getattr(case, name)) for name in HEAD}
    return head | {part_name(part): digest(part) for part in parts_of(case)}


def merge(current: CaseFacts, wanted: CaseFacts, *, seen: Seen) -> tuple[CaseFacts, dict[str, Any]]:
    """Return the case with what one person changed since `seen` on top of what stands, and what both changed.

    Of what both changed, to other values, `current` says what stands; a part one of them took away is None there.
    """
    stale: dict[str, Any] = {}
    head = {name: _merged(name, getattr(current, name), getattr(wanted, name), seen, stale) for name in HEAD}
    kpis = _merged_parts(current.kpis, wanted.kpis, seen, stale)
    rows = _merged_parts(current.rows, wanted.rows, seen, stale)
    return replace(wanted, **head, kpis=kpis, rows=rows), stale


def _merged(name: str, now: Any, wanted: Any, seen: Seen, stale: dict[str, Any]) -> Any:
    if name not in seen or seen[name] == digest(now) or now == wanted:
        return wanted
    if seen[name] == digest(wanted):
        return now
    stale[name] = now
    return now


def _merged_parts(
    current: Sequence[Part], wanted: Sequence[Part], seen: Seen, stale: dict[str, Any]
) -> tuple[Part, ...]:
    now = {part_name(part): part for part in current}
    kept: list[Part] = []
    for part in wanted:
        name = part_name(part)
        if name in seen and name not in now:  # somebody took it away
            if seen[name] != digest(part):
                stale[name] = None
            continue
        kept.append(_merged(name, now[name], part, seen, stale) if name in now else part)
    sent = {part_name(part) for part in wanted}
    for name, part in now.items():
        if name in sent:
            continue
        if name not in seen:
            kept.append(part)  # added by somebody since
        elif seen[name] != digest(part):
            stale[name] = part
    return tuple(kept)


def case_refusals(case: CaseFacts, *, known: CaseFacts | None, today: date) -> list[Refusal]:
    """Return every reason why a case may not be kept like this; `known` is what stands."""
    refused = [*_head_refusals(case, today)]
    refused += _too_many("rows", Counter(row.side for row in case.rows).values(), MOST_ROWS)
    refused += _too_many("kpis", [len(case.kpis)], MOST_KPIS)
    kpis = Counter(kpi.name.casefold() for kpi in case.kpis)
    refused += [Refusal.of("case_kpi_twice", field="kpis", name=name) for name, n in kpis.items() if n > 1]
    ids = {part_name(part) for part in parts_of(known)} if known else set()
    for part in parts_of(case):
        refused += _part_refusals(part, case, ids)
    names = {kpi.name for kpi in case.kpis}
    refused += [
        Refusal.of("case_kpi_unknown", field="rows", name=r.kpi) for r in case.rows if r.kpi not in names | {""}
    ]
    return refused


def _head_refusals(case: CaseFacts, today: date) -> list[Refusal]:
    refused = []
    if case.currency not in CURRENCIES:
        refused.append(Refusal.of("unknown_currency", field="currency", value=case.currency[:10]))
    if not 1 <= case.years <= MOST_YEARS:
        refused.append(Refusal.of("case_years", field="years", most=MOST_YEARS))
    if not (case.discount_rate.is_finite() and 0 <= case.discount_rate <= 1):
        refused.append(Refusal.of("case_rate", field="discount_rate"))
    if (case.co_built_with_id is None) != (case.co_built_on is None):
        missing = "co_built_with_id" if case.co_built_with_id is None else "co_built_on"
        refused.append(Refusal.of("case_co_built_whole", field=missing))
    if case.co_built_on is not None and case.co_built_on > today:
        refused.append(Refusal.of("said_in_future", field="co_built_on"))
    return refused + _lengths(case, "justification", "measure")


def _part_refusals(part: AnyPart, case: CaseFacts, ids: set[str]) -> list[Refusal]:
    if isinstance(part, CaseKpiFacts):
        gone = part.kpi_id is not None and part_name(part) not in ids
        return [Refusal.of("case_part_gone", field="kpis")] if gone else _kpi_refusals(part)
    gone = part.row_id is not None and part_name(part) not in ids
    return [Refusal.of("case_part_gone", field="rows")] if gone else _row_refusals(part, case)


def _kpi_refusals(kpi: CaseKpiFacts) -> list[Refusal]:
    refused = _lengths(kpi, "name", "unit", "our_part", field="kpis")
    if not kpi.name:
        refused.append(Refusal.of("case_kpi_named", field="kpis"))
    if any(not number.is_finite() or abs(number) > LARGEST for number in (kpi.now, kpi.goal) if number is not None):
        refused.append(Refusal.of("amount_too_large", field="kpis"))
    return refused


def _row_refusals(row: CaseRowFacts, case: CaseFacts) -> list[Refusal]:
    refused = _lengths(row, "label", field="rows")
    if not row.label:
        refused.append(Refusal.of("case_row_named", field="rows"))
    if len(row.yearly) > case.years:
        refused.append(Refusal.of("case_row_beyond", field="rows", years=case.years))
    if case.currency in CURRENCIES:
        amounts = (row.at_start, *row.yearly)
        wrong = [money_refusal(Money(amount, case.currency), field="rows") for amount in amounts]
        refused += [refusal for refusal in dict.fromkeys(wrong) if refusal is not None]
    return refused


def _lengths(of: Any, *names: str, field: str = "") -> list[Refusal]:
    long = [name for name in names if len(getattr(of, name)) > LENGTHS[name]]
    return [Refusal.of("too_long", field=field or name, limit=LENGTHS[name]) for name in long]


def _too_many(field: str, counts: Any, most: int) -> list[Refusal]:
    return [Refusal.of("case_too_many", field=field, most=most)] if any(count > most for count in counts) else []


def share_refusals(until: date, *, today: date, is_archived: bool) -> list[Refusal]:
    """Return why a case may not be shared until a day."""
    if is_archived:
        return [Refusal.of("deal_archived")]
    if not today <= until <= today + LONGEST_SHARE:
        return [Refusal.of("case_share_until", field="until", most=LONGEST_SHARE.days)]
    return []
