"""The words of Karlskoga's schemes: purposes, forms, attachments, aims, and what each level of each criterion means.

Swedish, because they are the municipality's own rows, not the program's messages. ANCHORS are examples: the municipality has
adopted the four purposes, not these sentences.
"""

from typing import Any

from grants.choices import CriterionKey

Rows = tuple[dict[str, Any], ...]

YEARLY_PURPOSE = (
    "Det årliga bidraget stödjer föreningars ideella arbete. Karlskoga vill främja demokrati, inkludering, folkhälsa och "
    "jämställdhet, och att kommunen är en plats där man vill leva. Bidrag i pengar och subventionerade lokaler ses som en helhet."
)
EXTRA_PURPOSE = (
    "Extra stöd är till för särskilda insatser, inte för den löpande verksamheten. Insatsen ska bidra till minst ett av tre "
    "syften: motverka diskriminering, mer jämställda föreningar eller integration. Kultur- och föreningsnämnden beslutar i varje "
    "ärende. Ni redovisar året efter."
)
SUMMER_PURPOSE = (
    "Sommarlovspengarna gör att barn och unga 6–20 år i Karlskoga kan vara med på gratis aktiviteter under sommarlovet. "
    "Sista dag och åldrar är hämtade från kommunens uppgifter för 2022."
)

_PROMISE: dict[str, Any] = {
    "key": "promise",
    "title": "Intyga",
    "hint": "Den som lämnar in ansökan svarar för att uppgifterna stämmer.",
    "questions": [
        {
            "key": "democratic",
            "label": "Vi respekterar demokratins idéer och alla människors lika värde",
            "kind": "confirm",
            "hint": "Den som lämnar oriktiga uppgifter kan bli skyldig att betala tillbaka bidraget.",
        },
        {"key": "true", "label": "Uppgifterna är riktiga och styrelsen står bakom ansökan", "kind": "confirm"},
    ],
}

YEARLY_FORM: Rows = (
    {
        "key": "activity",
        "title": "Verksamheten",
        "hint": "Skriv kort. Medlemsantal, styrelse och bankkonto hämtar vi från era uppgifter i registret.",
        "questions": [
            {
                "key": "activity",
                "label": "Vad gör ni under ett vanligt år?",
                "kind": "long_text",
                "hint": "Till exempel vilka aktiviteter ni har, hur ofta och var.",
            },
            {
                "key": "reach",
                "label": "Vilka når ni?",
                "kind": "long_text",
                "hint": "Åldrar, kön och delar av kommunen. Skriv inga namn eller personnummer.",
            },
            {"key": "changes", "label": "Har något viktigt ändrats sedan förra året?", "kind": "yes_no"},
            {
                "key": "changes_what",
                "label": "Vad har ändrats?",
                "kind": "long_text",
                "shown_if": {"question": "changes", "equals": "yes"},
            },
        ],
    },
    {
        "key": "purposes",
        "title": "Så bidrar ni",
        "hint": "Ansökan bedöms mot fyra syften. Skriv konkret: vad ni gör, och hur ni märker att det fungerar.",
        "questions": [
            {"key": "democracy", "label": "Hur är medlemmarna med och bestämmer?", "kind": "long_text"},
            {"key": "inclusion", "label": "Hur gör ni det lätt för nya grupper att vara med?", "kind": "long_text"},
            {"key": "public_health", "label": "Hur bidrar ni till att människor mår bra?", "kind": "long_text"},
            {"key": "equality", "label": "Hur får flickor och pojkar, kvinnor och män lika villkor?", "kind": "long_text"},
        ],
    },
    {
        "key": "economy",
        "title": "Ekonomi",
        "questions": [
            {
                "key": "equity",
                "label": "Hur mycket pengar hade föreningen vid årets slut?",
                "kind": "amount",
                "hint": "Eget kapital enligt balansräkningen.",
            },
            {"key": "other_support", "label": "Får ni annat stöd från kommunen?", "kind": "yes_no"},
            {
                "key": "other_support_what",
                "label": "Vilket stöd och hur mycket?",
                "kind": "text",
                "max_length": 500,
                "shown_if": {"question": "other_support", "equals": "yes"},
            },
        ],
    },
    _PROMISE,
)

YEARLY_ATTACHMENTS: Rows = (
    {"key": "annual_report", "label": "Verksamhetsberättelse", "required": True, "yearly_document": "annual_report"},
    {"key": "profit_and_loss", "label": "Resultaträkning", "required": True, "yearly_document": "profit_and_loss"},
    {"key": "balance_sheet", "label": "Balansräkning", "required": True, "yearly_document": "balance_sheet"},
    {"key": "auditors_report", "label": "Revisionsberättelse", "required": True, "yearly_document": "auditors_report"},
    {"key": "plan", "label": "Verksamhetsplan", "required": True, "yearly_document": "plan"},
    {"key": "budget", "label": "Budget", "required": True, "yearly_document": "budget"},
    {"key": "statutes", "label": "Stadgar", "required": True, "yearly_document": "statutes"},
)

EXTRA_AIMS: Rows = (
    {"key": "discrimination", "label": "Motverka diskriminering"},
    {"key": "equal_associations", "label": "Mer jämställda föreningar"},
    {"key": "integration", "label": "Integration"},
)

