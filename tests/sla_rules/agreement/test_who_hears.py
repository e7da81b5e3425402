"""Who hears of what: always somebody where there is anybody, and never the other side unless it is said."""

from typing import Any, Final, get_args

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.notify import WORDS, Notify, NotifyOfAll, Occasion
from sla_rules.agreement.parties import Contact, Party, Person, Team
from sla_rules.agreement.reps import Rep
from sla_rules.agreement.who_hears import Matter, People, has_address
from tests.laws import examples

OCCASIONS: Final[tuple[Occasion, ...]] = get_args(Occasion)


AGREEMENT: Final = parse_agreement("""
agreement: leads
version: "1"
effective_from: 2026-01-01
type: internal
title: Leads
parties:
  marketing: {name: Marketing, contacts: [{name: Bruno, email: bruno@x.example}]}
  sales:
    name: Sales
    contacts:
      - {name: Ana, role: Head of sales, email: ana@x.example}
      - {name: Zoe, reports_to: Ana, email: zoe@x.example, pages: false}
calendar: {time_zone: Europe/Madrid, weekly_hours: {mon: [["09:00", "18:00"]]}}
teams:
  Madrid: {contacts: [{name: Lucía, reports_to: Ana, email: lucia@x.example}]}
reps:
  - {id: "17", name: Rita, team: Madrid, email: rita@x.example}
  - {id: "18", name: Sam, team: Madrid}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}}
""")


PEOPLE: Final = ("Ana", "Bruno", "Zoe", "Lucía", "Diego", "Rita", "Sam")


def ways(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """To reach somebody, or none."""
    return st.fixed_dictionaries({}, optional={"email": st.just("x@x.example"), **more})


@st.composite
def contacts(draw: st.DrawFn, some: tuple[str, ...]) -> tuple[Contact, ...]:
    """Some people, of whom some report to others and some want no alerts."""
    chosen = draw(st.lists(st.sampled_from(some), min_size=1, unique=True))
    others = ways(pages=st.booleans(), reports_to=st.sampled_from(some))
    return tuple(Contact.model_validate({"name": name, **draw(others)}) for name in chosen)


def notify() -> st.SearchStrategy[dict[str, Any]]:
    """Whoever is named, people who can't be reached too."""
    whom = st.lists(st.sampled_from((*WORDS, *PEOPLE, "Madrid", "sales")), min_size=1, max_size=3, unique=True)
    return st.dictionaries(st.sampled_from(OCCASIONS), whom)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Agreement, Occasion, Matter]:
    """An agreement of two parties with teams and reps, and what somebody may ask of it."""
    parties = {
        "marketing": Party(name="Marketing", contacts=draw(contacts(("Bruno", "Zoe")))),
        "sales": Party(name="Sales", contacts=draw(contacts(("Ana", "Zoe")))),
    }
    teams = draw(
        st.dictionaries(st.sampled_from(("Madrid", "Mexico")), st.builds(Team, contacts=contacts(PEOPLE[3:5])))
    )
    in_a_team = {"team": st.sampled_from(sorted(teams))} if teams else {}
    reps = tuple(Rep.model_validate({"id": name, "name": name, **draw(ways(**in_a_team))}) for name in PEOPLE[5:])
    said = NotifyOfAll.model_validate(draw(notify()))
    agreement = AGREEMENT.model_copy(update={"parties": parties, "teams": teams, "reps": reps, "notify": said})
    (touch,) = agreement.obligations
    obligation = touch.model_copy(update={"notify": Notify.model_validate(draw(notify()))})
    whose = draw(st.sampled_from((None, "Madrid", "Mexico", "others"))), draw(st.sampled_from((None, "Sam", "others")))
    return agreement, draw(st.sampled_from(OCCASIONS)), Matter(obligation, *whose)


def paged(contacts: tuple[Contact, ...]) -> list[Person]:
    return [contact for contact in contacts if contact.pages and has_address(contact)]


