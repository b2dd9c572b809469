"""What the demo company is made of: people, firms, places, things sold."""

ORGANISATION = "Brightwater Controls"
CURRENCY = "EUR"
ZONE = "Europe/Tallinn"

# name, e-mail, roles, team, whose team they manage
PEOPLE = (
    ("Maarja Kask", "maarja", "manager", "Baltics", "Baltics"),
    ("Henri Laine", "henri", "manager", "Nordics", "Nordics"),
    ("Tereza Malá", "tereza", "manager", "Central Europe", "Central Europe"),
    ("Kaur Lepik", "kaur", "rep", "Baltics", ""),
    ("Austėja Rimkutė", "austeja", "rep", "Baltics", ""),
    ("Edgars Vītols", "edgars", "rep", "Baltics", ""),
    ("Aino Salmela", "aino", "rep", "Nordics", ""),
    ("Jonas Ek", "jonas", "rep", "Nordics", ""),
    ("Ingrid Haugen", "ingrid", "rep", "Nordics", ""),
    ("Paweł Zieliński", "pawel", "rep", "Central Europe", ""),
    ("Lena Brandt", "lena", "rep", "Central Europe", ""),
    ("Sofia Niemi", "sofia", "marketing", "", ""),
    ("Rasmus Oja", "rasmus", "marketing", "", ""),
    ("Piret Tamme", "piret", "admin", "", ""),
)
# How often a seller's deals go on compared with the average, and how many a rep starts.
SKILL = {
    "kaur": 1.15, "austeja": 1.05, "edgars": 0.8, "aino": 1.1, "jonas": 0.9, "ingrid": 1.0, "pawel": 1.0, "lena": 0.85,
    "maarja": 1.2, "henri": 1.05, "tereza": 1.1,
}  # fmt: skip
PACE = {"kaur": 1.2, "austeja": 1.0, "edgars": 0.9, "aino": 1.1, "jonas": 1.2, "ingrid": 0.8, "pawel": 1.2, "lena": 1.0}
# How many people firms have; the deals of the largest are sometimes the manager's own.
SIZES = (40, 85, 120, 180, 260, 420, 640, 1100, 2400)
LARGE = 1100

