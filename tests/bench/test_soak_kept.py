import json
from pathlib import Path

from bench.soak.kept import added_up


def test_kept_runs_are_added_up_by_store(tmp_path: Path) -> None:
    for seed, kills in enumerate([3, 4]):
        result = {"store": "memory", "disruptions": {"kills": kills}, "events": 600, "lost": seed, "differences": []}
        (tmp_path / f"soak-memory-{seed}.json").write_text(json.dumps(result))
    other = {"store": "rocksdb", "disruptions": {"kills": 1}, "events": 5, "lost": 0, "differences": ["one"]}
    (tmp_path / "soak-rocksdb-1.json").write_text(json.dumps(other))

    assert added_up(tmp_path) == [
        "memory: 7 kills, 2 runs, 1,200 events, 1 lost, 0 differences",
        "rocksdb: 1 kills, 1 runs, 5 events, 0 lost, 1 differences",
    ]
