"""`leadsla plan`: from numbers, from an agreement, by measured rates; what is wrong is said in words."""

import json
from datetime import date
from pathlib import Path

import pytest

from crm_simulator import Plan, simulate
from leadsla.commands.simulate import line_of
from tests.agreements.test_schemas import PLAN, validator
from tests.leadsla.planning.calls import AGREEMENTS, APRIL, COMPANY_X, NUMBERS, plan_of, planned, refused
from tests.leadsla.test_report_schema import check_closed_and_described

SCREEN = """\
what marketing has to deliver in month 2026-04: 100 leads

          our  average  close  revenue
 quota  share     deal   rate     goal  customers  leads  value
 ───────────────────────────────────────────────────────────────
 5,000   100%      100    50%    5,000         50    100  5,000

  the number of leads is rounded up; amounts in EUR
  3.3 a day, spread over 30 days
  if the close rate falls by a tenth: 112 (+12); if it rises by a tenth: 91 (-9)
  leads: feasible: 1 rep can serve 160 leads in the tightest month of the year
  (month 2027-02): 60 to spare
  office hours assumed: 8 hours a day, Monday to Friday, no holidays; an
  agreement (--from) has its own

due by the end of each day

 week of      Mon   Tue   Wed    Thu   Fri   Sat   Sun
 ──────────────────────────────────────────────────────
 2026-03-30               3.3    6.7  10.0  13.3  16.7
 2026-04-06  20.0  23.3  26.7   30.0  33.3  36.7  40.0
 2026-04-13  43.3  46.7  50.0   53.3  56.7  60.0  63.3
 2026-04-20  66.7  70.0  73.3   76.7  80.0  83.3  86.7
 2026-04-27  90.0  93.3  96.7  100.0
"""
REGIONS = (
    "--segment",
    "north:quota=3000,deal=100,close-rate=40%,value=50",
    "--segment",
    "south:quota=2500,close-rate=7%",
)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough customers to be trusted at its end."""
    path = tmp_path_factory.mktemp("events") / "quarter.jsonl"
    path.write_bytes(b"".join(line_of(item) for item in simulate(Plan(date(2026, 2, 2), 58, 20, 3, broken_share=0))))
    return path


def test_a_plan_is_one_screen_of_eighty_columns() -> None:
    found = planned(*NUMBERS, *APRIL, "--currency", "EUR", "--reps", "1", "--attempts", "6", "--minutes", "10")

    assert lines(found.stdout) == lines(SCREEN)


def test_a_plan_speaks_spanish() -> None:
    found = planned(*NUMBERS, *APRIL, "--lang", "es").stdout

    assert "lo que marketing tiene que entregar en abr 2026: 100 leads" in found
    assert "si la tasa de cierre baja una décima parte: 112 (+12)" in found


def test_machines_get_the_leads_needed_as_the_schema_says() -> None:
    found = plan_of(*NUMBERS, *APRIL)

    assert (found["leads_needed"], found["customers_needed"], found["revenue_goal"]) == (100, 50, "5000.00")
    assert (found["days"][-1]["due"], found["currency"], found["serving"]) == (100, None, None)
    for one in (found, plan_of("--from", str(COMPANY_X), *APRIL), plan_of(*REGIONS, "--deal", "100", *APRIL)):
        assert list(validator(PLAN).iter_errors(one)) == []


def test_every_key_of_the_schema_is_described() -> None:
    check_closed_and_described(json.loads(PLAN.read_text(encoding="utf-8")))


def test_regions_have_numbers_of_their_own_and_share_those_that_they_leave_out() -> None:
    found = plan_of(*REGIONS, "--deal", "250", "--share", "80%", *APRIL)

    assert [(one["segment"], one["average_deal"], one["leads_needed"]) for one in found["parts"]] == [
        ("north", "100.00", 60),
        ("south", "250.00", 115),
    ]
    assert (found["leads_needed"], found["parts"][0]["value_needed"]) == (175, "3000.00")


def test_whatever_is_large_is_shown_whole() -> None:
    found = planned("--quota", "300000000", "--deal", "100", "--close-rate", "3%", *APRIL).stdout

    assert "100,000,000" in found
    assert max(map(len, lines(found))) <= 80
    assert "due by the end of each month" in found


def test_a_year_is_shown_by_month() -> None:
    found = planned(*NUMBERS, *APRIL, "--interval", "year", "--goal-line", "working_days").stdout

    assert "spread over 261 working days" in found
    assert "2026-12" in found


def test_an_agreement_brings_its_quota_its_calendar_and_its_reps() -> None:
    found = plan_of("--from", str(COMPANY_X), *APRIL)

    assert (found["agreement"], found["obligation"], found["leads_needed"]) == ("company-x", "leads-delivered", 100)
    assert (found["leads_agreed"], found["currency"], found["serving"]["capacity"]) == (100, "EUR", 136)


def test_what_is_given_goes_before_what_is_agreed() -> None:
    found = plan_of("--from", str(COMPANY_X), "--close-rate", "40%", "--reps", "1", *APRIL)

    assert (found["leads_needed"], found["leads_agreed"], found["serving"]["capacity"]) == (125, 100, 68)


def test_a_goal_that_is_a_number_is_planned_from_the_quota_given(tmp_path: Path) -> None:
    file = tmp_path / "fixed.yaml"
    text = COMPANY_X.read_text(encoding="utf-8")
    file.write_text(text.replace("goal_from: {revenue: 5000, average_deal: 100, close_rate: 50%}", "goal: 22"))

    assert "is agreed as 22, and from no quota; write goal_from in its place" in refused("--from", str(file))
    assert plan_of("--from", str(file), *NUMBERS)["leads_needed"] == 100


def test_reps_who_are_too_few_are_told_what_gives() -> None:
    found = planned("--from", str(COMPANY_X), "--quota", "20000", *APRIL).stdout

    assert "what gives: 6 in place of 2 reps, or a goal of 136" in found


def test_rates_of_enough_customers_are_gone_by(quarter: Path) -> None:
    found = plan_of("--from", str(COMPANY_X), "--events", str(quarter))
    (part,), (measured,) = found["parts"], found["recalculation"]["parts"]

    assert measured["is_taken"]
    assert measured["matured"]["converted"] >= 30
    assert found["leads_needed"] == measured["leads_needed_by_rates"] != found["leads_agreed"]
    assert part["close_rate"] == pytest.approx(measured["matured"]["close_rate"], abs=1e-4)
    assert found["start"] == "2026-03-31T22:00:00Z", "the period after the last event"


def test_rates_of_few_customers_are_shown_and_not_gone_by(quarter: Path) -> None:
    until = ("--from", str(COMPANY_X), "--events", str(quarter), "--until", "2026-03-18T00:00:00Z")
    said = " ".join(planned(*until).stdout.split())

    assert "month 2026-04: 100 leads to deliver" in said
    assert "too few to be trusted, 30 are wanted; by those measured it would be" in said
    assert plan_of(*until, "--close-rate", "20%")["leads_needed"] == 250, "somebody may know better"


def test_figures_that_say_nothing_leave_the_rates_as_agreed(tmp_path: Path) -> None:
    """Its customers are no leads."""
    (tmp_path / "one.jsonl").write_bytes(line_of(next(iter(simulate(Plan(date(2026, 2, 2), 1, 5, 1, broken_share=0))))))
    multilevel = AGREEMENTS / "examples" / "company-x-multilevel.yaml"
    nothing = ("--from", str(multilevel), "--events", str(tmp_path / "one.jsonl"))

    assert "agreed rates stay: the figures say nothing of this goal yet" in planned(*nothing).stdout
    assert plan_of(*nothing)["leads_needed"] == 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--quota: wanted: what sales has to sell in one interval, as --quota 5000; what one customer brings"),
        (("--close-rate", "0"), "--close-rate: should be a share above 0% and up to 100%, found '0'"),
        (("--close-rate", "0%"), "--close-rate: should be a share above 0% and up to 100%, found '0%'"),
        (("--close-rate", "150%"), "--close-rate: should be a share above 0% and up to 100%, found '150%'"),
        (("--close-rate", "50"), "found '50'; write 50%"),
        (("--share", "-1"), "--share: should be a share above 0% and up to 100%, found '-1'"),
        (("--quota", "-5"), "--quota: should be more than 0, found '-5'"),
        (("--quota", "5,000"), "--quota: should be a number, found '5,000'; write 5000"),
        (("--deal", "0"), "--deal: should be more than 0, found '0'"),
        (("--deal", "nan"), "--deal: should be a finite number, found 'nan'"),
        (("--quota", "1e300"), "--quota: a number lies between 10^-15 and 10^15"),
        (("--deal", "0.000000001"), "these quotas take 10,000,000,000,000 leads, which is more than"),
        (("--currency", "eur"), "--currency: should be a code of ISO 4217, as EUR, found 'eur'"),
        (("--segment", "north"), "--segment: 'north' names no segment; write for example north:quota=3000"),
        (("--segment", "north:3000"), "'3000' in 'north:3000' is no part=number"),
        (("--segment", "north:qota=3000"), "no part 'qota'; did you mean 'quota'?"),
        (("--segment", "a:deal=1,deal=2"), "says deal twice"),
        (("--segment", "a:deal=1", "--segment", "a:deal=2"), "'a' is there twice"),
        (("--segment", "north:deal=9"), "each segment has a quota of its own; say --segment north:quota=5000"),
        (("--reps", "3"), "wanted: how long one attempt takes, as --reps 3 --attempts 6 --minutes 10"),
        (("--reps", "3", "--attempts", "6", "--minutes", "nan"), "--minutes: should be minutes, more than none"),
        (("--reps", "0", "--attempts", "6", "--minutes", "1"), "--reps: should be at least 1, found 0"),
        (("--effective-from", "0001-01-01"), "does not lie in the years 1900 to 2999"),
        (("--events", "e.jsonl", "--broker", "k:9092"), "leave out --broker or --events"),
        (("--until", "2026-01-01T00:00:00Z"), "--until: goes with --events"),
        (("--obligation", "leads"), "--obligation: goes with --from, --events or --broker"),
        (("--propose", "next.yaml"), "say of which one, by --from"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_said_with_what_would_be_right(arguments: tuple[str, ...], said: str) -> None:
    numbers = () if not arguments else tuple(NUMBERS)

    assert said in refused(*numbers, *arguments)


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        ("A_B:quota=1", "its name should be lower-case letters, digits and dashes, as a-b, found 'A_B'"),
        ("a:quota=1,value=-3", "a: value should be at least 0, found '-3'"),
        ("a:quota=0", "a: quota should be more than 0, found '0'"),
        ("a:value=3", "a: quota is missing; write for example north:quota=3000"),
        ("all:quota=3", "'all' has a meaning of its own; choose another"),
    ],
)
def test_a_segment_that_is_none_is_said_to_be(segment: str, said: str) -> None:
    assert said in refused("--deal", "100", "--close-rate", "50%", "--segment", segment)


@pytest.mark.parametrize(
    ("file", "arguments", "said"),
    [
        ("company-x", ("--segment", "north:quota=1"), "follows from one quota for all leads"),
        ("company-x", ("--agreement", "company-y"), "no agreement 'company-y'; did you mean 'company-x'?"),
        ("company-x", ("--obligation", "leads"), "did you mean 'leads-delivered'?"),
        ("company-x", ("--interval", "week"), "--interval: stands in the agreement; leave it out"),
        ("company-x", ("--currency", "USD"), "--currency: the agreement is in EUR"),
        ("examples/uptime", (), "there is no obligation of volume, so that nothing is to be delivered"),
        ("nothing", (), "there is no such file or folder"),
    ],
)
def test_what_an_agreement_does_not_have_is_said(file: str, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("--from", str(AGREEMENTS / f"{file}.yaml"), *arguments)


def test_of_several_goals_one_has_to_be_named(tmp_path: Path) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    for name in ("company-x", "company-y"):
        (tmp_path / f"{name}.yaml").write_text(text.replace("agreement: company-x", f"agreement: {name}"))
    both = ("--from", str(tmp_path))

    assert "say which: --agreement company-x --obligation leads-delivered, --agreement company-y" in refused(*both)
    assert plan_of(*both, "--agreement", "company-y")["agreement"] == "company-y"
    assert plan_of("--from", str(AGREEMENTS / "examples"))["agreement"] == "company-x-multilevel", (
        "the one from a quota"
    )
