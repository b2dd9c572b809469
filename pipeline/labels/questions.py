"""The words for what is asked of those who deliver, and what they say was delivered (EE-063, EE-098)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend
from pipeline.models import OpportunityEvent

extend(
    "refusal",
    {
        "cannot_be_asked": _("Choose somebody in product, delivery or operations."),
        "question_of_another": _("This was asked of somebody else."),
        "question_answered": _("This was answered already."),
    },
)


def question_words(event: OpportunityEvent, old: Any, new: Mapping[str, Any], names: Any) -> dict[str, str]:
    """Return a question to those who deliver, or its answer, for the history of its deal."""
    text, answer = new.get("text", ""), new.get("answer", "")
    sentence = gettext("Answered: %(text)s") if answer else gettext("Asked: %(text)s")
    words = {"label": gettext("Question"), "new": answer or text, "sentence": sentence % {"text": text}}
    return words | ({"note": answer} if answer else {})


def delivery_words(event: OpportunityEvent, old: Any, new: Mapping[str, Any], names: Any) -> dict[str, str]:
    """Return whether it was delivered as sold, for the history of its deal."""
    said = gettext("as sold") if new.get("as_sold") else gettext("something differs")
    sentence = gettext("Delivered: %(said)s") % {"said": said}
    return {"label": gettext("Delivered"), "new": said, "sentence": sentence, "note": event.detail.get("gap", "")}
