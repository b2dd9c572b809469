"""Values every app shares. No Django here, so that policies and figures may use them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; `currency` is an ISO 4217 code."""

    amount: Decimal
    currency: str

    def rounded(self) -> "Money":
        """Return the amount to two places, half to even (B0)."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_EVEN), self.currency)

    def as_json(self) -> dict[str, str]:
        """Return the API's form, e.g. `{"amount": "1250.00", "currency": "EUR"}`."""
        return {"amount": str(self.amount.quantize(CENT, ROUND_HALF_EVEN)), "currency": self.currency}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why not: a stable code with its parameters. Edges make the sentence."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **params: object) -> "Refusal":
        """Build a refusal with sorted, textual parameters."""
        return cls(code, tuple(sorted((name, str(value)) for name, value in params.items())))
