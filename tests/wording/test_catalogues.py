"""Every reason has its sentence in every language, and no sentence wants what a reason does not have."""

from collections.abc import Mapping
from functools import cache

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from msgspec.structs import fields

from sla_rules.reports.reasons import Reason, code_of
from tests.wording.samples import reasons_there_are, samples
from wording.catalogue import CatalogueError, message, sources
from wording.languages import LANGUAGES, Language
from wording.voice import Voice


class Names(Visitor):
    """The values and messages that a message refers to."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's name
        self.values.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - the library's name
        self.messages.add(node.id.name)


@cache
def messages_of(language: Language) -> Mapping[str, Names]:
    found: dict[str, Names] = {}
    for name, text in sources(language).items():
        for entry in FluentParser(with_spans=False).parse(text).body:
            assert not isinstance(entry, ast.Junk), f"{language}/{name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{language}/{name}: {entry.id.name} is there twice"
                found[entry.id.name] = Names()
                found[entry.id.name].visit(entry)
    return found


def wanted_by(name: str, messages: Mapping[str, Names]) -> set[str]:
    """The values that a message wants, through those that it refers to as well."""
    own = messages[name]
    return own.values.union(*(wanted_by(other, messages) for other in own.messages))


def lacks_anything(reason: Reason) -> bool:
    """Whether a value of the reason, or of one in it, is not there."""
    return any(
        value is None or (isinstance(value, Reason) and lacks_anything(value))
        for value in (getattr(reason, one.name) for one in fields(reason))
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", reasons_there_are(), ids=code_of)
def test_every_reason_can_be_said_whatever_of_it_is_known(reason: type[Reason], language: Language) -> None:
    voice = Voice(language)
    for sample in samples(reason):
        said = voice.say(sample)

        assert said.strip() == said
        assert said
        assert not lacks_anything(sample) or "none" not in said.split(), "what is not there is said in words"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", reasons_there_are(), ids=code_of)
def test_a_sentence_wants_no_more_than_its_reason_has(reason: type[Reason], language: Language) -> None:
    names = {one.name for one in fields(reason)}

    assert wanted_by(code_of(reason), messages_of(language)) <= names | {f"{name}_count" for name in names}


def test_all_languages_have_the_same_messages() -> None:
    english, *others = (set(messages_of(language)) for language in LANGUAGES)

    assert all(other == english for other in others)


def test_no_language_says_less_than_another() -> None:
    """But for what an agreement is about, which some sentences of a language do well without."""
    english, spanish = messages_of("en"), messages_of("es")
    for name in english:
        if not name.startswith("part-"):
            assert wanted_by(name, spanish) - {"about"} == wanted_by(name, english) - {"about"}, name


def test_what_a_catalogue_does_not_have_is_an_error_and_no_silence() -> None:
    with pytest.raises(CatalogueError, match="no message nothing-like-it"):
        message("en", "nothing-like-it", {})
    with pytest.raises(CatalogueError, match="explain-lead of es"):
        message("es", "explain-lead", {})


@pytest.mark.parametrize("count", [0, 1, 5])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_filled_in(language: Language, count: int) -> None:
    messages = messages_of(language)
    for name in messages:
        for about in ("lead", "ticket", "inquiry"):
            values: dict[str, str | int] = dict.fromkeys(wanted_by(name, messages), count)

            assert message(language, name, {**values, "about": about}), name


@pytest.mark.parametrize(
    ("about", "english", "spanish"),
    [
        ("lead", "1 lead that cannot be judged, and counts for nothing", "1 lead que no se puede juzgar y no cuenta para nada"),
        ("ticket", "1 ticket that cannot be judged, and counts for nothing", "1 ticket que no se puede juzgar y no cuenta para nada"),
        ("inquiry", "1 (inquiry) that cannot be judged, and counts for nothing", "1 (inquiry) que no se puede juzgar y no cuenta para nada"),
    ],
)  # fmt: skip
def test_what_an_agreement_is_about_is_called_as_it_is(about: str, english: str, spanish: str) -> None:
    said = [Voice(language).text("replay-quarantined", about=about, leads=1) for language in LANGUAGES]

    assert said == [english, spanish]


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (1, "may be ended once kept was missed 1 month in a row", "puede rescindirse si se incumple kept 1 mes"),
        (3, "may be ended once kept was missed 3 months in a row", "puede rescindirse si se incumple kept 3 meses seguidos"),
    ],
)  # fmt: skip
def test_months_in_a_row_are_one_or_many(count: int, english: str, spanish: str) -> None:
    said = [
        Voice(language).text("goals-may-be-ended", obligations="kept", count=count, interval="month")
        for language in LANGUAGES
    ]

    assert said == [english, spanish]


def renamed(value: object, name: str) -> object:
    """A reason with all its texts called otherwise."""
    if isinstance(value, Reason):
        return type(value)(**{one.name: renamed(getattr(value, one.name), name) for one in fields(value)})
    if isinstance(value, tuple):
        return tuple(renamed(part, name) for part in value)
    return name if value == "{ticket}" else value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", reasons_there_are(), ids=code_of)
def test_somebody_called_none_is_somebody(reason: type[Reason], language: Language) -> None:
    voice = Voice(language)
    for sample in samples(reason):
        called_none, called_noel = (renamed(sample, name) for name in ("none", "noel"))

        assert isinstance(called_none, Reason)
        assert isinstance(called_noel, Reason)
        assert voice.say(called_none) == voice.say(called_noel).replace("noel", "none")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rep_called_none_owns_what_was_handed_to_him(language: Language) -> None:
    voice = Voice(language)

    assert "none" in voice.text("explain-who", rep="none", team=None)
    assert voice.text("explain-who", rep="none", team="none").count("none") == 2
    assert "none" not in voice.text("explain-who", rep=None, team="north")


def test_text_that_is_filled_in_stays_within_its_line() -> None:
    assert voice_text("L-1\nL-2\u2028\x1b[2J") == "L-1\\nL-2\\u2028\\x1b[2J"


def voice_text(rep: str) -> str:
    return Voice("en").text("explain-who", rep=rep, team=None)
