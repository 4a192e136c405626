"""Who works at Lindmark Energy. Everybody and every address is invented."""

from dataclasses import dataclass

# Project managers
MOREAU = "Ines Moreau"
WRONA = "Tomasz Wrona"
LUND = "Hanne Lund"
OKAFOR = "Daniel Okafor"
NAIR = "Priya Nair"

# The business: who answers for a benefit once the project is over
KELLER = "Jonas Keller"
MARCHETTI = "Sofia Marchetti"
DIALLO = "Amara Diallo"
DEVRIES = "Piet de Vries"
NOVAK = "Eva Novák"
STRAND = "Mikael Strand"
HADDAD = "Leila Haddad"
WEISS = "Clara Weiss"

# The portfolio's chairs and services
SOLBERG = "Margit Solberg"
DAHL = "Henrik Dahl"
DEMIR = "Yusuf Demir"
ADEYEMI = "Ruth Adeyemi"
BRANDT = "Lars Brandt"
PETROVA = "Nadia Petrova"
LINDQVIST = "Oskar Lindqvist"
MBEKI = "Grace Mbeki"
BAUMANN = "Felix Baumann"
AAS = "Ingrid Aas"
HUANG = "Walter Huang"
RIVERS = "Sam Rivers"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, on the portfolio `main` or (with `everywhere`) on the whole installation."""

    name: str
    role: str
    everywhere: bool = False


GRANTS = (
    Grant(SOLBERG, "sponsor"),  # chief customer officer
    Grant(DAHL, "sponsor"),  # director of networks
    Grant(DEMIR, "finance"),  # head of controlling
    Grant(WEISS, "finance"),  # business partner finance
    Grant(ADEYEMI, "gatekeeper"),  # chairs the portfolio board
    Grant(BRANDT, "gatekeeper"),  # sits on the portfolio board
    Grant(KELLER, "benefit_owner"),  # head of sales
    Grant(MARCHETTI, "benefit_owner"),  # head of billing
    Grant(DIALLO, "benefit_owner"),  # head of customer service
    Grant(DEVRIES, "benefit_owner"),  # head of network operations
    Grant(NOVAK, "benefit_owner"),  # head of energy services
    Grant(STRAND, "benefit_owner"),  # head of the field force
    Grant(HADDAD, "benefit_owner"),  # head of people and safety
    Grant(PETROVA, "data_owner"),  # figures from finance
    Grant(LINDQVIST, "data_owner"),  # figures from sales
    Grant(MBEKI, "data_owner"),  # figures from operations
    Grant(BAUMANN, "rule_author", everywhere=True),  # PMO
    Grant(AAS, "rule_publisher", everywhere=True),  # head of the PMO
    Grant(HUANG, "auditor", everywhere=True),  # internal audit
    Grant(RIVERS, "admin", everywhere=True),  # runs the service
)


def email(name: str) -> str:
    """`Piet de Vries` is piet.devries@lindmark.example (a top-level domain that is never used)."""
    first, _, last = name.partition(" ")
    plain = last.replace(" ", "").replace("á", "a")
    return f"{first}.{plain}@lindmark.example".lower()