# country: team, cities, first names, last names, stems of firms, legal forms
COUNTRIES = {
    "EE": (
        "Baltics", ("Tallinn", "Tartu", "Pärnu", "Narva", "Rakvere"),
        ("Mart", "Liina", "Tõnu", "Eve", "Siim", "Anneli", "Priit", "Kadri"),
        ("Saar", "Mägi", "Põder", "Kuusk", "Ilves", "Rebane", "Sepp", "Ots"),
        ("Emajõe", "Lääne", "Kalevi", "Virumaa", "Suitsu", "Hiiu", "Otepää", "Soela"), ("AS", "OÜ"),
    ),
    "LV": (
        "Baltics", ("Rīga", "Liepāja", "Jelgava", "Valmiera"),
        ("Jānis", "Inese", "Andris", "Līga", "Raitis", "Dace"),
        ("Bērziņš", "Kalniņa", "Ozols", "Liepa", "Krūmiņš", "Zariņa"),
        ("Gauja", "Daugava", "Kurzeme", "Vidzeme", "Lielupe", "Ventas"), ("SIA", "AS"),
    ),
    "LT": (
        "Baltics", ("Vilnius", "Kaunas", "Klaipėda", "Šiauliai", "Panevėžys"),
        ("Mindaugas", "Rūta", "Tomas", "Giedrė", "Andrius", "Vaida"),
        ("Kazlauskas", "Petrauskienė", "Jankauskas", "Butkus", "Stankutė", "Žukas"),
        ("Nemuno", "Aukštaitijos", "Neries", "Žemaitijos", "Dubysos", "Ventės"), ("UAB", "AB"),
    ),
    "FI": (
        "Nordics", ("Helsinki", "Tampere", "Turku", "Oulu", "Lahti", "Vaasa"),
        ("Matti", "Sari", "Juha", "Päivi", "Ville", "Minna", "Timo"),
        ("Korhonen", "Virtanen", "Heikkinen", "Mäkelä", "Lehtonen", "Rantanen"),
        ("Saimaan", "Pirkan", "Kymin", "Lakeuden", "Merikarvian", "Hämeen", "Oulunsalon"), ("Oy", "Oyj"),
    ),
    "SE": (
        "Nordics", ("Stockholm", "Göteborg", "Malmö", "Västerås", "Umeå"),
        ("Anders", "Karin", "Johan", "Eva", "Magnus", "Åsa"),
        ("Lindqvist", "Sandberg", "Nyström", "Holm", "Bergman", "Ekström"),
        ("Mälar", "Skåne", "Värmlands", "Bergslagens", "Norrviken", "Dala"), ("AB",),
    ),
    "NO": (
        "Nordics", ("Oslo", "Bergen", "Trondheim", "Stavanger"),
        ("Ola", "Kari", "Bjørn", "Silje", "Tor", "Marit"),
        ("Solberg", "Nygård", "Dahl", "Moen", "Strand", "Bakke"),
        ("Hardanger", "Jæren", "Møre", "Trøndelag", "Sørlandet"), ("AS",),
    ),
    "PL": (
        "Central Europe", ("Warszawa", "Kraków", "Gdańsk", "Wrocław", "Poznań"),
        ("Piotr", "Anna", "Krzysztof", "Magdalena", "Marek", "Joanna"),
        ("Nowicki", "Kowalczyk", "Wójcik", "Mazur", "Dąbrowska", "Lis"),
        ("Wisła", "Mazowia", "Odra", "Podhale", "Kujawy", "Warmia"), ("S.A.", "Sp. z o.o."),
    ),
    "DE": (
        "Central Europe", ("Hamburg", "Leipzig", "Dortmund", "Kassel", "Bremen"),
        ("Jürgen", "Sabine", "Uwe", "Petra", "Stefan", "Anke"),
        ("Vogt", "Krüger", "Lorenz", "Seidel", "Hartmann", "Böhm"),
        ("Elbe", "Weser", "Harz", "Ruhr", "Spree", "Lausitz"), ("GmbH", "AG"),
    ),
}  # fmt: skip

