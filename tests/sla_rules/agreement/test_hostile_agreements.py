"""Whatever a file holds, it is an agreement or is refused with a sentence, in bounded time and memory."""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.generate import generate
from dashboards.settings import Settings, operators
from sla_rules.agreement.addresses import email_address, web_address
from sla_rules.agreement.amendments import version_of
from sla_rules.agreement.bounded_yaml import DEEPEST, LONGEST_NUMBER, LONGEST_TEXT, MOST_BYTES, MOST_PARTS
from sla_rules.agreement.file import MOST_ERRORS, AgreementErrors, load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, digest_of
from sla_rules.figures.capacity import capacity_for, feasibility
from streams.monitoring.exposition import outline
from tests.dashboards.conftest import TODAY
from tests.laws import examples
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import COMPANY_X_FILE

PROJECT: Final = Path(__file__).parents[3]
TEXT: Final = COMPANY_X_FILE.read_text(encoding="utf-8")
SOURCES: Final = (TEXT, *(file.read_text(encoding="utf-8") for file in sorted((PROJECT / "agreements").glob("*.yaml"))))
OPERATIONS: Final = "http://127.0.0.1:9/ops"
MEMORY: Final = 2 * 2**30
SECONDS: Final = 300
"""For all hostile files together, on the slowest of machines; most take milliseconds, one used to take minutes."""


