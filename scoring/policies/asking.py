"""What conditions may ask for: a closed list of fields, each with the ways it can be compared (S-3)."""

from scoring.enums import FieldKind, Operator
from scoring.facts import Condition
from scoring.policies.conditions import PROPERTY

# As `commands.known` keeps them.
FIELDS: dict[str, FieldKind] = {
    "lead.industry": FieldKind.TEXT,
    "lead.employee_count": FieldKind.NUMBER,
    "lead.country": FieldKind.CHOICE,
    "lead.seniority": FieldKind.CHOICE,
    "lead.job_title": FieldKind.TEXT,
    "lead.company": FieldKind.TEXT,
    "lead.technologies": FieldKind.TEXT,
    "lead.channel": FieldKind.CHOICE,
    "lead.source": FieldKind.CHOICE,
    "lead.campaign": FieldKind.CHOICE,
    "lead.approach": FieldKind.CHOICE,
    "lead.email_domain": FieldKind.TEXT,
    "account.industry": FieldKind.TEXT,
    "account.employee_count": FieldKind.NUMBER,
    "account.annual_revenue": FieldKind.NUMBER,
    "account.country": FieldKind.CHOICE,
    "account.city": FieldKind.TEXT,
    "account.growth_stage": FieldKind.TEXT,
    "account.kind": FieldKind.CHOICE,
    "account.technologies": FieldKind.TEXT,
    "contact.seniority": FieldKind.CHOICE,
    "contact.job_title": FieldKind.TEXT,
    "contact.department": FieldKind.TEXT,
    "contact.persona": FieldKind.CHOICE,
    "contact.country": FieldKind.CHOICE,
    "contact.language": FieldKind.CHOICE,
}
SEVERAL = frozenset({"lead.technologies", "account.technologies"})  # these hold many values at once
_SAME = (Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN, Operator.KNOWN, Operator.UNKNOWN)
_TEXT = (*_SAME, Operator.CONTAINS, Operator.STARTS_WITH)
_NUMBER = (Operator.AT_LEAST, Operator.AT_MOST, Operator.IS, Operator.IS_NOT, Operator.KNOWN, Operator.UNKNOWN)
OPERATORS: dict[FieldKind, tuple[Operator, ...]] = {
    FieldKind.TEXT: _TEXT,
    FieldKind.CHOICE: _SAME,
    FieldKind.NUMBER: _NUMBER,
    FieldKind.ANY: tuple(Operator),
}
WITHOUT_VALUE = frozenset({Operator.KNOWN, Operator.UNKNOWN})
WITH_LIST = frozenset({Operator.IN, Operator.NOT_IN})
WITH_NUMBER = frozenset({Operator.AT_LEAST, Operator.AT_MOST})
LONGEST_PROPERTY = 100


def kind_of(name: str) -> FieldKind | None:
    """Return what kind a field is, None for one that nobody keeps."""
    if name.startswith(PROPERTY):
        return FieldKind.ANY if len(PROPERTY) < len(name) <= len(PROPERTY) + LONGEST_PROPERTY else None
    return FIELDS.get(name)


def as_number(value: object) -> float | None:
    """Return a finite number, None for what is none."""
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever it is, it is one or it raises
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None  # beyond what columns hold; NaN is out too


def values_of(condition: Condition) -> tuple[object, ...]:
    """Return what a condition compares with."""
    value = condition.value
    if isinstance(value, tuple):
        return value
    return () if value is None or value == "" else (value,)
