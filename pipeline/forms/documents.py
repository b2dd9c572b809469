"""What is asked where somebody attaches a file, writes a proposal, negotiates, or words a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField, MoneyFormField
from crm.forms.records import RecordForm
from pipeline.enums import NegotiationState
from pipeline.labels.documents import DOCUMENT_KINDS, NEGOTIATION_STATES, PACKAGES, TOPICS
from pipeline.models import DocumentTemplate, Opportunity
from pipeline.policies import proposals as policy
from pipeline.policies import templates
from pipeline.queries.opportunities import contacts_of

SPARE_LINES = 3  # empty ones below those that are filled


class FileForm(RecordForm):
    """A file and what it is."""

    file = forms.FileField(label=_("File"), max_length=500)
    note = forms.CharField(required=False, max_length=300, label=_("What it is"))

    def values(self) -> dict[str, Any]:
        """Return the file under the name it came with."""
        content = self.cleaned_data["file"]
        return {"name": content.name, "content": content, "note": self.cleaned_data["note"]}


class ProposalForm(RecordForm):
    """What is offered: a package, an amount, and line by line what it solves."""

    package = forms.ChoiceField(label=_("Package"), choices=PACKAGES.items, widget=forms.RadioSelect)
    amount = MoneyFormField(required=False, label=_("Amount"))
    note = forms.CharField(required=False, max_length=1000, label=_("Note"))
    version = forms.IntegerField(required=False, min_value=0, max_value=2_147_483_647, widget=forms.HiddenInput)
    override = forms.CharField(
        required=False, max_length=1000, label=_("Reason for going on without it, 20 characters or more"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, lines: list[policy.SolutionLine] | None = None, asks_reason: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason and "override" not in self.data:
            del self.fields["override"]
        self.is_new, known = lines is None, lines or []
        count = min(policy.MOST_LINES, max(len(known) + 1, SPARE_LINES))
        if self.is_bound:
            count = min(policy.MOST_LINES, max(count, sum(name.endswith("-challenge") for name in self.data)))
        for index in range(count):
            line = known[index] if index < len(known) else policy.SolutionLine("", "")
            self.fields |= _line_fields(index, line)
        self.line_count = count

    def values(self) -> dict[str, Any]:
        """Return what the commands take; empty lines are none."""
        given = self.cleaned_data
        lines = [
            policy.SolutionLine(given[f"{index}-challenge"], given[f"{index}-solution"])
            for index in range(self.line_count)
        ]
        return {
            **{name: given[name] for name in ("package", "amount", "note")},
            "lines": [line for line in lines if line.challenge or line.solution],
            **({"override": given.get("override", "")} if self.is_new else {"seen_version": given["version"] or 0}),
        }


def _line_fields(index: int, line: policy.SolutionLine) -> dict[str, forms.Field]:
    """Return the two fields of a line, which are told apart by its number."""
    numbered, texts = {"number": index + 1}, forms.Textarea(attrs={"rows": 2})
    given: dict[str, Any] = {"required": False}
    return {
        f"{index}-challenge": forms.CharField(
            **given, max_length=policy.CHALLENGE_LENGTH, initial=line.challenge,
            label=_("They struggle with (%(number)s)") % numbered,
        ),
        f"{index}-solution": forms.CharField(
            **given, max_length=policy.SOLUTION_LENGTH, initial=line.solution, widget=texts,
            label=_("We solve it by (%(number)s)") % numbered,
        ),
    }  # fmt: skip


class SentForm(RecordForm):
    """When the customer got it."""

    sent_on = DayField(label=_("Sent on"))
    seen_version = forms.IntegerField(min_value=0, max_value=2_147_483_647, widget=forms.HiddenInput)


class PointForm(RecordForm):
    """What the customer wants otherwise."""

    topic = forms.ChoiceField(label=_("What about"), choices=TOPICS.items, widget=forms.RadioSelect)
    asked = forms.CharField(max_length=500, label=_("What they ask for"), widget=forms.Textarea(attrs={"rows": 2}))
    contact_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Who asked"))
    asked_on = DayField(label=_("When"))

    def __init__(self, *args: Any, deal: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(contact.pk, str(contact)) for contact in contacts_of(deal)]
        self.fields["contact_id"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class SettleForm(RecordForm):
    """What came of it."""

    state = forms.ChoiceField(
        label=_("What came of it"), widget=forms.RadioSelect, initial=NegotiationState.AGREED,
        choices=[(state, words) for state, words in NEGOTIATION_STATES.items() if state != NegotiationState.OPEN],
    )  # fmt: skip
    answer = forms.CharField(
        required=False, max_length=500, label=_("What we agreed, or offered instead"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    settled_on = DayField(label=_("When"))
    seen_version = forms.IntegerField(min_value=0, max_value=2_147_483_647, widget=forms.HiddenInput)


class DocumentForm(RecordForm):
    """Which template is filled from the deal."""

    template_id = forms.TypedChoiceField(coerce=int, label=_("Template"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template_id"].choices = choices  # type: ignore[attr-defined]


class TemplateForm(RecordForm):
    """The words of a template."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DOCUMENT_KINDS.items)
    name = forms.CharField(max_length=templates.NAME_LENGTH, label=_("Name"))
    title = forms.CharField(max_length=templates.TITLE_LENGTH, label=_("Title of the document"))
    body = forms.CharField(
        max_length=templates.BODY_LENGTH, label=_("Text"), strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
    )  # fmt: skip
    number = forms.IntegerField(required=False, min_value=0, max_value=32_767, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: DocumentTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is not None:
            del self.fields["kind"]

    def values(self) -> dict[str, Any]:
        """Return the words as the commands take them: of a new template its kind, of another the version that was seen."""
        given = dict(self.cleaned_data)
        number = given.pop("number")
        return given if "kind" in given else {**given, "seen_number": number or 0}
