"""The people of the example who stand for each kind of user, by their addresses."""

APPROVER = "margit.solberg@lindmark.example"
FINANCE = "yusuf.demir@lindmark.example"
GATEKEEPER = "ruth.adeyemi@lindmark.example"
PROJECT_MANAGER = "ines.moreau@lindmark.example"
BENEFIT_OWNER = "jonas.keller@lindmark.example"
DATA_OWNER = "nadia.petrova@lindmark.example"
RULE_AUTHOR = "felix.baumann@lindmark.example"
RULE_PUBLISHER = "ingrid.aas@lindmark.example"
AUDITOR = "walter.huang@lindmark.example"
ADMIN = "sam.rivers@lindmark.example"

USERS = {
    "approver": APPROVER,
    "finance": FINANCE,
    "gatekeeper": GATEKEEPER,
    "project-manager": PROJECT_MANAGER,
    "benefit-owner": BENEFIT_OWNER,
    "data-owner": DATA_OWNER,
    "rule-author": RULE_AUTHOR,
    "rule-publisher": RULE_PUBLISHER,
    "auditor": AUDITOR,
    "admin": ADMIN,
}
