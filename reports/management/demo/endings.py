"""How the deals of the demo company end: why, in the seller's words, and when to ask again (P-5, D-39)."""

from datetime import datetime, timedelta

from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import Row

WHY = {
    "won": {"product": 30, "relationship": 18, "references": 20, "price": 14, "timing": 13, "other": 5},
    "lost": {"price": 30, "product": 18, "timing": 14, "competitor_incumbent": 20, "relationship": 8, "other": 10},
    "no_decision": {"no_budget": 30, "priority_changed": 28, "sponsor_left": 12, "went_quiet": 30},
    "declined": {"decision_maker_met": 35, "decision_date_known": 35, "need_known": 30},
}
# Days until somebody asks again, about, and how often anybody means to; a deal nobody decided on always has a day.
AGAIN = {"no_decision": (150, 1.0), "lost": (330, 0.35), "declined": (240, 0.25)}
NOTES = {
    ("won", "product"): (
        "The sensors held their calibration through the whole pilot; {competitor} had to come back twice.",
        "The only ones who show water and energy of a line on one page.",
    ),
    ("won", "relationship"): (
        "The plant manager knew us from her last plant and asked for us by name.",
        "We were on site within a day when their old meters failed; they did not forget it.",
    ),
    ("won", "references"): (
        "They called two plants we equipped last year and signed a week later.",
        "The visit to a neighbouring plant decided it.",
    ),
    ("won", "price"): (
        "A tenth below {competitor} over five years, service included.",
        "The audit was taken off the first invoice; finance agreed at once.",
    ),
    ("won", "timing"): (
        "We could install in the summer shutdown, {competitor} only in winter.",
        "The new discharge permit left them three months.",
    ),
    ("won", "other"): ("Group purchasing put us on its list of two; the other one did not answer.",),
    ("lost", "price"): (
        "{competitor} went a quarter lower in the last round.",
        "The payback was over four years for them; finance draws the line at three.",
    ),
    ("lost", "product"): (
        "They need chlorine and turbidity in one probe, which we do not have.",
        "{competitor} connects to their control room directly; ours needs a gateway.",
    ),
    ("lost", "timing"): (
        "They had to order before our offer was through; {competitor} was ready.",
        "Our installers were booked out until after their shutdown.",
    ),
    ("lost", "competitor_incumbent"): (
        "{competitor} runs the other lines and keeps this one too.",
        "Maintenance did not want a second system beside {competitor}.",
    ),
    ("lost", "relationship"): ("The new technical director brought {competitor} with him.",),
    ("lost", "other"): ("Group purchasing decided abroad for {competitor}; we were not asked.",),
    ("no_decision", "no_budget"): (
        "The investment list was cut in half; this was on the wrong half.",
        "Money only in next year's plan; the plant manager will put it in again.",
    ),
    ("no_decision", "priority_changed"): (
        "The new packaging line takes all their engineers until it runs.",
        "After the audit everything goes into safety first.",
    ),
    ("no_decision", "sponsor_left"): ("Our sponsor left the company; the successor starts after the holidays.",),
    ("no_decision", "went_quiet"): (
        "Four calls and three e-mails without an answer since the offer.",
        "Always next week, for two months.",
    ),
    ("declined", "decision_maker_met"): (
        "Nobody above the shift leader wants to hear of it.", "Purchasing compares prices, nobody owns the problem.",
    ),
    ("declined", "decision_date_known"): (
        "Interesting, they say, but nothing happens if they wait.", "No figures on losses and no date by which it must run.",
    ),
    ("declined", "need_known"): (
        "They cannot say what the losses cost them, and do not want to measure it first.",
        "What they ask for is a report generator; nobody names a problem it would solve.",
    ),
}  # fmt: skip
WENT_BACK = (
    "The budget was put on hold until the half-year figures", "Legal wants the data kept in the country first",
    "The director asked for a second offer", "The decision committee was moved to next quarter",
)  # fmt: skip
OVERRIDES = (
    "The director said yes on the phone, the minutes follow on Monday",
    "The budget is approved in the group, only the letter is missing",
    "They ordered the pilot before the workshop could take place",
    "Purchasing wants the contract before the technical visit",
    "The customer skips the workshop, a sister plant already runs it",
    "Meeting with finance is fixed for next week, offer asked for today",
)


IN_HOUSE = (
    "Their own automation team builds it; the board likes that it stays in the house.",
    "Maintenance will do it with what they have, at least for now.",
)


def ending(dice: Dice, outcome: str, closed_at: datetime) -> Row:
    """Return what a closed deal says of its end: reason, note, competitor where it was lost, the day to ask again."""
    reason, competitor = dice.weighted(WHY[outcome]), dice.pick(words.COMPETITORS)
    in_house = competitor == words.COMPETITORS[-1]
    note = dice.pick(IN_HOUSE if in_house and outcome == "lost" else NOTES[outcome, reason])
    rival = dice.pick(words.COMPETITORS[:-1]) if in_house else competitor
    row = {"lost_reason": reason, "close_note": note.format(competitor=rival)}
    if outcome == "lost" or (outcome == "won" and "{competitor}" in note):
        row["competitor"] = competitor if outcome == "lost" else rival
    days, often = AGAIN.get(outcome, (0, 0.0))
    if dice.chance(often):
        again = closed_at.date() + timedelta(days=round(days * dice.random.uniform(0.4, 1.2)))
        row["revisit_on"] = dice.workday(again).isoformat()
    return row
