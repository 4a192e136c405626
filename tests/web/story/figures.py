"""Figures and rates are reported, validated and asked after."""

from tests.web.story.cast import ADMIN, ANA, KPI, YUSUF
from tests.web.teller import Teller


def reports(teller: Teller) -> None:
    do = teller.do
    reading = {"period": "2026-10-31", "actual": "401250.75", "note": "Ledger 4711"}
    do("recordReading", ANA, reading, kpi=KPI)
    rows = [
        {"kpi": "CRM-COST", "period": "2026-10-31", "actual": "399800"},
        {"kpi": "CRM-VISITS", "period": "2026-10-31", "actual": "81200"},
        {"kpi": "CRM-VISITS", "period": "2026-09-30", "actual": None, "note": "Not closed yet"},
    ]
    do("recordReadings", ANA, {"readings": rows})
    found = do("listReadings", ANA, kpi=KPI, history="true")
    ids = [each["id"] for each in found["items"]]
    do("validateReadings", YUSUF, {"readings": ids})
    do("getComputed", ANA, kpi="CRM-UNIT-COST")
    figures = f"KPI,Period,Actual\n{KPI},2026-09-30,399900\n".encode()
    do("takeReadingFile", ANA, raw=figures, filename="sales.csv")
    do("listDue", ANA, limit=2, project="LE-006")
    do("tellDueNext", ANA)
    do("tellPunctuality", ANA, kpi="LE-006-K1")
    rates = [
        {
            "currency": "EUR",
            "to_currency": "USD",
            "rate_on": "2026-10-30",
            "rate": "1.0874",
            "origin": "ECB reference rates",
        }
    ]
    do("recordExchangeRates", ADMIN, {"rates": rates})
    do("listExchangeRates", ANA, limit=2, sort="-rate_on")
    do("quoteExchangeRate", ANA, currency="EUR", to_currency="USD", on="2026-10-31")
