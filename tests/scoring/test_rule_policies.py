"""What rules may say, what is odd about them, how versions differ, what an edit makes of a draft."""

from dataclasses import replace
from typing import Any

import pytest

from crm.lib.values import Refusal
from scoring.enums import Counting, DecayKind, Operator, ScorePart
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.policies.changes import changes
from scoring.policies.drafts import edit, moved, new_code
from scoring.policies.lint import BLOCKING, lint
from scoring.policies.model_facts import model_facts, write_group, write_model, write_rule
from scoring.policies.rules import refusals
from tests.scoring.examples import DEMO, MODEL, PRICING, RULES, rule

HALF_LIFE = Decay(DecayKind.HALF_LIFE, days=30)
BIG = Condition("lead.employee_count", Operator.AT_LEAST, 200)

MINUTES = Condition("property.minutes", Operator.AT_LEAST, 10)


def demos(where: Condition) -> EventCondition:
    return EventCondition(frozenset({DEMO}), 2, 7, where)


def fit(*conditions: Condition | EventCondition, **given: Any) -> RuleFacts:
    return RuleFacts(
        "big", "Big", ScorePart.FIT, frozenset(), 20, counting=Counting.WHILE, conditions=conditions, **given
    )


def with_rule(each: RuleFacts, **given: Any) -> ModelFacts:
    return replace(MODEL, rules=(*RULES, each), **given)


def codes(found: list[Refusal]) -> list[tuple[str, str]]:
    return [(each.code, dict(each.params)["field"]) for each in found]


