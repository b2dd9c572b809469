"""Keeping a draft as rows: its settings, its rules, its groups."""

from scoring.facts import ModelFacts
from scoring.models import ScoringGroup, ScoringModel, ScoringRule
from scoring.policies.model_facts import write_group, write_model, write_rule


def store_model(draft: ScoringModel, facts: ModelFacts) -> None:
    """Make the rows of a locked draft say what `facts` say; rows that stay keep their keys."""
    settings = write_model(facts)
    for name, value in settings.items():
        setattr(draft, name, value)
    draft.save(update_fields=[*settings, "version"])
    _drop_rules(draft, {rule.code for rule in facts.rules})
    groups = _store_groups(draft, facts)
    _store_rules(draft, facts, groups)


def _drop_rules(draft: ScoringModel, kept: set[str]) -> None:
    draft.rules.exclude(code__in=kept).delete()


def _store_groups(draft: ScoringModel, facts: ModelFacts) -> dict[str, ScoringGroup]:
    known = {group.code: group for group in draft.groups.all()}
    for order, group in enumerate(facts.groups):
        row = known.setdefault(group.code, ScoringGroup(model=draft, code=group.code))
        for name, value in {**write_group(group), "order": order}.items():
            setattr(row, name, value)
    gone = set(known) - {group.code for group in facts.groups}
    stored = [row for row in known.values() if row.pk and row.code not in gone]
    ScoringGroup.objects.bulk_create([row for row in known.values() if row.pk is None])
    if stored:
        ScoringGroup.objects.bulk_update(stored, [*write_group(facts.groups[0]), "order"])
    draft.groups.filter(code__in=gone).delete()
    return known


def _store_rules(draft: ScoringModel, facts: ModelFacts, groups: dict[str, ScoringGroup]) -> None:
    known = {rule.code: rule for rule in draft.rules.all()}
    for order, rule in enumerate(facts.rules):
        row = known.setdefault(rule.code, ScoringRule(model=draft, code=rule.code))
        row.group = groups.get(rule.group)
        for name, value in {**write_rule(rule), "order": order}.items():
            setattr(row, name, value)
    stored = [row for row in known.values() if row.pk]
    ScoringRule.objects.bulk_create([row for row in known.values() if row.pk is None])
    if stored:
        ScoringRule.objects.bulk_update(stored, [*write_rule(facts.rules[0]), "order", "group"])
