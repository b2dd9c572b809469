"""The kinds of deal event and the shape of what each carries (D-20, D-33).

Every event has `old` and `new`, JSON objects of one kind-specific key set, or null:

    created            new {}                       the deal came to be; its first values follow as events of their own
    setpoint           {"setpoint": id}             detail {"criteria": [{"code", "version", "met", "evidence"}],
                                                            "override": text, "reason": text, "skipped": [ids],
                                                            "before": {"entered_at", "highest_rank", "version"}}
                                                            for an exact undo
    move_voided        old = what the move set, new = what stands again; detail {"voids": seq}
    amount             {"amount": "1.00", "currency": "EUR"}
    expected_close_on  {"on": "2026-12-18"}
    owner              {"owner": id}
    pipeline           {"pipeline": id}
    deal_type          {"deal_type": code}
    category           {"category": code}
    closed             new {"outcome", "reason": code, "competitor": id, "on": date, "amount", "currency",
                            "setpoint": id, "revisit_on": date}; "reason" says of a won
                            deal why it was won; detail {"note": text, "criteria": [codes that spoke against
                            a declined deal], "backfilled": true where imported without history}
    reopened           old {"outcome"}, new {}      detail {"cycle_no": n, "voids_outcome": bool, "opportunity": id of the
                                                            new cycle where the outcome stands}
    archived, merged   new {} / {"into": id}
    next_step          {"step": id, "on": date, "purpose": text, "done": bool}
    evidence           new {"code", "attestation": id} or old alone when revoked; for a field
                       that is a fact {"code", "on"} or {"code", "text"} on either side
    approach           {"approach": code}
    pause              {"until": "2026-09-01", "reason": text}: the customer asked us to wait; new null ends it early
    stakeholder        {"contact": id, "main": true} on either side: who the main contact was and is; whoever was stays
                                                            on the deal; of anybody's part in the decision
                       {"contact": id, "role": code, "met_on": date, "left": bool} on either side
    economics          one row of what the deal is worth, on either side; "removed": true on `new` where it was taken away:
                       {"line": id, "product": id, "description", "quantity": "1.000", "price": "1.00", "currency",
                        "cost": "0.50", "cost_currency", "discount": "0.0000", "billing", "months"}
                       {"direct_cost": id, "kind", "amount": "1.00", "currency"}
                       {"effort": id, "kind", "minutes", "on", "owner": who spent them}
                       {"expansion": kind, "amount", "currency"}
                       {"strategic": kind, "weight", "amount", "currency", "approved": bool, "owner": who approved, "why"}
                       {"case": id, "years", "currency", "cost": "1.00", "benefit", "co_built_with": contact, "co_built_on"}
                       {"case": id, "shared_until": date, or null where the customer cannot read it}
    proposal           {"proposal": id, "number", "package", "amount", "currency", "on"} on either side: an offer, sent where
                                                            it has a day; new null where it was taken back; detail {"override"}
    negotiation        {"point": id, "topic", "text", "state", "on"} on either side: what the customer wants otherwise
    document           new {"document": id, "kind", "number", "title"}: a template was filled from the deal
    file               {"file": id, "name", "size"} on either side: attached, or taken away
    qualification      {"element", "level": 0-3, "on": date, "contact": id} on either side: how well an element is known;
                                                            "applies": false where it does not
    approval           {"approval": id, "area", "asked": "15.00", "state"} on either side: somebody was asked whether the deal
                                                            may go beyond the policy; detail {"why"} or {"answer"}
    meeting_record     {"meeting_record": id, "activity": id, "sections": "present_state,goals"} on either side: which sections
                                                            of what was learned at a meeting say something
    promise            {"promise": id, "area", "text", "state", "due_on"} on either side: what we told the customer we would do
    resource           {"request": id, "kind", "hours": "8.00", "state"} on either side: shared hours asked for the deal;
                                                            detail {"purpose", "reason"}, {"answer"} or {"spent": "7.50"}
    question           {"question": id, "text", "to": id} asked, with "answer" answered, of somebody who delivers
    delivery           {"as_sold": bool, "on": date} on either side: whether it was delivered as sold; detail {"gap"}
    stage              {"stage": id}: where within its setpoint the deal is; a move begins at the first again
    selection          kept for the issue that brings it

Scalars only, so that a set-based query can fold them with `->>`.
"""

from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a deal; the shapes are above."""

    CREATED = "created"
    SETPOINT = "setpoint"
    MOVE_VOIDED = "move_voided"
    AMOUNT = "amount"
    EXPECTED_CLOSE_ON = "expected_close_on"
    OWNER = "owner"
    PIPELINE = "pipeline"
    DEAL_TYPE = "deal_type"
    CATEGORY = "category"
    APPROACH = "approach"
    CLOSED = "closed"
    REOPENED = "reopened"
    ARCHIVED = "archived"
    MERGED = "merged"
    NEXT_STEP = "next_step"
    QUALIFICATION = "qualification"
    SELECTION = "selection"
    EVIDENCE = "evidence"
    STAKEHOLDER = "stakeholder"
    ECONOMICS = "economics"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    DOCUMENT = "document"
    FILE = "file"
    PAUSE = "pause"
    APPROVAL = "approval"
    PROMISE = "promise"
    MEETING_RECORD = "meeting_record"
    RESOURCE = "resource"
    QUESTION = "question"
    DELIVERY = "delivery"
    STAGE = "stage"
