"""Each row of the ledger stands under the period that it is of."""

import json
from datetime import date
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.whole_agreement.agreement_state import AgreementState
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement

CALENDAR: Final = 'calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}'
A_LIST: Final = f"""
{CALENDAR}
obligations:
  - {{id: leads, kind: deliverable, provider: marketing, recipient: sales, due: {{weekdays: [fri], at: "16:00"}}, intervals: [month]}}
"""
A_GOAL: Final = f"""
{CALENDAR}
obligations:
  - {{id: leads, kind: volume, provider: marketing, recipient: sales, goal: 4, interval: month, intervals: [month]}}
"""


def test_periods_in_which_a_promise_was_of_another_kind_have_no_row_and_move_none() -> None:
    since = {"leads": at("2026-01-01 00:00")}
    rules = RuleBook([agreement(A_LIST), agreement(A_GOAL, version="2", since="2026-03-01")], listening_since=since)
    state = AgreementState(rules, "leads", 1)
    for month, tally in enumerate(({"met": 1}, {"met": 1}, {"delivered": 3}), start=1):
        key = WindowKey("leads", "leads", "all", "month", date(2026, month, 1))
        state.take(0, record_key(key, 0), record(key, Figures(tally, tally), 0, rules))

    found = {key.decode(): json.loads(value)["data"] for key, value in state.changes(at("2026-04-20 12:00")).items()}

    rows = {key: (row["name"], row["leads"]) for key, row in found.items() if key.endswith("/ledger")}
    assert rows == {"leads/leads/month/2026-03-01/ledger": ("2026-03", 3)}
