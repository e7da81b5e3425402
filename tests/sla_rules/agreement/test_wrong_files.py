"""Wrong agreement files as people write them: each is refused with sentences that say what to write instead."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core._pydantic_core import list_all_errors

from sla_rules.agreement.file import AgreementErrors, load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.sentences import SENTENCES, sentence
from tests.laws import examples
from tests.sla_rules.agreement.changed import DEADLINE, HOURS, TEXT, changed, errors_of

WRONG: Final[list[tuple[str, str, list[str]]]] = [
    ("recipient: marketing\n    deadline: {within: 1h", "recipient: sales\n    deadline: {within: 1h", ["50: obligations.0.recipient: 'sales' is its provider too; name the party that it is owed to"]),
    ("provider: sales", "provider: Sales", ["49: obligations.0.provider: should be lower-case letters, digits and dashes, as sales, found 'Sales'"]),
    ("role: Head of sales", "reports_to: Bruno Martin", ["28: parties.sales.contacts.0.reports_to: no contact 'Bruno Martin'; did you mean 'Bruno Martins'?"]),
    ("role: Head of sales", "reports_to: Ana Costa", ["28: parties.sales.contacts.0.reports_to: nobody reports to themselves; leave it out"]),
    ("role: Head of sales", "reports_to: Bruno Martins\n        role: x\n      - name: Ana Costa", ["30: parties.sales.contacts.1.name: 'Ana Costa' is taken already; nobody could tell them apart"]),
    ("- name: Ana Costa", "- name: ' '", ["27: parties.sales.contacts.0.name: is blank; write a name"]),
    ("name: Sales\n", "name:\n", ["23: parties.sales.name: is empty; write some text"]),
    ("obligations:", "remedies: [{obligation: first-tuoch, owner: Ana Kosta, within: 3d, action: Call}]\nobligations:", ["45: remedies.0.obligation: no obligation 'first-tuoch'; did you mean 'first-touch'?", "45: remedies.0.owner: no contact or party 'Ana Kosta'; did you mean 'Ana Costa'?"]),
    ("goals: [Follow up every qualified lead within one working hour]", "goals: Follow up every qualified lead", ["24: parties.sales.goals: write a list: [Follow up every qualified lead]"]),
    ("goals: [Follow up every qualified lead within one working hour]", "goals:", ["24: parties.sales.goals: is empty; write a list or leave it out"]),
    ("goals: [Follow up every qualified lead within one working hour]", "goals: {a: b}", ["24: parties.sales.goals: should be a list, each item after a dash, found a mapping"]),
    ("agreement: company-x", "agreement: leadsla", ["3: agreement: 'leadsla' is what the files that all agreements share are called; choose another"]),
    ("agreement: company-x", "agreement: Company X & Söhne", ["3: agreement: should be lower-case letters, digits and dashes, as company-x-sohne, found 'Company X & Söhne'"]),
    ('version: "2026-01"', "version: 2026.1", ["4: version: should be text, found 2026.1; put it in quotes"]),
    ('version: "2026-01"', "version: ''", ["4: version: is blank; write a name"]),
    ("obligations:", "teams: {north: {contacts: [{name: Ben}, {name: Ben}]}}\nobligations:", ["45: teams.north.contacts.1.name: 'Ben' is taken already; nobody could tell them apart"]),
    ("obligations:", "teams: {north: {contacts: [{name: Ben, reports_to: Ana Kosta}]}}\nobligations:", ["45: teams.north.contacts.0.reports_to: no contact 'Ana Kosta'; did you mean 'Ana Costa'?"]),
    ("obligations:", "teams: {north: {party: sale}}\nobligations:", ["45: teams.north.party: no party 'sale'; did you mean 'sales'?"]),
    ("obligations:", "reps: [{id: '17', name: Rita, team: nort}, {id: '17', name: Sam}]\nteams: {north: {}}\nobligations:", ["45: reps.0.team: no team 'nort'; did you mean 'north'?", "45: reps.1.id: '17' is taken already"]),
    ("obligations:", "reps: [{id: 17, name: Rita, email: rita}]\nobligations:", ["45: reps.0.email: 'rita' is no e-mail address; write for example ana@example.com", "45: reps.0.id: should be text, found 17; put it in quotes"]),
    ("obligations:", "reps: [{id: '17', name: Rita, limits: {open_leads: 0, lead_a_month: 4}}]\nobligations:", ["45: reps.0.limits.lead_a_month: unknown key; did you mean 'leads_a_month'?", "45: reps.0.limits.open_leads: should be at least 1, found 0"]),
    ("obligations:", "notify: {breaches: [Ana Kosta, ownr], goals: owner, escalation: [heads]}\nobligations:", ["45: notify.breaches.0: no contact, team or party 'Ana Kosta'; did you mean 'Ana Costa'?", "45: notify.breaches.1: no contact, team or party 'ownr'; did you mean 'owner'?", "45: notify.escalation: unknown key; did you mean 'escalations'?", "45: notify.goals: write a list: [owner]"]),
    ("obligations:", "notify: {always: [escalation], warnings: []}\nobligations:", ["45: notify.always.0: should be 'warnings', 'breaches', 'escalations' or 'goals', found 'escalation'; did you mean 'escalations'?", "45: notify.warnings: is empty; write at least one"]),
    ("obligations:", "notify: {reports: [owner]}\nteams: {north: {contacts: [{name: Ben}]}}\nobligations:", ["45: notify.reports.0: no contact, team or party 'owner'; known: heads, everybody, Bruno Martins, Ana Costa, Ben, Head of marketing, Head of sales, Marketing, marketing, Sales, sales, north"]),
    ("calendar:", "teams: {north: {contacts: [{name: Ben}]}}\nnotify: {breaches: [Ben, north]}\ncalendar:", ["33: notify.breaches.0: nothing reaches 'Ben'; give an e-mail address or a webhook", "33: notify.breaches.1: nothing reaches 'north'; give an e-mail address or a webhook"]),
    ("obligations:", "reports: [{id: weekly, due: {weekdays: [fri], at: '09:00'}, to: [Ana Kosta, owner], sender: Ana Kosta, confirms: friday, obligations: [first-tuch], language: english}]\nobligations:", ["45: reports.0.confirms: no deliverable 'friday'; known: none", "45: reports.0.language: should be 'en' or 'es', found 'english'; did you mean 'en'?", "45: reports.0.obligations.0: no obligation 'first-tuch'; did you mean 'first-touch'?", "45: reports.0.sender: no contact, team or party 'Ana Kosta'; did you mean 'Ana Costa'?", "45: reports.0.to.0: no contact, team or party 'Ana Kosta'; did you mean 'Ana Costa'?", "45: reports.0.to.1: no contact, team or party 'owner'; known: heads, everybody, Bruno Martins, Ana Costa, Head of marketing, Head of sales, Marketing, marketing, Sales, sales"]),
    ("obligations:", "reports: [{id: weekly, interval: year, due: {weekdays: [fri], at: '09:00'}}, {id: weekly, due: {at: '09:00'}}]\nobligations:", ["45: reports.0.interval: nothing of it is counted by year; write day or week or month", "45: reports.1.due: needs either weekdays or days_of_month", "45: reports.1.id: 'weekly' is taken already"]),
    ("obligations:", "reports: [{id: weekly, due: {weekdays: [fri], at: '16:00', on_closed_day: next}, confirms: lists, to: [Ana Costa]}]\nobligations:\n  - {id: lists, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: '16:00', on_closed_day: previous}}", ["45: reports.0.due.on_closed_day: is after 'lists' is due; write previous"]),
    ("obligations:", "obligations:\n  - {id: lists, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: '16:00', on_closed_day: nxt}}", ["46: obligations.0.due.on_closed_day: should be 'next', 'previous' or 'same', found 'nxt'; did you mean 'next'?"]),
    ("obligations:", "reports: [{id: weekly, due: {weekdays: [fri], at: '17:00'}, confirms: lists, to: [Ana Costa]}]\nobligations:\n  - {id: lists, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: '16:00'}, to: [Bruno Martins, '#sales']}", ["45: reports.0.due.at: is after 'lists' is due; send it by then", "45: reports.0.to: 'lists' goes to Bruno Martins; write whoever is to get it"]),
    ("email: ana@company-x.example\n        webhook: http://127.0.0.1:9095/pages/ana\n", "email: ana\nnotify: {breaches: [Ana Costa, Head of sales, sales]}\n", ["29: parties.sales.contacts.0.email: 'ana' is no e-mail address; write for example ana@example.com"]),
    ("obligations:", "legal: Nobody owns the leads.\nobligations:", ["45: legal: write a list: [Nobody owns the leads.]"]),
    ("obligations:", "legal: ['']\nobligations:", ["45: legal.0: is empty; write some text"]),
    ("type: internal", "type: intern", ["6: type: should be 'customer', 'internal' or 'multilevel', found 'intern'; did you mean 'internal'?"]),
    ("webhook: http://127.0.0.1:9095/pages/ana", "webhook: http://$PAGER_HOST:$PAGER_PORT/m", ["30: parties.sales.contacts.0.webhook: 'http://$PAGER_HOST:$PAGER_PORT/m' is no web address; write what $PAGER_HOST stands for"]),
    ("webhook: http://127.0.0.1:9095/pages/ana", "webhook: https://hooks.example.com/${TOKEN}", ["30: parties.sales.contacts.0.webhook: 'https://hooks.example.com/${TOKEN}' is no web address; write what ${TOKEN} stands for"]),
    ("webhook: http://127.0.0.1:9095/pages/ana", "webhook: hooks.example.com/x", ["30: parties.sales.contacts.0.webhook: 'hooks.example.com/x' is no web address; write for example https://example.com/hook"]),
    ("webhook: http://127.0.0.1:9095/pages/ana", "webhook: http://x.example:99999/", ["30: parties.sales.contacts.0.webhook: 'http://x.example:99999/' is no web address; write for example https://example.com/hook"]),
    ("webhook: http://127.0.0.1:9095/pages/ana", "webhook: 'http://[::zz]/'", ["30: parties.sales.contacts.0.webhook: 'http://[::zz]/' is no web address; write for example https://example.com/hook"]),
    ("email: ana@company-x.example", "email: <ana@company-x.example>", ["29: parties.sales.contacts.0.email: '<ana@company-x.example>' is no e-mail address; write for example ana@example.com"]),
    ("email: ana@company-x.example", "email: ana..costa@company-x.example", ["29: parties.sales.contacts.0.email: 'ana..costa@company-x.example' is no e-mail address; write for example ana@example.com"]),
    ("time_zone: Europe/Berlin", "time_zone: localtime", ["33: calendar.time_zone: 'localtime' is not an IANA time zone; write for example Europe/Berlin"]),
    ("time_zone: Europe/Berlin", "time_zone: posixrules", ["33: calendar.time_zone: 'posixrules' is not an IANA time zone; write for example Europe/Berlin"]),
    ("time_zone: Europe/Berlin", "time_zone: Factory", ["33: calendar.time_zone: 'Factory' is not an IANA time zone; write for example Europe/Berlin"]),
    ("time_zone: Europe/Berlin", "time_zone: right/Europe/Berlin", ["33: calendar.time_zone: 'right/Europe/Berlin' is not an IANA time zone; did you mean Europe/Berlin?"]),
    ("time_zone: Europe/Berlin", "time_zone: posix/Europe/Berlin", ["33: calendar.time_zone: 'posix/Europe/Berlin' is not an IANA time zone; did you mean Europe/Berlin?"]),
    ("time_zone: Europe/Berlin", "time_zone: Mexico City", ["33: calendar.time_zone: 'Mexico City' is not an IANA time zone; did you mean America/Mexico_City?"]),
    ("time_zone: Europe/Berlin", "time_zone: europe/berlin", ["33: calendar.time_zone: 'europe/berlin' is not an IANA time zone; did you mean Europe/Berlin?"]),
    ("    mon:", "    lun:", ["35: calendar.weekly_hours.lun: should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', found 'lun'; did you mean 'mon'?"]),
    ("    mon:", "    miércoles:", ["35: calendar.weekly_hours.miércoles: should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', found 'miércoles'; did you mean 'wed'?"]),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', 'mon: ["09:00", "17:00"]', ['35: calendar.weekly_hours.mon: hours are a list of spans; write [["09:00", "17:00"]]']),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', "mon: 9:00-17:00", ['35: calendar.weekly_hours.mon: hours are a list of spans; write [["09:00", "17:00"]]']),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', 'mon: [["09:00", "14:00"], ["13:30", "18:00"]]', ["35: calendar.weekly_hours.mon: 09:00 to 14:00 and 13:30 to 18:00 overlap; write them as one"]),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', 'mon: [["22:00", "10:00"]]', ["36: calendar.weekly_hours.tue: opens at 09:00 while mon is open until 10:00; write the hours once"]),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', 'mon: [["09:00", "12:30", "18:00"]]', ['35: calendar.weekly_hours.mon.0: a span is two times of day, as ["09:00", "17:00"]']),
    ('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', "mon:", ['35: calendar.weekly_hours.mon: is empty; write a list, as mon: [["09:00", "17:00"]] or leave it out']),
    ("region: BE", "region: be", ["42: calendar.holidays.region: no region 'be' of DE; did you mean BE?"]),
    ("region: BE", "region: Bavaria", ["42: calendar.holidays.region: no region 'Bavaria' of DE; known: BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH, Augsburg"]),
    ("country: DE\n    region: BE", "country: MX\n    region: DF", ["42: calendar.holidays.region: MX has no regions here; leave it out"]),
    ("country: DE\n    region: BE", "country: México", ["41: calendar.holidays.country: no holidays are known for country 'México'; did you mean MX?"]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: 2026-12-24", ["43: calendar.holidays.dates: write a list: [2026-12-24]"]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: [24/12/2026]", ["43: calendar.holidays.dates.0: '24/12/2026' is not a date; write for example 2026-12-24, or 12-24 for every year"]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: [24-12]", ["43: calendar.holidays.dates.0: '24-12' is no day of a year; the month goes first, in two digits each: write 12-24"]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: [1-1, 02-30, 1224]", [
        "43: calendar.holidays.dates.0: '1-1' is no day of a year; the month goes first, in two digits each: write 01-01",
        "43: calendar.holidays.dates.1: '02-30' is a day of no year; write for example 12-24",
        "43: calendar.holidays.dates.2: 1224 is not a date; write for example 2026-12-24, or 12-24 for every year",
    ]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: [12-24, 12-24]", ["43: calendar.holidays.dates: has '12-24' twice; leave one out"]),
    ("dates: [2026-12-24, 2026-12-31]", "except: Good Friday", ["43: calendar.holidays.except: write a list: [Good Friday]"]),
    ("dates: [2026-12-24, 2026-12-31]", "except: [Good Friday, good friday]", ["43: calendar.holidays.except: has 'good friday' twice; leave one out"]),
    ("country: DE\n    region: BE", "except: [Good Friday]", ["41: calendar.holidays.except: public holidays are those of a country; name it"]),
    ("dates: [2026-12-24, 2026-12-31]", "left_out: [Good Friday]", ["43: calendar.holidays.left_out: unknown key"]),
    ("dates: [2026-12-24, 2026-12-31]", "exept: [Good Friday]", ["43: calendar.holidays.exept: unknown key; did you mean 'except'?"]),
    ("dates: [2026-12-24, 2026-12-31]", "open: {Good Friday: []}", ["43: calendar.holidays.open.Good Friday: is a holiday, and closed as such; leave it out, or write hours"]),
    ("dates: [2026-12-24, 2026-12-31]", "except: [Good Friday]\n    open: {Karfreitag: [['09:00', '12:00']]}", ["44: calendar.holidays.open.Karfreitag: is left out by `except`; say one of the two"]),
    ("dates: [2026-12-24, 2026-12-31]", "dates: [2026-12-24, 2026-12-24]", ["43: calendar.holidays.dates: has a value twice; leave one out"]),
    ("obligations:", "calendars: {nights: 22:00-06:00}\nobligations:", ["45: calendars.nights: found '22:00-06:00'; write names with their values, as nights: {time_zone: UTC, weekly_hours: {mon: [[\"22:00\", \"06:00\"]]}}"]),
    ("obligations:", "calendars: {mexico: {time_zone: America/Mexico_City, weekly_hours: {mon: [['09:00', '17:00']]}}}\nteams: {north: mexico, south: {calendar: mejico}}\nobligations:", ["46: teams.north: found 'mexico'; write names with their values, as north: {calendar: nights}", "46: teams.south.calendar: no calendar 'mejico'; did you mean 'mexico'?"]),
    ("within: 1h", "within: 1 hour", ["51: obligations.0.deadline.within: '1 hour' is not a duration; write for example 90s, 30m, 1h30m or 14d"]),
    ("clock: working", "clock: laboral", ["51: obligations.0.deadline.clock: should be 'working' or 'wall', found 'laboral'; did you mean 'working'?"]),
    ("{within: 1h, clock: working}", "1h", ["51: obligations.0.deadline: write {within: 1h}"]),
    ("{within: 1h, clock: working}", "{clock: working}", ["51: obligations.0.deadline: 'within' is missing"]),
    ("{within: 1h, clock: working}", "{within: 1h, warnings: 30m}", ["51: obligations.0.deadline.warnings: write a list: [30m]"]),
    ("{within: 1h, clock: working}", "{within: 1h, warnings: [30m, 2h]}", ["51: obligations.0.deadline.warnings.1: a warning has to come within the 1h of the deadline"]),
    ("within: 1h", "within: 2 working days", ["51: obligations.0.deadline.within: working days are a mapping; write {working_days: 2}"]),
    ("within: 1h", "within: {working_days: 0}", ["51: obligations.0.deadline.within.working_days: should be at least 1, found 0"]),
    ("within: 1h", "within: {working_day: 1}", ["51: obligations.0.deadline.within.working_day: unknown key; did you mean 'working_days'?", "51: obligations.0.deadline.within: 'working_days' is missing"]),
    ("{within: 1h, clock: working}", "{within: {working_days: 2}, clock: wall}", ["51: obligations.0.deadline.clock: working days are counted by the working clock; leave clock out, or write a time as 14d"]),
    ("within: 1h", "within: {working_days: 1, cut_off: '18:00'}", ["51: obligations.0.deadline.within.cut_off: lies outside the hours of every day; write a time at which it is open"]),
    ("within: 1h", "within: {working_days: 1, cut_off: '08:00'}", ["51: obligations.0.deadline.within.cut_off: lies outside the hours of every day; write a time at which it is open"]),
    ("{within: 1h, clock: working}", "{within: {working_days: 1}, warnings: [8h, 16h]}", ["51: obligations.0.deadline.warnings.1: a warning has to come within the deadline, which is 1 working day of these hours, less than 16h"]),
    ("within: 1h, clock: working}\n    target: {average: 30m", "within: {working_days: 1}}\n    target: {average: 17h", ["52: obligations.0.target.average: 17h on average is longer than the deadline ever is: 1 working day of these hours, less than 16h"]),
    ("average: 30m", "average: 90m", ["52: obligations.0.target.average: 1h30m on average is longer than the deadline of 1h"]),
    ("average: 30m", "average: 30", ["52: obligations.0.target.average: 30 is not a duration; write for example 90s, 30m, 1h30m or 14d"]),
    ("share: 90%", "share: 90", ["52: obligations.0.target.share: should be a share above 0% and up to 100%, found 90; write 90%"]),
    ("share: 90%", "share: '90'", ["52: obligations.0.target.share: should be a share above 0% and up to 100%, found '90'; write 90%"]),
    ("share: 90%", "share: 120%", ["52: obligations.0.target.share: should be a share above 0% and up to 100%, found '120%'"]),
    ("share: 90%", "share: 5e-324", ["52: obligations.0.target.share: a number lies between 10^-15 and 10^15"]),
    ("share: 90%", "share: 99.9999999999999999999999999999%", ["52: obligations.0.target.share: a number has at most 28 digits"]),
    ("share: 90%", "share: most", ["52: obligations.0.target.share: should be a share above 0% and up to 100%, found 'most'; write for example 95%"]),
    ("target: {average: 30m, share: 90%}", "target: 90%", ["52: obligations.0.target: found '90%'; write names with their values, as {share: 90%}"]),
    ("intervals: [day, week, month]", "intervals: [day, week, day]", ["53: obligations.0.intervals: has 'day' twice; leave one out"]),
    ("intervals: [day, week, month]", "intervals: [daily, weekly]", ["53: obligations.0.intervals.0: should be 'day', 'week', 'month', 'quarter' or 'year', found 'daily'; did you mean 'day'?", "53: obligations.0.intervals.1: should be 'day', 'week', 'month', 'quarter' or 'year', found 'weekly'; did you mean 'week'?"]),
    ("intervals: [day, week, month]", "intervals: day", ["53: obligations.0.intervals: write a list: [day]"]),
    ("intervals: [day, week, month]", "intervals: []", ["53: obligations.0.intervals: is empty; write at least one"]),
    ("directions: [outbound]", "directions: []", ["55: obligations.0.follow_up.directions: is empty; write at least one"]),
    ("directions: [outbound]", "channels: []", ["55: obligations.0.follow_up.channels: is empty; write at least one"]),
    ("directions: [outbound]", "channels: phone", ["55: obligations.0.follow_up.channels: write a list: [phone]"]),
    ("directions: [outbound]", "directions: [both]", ["55: obligations.0.follow_up.directions.0: should be 'outbound' or 'inbound', found 'both'"]),
    ("automation: false", "automation: 2", ["55: obligations.0.follow_up.automation: should be true, false or answers, found 2"]),
    ("automation: false", "automation: answer", ["55: obligations.0.follow_up.automation: should be true, false or answers, found 'answer'; did you mean answers?"]),
    ("directions: [outbound], automation: false", "directions: [inbound], automation: answers", ["55: obligations.0.follow_up.automation: what comes from the lead is no answer to it; add outbound to `directions`"]),
    ("bands: [5m, 1h, 24h]", "bands: [5m, 5m]", ["54: obligations.0.bands.1: has to be more than the band before it"]),
    ("attempts: 6", "attempts: six", ["62: obligations.1.attempts: should be a whole number, found 'six'"]),
    ("attempts: 6", "attempts: 6.5", ["62: obligations.1.attempts: should be a whole number, found 6.5"]),
    ("attempts: 6", "attempts: 5000", ["62: obligations.1.attempts: should be at most 1000, found 5000"]),
    ("closed_leads: left_out", "closed_leads: excluded", ["66: obligations.1.closed_leads: should be 'counted' or 'left_out', found 'excluded'"]),
    ("goal: 100", "goal: 1.000,00", ["73: obligations.2.goal: should be a number, found '1.000,00'"]),
    ("goal: 100", "goal: '1,000'", ["73: obligations.2.goal: should be a number, found '1,000'; write 1000"]),
    ("goal: 100", "goal: .inf", ["73: obligations.2.goal: should be a finite number, found inf"]),
    ("goal: 100", "goal: -1", ["73: obligations.2.goal: should be more than 0, found -1"]),
    ("goal: 100", "goal:", ["68: obligations.2: needs either a goal or goal_from, a quota to compute it from"]),
    ("goal: 100", "goal: 100\n    goal_from: {revenue: 5000, average_deal: 100, close_rate: 50}", ["68: obligations.2: needs either a goal or goal_from, a quota to compute it from", "74: obligations.2.goal_from.close_rate: should be a share above 0% and up to 100%, found 50; write 50%"]),
    ("intervals: [day, week, month]\n    bands", "starts: created\n    reassignment: restarts\n    bands", ["54: obligations.0.reassignment: the clock from the creation always goes on; leave it out"]),
    ("obligations:", "minimum_quality: {grade: A}\nobligations:", ["45: minimum_quality.grade: 'grade' is no field that every lead has; write attributes.grade"]),
    ("obligations:", "minimum_quality: {Region: emea}\nobligations:", ["45: minimum_quality.Region: 'Region' is no field that every lead has; did you mean 'region'?"]),
    ("obligations:", "applies_to: {region: []}\nobligations:", ["45: applies_to.region: is empty; write at least one"]),
    ("obligations:", "applies_to: {region: [emea, emea]}\nobligations:", ["45: applies_to.region: has 'emea' twice; leave one out"]),
    ("obligations:", "applies_to: {score: {at_least: 90, below: 60}}\nobligations:", ["45: applies_to.score.below: no number is at least 90 and below 60"]),
    ("obligations:", "applies_to: {score: {min: 90}}\nobligations:", ["45: applies_to.score.min: unknown key; did you mean 'at_least'?"]),
    ("obligations:", "applies_to: {region:}\nobligations:", ["45: applies_to.region:: 'region:' is no field that every lead has; did you mean 'region'?", "45: applies_to.region:: is empty; write some text"]),
    ("obligations:", "applies_to: [region, emea]\nobligations:", ["45: applies_to: found a list; write names with their values, as {region: north}"]),
    ("obligations:", "applies_to: {region: emea}\nminimum_quality: {region: [apac, latam]}\nobligations:", ["46: minimum_quality.region: no lead that it applies to (`applies_to`) is like this"]),
    ("obligations:", "segments: [{id: rest}, {id: ceo, when: {role: ceo}}]\nobligations:", ["45: segments.1.when: no lead ever falls here: 'rest' above takes them all; put the narrower one first"]),
    ("obligations:", "segments: [{id: high, when: {score: {at_least: 50}}}, {id: top, when: {score: {at_least: 90}, role: ceo}}]\nobligations:", ["45: segments.1.when: no lead ever falls here: 'high' above takes them all; put the narrower one first"]),
    ("obligations:", "segments: [{id: emea, when: {region: [emea, uk]}}, {id: uk, when: {region: uk}}]\nobligations:", ["45: segments.1.when: no lead ever falls here: 'emea' above takes them all; put the narrower one first"]),
    ("obligations:", "applies_to: {region: emea}\nsegments: [{id: apac, when: {region: apac}}]\nobligations:", ["46: segments.0.when.region: no lead that it applies to (`applies_to`) is like this"]),
    ("obligations:", "segments: {id: ceo}\nobligations:", ["45: segments: should be a list, each item after a dash, as [{id: north, when: {region: north}}], found a mapping"]),
    ("kind: speed", "kind: speed\n    segments: [ceo]", ["48: obligations.0.segments: no segment 'ceo'; known: none"]),
    ("obligations:", "credits: [{obligation: first-touch, interval: year, tiers: [{below: 95%, credit: 10%}, {below: 99%, credit: 5%}]}]\nobligations:", ["45: credits.0.interval: 'first-touch' is not judged by year; write day or week or month", "45: credits.0.tiers.1.below: tiers go down in attainment; put the highest first", "45: credits.0.tiers.1.credit: tiers go up in credit, else one of them changes nothing"]),
    ("obligations:", "cancellation: {missed_in_a_row: 3, obligations: [first-touch, firsttouch]}\nobligations:", ["45: cancellation.obligations.1: no obligation 'firsttouch'; did you mean 'first-touch'?"]),
    ("obligations:", "capacity: {obligation: first-touch, reps: 2, time_per_attempt: 10m, attempts_per_lead: 6}\nobligations:", ["45: capacity.obligation: no obligation of volume 'first-touch'; known: leads-delivered"]),
    ("obligations:", "capacity: {obligation: leads-delivered, reps: two, time_per_attempt: 10, attempts_per_lead: 6, share_for_own: 90%}\nobligations:", ["45: capacity.reps: should be a whole number, found 'two'", "45: capacity.share_for_own: share_for_marketing and share_for_own are more than all of the time", "45: capacity.time_per_attempt: 10 is not a duration; write for example 90s, 30m, 1h30m or 14d"]),
    ("obligations:", "currency: eur\nobligations:", ["45: currency: should be a code of ISO 4217, as EUR, found 'eur'"]),
    ("obligations:", "currency: EUX\nobligations:", ["45: currency: 'EUX' is no currency of ISO 4217; write for example EUR"]),
    ("obligations:", "subject: ticket\nevents: {created: [ticket.opened.v1], attempted: [ticket.replied.v1]}\nobligations:", ["48: obligations.0: never begins: `events` names none for 'handed_off'", "59: obligations.1: never begins: `events` names none for 'handed_off'", "70: obligations.2: never begins: `events` names none for 'handed_off'"]),
    ("obligations:", "subject: Support Ticket\nobligations:", ["45: subject: should be lower-case letters, digits and underscores, as support_ticket, found 'Support Ticket'"]),
    ("obligations:", "events: {opened: [ticket.opened.v1]}\nobligations:", ["45: events.opened: should be 'created', 'updated', 'handed_off', 'down', 'reassigned', 'recycled', 'attempted', 'connected', 'up', 'closed', 'reopened', 'paused', 'resumed', 'excused', 'merged', 'deleted' or 'corrected', found 'opened'; did you mean 'created'?"]),
    ("obligations:", "obligations:\n  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [vie], at: 16}}", ["46: obligations.0.due.at: 16 is not a time of day; write HH:MM from 00:00 to 24:00", "46: obligations.0.due.weekdays.0: should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', found 'vie'; did you mean 'fri'?"]),
    ("obligations:", "obligations:\n  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: '16:00', until: 2025-12-31}}", ["46: obligations.0.due.until: is before it is first due, counted from 2026-01-01 on"]),
    ("obligations:", "obligations:\n  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], days_of_month: [1], at: '16:00'}}", ["46: obligations.0.due: needs either weekdays or days_of_month"]),
    ("obligations:", "obligations:\n  - first-touch", ["46: obligations.0: found 'first-touch'; write names with their values, as {id: first-touch, kind: speed, ...}"]),
    ("effective_from: 2026-01-01", "effective_from: 1 January 2026", ["5: effective_from: '1 January 2026' is not a date; write for example 2026-12-24"]),
    ("effective_from: 2026-01-01", "effective_form: 2026-01-01", ["1: agreement: 'effective_from' is missing", "5: effective_form: unknown key; did you mean 'effective_from'?"]),
]  # fmt: skip
"""What is put in the place of what, and what is said of it, by line."""


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[f"{number}" for number in range(len(WRONG))])
def test_what_people_write_is_answered_with_what_to_write(old: str, new: str, expected: list[str]) -> None:
    assert errors_of(changed((old, new))) == [f"x.yaml:{line}" for line in expected]


def test_all_that_is_wrong_is_said_in_one_round() -> None:
    """A wrong part hides nothing else: not what is wrong beside it, nor what does not fit together around it."""
    errors = errors_of(
        changed(
            ("type: internal", "type: intern"),
            ("role: Head of sales", "reports_to: Nobody"),
            (HOURS, 'mon: [["09:00", "25:00"]]'),
            ("region: BE", "region: XX"),
            ("provider: sales", "provider: nobody"),
            (DEADLINE, "deadline: {within: 1h, clock: busy, warnings: [2h]}"),
            ("average: 30m, share: 90%", "average: 2h, share: 95"),
            ("id: persistence", "id: first-touch"),
            ("attempts: 6", "attempts: six"),
            ("interval: month\n    intervals: [day, week, month]", "interval: month\n    intervals: [day, weak]"),
        )
        + "remedies: [{obligation: nothing, owner: Nemo, within: 1d}]\n"
        + "cancellation: {missed_in_a_row: 0, obligations: [leads-delivered, nothing]}\n"
    )

    assert [error.removeprefix("x.yaml:").partition(";")[0] for error in errors] == [
        "6: type: should be 'customer', 'internal' or 'multilevel', found 'intern'",
        "28: parties.sales.contacts.0.reports_to: no contact 'Nobody'",
        "35: calendar.weekly_hours.mon.0.1: '25:00' is not a time of day",
        "42: calendar.holidays.region: no region 'XX' of DE",
        "49: obligations.0.provider: no party 'nobody'",
        "51: obligations.0.deadline.clock: should be 'working' or 'wall', found 'busy'",
        "51: obligations.0.deadline.warnings.0: a warning has to come within the 1h of the deadline",
        "52: obligations.0.target.average: 2h on average is longer than the deadline of 1h",
        "52: obligations.0.target.share: should be a share above 0% and up to 100%, found 95",
        "57: obligations.1.id: 'first-touch' is taken already",
        "62: obligations.1.attempts: should be a whole number, found 'six'",
        "75: obligations.2.intervals.1: should be 'day', 'week', 'month', 'quarter' or 'year', found 'weak'",
        "77: remedies.0.obligation: no obligation 'nothing'",
        "77: remedies.0.owner: no contact or party 'Nemo'",
        "77: remedies.0: 'action' is missing",
        "78: cancellation.missed_in_a_row: should be at least 1, found 0",
        "78: cancellation.obligations.1: no obligation 'nothing'",
    ]


def test_an_obligation_that_is_wrong_is_known_to_those_who_name_it() -> None:
    wrong = changed(("kind: depth", "kind: deep"), ("goal: 100", "goal: none"))

    errors = errors_of(wrong + "cancellation: {missed_in_a_row: 3, obligations: [persistence, leads-delivered]}\n")

    assert [error.partition(": ")[2] for error in errors] == [
        "obligations.1: unknown kind 'deep'; did you mean 'depth'?",
        "obligations.2.goal: should be a number, found 'none'",
    ]


def test_clashes_between_files_are_told_beside_what_is_wrong_in_them(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(changed(("goal: 100", "goal: none")), encoding="utf-8")

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([tmp_path])

    assert [
        (Path(error.file).name, error.line, error.message.partition(" stands")[0]) for error in wrong.value.errors
    ] == [
        ("a.yaml", 73, "obligations.2.goal: should be a number, found 'none'"),
        ("b.yaml", 4, "agreement 'company-x' with version 2026-01"),
        ("b.yaml", 5, "agreement 'company-x' with effective_from 2026-01-01"),
        ("b.yaml", 73, "obligations.2.goal: should be a number, found 'none'"),
    ]


def test_what_cannot_be_read_says_why_without_a_line(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("agreement: x\ntitle: Año".encode("latin-1"))
    folder = tmp_path / "folder"
    (folder / "inner.yaml").mkdir(parents=True)
    (tmp_path / "UPPER.YAML").write_text(TEXT, encoding="utf-8")

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([tmp_path / "absent.yaml", latin, folder])

    assert str(wrong.value).splitlines() == [
        f"{tmp_path / 'absent.yaml'}: there is no such file or folder",
        f"{folder / 'inner.yaml'}: cannot be read: Is a directory",
        f"{latin}:2: is not UTF-8 from byte 21 on; save it as such",
    ]
    latin.unlink()
    assert [one.agreement for one in load_agreements([tmp_path])] == ["company-x"]


@pytest.mark.parametrize("title", ["a\\rb", "a\\x07b", "a\\u2028b", "\\ud800", "a\\nb", "\\e[31m"])
def test_a_title_is_one_line_of_characters_that_can_be_shown(title: str) -> None:
    (error,) = errors_of(changed(("title: Lead delivery and follow-up at Company X", f'title: "{title}"')))

    assert error.startswith("x.yaml:7: ")


def test_of_an_unknown_holiday_the_nearest_and_all_of_the_country_are_told() -> None:
    (error,) = errors_of(changed(("dates: [2026-12-24, 2026-12-31]", "except: [Gud Friday]")))

    assert error.startswith(
        "x.yaml:43: calendar.holidays.except.0: no holiday 'Gud Friday' of DE, BE; did you mean 'Good Friday'? "
        "known: New Year's Day, Women's Day, Good Friday, "
    )


def test_holidays_may_be_dates_alone() -> None:
    holidays = "  holidays:\n    country: DE\n    region: BE\n    dates: [2026-12-24, 2026-12-31]"

    short = parse_agreement(changed((holidays, "  holidays: [2026-12-24, 2026-12-31]")))

    assert short == parse_agreement(changed((holidays, "  holidays: {dates: [2026-12-24, 2026-12-31]}")))


def phrases() -> Iterator[str]:
    """What pydantic says, whatever it fills in; `Input should be` begins nearly all of it."""
    for error in list_all_errors():
        for part in error["message_template_python"].replace("Input should be ", "").split("{"):
            words = part.rpartition("}")[2].strip(" .,'`")
            if len(words.split()) > 2:
                yield words


PYDANTICS: Final = (*phrases(), "Input should", "Field required", "valid dictionary", "valid tuple", "instance of")
PIECES: Final = (
    "~",
    "true",
    "5",
    "1.5",
    "[]",
    "[x]",
    "[5]",
    "{}",
    "{a: b}",
    "x",
    "''",
    "'1,000'",
    ".inf",
    "2026-01-01",
    "[[x]]",
    "[{}]",
)


def with_piece(text: str, random: Random) -> str:
    """The text with the value of some key replaced."""
    lines = text.split("\n")
    keyed = [number for number, line in enumerate(lines) if ": " in line and not line.lstrip().startswith("#")]
    for number in random.sample(keyed, 3):
        lines[number] = f"{lines[number].partition(': ')[0]}: {random.choice(PIECES)}"
    return "\n".join(lines)


@examples(150)
@given(
    st.sampled_from([TEXT, *(text for text in (changed((old, new)) for old, new, _ in WRONG))]),
    st.randoms(use_true_random=False),
)
def test_no_message_is_in_pydantics_words(text: str, random: Random) -> None:
    try:
        parse_agreement(with_piece(text, random), "x.yaml")
    except AgreementErrors as wrong:
        said = [error.message for error in wrong.errors]
    else:
        return
    assert not [(message, words) for message in said for words in PYDANTICS if words in message]
    assert not [message for message in said if "is not what can stand here" in message]


ERRORS_OF: Final = {
    "str": {"string_type", "string_pattern_mismatch", "string_too_short", "string_too_long"},
    "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float", "finite_number", "greater_than", "greater_than_equal", "less_than", "less_than_equal"},
    "float": {"float_type", "float_parsing", "finite_number"},
    "decimal": {"decimal_type", "decimal_parsing", "finite_number", "greater_than", "greater_than_equal", "less_than_equal"},
    "bool": {"bool_type", "bool_parsing"},
    "literal": {"literal_error"},
    "tuple": {"tuple_type", "too_short", "too_long", "missing"},
    "dict": {"dict_type", "too_short", "too_long"},
    "model": {"model_type"},
    "model-fields": {"missing", "extra_forbidden", "model_attributes_type", "invalid_key"},
    "tagged-union": {"union_tag_invalid", "union_tag_not_found"},
    "date": {"value_error"},
    "function-wrap": {"value_error"}, "function-before": {"value_error"}, "function-after": {"value_error"}, "function-plain": {"value_error"},
    "nullable": set[str](), "model-field": set[str](), "default": set[str](), "union": set[str](), "definitions": set[str](), "definition-ref": set[str](), "chain": set[str](),
}  # fmt: skip
"""What pydantic may find wrong with a value of each sort; dates are read by our own validator first."""


def test_every_error_that_an_agreement_can_have_is_spoken_by_us() -> None:
    sorts = set(sorts_in(Agreement.__pydantic_core_schema__))

    assert sorts <= ERRORS_OF.keys()
    assert {error for sort in sorts for error in ERRORS_OF[sort]} <= SENTENCES.keys()


def sorts_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema["type"]
        for key, part in schema.items():
            if key not in {"serialization", "metadata", "ref", "config", "function"}:
                yield from sorts_in(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from sorts_in(part)


def test_an_error_that_nobody_foresaw_is_a_plain_sentence_too() -> None:
    assert sentence({"type": "from_another_release", "loc": (), "input": 5, "msg": "Input should be six"}, ()) == (
        "is not what can stand here, found 5"
    )
