"""How the API says which facts a deal misses, wherever it was to stand (D-17)."""

from crm.api.problems import Problem, refusal_json
from pipeline.commands.opportunities import MoveRefused


def missing_facts(refused: MoveRefused) -> Exception:
    """Return the problem that lists what is missing; without a list, the refusal itself."""
    if not refused.unmet:
        return refused
    missing = [
        {
            "code": criterion.code,
            "text": criterion.text,
            "ask": criterion.ask,
            "setpoint": criterion.setpoint_name,
            "gate": criterion.gate,
            "evidence": criterion.evidence,
        }
        for criterion in refused.unmet
    ]
    return Problem(
        422,
        "facts_missing",
        " ".join(criterion.text for criterion in refused.unmet),
        refusals=[refusal_json(refusal) for refusal in refused.refusals],
        missing=missing,
        override_allowed=refused.override_allowed,
    )
