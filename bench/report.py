"""Makes tables and plots from the kept results: the second half of docs/performance.md and docs/scaling.md, and plots."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from bench.plots import bars, lines
from bench.progress import say
from bench.results import kept
from bench.scaling import Costs, plan, table

_DOCS: Final = Path(__file__).parents[1] / "docs"
PAGE: Final = _DOCS / "performance.md"
MARK: Final = "<!-- Made by `make bench ARGS=report` from bench/results; what stands below is not written by hand. -->"
SCALING: Final = _DOCS / "scaling.md"
_RATES: Final = (10, 1_000, 100_000)
_KEPT_DAYS: Final = (400, 60)
_NAMES: Final = {
    "leadsla": "**LeadSLA's worker**",
    "aiokafka": "plain aiokafka loop",
    "confluent": "plain confluent-kafka loop",
    "bytewax": "Bytewax",
    "quix": "Quix Streams",
    "faust": "Faust, default agent",
}
_SHELLS: Final = {
    "leadsla": "**LeadSLA's shell**",
    "aiokafka": "plain aiokafka loop",
    "kafka-streams": "Kafka Streams, in memory",
    "rocksdb": "Kafka Streams, RocksDB",
}
_KEEPERS: Final = {"leadsla": "**LeadSLA's worker, all it does**", "kafka-streams": "Kafka Streams, facts alone"}
_MEMORY: Final = {
    "after_recovery": "taken over",
    "after_folding": "folded live",
    "on_disk_cold": "taken over onto an empty disk",
    "on_disk_warm": "taken over with the disk as it was left",
}
_AXES: Final = {
    "events_per_lead": "events of a lead, each alone",
    "agreements": "agreements",
    "segments": "segments",
    "calendars": "calendars",
}


def report() -> None:
    """Write the page again from its mark on, and the plots."""
    sections = [
        section for name, made in _SECTIONS.items() if (found := kept(name)) for section in [*made(found), _on(found)]
    ]
    _write(PAGE, sections)
    costs = _costs()
    if costs is not None:
        _write(SCALING, _scaling(costs))


def _write(page: Path, sections: Iterable[str]) -> None:
    head = page.read_text(encoding="utf-8").partition(MARK)[0]
    page.write_text(head + MARK + "\n\n" + "\n\n".join(sections) + "\n", encoding="utf-8")
    say(f"written: {page.relative_to(_DOCS.parent)}")


def _costs() -> Costs | None:
    """What one event and one lead cost, where all of it has been measured."""
    throughput, memory, recovery = kept("throughput"), kept("memory"), kept("recovery")
    if throughput is None or memory is None or recovery is None:
        return None
    taken = recovery["start_to_open_seconds"] - recovery["start_to_open_without_leads_seconds"]
    return Costs(
        event=throughput["contenders"]["leadsla"]["cpu_seconds_per_million"]["median"] / 1e6,
        memory=memory["after_recovery"]["bytes_a_lead"],
        state=recovery["state_bytes"],
        load=taken / recovery["leads"],
    )


def _scaling(costs: Costs) -> Iterator[str]:
    yield (
        f"Computed from: {costs.event * 1e6:.1f} µs of CPU an event with everything a worker does, "
        f"{costs.memory:,.0f} bytes of memory an open lead, {costs.state:,.0f} bytes a state, "
        f"{costs.load * 1e6:.1f} µs to take a lead over."
    )
    yield _table(*table([plan(costs, rate, days) for rate in _RATES for days in _KEPT_DAYS]))


def _throughput(found: dict[str, Any]) -> Iterator[str]:
    contenders = found["contenders"]
    rows = []
    for name, entry in contenders.items():
        ratio = [_range(entry[key]) for key in ("speed_ratio", "cpu_ratio")] if "speed_ratio" in entry else ["", ""]
        speed, cpu, memory, start = (
            entry[key]["median"]
            for key in ("events_per_second", "cpu_seconds_per_million", "peak_memory_mib", "start_seconds")
        )
        rows.append(
            [
                _NAMES[name],
                f"{speed:,.0f}",
                ratio[0],
                f"{cpu:.1f}",
                ratio[1],
                f"{memory:.0f}",
                f"{start:.1f}",
                entry["changelog_records_per_event"],
            ]
        )
    alone = found["fold"]
    cpu = alone["cpu_seconds_per_million"]["median"]
    rows.append(
        ["the fold alone, no Kafka", f"{alone['events_per_second']['median']:,.0f}", "", f"{cpu:.1f}", "", "", ""]
    )
    yield f"## Throughput\n\n{found['events']:,} events, rounds: {found['rounds']}; medians, ratios with (least - most)."
    head = [
        "",
        "events/s",
        "by aiokafka's",
        "CPU s per million",
        "by aiokafka's",
        "peak MiB",
        "start s",
        "changelog records an event",
    ]
    yield _table(head, rows)
    bars(
        "throughput",
        {_NAMES[name].strip("*"): entry["events_per_second"] for name, entry in contenders.items()},
        "events a second",
    )
    yield "![events a second of each contender](pictures/throughput.svg)"


def _before(found: dict[str, Any]) -> Iterator[str]:
    now, before = found["contenders"]["leadsla"], found["contenders"]["before"]
    yield (
        f"## Beside an earlier commit\n\nThe worker, and that of commit {found['before']}, {found['events']:,} events, "
        f"pairs: {found['pairs']}; medians, ratios with (least - most)."
    )
    rows = [
        [name, f"{one['events_per_second']['median']:,.0f}", f"{one['cpu_seconds_per_million']['median']:.1f}"]
        for name, one in (("**this commit's worker**", now), (f"that of {found['before']}", before))
    ]
    yield _table(["", "events/s", "CPU s per million"], rows)
    yield f"Events a second by those before: {_range(now['speed_ratio'])}; CPU: {_range(now['cpu_ratio'])}."


def _workers(found: dict[str, Any]) -> Iterator[str]:
    yield f"## Two workers\n\n{found['events']:,} events, rounds: {found['rounds']}."
    rows = [[count, f"{speed['median']:,.0f}"] for count, speed in found["events_per_second"].items()]
    yield _table(["workers", "events/s"], rows) + f"\n\nTwo by one: {_range(found['ratio'])}."


def _latency(found: dict[str, Any]) -> Iterator[str]:
    yield f"## Latency of breaches\n\n{found['open_clocks']:,} open clocks."
    midnight = found.get("midnight")
    parts = {"before midnight": found, "while a midnight's work goes on": midnight}
    rows = [
        [what, f"{part['per_second']:,.0f}", f"{part['breaches']:,}", *_milliseconds(part)]
        for what, part in parts.items()
        if part is not None
    ]
    yield _table(["", "deadlines a second", "breaches", "median ms", "p99 ms", "most ms"], rows)
    if midnight is not None:
        yield (
            f"A day, a week and a month were published {midnight['published_seconds']} s after midnight; who was to leave "
            f"had left after {midnight['left_seconds']} s."
        )


def _milliseconds(found: dict[str, Any]) -> list[float]:
    return [found["milliseconds"][key] for key in ("median", "p99", "max")]


def _recovery(found: dict[str, Any]) -> Iterator[str]:
    yield "## Recovery"
    yield (
        f"{found['leads']:,} leads, states of {found['state_bytes']:.0f} bytes. Without leads a start takes "
        f"{found['start_to_open_without_leads_seconds']} s. Plainly reading the changelog takes "
        f"{found['plain_reading_seconds']} s, {found['plain_reading_share']:.0%} of what the leads in memory take."
    )
    disk = found.get("rocksdb", {})
    starts = {"in memory": found, "on disk, empty": disk.get("cold"), "on disk, as it was left": disk.get("warm")}
    rows = [
        [what, one["start_to_open_seconds"], one["loading_seconds"], one.get("start_to_open_cpu_seconds", "")]
        for what, one in starts.items()
        if one is not None
    ]
    yield _table(["leads", "start to open, s", "of it reading, s", "CPU, s"], rows)


def _memory(found: dict[str, Any]) -> Iterator[str]:
    yield "## Memory of an open lead"
    rows = [
        [what, f"{entry['leads']:,}", f"{entry['bytes_a_lead']:,.0f}", f"{entry['peak_mib']:,}"]
        for what, entry in ((what, found.get(key)) for key, what in _MEMORY.items())
        if entry is not None
    ]
    yield _table(["", "leads", "bytes a lead", "peak MiB of the worker"], rows)


def _metrics(found: dict[str, Any]) -> Iterator[str]:
    took = found["milliseconds"]
    yield "## A scrape of /metrics"
    rows = [[f"{found['leads']:,}", f"{found['series']:,}", found["kib"], took["min"], took["median"], took["max"]]]
    yield _table(["leads", "series", "KiB", "least ms", "median ms", "most ms"], rows)


def _teams(found: dict[str, Any]) -> Iterator[str]:
    yield (
        f"## A scrape with {found['teams']:,} teams\n\nThe collector alone, {found['partitions']} partitions, "
        f"{found['scrapes']} scrapes. Held: CPU of the event loop's own thread for one scrape. Late: how late the loop came "
        "round, beside scrapes and without."
    )
    rows = [
        [
            point["agreements"],
            "none" if point["limit"] is None else point["limit"],
            f"{point['series']:,}",
            f"{point['kib']:,.0f}",
            *(point["milliseconds"][key] for key in ("min", "median", "max")),
            f"{point['loop_held_milliseconds']['median']}",
            f"{point['loop_waits_milliseconds']} ({point['loop_waits_without_milliseconds']})",
        ]
        for point in found["points"]
    ]
    head = [
        "agreements",
        "limit",
        "series",
        "KiB",
        "least ms",
        "median ms",
        "most ms",
        "held ms",
        "late, most ms (without)",
    ]
    yield _table(head, rows)


def _growth(found: dict[str, Any]) -> Iterator[str]:
    yield f"## How cost grows\n\nThe fold alone, {found['events']:,} events a point, microseconds of CPU an event."
    rows = [
        [_AXES[axis], ", ".join(f"{one['count']}: {one['microseconds_an_event']:.0f}" for one in points)]
        for axis, points in found["axes"].items()
    ]
    yield _table(["number of", "number: µs an event"], rows)
    lines("growth", {_AXES[axis]: points for axis, points in found["axes"].items()})
    yield "![microseconds of CPU an event, by number of each](pictures/growth.svg)"


def _mergers(found: dict[str, Any]) -> Iterator[str]:
    yield "## Merged leads\n\nThe fold alone; each lead was handed off and called once before it was merged."
    rows = [
        [
            f"{point['shape']} of {point['leads']:,}",
            "at once" if point["at_once"] else "one by one",
            f"{point['facts']:,}",
            f"{point['mergers']:,}",
            f"{point['records']:,}",
            point["by_facts_times_mergers"],
            f"{point['states_written']:,}",
            point["mib_written"],
            point["cpu_seconds"],
        ]
        for point in found["points"]
    ]
    head = ["", "merged", "facts", "mergers", "records", "by facts and mergers", "states", "MiB of states", "CPU s"]
    yield _table(head, rows)


def _replay(found: dict[str, Any]) -> Iterator[str]:
    yield f"## Replay\n\n{found['events']:,} events; the fold alone, without reading a file: {found['fold_events_per_second']:,} events/s."
    rows = [[jobs, f"{speed:,}", found["ratio_to_fold"][jobs]] for jobs, speed in found["events_per_second"].items()]
    yield _table(["--jobs", "events/s", "by the fold's"], rows)


def _kafka_streams(found: dict[str, Any]) -> Iterator[str]:
    yield (
        f"## Beside Kafka Streams\n\nKafka Streams {found['kafka_streams']} on Java {found['java']}; each process on one core; "
        f"rounds: {found['rounds']}; medians, ratios to Kafka Streams in memory with (least - most)."
    )
    counts, facts = found["shells"], found["facts"]
    yield f"The shells alone, a count per lead, {counts['events']:,} events:"
    yield _beside(counts["contenders"], _SHELLS)
    yield f"The lead's facts, {facts['events']:,} events:"
    yield _beside(facts["contenders"], _KEEPERS)


def _beside(contenders: dict[str, Any], names: dict[str, str]) -> str:
    head = [
        "",
        "events/s",
        "by Kafka Streams'",
        "second half events/s",
        "by Kafka Streams'",
        "CPU s per million",
        "second half CPU s per million",
        "peak MiB",
        "start s",
        "changelog records an event",
    ]
    rows = []
    for name, entry in contenders.items():
        late_cpu = ""
        late = ["", ""]
        if "late_ratio" in entry:
            late = [f"{entry['late_events_per_second']['median']:,.0f}", _range(entry["late_ratio"])]
            late_cpu = f"{entry['late_cpu_seconds_per_million']['median']:.1f}"
        rows.append(
            [
                names[name],
                f"{entry['events_per_second']['median']:,.0f}",
                _range(entry["speed_ratio"]),
                *late,
                f"{entry['cpu_seconds_per_million']['median']:.1f}",
                late_cpu,
                f"{entry['peak_memory_mib']['median']:.0f}",
                f"{entry['start_seconds']['median']:.1f}",
                entry["changelog_records_per_event"],
            ]
        )
    return _table(head, rows)


_SECTIONS: Final[dict[str, Callable[[dict[str, Any]], Iterator[str]]]] = {
    "throughput": _throughput,
    "before": _before,
    "kafka_streams": _kafka_streams,
    "two_workers": _workers,
    "latency": _latency,
    "recovery": _recovery,
    "memory": _memory,
    "metrics": _metrics,
    "teams": _teams,
    "growth": _growth,
    "mergers": _mergers,
    "replay": _replay,
}


def _on(found: dict[str, Any]) -> str:
    where = found["on"]
    unquiet = " **The machine was not quiet: provisional.**" if where["load"] > 2 * where["cores"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in where["versions"].items())
    return (
        f"<sub>{where['time'][:10]}, commit {where['commit']}, {where['cores']} cores of {where['processor']}, load "
        f"{where['load']} at the end, Python {where['python']}, {versions}.</sub>{unquiet}"
    )


def _range(one: dict[str, float]) -> str:
    return f"{one['median']:.2f} ({one['min']:.2f} - {one['max']:.2f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
