"""People sign in, are added and granted roles, and lose what they sign in with."""

from tests.web.story.cast import ADMIN, ANA, MARGIT
from tests.web.teller import Teller


def signs_in(teller: Teller) -> None:
    teller.do("getHealth", ANA)
    teller.do("getMe", MARGIT)
    teller.do("listWaiting", MARGIT)


def manages_access(teller: Teller) -> None:
    do = teller.do
    jon = {"email": "jon.weber@lindmark.example", "name": "Jon Weber"}
    person = do("addPerson", ADMIN, jon)["id"]
    do("getPerson", ADMIN, person=person)
    do("listPeople", ADMIN)
    role = {"person": jon["email"], "role": "benefit_owner", "portfolio": "main"}
    granted = do("grant", ADMIN, role)
    do("listGrants", ADMIN, person=jon["email"])
    reason = {"reason": "Jon Weber has moved to another company."}
    do("revokeGrant", ADMIN, reason, grant=granted["id"])
    assert teller.lindmark["nadia.petrova"].token
    held = do("listTokens", ADMIN, person="nadia.petrova@lindmark.example")["items"]
    do("revokeToken", ADMIN, {"reason": "The laptop was lost."}, token=held[0]["id"])
    do("listSessions", ADMIN)
    do("endSessions", ADMIN, {"person": jon["email"]})