@pytest.mark.parametrize(
    ("model", "code", "field"),
    [
        (replace(MODEL, threshold=-1), "threshold_out_of_range", "threshold"),
        (replace(MODEL, floor=50), "floor_out_of_range", "floor"),
        (replace(MODEL, ceiling=49), "ceiling_out_of_range", "ceiling"),
        (replace(MODEL, fit_limits=(1, 2, 3)), "limits_needed", "interest_limits"),
        (replace(MODEL, fit_limits=(1, 1, 3), interest_limits=(1, 2, 3)), "limits_not_rising", "fit_limits"),
        (with_rule(fit()), "condition_needed", "big-conditions"),
        (with_rule(fit(BIG, decay=HALF_LIFE)), "fit_never_fades", "big-decay_kind"),
        (with_rule(fit(BIG, fast_track=True)), "fast_track_needs_event", "big-fast_track"),
        (with_rule(fit(BIG, least=5, most=4)), "least_above_most", "big-least"),
        (with_rule(fit(BIG, group="gone")), "unknown_group", "big-group"),
        (with_rule(fit(Condition("lead.email", Operator.KNOWN))), "unknown_field", "big-conditions-0"),
        (with_rule(fit(Condition("property.x", Operator.KNOWN))), "property_needs_event", "big-conditions-0"),
        (with_rule(fit(replace(BIG, operator=Operator.CONTAINS))), "operator_does_not_fit", "big-conditions-0"),
        (with_rule(fit(replace(BIG, value="1e400"))), "number_needed", "big-conditions-0"),
        (with_rule(fit(replace(BIG, value=float("nan")))), "number_needed", "big-conditions-0"),
        (with_rule(fit(replace(BIG, value=""))), "value_needed", "big-conditions-0"),
        (with_rule(fit(EventCondition(frozenset({"x"})))), "unknown_type", "big-conditions-0"),
        (with_rule(fit(EventCondition(frozenset({DEMO}), times=-1))), "times_out_of_range", "big-conditions-0"),
        (with_rule(fit(EventCondition(frozenset({DEMO}), days=366))), "lately_out_of_range", "big-conditions-0"),
        (with_rule(fit(demos(replace(BIG, value=1)))), "only_a_property", "big-conditions-0"),
        (
            with_rule(fit(demos(Condition(f"property.{'x' * 10_000}", Operator.KNOWN)))),
            "unknown_field",
            "big-conditions-0",
        ),
        (with_rule(fit(demos(Condition("property.a\x00", Operator.KNOWN)))), "unknown_field", "big-conditions-0"),
        (with_rule(fit(demos(replace(MINUTES, value=float("inf"))))), "number_needed", "big-conditions-0"),
        (with_rule(fit(demos(replace(MINUTES, value="ten")))), "number_needed", "big-conditions-0"),
        (with_rule(fit(demos(replace(MINUTES, value=None)))), "value_needed", "big-conditions-0"),
        (with_rule(rule("other", "made_up", 5)), "unknown_type", "other-event_types"),
        (with_rule(rule("A b", DEMO, 5)), "not_a_code", "code"),
        (with_rule(replace(rule("x", DEMO, 5), event_types=frozenset())), "events_needed", "x-event_types"),
        (with_rule(rule("webinar", DEMO, 5)), "twice", "webinar-code"),
        (
            with_rule(rule("x", DEMO, 5, decay=Decay(DecayKind.STEP, steps=((90, 50), (30, 100))))),
            "bad_steps",
            "x-decay_steps",
        ),
        (with_rule(rule("x", DEMO, 5, decay=Decay(DecayKind.HALF_LIFE, days=0))), "days_out_of_range", "x-decay_days"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_rules_may_not_say(model: ModelFacts, code: str, field: str) -> None:
    types = {each for known in RULES for each in known.event_types}
    assert codes(refusals(model, known_types=types)) == [(code, field)]


def test_what_stands_is_not_refused() -> None:
    faded = replace(rule("x", PRICING, 5), decay=Decay(DecayKind.STEP, steps=((30, 100), (90, 50))), most=20)
    model = with_rule(faded, fit_limits=(0, 5, 10), interest_limits=(10, 20, 30), ceiling=100, floor=-10)
    assert refusals(model) == []
    assert refusals(with_rule(fit(BIG, Condition("lead.country", Operator.IN, ("EE", "LV"))))) == []


@pytest.mark.parametrize(
    ("model", "code"),
    [
        (replace(MODEL, rules=tuple(replace(each, decay=HALF_LIFE) for each in RULES[:1])), "fades_twice"),
        (with_rule(fit(BIG, Condition("lead.employee_count", Operator.AT_MOST, 50))), "matches_nobody"),
        (
            with_rule(
                fit(
                    Condition("lead.country", Operator.IS, "EE"), Condition("lead.country", Operator.NOT_IN, ("ee", "LV"))
                )
            ),
            "matches_nobody",
        ),
        (with_rule(fit(BIG, Condition("lead.employee_count", Operator.UNKNOWN))), "matches_nobody"),
        (with_rule(fit(demos(MINUTES), EventCondition(frozenset({DEMO, PRICING}), 0, 7))), "matches_nobody"),
        (with_rule(rule("x", DEMO, 5, conditions=(EventCondition(frozenset({DEMO}), 0, 30),))), "matches_nobody"),
        (with_rule(fit(Condition("lead.country", Operator.IS_NOT, "US"))), "matches_everybody"),
        (with_rule(fit(EventCondition(frozenset({DEMO}), 0, 0))), "matches_everybody"),
        (replace(MODEL, rules=(fit(BIG),)), "out_of_reach"),
        (replace(MODEL, rules=(replace(RULES[0], most=40),)), "out_of_reach"),
        (with_rule(rule("other", PRICING, 3)), "says_the_same"),
        (with_rule(rule("nothing", "page_viewed", 0)), "gives_nothing"),
        (with_rule(rule("endless", "page_viewed", 1, cap_count=0)), "counts_without_end"),
        (replace(MODEL, fit_limits=(5, 10, 20), interest_limits=(1, 2, 3)), "grade_without_fit"),
        (replace(MODEL, floor=45), "never_again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_nobody_can_have_meant(model: ModelFacts, code: str) -> None:
    assert [each.code for each in lint(model)] == [code]
    assert (code in BLOCKING) is (code in {"fades_twice", "matches_nobody", "out_of_reach"})


@pytest.mark.parametrize(
    "conditions",
    [
        (BIG, Condition("lead.employee_count", Operator.AT_MOST, 200)),
        (Condition("lead.technologies", Operator.IS, "SAP"), Condition("lead.technologies", Operator.IS, "Odoo")),
        (Condition("lead.industry", Operator.STARTS_WITH, "Fo"), Condition("lead.industry", Operator.CONTAINS, "dairy")),
        (Condition("lead.country", Operator.KNOWN), Condition("lead.country", Operator.IS_NOT, "US")),
        (demos(MINUTES), replace(demos(replace(MINUTES, value=60)), times=0)),
        (EventCondition(frozenset({DEMO}), 1, 30), EventCondition(frozenset({DEMO}), 0, 7)),
    ],
)  # fmt: skip
def test_what_can_hold_together_is_left_alone(conditions: tuple[Condition | EventCondition, ...]) -> None:
    assert lint(with_rule(fit(*conditions))) == []


def test_lint_lets_both_stand_where_it_is_meant() -> None:
    model = replace(MODEL, rules=tuple(replace(each, decay=HALF_LIFE) for each in RULES), fades_twice=True)
    assert lint(model) == []


def test_an_edit_adds_changes_removes_and_orders() -> None:
    given = edit(
        MODEL,
        settings={"threshold": 60, "fit_limits": (1, 2, 3)},
        rules={
            "webinar": {"points": 30, "group": "web"},
            "demo_request": None,
            "big": {
                "name": "Big",
                "part": ScorePart.FIT,
                "counting": Counting.WHILE,
                "conditions": (BIG,),
                "points": 9,
            },
        },
        groups={"web": {"name": "Web", "part": ScorePart.ENGAGEMENT, "most": 35}},
        order=["big", "webinar"],
    )
    assert [(each.code, each.points, each.part, each.group) for each in given.rules] == [
        ("big", 9, "fit", ""), ("webinar", 30, "engagement", "web"), ("pricing_page", 10, "behaviour", ""),
        ("whitepaper", 15, "behaviour", ""),
    ]  # fmt: skip
    found = changes(MODEL, given)
    assert [(each.field, each.rule or each.group) for each in found] == [
        ("threshold", ""), ("fit_limits", ""), ("added", "web"), ("added", "big"), ("part", "webinar"),
        ("points", "webinar"), ("group", "webinar"), ("removed", "demo_request"), ("order", ""),
    ]  # fmt: skip
    assert changes(given, given) == []
    without = edit(given, settings={}, rules={}, groups={"web": None})
    assert (without.groups, without.rules[1].group) == ((), "")


def test_columns_give_back_what_was_written() -> None:
    model = with_rule(
        replace(fit(BIG, demos(MINUTES), EventCondition(frozenset({DEMO}), 0, 0)), group="web"),
        groups=(GroupFacts("web", "Web", ScorePart.FIT, most=35),),
    )
    model = replace(
        model, rules=(*model.rules[:-1], replace(model.rules[0], code="f", decay=HALF_LIFE), model.rules[-1])
    )
    rows = [
        {**write_rule(each), "code": each.code, "group_id": 7 if each.group else None, "id": number}
        for number, each in enumerate(model.rules)
    ]
    groups = [{**write_group(each), "code": each.code, "id": 7} for each in model.groups]
    stored = {**write_model(model), "id": 1, "number": 1, "published_at": None}
    assert model_facts(stored, rules=rows, groups=groups, silent_types=model.silent_types) == model


def test_codes_and_places() -> None:
    assert new_code("Külastab hinnalehte!", {"kulastab_hinnalehte"}) == "kulastab_hinnalehte_2"
    assert new_code("日本", set()) == "rule"
    assert moved(["a", "b", "c"], "a", among={"a", "c"}, by=1) == ["c", "b", "a"]
    assert moved(["a", "b"], "b", among={"a", "b"}, by=1) == ["a", "b"]