EXTRA_FORM: Rows = (
    {
        "key": "effort",
        "title": "Insatsen",
        "questions": [
            {"key": "name", "label": "Vad heter insatsen?", "kind": "text", "max_length": 120},
            {"key": "what", "label": "Vad ska ni göra?", "kind": "long_text"},
            {"key": "who", "label": "Vilka är insatsen till för, och hur många når ni?", "kind": "long_text"},
            {"key": "begins", "label": "När börjar insatsen?", "kind": "day"},
            {"key": "ends", "label": "När är den klar?", "kind": "day"},
            {
                "key": "not_ordinary",
                "label": "På vilket sätt är insatsen något annat än er vanliga verksamhet?",
                "kind": "long_text",
            },
        ],
    },
    {
        "key": "difference",
        "title": "Skillnaden",
        "questions": [
            {"key": "aims_how", "label": "Hur bidrar insatsen till de syften ni har valt?", "kind": "long_text"},
            {"key": "follow_up", "label": "Hur märker ni att insatsen har gjort skillnad?", "kind": "long_text"},
            {"key": "together", "label": "Gör ni insatsen tillsammans med någon annan?", "kind": "yes_no"},
            {
                "key": "together_who",
                "label": "Med vem, och vem gör vad?",
                "kind": "long_text",
                "shown_if": {"question": "together", "equals": "yes"},
            },
        ],
    },
    {
        "key": "budget",
        "title": "Budget",
        "hint": "Bifoga en budget under Bilagor. Här fyller ni i summorna.",
        "questions": [
            {"key": "asked", "label": "Hur mycket söker ni?", "kind": "amount"},
            {"key": "cost", "label": "Vad kostar hela insatsen?", "kind": "amount"},
            {
                "key": "other_money",
                "label": "Hur betalar ni resten?",
                "kind": "text",
                "required": False,
                "max_length": 500,
            },
        ],
    },
    _PROMISE,
)

EXTRA_ATTACHMENTS: Rows = (
    {"key": "budget", "label": "Budget för insatsen", "required": True, "yearly_document": ""},
    {"key": "partners", "label": "Överenskommelse med den ni samarbetar med", "required": False, "yearly_document": ""},
)

SUMMER_FORM: Rows = (
    {
        "key": "activity",
        "title": "Aktiviteten",
        "questions": [
            {"key": "what", "label": "Vad kan barn och unga vara med på?", "kind": "long_text"},
            {"key": "where", "label": "Var?", "kind": "text", "max_length": 200},
            {"key": "begins", "label": "Första dagen", "kind": "day"},
            {"key": "ends", "label": "Sista dagen", "kind": "day"},
            {"key": "places", "label": "Hur många kan vara med?", "kind": "number"},
            {"key": "free", "label": "Aktiviteten är gratis och öppen för alla 6–20 år i Karlskoga", "kind": "confirm"},
        ],
    },
    {
        "key": "reach",
        "title": "Vilka ni når",
        "questions": [
            {"key": "invite", "label": "Hur når ni barn och unga som annars inte är med?", "kind": "long_text"},
        ],
    },
    {
        "key": "budget",
        "title": "Budget",
        "questions": [
            {"key": "asked", "label": "Hur mycket söker ni?", "kind": "amount"},
            {"key": "spend", "label": "Vad ska pengarna användas till?", "kind": "long_text"},
        ],
    },
    _PROMISE,
)

ANCHORS: dict[str, tuple[str, ...]] = {
    CriterionKey.DEMOCRACY: (
        "Ansökan visar inte hur medlemmarna kan påverka.",
        "Årsmöte hålls, men medlemmarna är i övrigt sällan med och bestämmer.",
        "Medlemmarna bjuds in till årsmötet och får veta vad styrelsen beslutar.",
        "Medlemmarna är med och planerar verksamheten, och deras förslag leder till beslut.",
        "Även barn, unga och nya medlemmar har egna vägar att påverka, och föreningen kan visa vad det har lett till.",
        "Medlemmarna leder utvecklingen, ansvaret sprids på många, och andra föreningar kan lära av arbetssättet.",
    ),
    CriterionKey.INCLUSION: (
        "Ansökan visar inte hur fler kan vara med.",
        "Verksamheten är öppen för alla, men inget görs för dem som inte redan är med.",
        "Föreningen känner till vilka som inte är med och har börjat ta bort hinder, till exempel avgifter eller språk.",
        "Föreningen arbetar planerat med att nå nya grupper och anpassar verksamheten efter deras behov.",
        "Nya grupper har blivit en del av föreningen, och den kan visa hur det gick till.",
        "Människor med olika bakgrund och förutsättningar formar verksamheten tillsammans, och resultatet består.",
    ),
    CriterionKey.PUBLIC_HEALTH: (
        "Ansökan visar inte hur verksamheten bidrar till hälsa.",
        "Verksamheten kan vara bra för hälsan, men det beskrivs bara i allmänna ord.",
        "Verksamheten ger regelbunden rörelse, kultur eller gemenskap för dem som deltar.",
        "Föreningen arbetar medvetet med trygghet, gemenskap eller rörelse, och har rutiner för det.",
        "Verksamheten når människor som annars rör sig lite eller är mycket ensamma, och föreningen följer upp hur de mår.",
        "Föreningen förebygger ohälsa tillsammans med andra, når dem med störst behov och kan visa varaktiga resultat.",
    ),
    CriterionKey.EQUALITY: (
        "Ansökan visar inte hur villkoren fördelas mellan könen.",
        "Föreningen uppger att alla är välkomna, men vet inte hur tider, pengar och uppdrag fördelas.",
        "Föreningen känner till hur deltagande och uppdrag fördelas och har sett vad som behöver ändras.",
        "Föreningen har mål och åtgärder för lika villkor, till exempel i tider, ledare och styrelse.",
        "Åtgärderna har gett resultat: villkor och uppdrag fördelas jämnt, och det följs upp varje år.",
        "Lika villkor är självklara i hela föreningen, och den driver på för att fler ska göra detsamma.",
    ),
}
