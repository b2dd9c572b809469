"""What rules would have done with one lead, and how that adds up to every threshold at once (S-7, B22)."""

import random
from dataclasses import replace
from datetime import timedelta

from scoring.facts import ModelFacts, Moment
from scoring.figures.evidence import get_calibration
from scoring.figures.hits import get_hits
from scoring.figures.what_if import STEPS, WEEKS, get_choices, get_effect, get_qualities, get_suggested
from scoring.policies.model_facts import model_facts
from scoring.policies.score import replay
from scoring.policies.simulated import Sums, merge
from scoring.policies.simulation import HIGHEST, PastLead, Trace, trace
from scoring.policies.snapshots import read_snapshot, write_snapshot
from tests.scoring.examples import DEMO, MODEL, PAPER, PRICING, TABLE, TALLINN, WEBINAR, day, event
from tests.scoring.random_schemes import SILENT, START, random_history, random_model

AS_OF = day(200)


def some_model(seed: int) -> ModelFacts:
    row = random_model(random.Random(seed))
    return model_facts(row, rules=row["rules"], groups=row["groups"], silent_types=SILENT)


def some_history(seed: int) -> list[Moment]:
    return [Moment(*happened) for happened in random_history(random.Random(seed))]


def run(moments=TABLE, *, model=MODEL, mark=AS_OF) -> Trace:  # type: ignore[no-untyped-def]
    return trace(moments, model=model, zones=TALLINN, mark=mark, as_of=AS_OF)


def test_a_lead_is_judged_as_sales_took_it_over_or_after_thirty_days():
    lead = PastLead(1, day(0))
    assert lead.mark == day(30)
    assert replace(lead, crossed_at=day(12), answered_at=day(13)).mark == day(12)
    answered = replace(lead, answered_at=day(11), qualified_at=day(91)).mark
    assert day(11) - timedelta(seconds=1) < answered < day(11)
    assert replace(lead, qualified_at=day(91)).became(day(0)) == "m"
    assert replace(lead, qualified_at=day(90)).became(day(0)) == "k"
    assert (lead.is_decided(day(89)), lead.is_decided(day(90))) == (False, True)


def test_what_happened_after_the_mark_teaches_nothing_but_still_crosses():
    found = run(mark=day(6))
    assert (found.score, found.highest, found.top) == (25, 25, 70)
    assert found.met == {0, 1}
    assert [(score, at) for at, score in found.records] == [(10, day(0)), (25, day(5)), (45, day(10)), (70, day(12))]
    late = run(mark=day(102))
    assert (late.score, late.highest) == (40, 70)  # silence took 30 by then


def test_a_fast_track_reaches_every_threshold():
    rules = tuple(replace(rule, fast_track=rule.code == "demo_request") for rule in MODEL.rules)
    found = run([event(0, DEMO, 1), event(1, PRICING, 2)], model=replace(MODEL, rules=rules), mark=day(5))
    assert (found.highest, found.top, found.score) == (HIGHEST, HIGHEST, 35)