def laughing(levels: int, width: int) -> str:
    """Aliases of aliases: a few lines that stand for `width` to the power of `levels` texts."""
    lines = ["l0: &l0 [ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels + 1)]
    return "\n".join([*lines, f"goals: *l{levels}"])


def with_goal(value: str) -> str:
    return TEXT.replace("goal: 100", f"goal: {value}", 1)


def with_share(value: str) -> str:
    return TEXT.replace("share: 90%", f"share: {value}", 1)


def with_title(value: str) -> str:
    return TEXT.replace("type: internal", f"summary: {value}\ntype: internal", 1)


HOSTILE: Final[Mapping[str, tuple[str, str]]] = {
    "billion laughs": (laughing(9, 9), "more than 10,000 keys and values"),
    "a laugh in merge keys": (
        "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)),
        "more than 10,000 keys and values",
    ),
    "long texts repeated": (
        f"a: &a {'x' * 9_000}\nb: [{', '.join(['*a'] * 1_000)}]",
        "more than 10,000 keys and values",
    ),
    "an alias of itself": ("a: &a [*a]", "the alias 'a' stands inside of what it stands for"),
    "an alias of what is around it": ("a: &a {b: {c: [1, *a]}}", "the alias 'a' stands inside"),
    "an agreement that merges itself": (f"<<: &a\n  x: *a\n{TEXT}", "the alias 'a' stands inside"),
    "an alias of nothing": ("a: *nobody", "found undefined alias"),
    "a chain of aliases": (
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100)),
        "nested more than 32 deep",
    ),
    "brackets": ("[" * 100_000, "nested more than 32 deep"),
    "brackets and braces": ("[{" * 50_000, "nested more than 32 deep"),
    "braces with keys": ("{a: " * 30_000, "nested more than 32 deep"),
    "dashes": ("- " * 60_000, "nested more than 32 deep"),
    "question marks": ("? " * 60_000, "nested more than 32 deep"),
    "colons": (": " * 60_000, "nested more than 32 deep"),
    "steps": ("".join(f"{' ' * n}a:\n" for n in range(400)), "nested more than 32 deep"),
    "many keys": ("".join(f"k{n}: v\n" for n in range(10_000)), "more than 10,000 keys and values"),
    "many wrong keys": (TEXT + "".join(f"k{n}: v\n" for n in range(4_000)), "unknown key"),
    "many items": (f"a: [{'x,' * 50_000}]", "more than 10,000 keys and values"),
    "a large file": (f"# {'x' * MOST_BYTES}\n{TEXT}", "more than 128 KiB"),
    "a large file of comments": ("#\n" * 60_000, "an agreement is a mapping"),
    "a large file of nothing": ("\n" * 130_000, "an agreement is a mapping"),
    "a long text": (with_title("x" * 20_000), "a text of more than 10,000 characters"),
    "a long text in lines": (with_title("|\n" + "  x\n" * 20_000), "a text of more than 10,000 characters"),
    "a long key": ("? " + "x" * 20_000 + "\n: y", "a text of more than 10,000 characters"),
    "a million digits": (with_goal("9" * 100_000), "a text of more than 10,000 characters"),
    "five thousand digits": (with_goal("9" * 5_000), "a number of more than 40 digits"),
    "five thousand digits in quotes": (with_goal(f'"{"9" * 5_000}"'), "at most 28 digits"),
    "five thousand digits in hexadecimal": (with_goal("0x" + "f" * 5_000), "a number of more than 40 digits"),
    "a goal with a large exponent": (with_goal("1e999999"), "should be a finite number"),
    "a goal with a large exponent in quotes": (with_goal('"1e999999"'), "lies between 10^-15 and 10^15"),
    "a goal with a larger exponent in quotes": (with_goal('"1e999999999999999999999"'), "should be a number"),
    "a goal with a small exponent in quotes": (with_goal('"1e-999999"'), "lies between 10^-15 and 10^15"),
    "a goal of trillions": (with_goal("9e12"), "comes to more than 1,000,000,000,000"),
    "a goal that is no number": (with_goal(".nan"), "should be a finite number"),
    "a goal without end": (with_goal(".inf"), "should be a finite number"),
    "a goal from next to nothing": (
        TEXT.replace("goal: 100", 'goal_from: {revenue: 1e14, average_deal: 1e-14, close_rate: "0.000001%"}', 1),
        "comes to more than 1,000,000,000,000",
    ),
    "a share with a small exponent": (with_share('"1e-999999"'), "lies between 10^-15 and 10^15"),
    "a share with an exponent and a sign": (with_share('"1e-999999%"'), "should be a share above 0% and up to 100%"),
    "a share of thousands of digits": (with_share(f'"0.{"3" * 5_000}"'), "at most 28 digits"),
    "a percentage of thousands of digits": (with_share(f'"{"9" * 5_000}%"'), "should be a share above 0% and up to 100%"),
    "a duration of thousands of digits": (
        TEXT.replace("within: 1h", f"within: {'9' * 4_000}d", 1),
        "is not a duration",
    ),
    "a duration of 10^30 days": (TEXT.replace("within: 1h", f"within: 1{'0' * 30}d", 1), "is longer than ten years"),
    "a range without end": (
        TEXT.replace("type: internal", "applies_to: {score: {below: .inf}}\ntype: internal", 1),
        "should be a finite number",
    ),
    "a date of nobody's": (TEXT.replace("effective_from: 2026-01-01", "effective_from: 99999-01-01", 1), "is not a date"),
    "hours upon hours": (
        TEXT.replace('mon: [["09:00", "12:30"], ["13:30", "18:00"]]', f"mon: [{'[09:00, 10:00],' * 1_000}]", 1),
        "at most 48 are taken",
    ),
    "calendars upon calendars": (
        TEXT.replace(
            "obligations:",
            "calendars: {" + ",".join(f"c{n}: {{time_zone: UTC, weekly_hours: {{mon: [[09:00, 10:00]]}}}}" for n in range(700)) + "}\nobligations:",
            1,
        ),
        "at most 200 are taken",
    ),
    "segments upon segments": (
        TEXT.replace("obligations:", "segments: [" + ",".join(f"{{id: s{n}}}" for n in range(900)) + "]\nobligations:", 1),
        "come to 8,109 figures by segment and period; at most 5,000 are kept",
    ),
    "code": ("a: !!python/object/apply:os.system [echo]", "the tag 'python/object/apply:os.system'"),
    "a name in code": ("a: !!python/name:os.system", "the tag 'python/name:os.system'"),
    "bytes": ("a: !!binary aGVsbG8=", "the tag 'binary'"),
    "an instant": ("effective_from: !!timestamp 2026-01-01", "the tag 'timestamp'"),
    "a set": ("a: !!set {b, c}", "the tag 'set'"),
    "an ordered map": ("a: !!omap [b: c]", "the tag 'omap'"),
    "a whole number that is none": ("a: !!int zz", "the tag 'int'"),
    "text": ("a: !!str b", "the tag 'str'"),
    "a tag without a name": ("a: ! b", "the tag '!'"),
    "a tag of one's own": ("a: !secret b", "the tag '!secret'"),
    "keys twice": ("a: 1\na: 2", "found duplicate key"),
    "a list for a key": ("? [a, b]\n: c", "a key that is no text"),
    "a mapping for a key": ("{{a: b}: c}", "a key that is no text"),
    "an alias of a list for a key": ("a: &a [x]\n*a : y", "a key that is no text"),
    "something else than mappings merged": ("a: {<<: 5}", "not valid YAML: expected a mapping"),
    "two documents": ("a: b\n---\nc: d", "but found another document"),
    "half a character": ('a: "\\ud800"', "a text with the character U+D800"),
    "a control character": ('a: "\\e[31mred"', "a text with the character U+001B"),
    "another end of a line": ('a: "x\\Ly"', "a text with the character U+2028"),
    "writing that turns round": ('a: "\\u202egpj"', "a text with the character U+202E"),
    "a version of two lines": (TEXT.replace('version: "2026-01"', 'version: "1\\ngroups: []"', 1), "has to be one line of text"),
    "a title of two lines": (TEXT.replace("title: ", 'title: "a\\nb" # ', 1), "has to be one line of text"),
    "nothing": ("", "an agreement is a mapping"),
    "a word": ("agreement", "an agreement is a mapping"),
    "a byte that is no text": ("\x00", "not valid YAML"),
}  # fmt: skip

