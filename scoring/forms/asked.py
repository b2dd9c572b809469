"""The words for the codes that rules compare with."""

from crm.labels import ACCOUNT_KINDS, CHANNELS, SENIORITIES
from pipeline.labels import APPROACHES
from scoring.facts import Condition
from scoring.policies.asking import values_of
from scoring.queries.choices import get_coded_names

Asked = dict[str, dict[str, str]]  # by field, the codes with their words


def value_in_words(condition: Condition, asked: Asked) -> str:
    """Return what a condition compares with, codes as the words people know them by."""
    words = asked.get(condition.field, {})
    return ", ".join(str(words.get(str(each), each)) for each in values_of(condition))


def get_asked_values() -> Asked:
    """Return, for each field of rules that holds codes, the codes with their words."""
    seniorities = {str(code): str(words) for code, words in SENIORITIES.items()}
    return {
        "lead.seniority": seniorities,
        "contact.seniority": seniorities,
        "lead.channel": {str(code): str(words) for code, words in CHANNELS.items()},
        "account.kind": {str(code): str(words) for code, words in ACCOUNT_KINDS.items()},
        "lead.approach": {str(code): str(words) for code, words in APPROACHES.items()},
    } | get_coded_names()