def test_the_mark_is_what_a_replay_says():
    for seed in range(25):
        model, moments = some_model(seed), some_history(seed)
        mark = START + timedelta(days=seed * 4)
        found = trace(moments, model=model, zones=TALLINN, mark=mark, as_of=mark + timedelta(days=30))
        score = replay(moments, model=model, zones=TALLINN, as_of=mark)
        assert found.score == max(-100, min(300, int(score.score // 1)))
        assert found.fit == max(-100, min(300, int(score.fit // 1)))


def test_a_model_survives_being_kept_as_json():
    for seed in range(25):
        model = some_model(seed)
        assert read_snapshot(write_snapshot(model)) == replace(model, published_at=None)


def crossings(traces, threshold: int, since) -> int:  # type: ignore[no-untyped-def]
    """Count plainly who first reached a threshold in the last half year."""
    first = [next((at for at, score in found.records if score >= threshold), None) for found in traces]
    return sum(at is not None and at > since for at in first)


def test_one_try_tells_of_every_threshold():
    draft = replace(MODEL, threshold=40)
    chance, leads = random.Random(5), []
    for number in range(60):
        start = chance.uniform(0, 190)
        kinds = [chance.choice((PRICING, PAPER, WEBINAR, DEMO)) for _ in range(chance.randrange(7))]
        moments = [event(start + n, kind, number * 10 + n + 1) for n, kind in enumerate(kinds)]
        came = day(start)
        leads.append(
            (PastLead(number, came, owner_id=number % 3 or None, qualified_at=came if number % 4 else None), moments)
        )
    parts, traces = [], []
    for half in (leads[:25], leads[25:]):
        sums = Sums(draft=draft, published=MODEL, as_of=AS_OF, split_at=day(60))
        for lead, moments in half:
            tried = trace(moments, model=draft, zones=TALLINN, mark=lead.mark, as_of=AS_OF)
            traces.append(tried)
            sums.add(lead, tried, tried)
        parts.append(sums.as_json())
    result = merge(parts)
    since = AS_OF - timedelta(weeks=WEEKS)
    for threshold in (1, 25, 40, 50, 60, 75):
        effect = get_effect(result, threshold=threshold, published=50, as_of=AS_OF)
        expected = crossings(traces, threshold, since)
        assert round(effect.a_week.draft * WEEKS) == sum(week.draft for week in effect.weeks) == expected
        assert round(sum(rep.draft for rep in effect.reps) * WEEKS) == expected
        assert effect.newly == sum(threshold <= found.top < 50 for found in traces)
        assert effect.gone == sum(50 <= found.top < threshold for found in traces)
        decided = [pair for pair in zip(leads, traces, strict=True) if day(60) <= pair[0][0].created_at <= day(110)]
        reached = [lead.became(lead.created_at) == "k" for (lead, _), found in decided if found.highest >= threshold]
        assert (effect.draft.leads, effect.draft.qualified) == (len(reached), sum(reached))
    assert [row.threshold for row in get_choices(result)] == list(STEPS)
    assert sum(get_effect(result, threshold=50, published=50, as_of=AS_OF).histogram) == 60
    learned = get_calibration(result, codes=["demo_request"])
    assert learned.leads == sum(lead.is_decided(AS_OF) for lead, _ in leads)
    assert learned.rules[0].leads + learned.rules[0].others == learned.leads


def test_a_lead_drawn_by_lot_is_judged_from_the_draw_on_and_apart():
    lead = PastLead(1, day(0), answered_at=day(41), qualified_at=day(100), drawn_at=day(40))
    assert not lead.is_decided(AS_OF)  # called for the draw, not for its score
    assert replace(lead, drawn_at=day(95)).is_decided(AS_OF)  # its time was over by then
    assert lead.became(day(40)) == "k"
    tried, drawn = run(mark=lead.mark), run(mark=day(40))
    sums = Sums(draft=MODEL, published=MODEL, as_of=AS_OF, split_at=day(60))
    sums.add(lead, tried, tried, drawn=drawn)
    sums.add(PastLead(2, day(0)), tried, tried)
    learned = get_calibration(sums.as_json(), codes=["demo_request"])
    assert (learned.leads, learned.qualified, learned.drawn_leads) == (1, 0, 1)
    assert [(band.low, band.qualified) for band in learned.drawn if band.leads] == [(50, 1)]
    assert learned.has_few_drawn


def test_scores_are_held_against_what_was_won_too():
    counts = {"10": {"k": 3, "w": 1, "m": 6}, "60": {"w": 4}}
    result = {"scores": {"later": {"draft": counts}}, "rules": {"demo_request": {"w": 4}}}
    assert get_qualities(result)[0].qualified == 8
    assert get_qualities(result, outcome="won")[0].qualified == 5
    told = get_qualities(result)[0]
    assert sum(each.leads for each in told.said) == told.leads
    won = get_calibration(result, codes=["demo_request"], outcome="won")
    assert (won.qualified, won.rules[0].qualified, won.rules[0].others_qualified) == (5, 4, 1)
    met = get_hits(result)["demo_request"]
    assert (met.leads, met.qualified, met.rate) == (4, 4, 1)  # who is won was qualified


def test_what_nobody_knows_the_day_of_teaches_nothing():
    lead = PastLead(1, day(0), came_qualified=True)
    assert not lead.is_decided(AS_OF)
    assert replace(lead, qualified_at=day(20)).is_decided(AS_OF)


def test_nothing_to_learn_from_is_said():
    nothing = merge([])
    assert get_effect(nothing, threshold=50, published=50, as_of=AS_OF).draft.precision is None
    assert [(quality.auc, quality.is_little) for quality in get_qualities(nothing)] == [(None, True)] * 3
    assert get_calibration(nothing, codes=["demo_request"]).is_little
    assert get_suggested(nothing, capacity=10, precision=0.5) is None