@examples(60)
@given(asked())
def test_somebody_hears_of_everything_wherever_anybody_who_owes_can_be_reached(
    question: tuple[Agreement, Occasion, Matter],
) -> None:
    agreement, occasion, matter = question

    told = People(agreement).who_hears(occasion, matter)

    assert bool(told) >= bool(paged(agreement.parties[matter.obligation.provider].contacts))
    assert all(map(has_address, told))
    assert len(set(told)) == len(told)


@examples(60)
@given(asked())
def test_nobody_but_the_side_that_owes_hears_of_anything_by_default(
    question: tuple[Agreement, Occasion, Matter],
) -> None:
    said, occasion, matter = question
    silent = said.model_copy(update={"notify": NotifyOfAll()})
    matter = matter._replace(obligation=matter.obligation.model_copy(update={"notify": Notify()}))

    told = People(silent).who_hears(occasion, matter)

    of_other_sides = {
        name for name, team in silent.teams.items() if team.party not in {None, matter.obligation.provider}
    }
    own = set[Person](silent.parties[matter.obligation.provider].contacts)
    own.update(rep for rep in silent.reps if rep.team not in of_other_sides)
    own.update(one for name, team in silent.teams.items() if name not in of_other_sides for one in team.contacts)
    assert set(told) <= own


@examples(40)
@given(asked())
def test_a_report_goes_to_everybody_who_can_be_reached_by_default(
    question: tuple[Agreement, Occasion, Matter],
) -> None:
    silent = question[0].model_copy(update={"notify": NotifyOfAll()})

    everybody = [contact for party in silent.parties.values() for contact in party.contacts]
    assert set(People(silent).who_gets_reports()) == set(filter(has_address, everybody))


def told(occasion: Occasion, team: str | None = None, owner: str | None = None, **notify: list[str]) -> list[str]:
    agreement = AGREEMENT.model_copy(update={"notify": NotifyOfAll.model_validate(notify)})
    return [one.name for one in People(agreement).who_hears(occasion, Matter(agreement.obligations[0], team, owner))]


def test_a_warning_is_for_the_owner_whose_team_stands_in_and_for_it_its_party() -> None:
    assert told("warnings", "Madrid", "17") == ["Rita"]
    assert told("warnings", "Madrid", "18") == told("warnings", "Madrid") == ["Lucía"]
    assert told("warnings", owner="18") == ["Lucía"]
    assert told("warnings") == ["Ana"]


def test_a_breach_is_for_the_owner_and_the_team_and_an_escalation_for_the_heads() -> None:
    assert told("breaches", "Madrid", "17") == ["Rita", "Lucía"]
    assert told("escalations", "Madrid", "17") == ["Ana"]


def test_whoever_wants_no_alerts_gets_those_that_name_them_alone() -> None:
    assert told("goals", goals=["provider"]) == ["Ana"]
    assert told("goals", goals=["Zoe"]) == ["Zoe"]


def test_who_cannot_be_reached_in_the_way_that_is_asked_for_is_stood_in_for() -> None:
    matter = Matter(AGREEMENT.obligations[0], "Madrid", "17")

    assert [
        one.name for one in People(AGREEMENT).who_hears("warnings", matter, lambda person: person.name != "Rita")
    ] == ["Lucía"]
    assert People(AGREEMENT).who_hears("warnings", matter, lambda _: False) == ()


def test_people_are_named_by_themselves_what_they_do_their_id_their_team_and_their_party() -> None:
    found = {name: [one.name for one in people] for name, people in People(AGREEMENT).by_name.items()}

    assert found == {
        "Bruno": ["Bruno"],
        "Ana": ["Ana"],
        "Zoe": ["Zoe"],
        "Lucía": ["Lucía"],
        "Rita": ["Rita"],
        "Sam": ["Sam"],
        "Head of sales": ["Ana"],
        "17": ["Rita"],
        "18": ["Sam"],
        "Marketing": ["Bruno"],
        "marketing": ["Bruno"],
        "Sales": ["Ana", "Zoe"],
        "sales": ["Ana", "Zoe"],
        "Madrid": ["Lucía"],
    }
