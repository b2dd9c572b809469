"""What the demo company knows of its buyers and says to them. Every text here is invented."""

# The kinds of buyers, and whose job titles they are.
PERSONAS: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    (
        {
            "name": "Plant head", "position": "Plant manager, operations director",
            "responsibilities": "Output, people and safety of one or several plants.",
            "goals": "Run the year without an unplanned stop.\nHand over a plant that costs less than it did.",
            "challenges": "Old lines, few fitters, and a stop in summer that is always too short.",
            "channels": "Visits to other plants, the trade fair in Tampere, two suppliers they trust.",
            "decision_criteria": "What a day of standstill costs against what we ask; who comes when it fails.",
        },
        ("Plant manager", "Operations director"),
    ),
    (
        {
            "name": "Energy and water", "position": "Energy manager, environment manager",
            "responsibilities": "Energy, water and waste water, and what is reported of them.",
            "goals": "Show the board a curve that falls.\nPass the next audit without a note.",
            "challenges": "Figures from six systems, none of which agree; meters nobody reads.",
            "channels": "Association letters, webinars, the regulator's pages.",
            "decision_criteria": "Accuracy that an auditor accepts; figures that come by themselves.",
        },
        ("Energy manager", "Environment manager", "Quality manager"),
    ),
    (
        {
            "name": "Maintenance", "position": "Maintenance manager, engineers",
            "responsibilities": "Machines, spare parts and the shifts that look after them.",
            "goals": "Fewer calls at night.\nKnow what breaks before it breaks.",
            "challenges": "Every supplier brings a system of its own; nobody has time to learn one more.",
            "channels": "Colleagues, manuals, videos, the phone.",
            "decision_criteria": "Fits what is there; parts within a day; no second screen.",
        },
        ("Maintenance manager", "Process engineer", "Production engineer"),
    ),
    (
        {
            "name": "Finance", "position": "CFO, controller",
            "responsibilities": "Budget, investments, what the owners are told.",
            "goals": "Money that comes back within two years.\nCosts that can be planned.",
            "challenges": "Energy prices; more wishes than money; savings that are promised and never seen.",
            "channels": "Peers, the auditor, the bank's reports.",
            "decision_criteria": "Payback, certainty of the saving, effect on this year's budget.",
        },
        ("CFO",),
    ),
    (
        {
            "name": "Buyer", "position": "Head of purchasing",
            "responsibilities": "Terms, suppliers, and that nothing is bought twice.",
            "goals": "Three offers that can be compared.\nFewer suppliers.",
            "challenges": "Is asked last, when everything but the price is settled.",
            "channels": "Portals, framework contracts, e-mail.",
            "decision_criteria": "Total price over five years, terms of payment, a second source.",
        },
        ("Head of purchasing",),
    ),
)  # fmt: skip

# Level, name of the persona, name of the competitor, and what to say.
GUIDES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("c_level", "", "", {
        "concern": "What the plant earns, and what could stop it from earning.",
        "business_terms": "A stop costs you a known sum an hour: the case is how many hours fall away, and when the money is "
                          "back. Other plants of your size had it back in 11 to 16 months.",
        "questions": "Which figure did the board ask about last?\nWhat would have to be true for this to be decided this "
                     "quarter?",
        "proof": "Two mills that report it in their annual statement.",
        "avoid": "Sensors, protocols, our platform. Anything that needs a drawing.",
    }),
    ("owner", "", "", {
        "concern": "Their own money, and who they can ring when something fails.",
        "business_terms": "It pays for itself out of the water and energy bill, and the saving is yours from the first year on.",
        "questions": "What would you do with the money if it were not spent on water?",
    }),
    ("director", "", "", {
        "concern": "That the plants keep what was promised upstairs.",
        "message": "One way to measure over all plants, so that they can be compared.",
        "business_terms": "A tenth less water a tonne, in the first plant within a quarter.",
        "questions": "Which plant would you begin with, and which one last?",
    }),
    ("manager", "Energy and water", "", {
        "concern": "The audit, and figures they can stand behind.",
        "message": "Readings every minute, stored as an auditor wants them, with the report of the month ready on the first.",
        "questions": "Which figure do you correct by hand today?\nWho asks you for it?",
        "proof": "The report of a dairy that passed without a note.",
    }),
    ("manager", "Maintenance", "", {
        "concern": "Calls at night, and one more system to learn.",
        "message": "Alarms reach the phone of whoever has the shift; spare parts lie in Riga.",
        "questions": "What woke you up last month?",
        "avoid": "Savings. They do not get them.",
    }),
    ("", "Finance", "", {
        "concern": "Savings that are promised and never seen.",
        "business_terms": "We put the saving in the contract: what is not saved is not paid.",
        "questions": "How do you count a saving that another department has?",
    }),
    ("", "", "Meterra", {
        "concern": "They are cheap to begin with.",
        "message": "Ask for the price over five years, calibration and spare parts included.",
        "proof": "Three customers who came to us in their third year.",
    }),
    ("", "", "Doing it in-house", {
        "concern": "They have the people and believe that they have the time.",
        "message": "Build what only you can build; take the meters from us and keep the data.",
        "questions": "Who looks after it when the engineer who built it leaves?",
    }),
)  # fmt: skip

AIMS = (
    "Second plant in Poland within three years", "Be the supplier with the smallest footprint in the region",
    "Grow in special grades, leave commodity", "Run every plant from one control room",
)  # fmt: skip
GOALS = (
    "Water a tonne down by a tenth this year", "No unplanned stop longer than four hours",
    "Pass the environmental audit without a note", "Energy bill back under that of two years ago",
    "New ERP in all plants", "Certify the second line", "Halve the stock of spare parts",
)  # fmt: skip
EVENTS = (
    "Stood still for two days after a pump failed", "New managing director, from a competitor",
    "Fined for exceeding the discharge limit", "Won a contract with a retail chain", "Let a tenth of the office go",
)  # fmt: skip
CHANGES = (
    "New discharge limits come into force", "The plant stops for the yearly overhaul", "Budget for next year is decided",
    "Lease of the old line ends",
)  # fmt: skip

SAID: tuple[dict[str, str], ...] = (
    {
        "present_state": "Readings are taken by hand twice a shift and typed into a sheet in the evening.",
        "challenges": "A leak in March was found after nine days; it cost more than our offer.",
        "goals": "Know within the hour. To be shown with the quarter's figures in spring.",
    },
    {
        "present_state": "Two makes of meters, neither of which talks to the control room.",
        "challenges": "The fitters do not trust the figures and open the valve by feel.",
        "goals": "One figure everybody believes, on the screen that is there already.",
    },
    {
        "present_state": "The environment report takes one person a week every month.",
        "challenges": "Last year's audit had two notes; a third one costs the permit for line 2.",
        "goals": "The report by itself, on the first of the month, signed by nobody but the system.",
    },
    {
        "challenges": "Finance wants to see the saving before it is spent.",
        "goals": "Payback under 18 months, half of it in this budget year.",
    },
)