PROGRAM: Final = """
import json, sys
from sla_rules.agreement.file import AgreementErrors, parse_agreement
for name, text in json.load(sys.stdin).items():
    try:
        parse_agreement(text, "x.yaml")
        found = "taken"
    except AgreementErrors as wrong:
        found = [[error.line, error.message] for error in wrong.errors]
    print(json.dumps([name, found]), flush=True)
"""


def test_every_hostile_file_is_refused_with_a_sentence_in_bounded_time_and_memory() -> None:
    texts = json.dumps({name: text for name, (text, _) in HOSTILE.items()})

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=texts,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        cwd=PROJECT,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )

    said = dict(map(json.loads, done.stdout.splitlines()))
    assert done.returncode == 0, f"after {list(said)[-1:]}: {done.stderr[-2_000:]}"
    assert not done.stderr
    for name, (text, expected) in HOSTILE.items():
        assert said[name] != "taken", name
        messages = [message for _, message in said[name]]
        assert any(expected in message for message in messages), (name, messages[:3])
        assert len(messages) <= MOST_ERRORS + 1
        assert all(0 <= line <= text.count("\n") + 1 and len(message) < 600 for line, message in said[name])


def test_a_refusal_names_the_line(tmp_path: Path) -> None:
    deep = tmp_path / "deep.yaml"
    deep.write_text("agreement: x\ntitle: y\n\n" + "[" * 50)

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([deep])

    assert str(wrong.value) == f"{deep}:4: not taken: nested more than {DEEPEST} deep"


def test_a_file_without_end_is_read_no_further_than_an_agreement_goes() -> None:
    with pytest.raises(AgreementErrors, match=r"/dev/zero:1: not taken: more than 128 KiB"):
        load_agreements([Path("/dev/zero")])


def test_what_is_just_small_enough_is_taken() -> None:
    """Anchors, aliases, merge keys and long texts are all right where they stand for what an agreement can be."""
    long = re.sub(r"summary: .*\n(?:  .*\n)*", f"summary: {'x' * LONGEST_TEXT}\n", TEXT)
    assert parse_agreement(long).summary == "x" * LONGEST_TEXT
    day = '[["09:00", "12:30"], ["13:30", "18:00"]]'
    assert TEXT.count(day) > 1
    aliases = TEXT.replace(day, f"&day {day}", 1).replace(f": {day}", ": *day")
    assert parse_agreement(aliases) == parse_agreement(TEXT)
    merged = TEXT.replace(
        "obligations:\n",
        "obligations:\n  - &touch {id: t, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}}\n  - {<<: *touch, id: u, title: T}\n",
        1,
    )
    assert [one.id for one in parse_agreement(merged).obligations[:2]] == ["t", "u"]
    padded = f"{TEXT}\n#".ljust(MOST_BYTES, "x")
    assert parse_agreement(padded) == parse_agreement(TEXT)
    assert len("9" * LONGEST_NUMBER) < MOST_PARTS


def test_errors_in_what_a_merge_key_brought_in_are_named_where_the_merge_stands() -> None:
    merged = TEXT.replace(
        "obligations:\n",
        "obligations:\n  - &touch {id: t, kind: speed, provider: nobody, recipient: marketing, deadline: {within: 1h}}\n  - <<: *touch\n    id: u\n",
        1,
    )

    with pytest.raises(AgreementErrors) as wrong:
        parse_agreement(merged, "x.yaml")

    first = TEXT[: TEXT.index("obligations:\n")].count("\n") + 2
    assert [error.line for error in wrong.value.errors] == [first, first + 1]


def test_beyond_a_hundred_errors_the_rest_are_counted() -> None:
    with pytest.raises(AgreementErrors) as wrong:
        parse_agreement(TEXT + "".join(f"k{n}: v\n" for n in range(150)), "x.yaml")

    assert len(wrong.value.errors) == MOST_ERRORS + 1
    assert str(wrong.value.errors[0]) == "x.yaml: there is more wrong: 50 errors are not listed"


VALUES: Final = (
    *("~", "true", "[]", "{}", "-1", "0", "1e999", "1e-999", ".inf", ".nan", "9" * 39, "0x" + "f" * 30, "0o17", "1_000"),
    *("'1e999999'", "'1e-999999%'", f"'{'9' * 3_000}%'", f"'{'9' * 60}d'", "2026-02-30", "0001-01-01", "9999-12-31"),
    *("!!binary aGk=", "!!int zz", "!!str 5", "! x", "&a [*a]", "*nope", "<<", "{<<: 5}", "? [a, b]", "{[a]: b}"),
    *("[[[[[[[[[[", "'{{ $value }}'", '"\\ud800"', '"\\n"', "|\n  a\n  b\n", "'${x}'", "Europe", "../../etc/passwd"),
    *("12:30", "1:30:00", "1:2:3.5", "-0", "0.0000000000000001", "{at_least: .inf}", "{at_least: 1e308}", "{a: 1, a: 2}"),
    *("attributes.", "%TAG", "@x", "`x`", "- x", ": x", "---", "...", "3660d", "[0s, 1s]", "[[]]", "18446744073709551616"),
)  # fmt: skip
SIGNS: Final = "[]{}:-&*!|>'\"#\t ,%@\\\x00\u2028"


