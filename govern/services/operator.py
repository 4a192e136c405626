"""Who acts when somebody with access to the machine runs a command there."""

from govern.domain.actor import Actor, Grant
from govern.domain.role import Role

OPERATOR = Actor("operator", "Operator (command line)", (Grant(Role.ADMIN),))
OPERATOR_EMAIL = "operator@localhost"
