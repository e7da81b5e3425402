"""Agreement files of every sort, as trees of what stands in them: most are right, and some are not."""

import json
from collections.abc import Sequence
from typing import Any, Final, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sla_rules.agreement.notify import REPORT_WORDS, WORDS, Occasion
from sla_rules.names import WINDOWS
from sla_rules.notation import MONTHS, WEEKDAYS
from sla_rules.time.zones import zones

Tree = dict[str, Any]

ODD_TEXTS: Final = (
    "Ana",
    "Sales (EMEA)",
    "{{ $value }}",
    '{{ template "x" . }}',
    "{{{",
    "}} {",
    "\"quoted\" 'twice' \\back\\",
    "- a: b # c",
    "%TAG",
    "*alias &anchor !tag",
    "true",
    "null",
    "2026-01-01",
    "1e9",
    "=x",
    "~",
    "| >",
    "@x `y`",
    "$window ${x:raw} [[y]]",
    "<script>alert(1)</script> ![x](y)",
    "Ñandú, Müller & 株式会社",
    "🦄 e\u0301\u200d\u00a0\u3000 ",
    "\ufffd\ufdd0\U0001ffff",
    " padded ",
    "x" * 300,
)
KINDS: Final = ("speed", "depth", "volume", "deliverable", "availability", "retention")
MACHINES: Final[Tree] = {
    "subject": "machine",
    "events": {
        "created": ["machine.watched.v1"],
        "down": ["machine.down.v1"],
        "up": ["machine.up.v1"],
        "paused": ["machine.paused.v1"],
        "closed": ["machine.sold.v1"],
        "excused": ["machine.excused.v1"],
    },
}
"""What is up or down, or stays, is no lead."""
DURATIONS: Final = ("15m", "1h", "1h1m1s", "8h", "1d", "36h", "14d", "100d")
MOMENTS: Final = ("1s", "59s", "1m", "10m")
"""Shorter than any of the durations."""
SHARES: Final = (
    *("100%", "99.999999999999999999%", "99.9%", "99.5%", "95%", "90 %", "66.666666666666666666%", "50%", "1%", "0.0001%"),
    *(1e-15, 1, 1.0, 0.1, 0.3333333333333333, "0.9999999999999999999999999999", "0.000000000000001"),
)  # fmt: skip
AMOUNTS: Final = (1, 2, 5, 100, 0.5, 4.2, 12500.5, "0.000000000000001", 999999999999, "3.333333333333333333")
REOPENED: Final = ("restarts", "continues")
ADDRESSES: Final = (
    *("http://127.0.0.1:9/hook", "https://hooks.example.com/a/b?c=d&e=%7B#f", "http://user:p%20w@[::1]:8080/~x", "https://x_y.example"),
    *("http://a..b/", "http://-/", "http://127.1:1/", "http://x.example:65535", "https://x.example/$a$/!*'();,@", "http://[::ffff:1.2.3.4]/"),
    *("http://$a:b$c@x.example/", "http://0x7f.1/", "http://x.example?a=/?", "https://xn--bcher-kva.example/#"),
)  # fmt: skip
EMAILS: Final = (
    "ana@example.com",
    "änne@bücher.example",
    "o'neil+sla@x.example",
    "leadsla@localhost",
    "$x@x.example",
    "a|b!#%@1.2",
)


def texts() -> SearchStrategy[str]:
    """One line of anything."""
    anything = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=20)
    return st.sampled_from(ODD_TEXTS) | anything


def paragraphs() -> SearchStrategy[str]:
    """Several lines of anything."""
    return st.lists(texts(), max_size=3).map("\n\n".join)


def durations() -> SearchStrategy[str]:
    """From a quarter of an hour up."""
    return st.sampled_from(DURATIONS)


def shares() -> SearchStrategy[Any]:
    """Odd ones, and any of two places."""
    return st.sampled_from(SHARES) | st.integers(1, 9_999).map(lambda count: f"{count / 100:.2f}%")


def amounts() -> SearchStrategy[Any]:
    """Odd ones, and any."""
    return st.sampled_from(AMOUNTS) | st.integers(1, 10_000)


def some(values: Sequence[str], least: int = 1) -> SearchStrategy[list[str]]:
    """A few of several values, each once."""
    return st.lists(st.sampled_from(values), min_size=least, max_size=len(values), unique=True)


