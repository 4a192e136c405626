"""Who does it, by the beginning of their addresses, and with which project."""

ANA = "ana.brandt"
MARGIT, HENRIK = "margit.solberg", "henrik.dahl"
YUSUF = "yusuf.demir"
RUTH, LARS = "ruth.adeyemi", "lars.brandt"
SOFIA = "sofia.marchetti"
HANNE = "hanne.lund"
FELIX, INGRID = "felix.baumann", "ingrid.aas"
WALTER = "walter.huang"
ADMIN = "sam.rivers"

NEW = "CRM-RELAUNCH"
KPI = "CRM-REVENUE"