def mutated(text: str, random: Random) -> str:
    """Lines dropped, doubled, moved, moved in or out; words and signs put in the place of others."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        place = random.randrange(len(lines))
        line = lines[place]
        words = [word for word in line.replace(",", " ").split() if word.strip("[]{}:-\"'")]
        match random.randrange(7):
            case 0:
                del lines[place : place + random.choice((1, 1, 5))]
            case 1:
                lines[place:place] = lines[place : place + random.choice((1, 8))]
            case 2:
                other = random.randrange(len(lines))
                lines[place], lines[other] = lines[other], line
            case 3:
                lines[place] = f"  {line}" if random.random() < 0.5 else line[2:]
            case 4:
                at = random.randrange(len(line) + 1)
                lines[place] = line[:at] + random.choice(SIGNS) + line[at:]
            case _ if words:
                lines[place] = line.replace(random.choice(words).strip("[]{}:\"'"), random.choice(VALUES), 1)
        lines = lines or [""]
    return "\n".join(lines)


def used(agreement: Agreement) -> None:
    """All that is made of an agreement when it is checked, built and run."""
    rules = RuleBook([agreement])
    assert digest_of([agreement])
    assert version_of(agreement).key
    for version in rules.in_force(at("2027-03-02 09:00")):
        assert outline(version, rules, at("2027-03-02 09:00")).until
    for term in rules.terms:
        capacity = capacity_for(agreement, term.obligation.id)
        if capacity is not None and isinstance(term.obligation, Volume):
            assert feasibility(term, term.obligation, capacity)
    if agreement.agreement != "leadsla":
        assert generate([agreement], Settings(TODAY, operations=operators([OPERATIONS])))


@examples(300)
@given(st.sampled_from(SOURCES), st.randoms(use_true_random=False))
def test_an_agreement_with_anything_changed_is_one_that_can_be_used_or_is_refused(text: str, random: Random) -> None:
    try:
        agreement = parse_agreement(mutated(text, random), "x.yaml")
    except AgreementErrors as refused:
        wrong = refused.errors
    else:
        used(agreement)
        return
    assert wrong
    assert all(error.line >= 1 and error.message for error in wrong)


@examples(300)
@given(
    st.text(st.characters(codec="utf-8"), max_size=200)
    | st.binary(max_size=200).map(lambda found: found.decode("latin-1"))
)
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(AgreementErrors):
        parse_agreement(text)


@pytest.mark.parametrize(
    "address",
    ["{{ .Receiver }}@x.example", "a b@x.example", "a@b@c", "@x", "a@", "a,b@x.example", "a@x.example,b@y.example",
     "<a@x.example>", '"a"@x.example', "a@x.example\n", "a@{{ x }}", "a\x00@x.example", "a@x/y"],
)  # fmt: skip
def test_what_can_be_no_email_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no e-mail address"):
        email_address(address)


@pytest.mark.parametrize(
    "address",
    ["http://x.example/{{ .Receiver }}", "http://{{ x }}", "http://", "http:///x", "ftp://x.example", "javascript:alert(1)",
     "http://x.example/a b", "http://x.example/\n", "http://x.example:port/", "http://x.example/%zz", "http://[::1", "x",
     "http://x.example/\x7f", "http://ü.example/", "//x.example", "http://x.example:123456/", "http://a[b]c/"],
)  # fmt: skip
def test_what_can_be_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no web address"):
        web_address(address)


@pytest.mark.parametrize(
    "address", ["ana@example.com", "leadsla@localhost", "o'neil+sla@mail.example.co.uk", "änne@bücher.example"]
)
def test_email_addresses_are_taken(address: str) -> None:
    assert email_address(address) == address


GOOD_ADDRESSES: Final = (
    "http://127.0.0.1:9/ada",
    "https://hooks.example.com/services/T0/B0/x?a=b&c=%7B%7D#d",
    "http://user:pass%20word@[::1]:8080/~x/(a);b=c,d/@e?f/g?h=i#j/k?l",
    "https://x_y.example",
    "http://x.example:80?y",
)


@pytest.mark.parametrize("address", GOOD_ADDRESSES)
def test_web_addresses_are_taken(address: str) -> None:
    assert web_address(address) == address