def optional(**fields: SearchStrategy[Any]) -> SearchStrategy[Tree]:
    """Some of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def day_hours(draw: st.DrawFn) -> list[list[str]]:
    """Spans of a day that do not overlap; the last one may go past midnight, up to one."""
    cuts = sorted(draw(st.sets(st.integers(8, 95), max_size=6)))
    past_midnight = draw(st.booleans())
    spans = [[cut * 15, until * 15] for cut, until in zip(cuts[::2], cuts[1::2], strict=False)]
    if spans and past_midnight:
        spans[-1][1] = draw(st.sampled_from((24 * 60, 0, 60)))
    return [[f"{at // 60:02}:{at % 60:02}" for at in span] for span in spans]


@st.composite
def hours(draw: st.DrawFn) -> Tree:
    """Hours of any zone."""
    days_of = day_hours() | st.just([["00:00", "24:00"]])
    week = draw(st.dictionaries(st.sampled_from(WEEKDAYS[::2]), days_of, max_size=3)) | {"mon": [["09:00", "17:00"]]}
    days = st.sampled_from(("1900-01-01", "2026-03-29", "2026-12-24", "2028-02-29", "2999-12-31", "12-24", "02-29"))
    holidays = st.lists(days, max_size=2, unique=True) | st.sampled_from(
        (
            {"country": "DE", "region": "BY", "except": ["Christmas Day"]},
            {"country": "MX", "open": {"Año Nuevo": [["09:00", "12:00"]], "christmas day": [["22:00", "02:00"]]}},
            {"country": "US", "dates": ["2026-12-24", "12-31"]},
        )
    )
    others = draw(
        optional(
            holidays=holidays,
            date_overrides=st.dictionaries(days, day_hours(), max_size=2),
            breaks=st.dictionaries(days, day_hours(), max_size=2),
        )
    )
    return {"time_zone": draw(st.sampled_from(sorted(zones()))), "weekly_hours": week, **others}


def conditions(*fields: str) -> SearchStrategy[Tree]:
    """Conditions on fields of a lead."""
    ranges = optional(at_least=st.integers(0, 40) | st.floats(0, 40), below=st.integers(41, 100))
    takes = texts() | st.booleans() | st.integers(0, 9) | some(("emea", "apac", "x")) | ranges
    return st.dictionaries(st.sampled_from(fields), takes, max_size=2)


@st.composite
def contacts(draw: st.DrawFn) -> list[Tree]:
    """People who can be reached in some ways, or in none."""
    names = draw(st.lists(texts(), min_size=1, max_size=3, unique=True))
    ways = optional(
        role=texts(), email=st.sampled_from(EMAILS), webhook=st.sampled_from(ADDRESSES), pages=st.booleans()
    )
    found: list[Tree] = [{"name": name, **draw(ways)} for name in names]
    if len(names) > 1 and draw(st.booleans()):
        found[1]["reports_to"] = names[0]
    return found


@st.composite
def addressees(draw: st.DrawFn, names: Sequence[str], words: Sequence[str] = WORDS) -> list[str]:
    """Whom somebody may want to hear of something: words, and names of which some cannot be reached."""
    return draw(st.lists(st.sampled_from((*words, *words, *names)), min_size=1, max_size=3, unique=True))


def notify(names: Sequence[str], **more: SearchStrategy[Any]) -> SearchStrategy[Tree]:
    """Who hears of what."""
    occasions = get_args(Occasion)
    asked = {occasion: addressees(names) for occasion in occasions}
    return optional(**asked, always=some(occasions, least=0), **more)


@st.composite
def reports(draw: st.DrawFn, name: str, wanted: Sequence[Tree], names: Sequence[str]) -> Tree:
    """A report that is sent again and again."""
    delivered = [one["id"] for one in wanted if one["kind"] == "deliverable"]
    schedule = st.fixed_dictionaries({"weekdays": some(WEEKDAYS), "at": st.just("08:00")})
    counted = [interval for one in wanted for interval in one.get("intervals", ["day", "week", "month"])]
    whom = optional(to=addressees(names, REPORT_WORDS))
    if delivered:
        whom |= st.fixed_dictionaries({"confirms": st.sampled_from(delivered)})
    more = optional(title=texts(), language=st.sampled_from(("en", "es")))
    return {"id": name, "due": draw(schedule), "interval": draw(st.sampled_from(counted)), **draw(whom), **draw(more)}


def limits() -> SearchStrategy[Tree]:
    """How many leads a rep may have."""
    return optional(open_leads=st.integers(1, 100), leads_a_month=st.integers(1, 1_000))


@st.composite
def reps(draw: st.DrawFn, name: str, teams: Sequence[str]) -> Tree:
    """Somebody whom leads are handed to."""
    in_a_team = {"team": st.sampled_from(teams)} if teams else {}
    ways = optional(email=st.sampled_from(EMAILS), webhook=st.sampled_from(ADDRESSES), limits=limits(), **in_a_team)
    return {"id": name, "name": draw(texts()), **draw(ways)}


@st.composite
def obligations(
    draw: st.DrawFn, name: str, parties: Sequence[str], segments: Sequence[str], kinds: Sequence[str]
) -> Tree:
    """An obligation of any kind."""
    kind = draw(st.sampled_from(kinds))
    provider, recipient = draw(st.permutations(parties))[:2]
    found: Tree = {"id": name, "kind": kind, "provider": provider, "recipient": recipient}
    found |= draw(optional(title=texts(), intervals=some(WINDOWS)))
    if kind != "deliverable" and segments:
        found |= draw(optional(segments=some(segments)))
    terms = {
        "speed": speed,
        "depth": depth,
        "volume": volume,
        "deliverable": deliverable,
        "availability": availability,
        "retention": retention,
    }
    return found | draw(terms[kind](found))


def deadlines() -> SearchStrategy[Tree]:
    """With warnings and escalations."""
    rest = {
        "warnings": st.lists(st.sampled_from(MOMENTS), max_size=2, unique=True),
        "escalations": st.lists(durations(), max_size=2, unique=True),
    }
    days = st.fixed_dictionaries(
        {"working_days": st.sampled_from((1, 2, 5, 1_000))},
        optional={"end_of_day": st.booleans(), "cut_off": st.sampled_from(("09:00", "12:00", "16:59"))},
    )
    by_days = st.fixed_dictionaries({"within": days}, optional={"clock": st.just("working"), **rest})
    clocks = st.sampled_from(("working", "wall"))
    return st.fixed_dictionaries({"within": durations()}, optional={"clock": clocks, **rest}) | by_days


def follow_ups(directions: Sequence[str] = ("outbound", "inbound")) -> SearchStrategy[Tree]:
    """Which attempts count."""
    counted = optional(directions=some(directions), automation=st.booleans())
    answers = st.fixed_dictionaries({"automation": st.just("answers")})
    others = optional(
        channels=st.lists(texts(), min_size=1, max_size=2, unique=True),
        outcomes=some(("connected", "voicemail", "no_answer", "replied")),
        minimum_duration=durations(),
    )
    return st.builds(lambda one, more: {**one, **more}, counted | answers, others)


@st.composite
def speed(draw: st.DrawFn, _: Tree) -> Tree:
    """Terms of speed."""
    starts = draw(st.sampled_from(("handed_off", "created", "inbound")))
    bands = st.sampled_from((["5m", "1h"], ["90s"], [], ["1m", "1h", "24h", "7d"]))
    return {
        "starts": starts,
        "deadline": draw(deadlines()),
        **draw(
            optional(
                target=optional(average=st.sampled_from(MOMENTS), share=shares()),
                bands=bands,
                follow_up=follow_ups(("outbound",) if starts == "inbound" else ("outbound", "inbound")),
                pauses=st.booleans(),
                counted_by=st.sampled_from(("handed_off", "followed_up")),
                fields=st.sampled_from(("follow", "fixed")),
                **(
                    {"reassignment": st.just("restarts"), "reassign_after": durations()}
                    if starts == "handed_off"
                    else {}
                ),
                **({"reopened": st.sampled_from(REOPENED)} if starts != "created" else {}),
            )
        ),
    }


@st.composite
def depth(draw: st.DrawFn, _: Tree) -> Tree:
    """Terms of depth."""
    return {
        "attempts": draw(st.integers(1, 8) | st.just(1_000)),
        "deadline": draw(deadlines()),
        "closed_leads": draw(st.sampled_from(("counted", "left_out"))),
        **draw(
            optional(
                target=optional(average=amounts(), share=shares()),
                follow_up=follow_ups(),
                pauses=st.booleans(),
                fields=st.sampled_from(("follow", "fixed")),
                reopened=st.sampled_from(REOPENED),
            )
        ),
    }


@st.composite
def volume(draw: st.DrawFn, found: Tree) -> Tree:
    """Terms of volume."""
    quota = st.fixed_dictionaries(
        {
            "revenue": st.sampled_from((1, 5000, "333333.333333")),
            "average_deal": st.sampled_from((1, 7.5)),
            "close_rate": st.sampled_from(("50%", 0.3333333333333333, 1, "0.01%")),
        },
        optional={"marketing_share": shares()},
    )
    goals: list[SearchStrategy[Tree]] = [
        st.fixed_dictionaries({"goal": amounts()}),
        st.fixed_dictionaries({"goal_from": quota}),
    ]
    if "segments" in found:
        by_segment = st.dictionaries(st.sampled_from(found["segments"]), quota, min_size=1)
        goals.append(st.fixed_dictionaries({"goal_from": by_segment}))
    intervals = found.get("intervals", ["day", "week", "month"])
    measures = ("leads", "value") if "segments" in found else ("leads",)
    more = optional(measure=st.sampled_from(measures), goal_line=st.sampled_from(("calendar_days", "working_days")))
    return {**draw(st.one_of(goals)), "interval": draw(st.sampled_from(intervals)), **draw(more)}


@st.composite
def deliverable(draw: st.DrawFn, _: Tree) -> Tree:
    """Terms of something delivered."""
    days = st.lists(st.integers(1, 31), min_size=1, max_size=4, unique=True)
    when = st.fixed_dictionaries({"weekdays": some(WEEKDAYS)}) | st.fixed_dictionaries({"days_of_month": days})
    due = draw(when) | {"at": draw(st.sampled_from(("00:00", "02:30", "09:00", "24:00")))}
    closed = st.sampled_from(("next", "previous", "same"))
    due |= draw(optional(until=st.sampled_from(("2028-02-01", "2030-12-31")), on_closed_day=closed))
    each = st.dictionaries(texts(), amounts(), min_size=1, max_size=2)
    together = optional(quantity=amounts(), by=texts(), to=st.lists(texts(), max_size=3, unique=True))
    return {"due": due, **draw(together | optional(by=texts(), to=each))}


@st.composite
def availability(draw: st.DrawFn, _: Tree) -> Tree:
    """Terms of something that is up."""
    more = optional(clock=st.sampled_from(("wall", "working")), pauses=st.booleans(), announced=durations())
    return {"target": {"share": draw(shares())}, **draw(more)}


@st.composite
def retention(draw: st.DrawFn, _: Tree) -> Tree:
    """Terms of customers who stay."""
    return {"target": {"share": draw(shares())}}


@st.composite
def agreements(draw: st.DrawFn, name: str, version: str, since: str) -> Tree:
    """One version of an agreement."""
    parties = [f"p{number}" for number in range(draw(st.integers(2, 4)))]
    calendars = draw(st.dictionaries(st.sampled_from(("nights", "c-2")), hours(), max_size=2))
    named = {"calendar": st.sampled_from(sorted(calendars))} if calendars else {}
    segments = [f"s{number}" for number in range(draw(st.integers(0, 3)))]
    about = draw(st.sampled_from(({}, {}, MACHINES)))
    kinds = KINDS if about else KINDS[:-2]
    wanted = [draw(obligations(f"o{number}", parties, segments, kinds)) for number in range(draw(st.integers(1, 4)))]
    people = {party: draw(contacts()) for party in parties}
    found: Tree = {
        "agreement": name,
        "version": version,
        "effective_from": since,
        "type": "multilevel" if len(parties) > 2 else draw(st.sampled_from(("internal", "customer"))),
        "title": draw(texts()),
        "parties": {party: {"name": draw(texts()), "contacts": people[party]} for party in parties},
        "calendar": draw(hours()),
        "obligations": wanted,
        **about,
    }
    found["teams"] = draw(
        st.dictionaries(texts(), optional(**named, contacts=contacts(), party=st.sampled_from(parties)), max_size=2)
    )
    if calendars:
        found["calendars"] = calendars
    if segments:
        found["segments"] = [
            {"id": segment, "when": {"role": segment}, "value": draw(amounts()), **draw(optional(**named))}
            for segment in segments
        ]
        if draw(st.booleans()):
            del found["segments"][-1]["when"]
    names = [one["name"] for some_people in people.values() for one in some_people if one.keys() & {"email", "webhook"}]
    for obligation in wanted:
        obligation.update(draw(optional(notify=notify(names))))
    found |= draw(
        optional(
            reps=st.lists(reps("r", list(found["teams"])), max_size=1),
            notify=notify(names, reports=addressees(names, REPORT_WORDS)),
            reports=st.lists(reports("weekly", wanted, names), max_size=1),
            legal=st.lists(paragraphs().filter(bool), max_size=2),
            summary=paragraphs(),
            year_begins=st.sampled_from(MONTHS),
            currency=st.sampled_from(("EUR", "MXN")),
            applies_to=conditions("region", "score"),
            minimum_quality=conditions("product", "attributes.note"),
            grace=st.sampled_from(("0s", "1h", "3d")),
            remedies=st.lists(remedies(wanted, people), max_size=2),
            credits=st.lists(credit_terms(wanted), max_size=2),
            cancellation=cancellations(wanted),
        )
    )
    volumes = [one["id"] for one in wanted if one["kind"] == "volume" and one.get("measure") != "value"]
    if volumes:
        found |= draw(optional(capacity=capacities(volumes)))
    return found


def remedies(wanted: Sequence[Tree], people: dict[str, list[Tree]]) -> SearchStrategy[Tree]:
    """Who does what when an obligation is missed."""
    names = [contact["name"] for contacts in people.values() for contact in contacts]
    return st.fixed_dictionaries(
        {
            "obligation": st.sampled_from([one["id"] for one in wanted]),
            "owner": st.sampled_from(names),
            "within": durations(),
            "action": texts(),
        }
    )


@st.composite
def credit_terms(draw: st.DrawFn, wanted: Sequence[Tree]) -> Tree:
    """What of the fee is given back."""
    one = draw(st.sampled_from(wanted))
    tiers = st.sampled_from(
        ([{"below": "99.9%", "credit": "10%"}], [{"below": 1, "credit": 0.25}, {"below": "95%", "credit": 1}])
    )
    return {
        "obligation": one["id"],
        "interval": draw(interval_of(one)),
        "tiers": draw(tiers),
        **draw(
            optional(fee=amounts(), cap=shares(), claim_within=durations(), exclusions=st.lists(texts(), max_size=2))
        ),
    }


@st.composite
def cancellations(draw: st.DrawFn, wanted: Sequence[Tree]) -> Tree:
    """When the agreement may be ended."""
    one = draw(st.sampled_from(wanted))
    row = draw(st.integers(1, 5))
    return {"missed_in_a_row": row, "interval": draw(interval_of(one)), "obligations": [one["id"]]}


def interval_of(one: Tree) -> SearchStrategy[str]:
    """One that an obligation is judged by."""
    return (
        st.just(one["interval"])
        if "interval" in one
        else st.sampled_from(one.get("intervals", ["day", "week", "month"]))
    )


def capacities(volumes: Sequence[str]) -> SearchStrategy[Tree]:
    """Who serves the leads."""
    return st.fixed_dictionaries(
        {
            "obligation": st.sampled_from(volumes),
            "reps": st.integers(1, 50),
            "time_per_attempt": durations(),
            "attempts_per_lead": st.sampled_from((1, 4.5, 0.01, 1_000)),
        },
        optional={
            "share_for_marketing": st.sampled_from(("50%", 0.3)),
            "limits": limits(),
            "open_for": durations(),
        },
    )


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    """Texts by the names of files: a few agreements, some in two versions, of which the later may say anything else."""
    names = draw(
        st.lists(st.sampled_from(("a", "company-x", "x" * 63, "0-9", "all")), min_size=1, max_size=2, unique=True)
    )
    found: dict[str, str] = {}
    for name in names:
        for number in range(draw(st.sampled_from((1, 1, 2)))):
            version = draw(st.sampled_from((f"{number}", f"v{number} {{{{ x }}}}", f"№ {number}")))
            tree = draw(agreements(name, version, f"202{6 + number}-01-01"))
            found[f"{name}-{number}.yaml"] = json.dumps(tree, ensure_ascii=False, indent=1)
    return found