# industry: name parts, how deals go compared with the average, how big they are, how long they take
INDUSTRIES = {
    "Food and beverage": (("Dairy", "Foods", "Bakeries", "Breweries", "Seafood"), 1.3, 0.9, 0.9),
    "Pulp and paper": (("Paper", "Board", "Tissue"), 1.0, 1.5, 1.1),
    "Chemicals": (("Chemicals", "Coatings", "Polymers"), 0.95, 1.3, 1.1),
    "Water utilities": (("Water", "Waterworks", "Utilities"), 0.75, 1.8, 1.6),
    "Mining and metals": (("Steel", "Minerals", "Foundry"), 0.85, 1.4, 1.2),
    "Textiles": (("Textiles", "Weaving"), 0.9, 0.6, 0.8),
    "Hospitals": (("Clinics", "Hospital"), 0.7, 0.8, 1.3),
}
TITLES = (
    "Plant manager", "Maintenance manager", "Operations director", "CFO", "Environment manager", "CEO",
    "Production engineer", "Head of purchasing", "Energy manager", "Quality manager", "Process engineer",
)  # fmt: skip
DEALS = (
    "Cooling-water monitoring", "Effluent reporting", "Boiler feed control", "Leak detection, {n} sites",
    "Cleaning-in-place saving pilot", "Plant-wide metering", "Chlorine dosing control", "Pump efficiency audit",
    "Heat recovery metering", "Process-water reuse study", "Monitoring for line {n}", "Groundwater compliance",
)  # fmt: skip
PRODUCTS = (
    # code, name, family, price, cost
    ("BW-SENSE", "Flow and quality sensor", "Hardware", "1850.00", "740.00"),
    ("BW-EDGE", "Edge controller", "Hardware", "4200.00", "1900.00"),
    ("BW-VIEW", "Monitoring, a site a year", "Subscription", "9600.00", "1400.00"),
    ("BW-COMPLY", "Compliance reporting, a year", "Subscription", "6800.00", "900.00"),
    ("BW-AUDIT", "Efficiency audit", "Services", "7500.00", "4100.00"),
)
COMPETITORS = ("Hydrosight", "Meterra", "Volumex Automation", "Doing it in-house")
STEPS = (
    "Walk the plant with maintenance", "Call about the pilot results", "Send the payback table",
    "Present to the finance director", "Agree the list of measuring points", "Send the revised offer",
    "Go through the contract", "Ask who else decides", "Prepare the reference visit", "Decision committee",
    "Show the monitoring to operations", "Agree the installation dates",
)  # fmt: skip
# How each step is taken; what is not here is a task.
STEP_KINDS = {
    "Walk the plant with maintenance": "meeting", "Call about the pilot results": "call",
    "Send the payback table": "email", "Present to the finance director": "meeting",
    "Agree the list of measuring points": "call", "Send the revised offer": "email", "Go through the contract": "meeting",
    "Ask who else decides": "call", "Decision committee": "meeting", "Show the monitoring to operations": "demo",
    "Agree the installation dates": "call",
}  # fmt: skip
SUBJECTS = {
    "call": (
        "Talked about measuring points", "Asked about the budget", "Checked the decision date", "Asked who else decides",
        "Went through the open questions", "Asked for last year's water bills", "Followed up on the offer",
    ),
    "email": (
        "Sent the brochure", "Sent the offer", "Answered questions on installation", "Sent references",
        "Sent the payback table", "Sent the minutes of the site visit", "Sent the data sheet of the sensors",
    ),
    "meeting": (
        "Site visit", "Workshop with operations", "Offer walk-through", "Meeting with management",
        "Review of the pilot results", "Safety briefing for the installation",
    ),
    "demo": ("Showed the monitoring to operations", "Showed the compliance report", "Showed alarms on a phone"),
    "note": (
        "Reorganisation under way", "They had a spill in spring", "New plant manager starts next month",
        "Investment freeze until the audit is done", "The old meters fail their calibration in autumn",
    ),
    "task": ("Prepare the reference visit", "Work out the payback", "Get the price of the edge controllers confirmed"),
}  # fmt: skip
NOTES = {
    "interest_confirmed": (
        "Asked for a proposal for two lines and named a project lead.",
        "Wants to start with one site and put it into next year's plan.",
    ),
    "budget_known": (
        "{amount} set aside in this year's investment plan.", "Up to {amount} without asking the board, she said.",
    ),
    "need_known": (
        "Loses about {loss} a year in unmetered water and energy.",
        "Last year's fine and the repairs came to {loss}; it must not happen again.",
    ),
    "competition_known": ("They also talk to {competitor}.", "{competitor} quoted in spring; the price was too high."),
    "decision_process_known": (
        "Technical check, then finance, then the board.", "The plant decides, group purchasing signs.",
    ),
    "decision_maker_met": (
        "Met the director on site; she decides with finance.", "The plant manager decides; met him at the workshop.",
    ),
    "authority_known": (
        "The plant manager signs up to {amount}.", "Above €50,000 the group's board has to agree.",
    ),
    "timing_known": ("The order has to be out before the summer stop.", "They want to decide this quarter."),
    "compelling_event_known": (
        "The new discharge permit starts in January.", "The lease of the old meters ends with the year.",
    ),
    "verbal_agreement": (
        "Said on the phone that they will sign when legal is through.", "“We do it” at the end of the offer meeting.",
    ),
    "participants_known": (
        "Plant, finance and IT take part; the director signs.", "Maintenance leads, IT checks the network, finance pays.",
    ),
    "results_known": ("Water use a tonne has to fall by 12%.", "No unplanned stop of the cooling line in a year."),
    "go_live_known": ("Must run before the spring season.", "Installation in the July shutdown, running in August."),
}  # fmt: skip
PAPERS = ("Water losses in food plants", "What the new discharge rules ask", "Ten points to measure first")
WEBINARS = ("Effluent reporting in one hour", "Cooling water without surprises")
SOURCES = (
    # code, channel of the lead
    ("web_search", "inbound"), ("webinar", "inbound"), ("white_paper", "inbound"), ("referral", "inbound"),
    ("cold_call", "outbound"), ("conference", "outbound"), ("partner", "inbound"), ("LinkedIn", "outbound"),
)  # fmt: skip
