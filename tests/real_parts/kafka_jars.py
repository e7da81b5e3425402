"""Jars that a pom asks for, Apache Kafka's if none is named: fetched once by Maven and kept in the project's cache folder."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from tests.real_parts.kafka import NoKafkaError

_POM: Final = Path(__file__).with_name("kafka-pom.xml")
_PROJECT: Final = Path(__file__).parents[2]
_OLDEST_JAVA: Final = 17
_FETCH_SECONDS: Final = 600


def java() -> str:
    """The Java on the PATH or in JAVA_HOME, if it is new enough for the broker; NoKafkaError otherwise."""
    home = os.environ.get("JAVA_HOME")
    found = (shutil.which("java", path=f"{home}/bin") if home else None) or shutil.which("java")
    if found is None:
        message = "no java on the PATH"
        raise NoKafkaError(message)
    if _age(found) < _OLDEST_JAVA:
        message = f"java is older than {_OLDEST_JAVA}"
        raise NoKafkaError(message)
    return found


@cache
def _age(java_: str) -> int:
    """The number of a Java's release; 0 if it does not say."""
    answer = subprocess.run([java_, "-version"], capture_output=True, text=True, check=False, timeout=60)
    version = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return 0 if version is None else int(version[1])


def jars(pom: Path = _POM) -> Path:
    """The folder of the jars that a pom asks for, fetched if it is not in the cache; NoKafkaError without Maven.

    The folder is named for the pom's content and appears complete or not at all, so sessions may run side by side.
    """
    cache = Path(os.environ.get("LEADSLA_CACHE") or _PROJECT / ".cache") / "kafka"
    folder = cache / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        message = "Kafka's jars are not in the cache and no mvn is on the PATH to fetch them"
        raise NoKafkaError(message)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as partial:
        fetched = Path(partial) / "jars"
        fetch = subprocess.run(
            [maven, "-B", "-q", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_FETCH_SECONDS,
        )
        if fetch.returncode:
            message = f"Maven could not fetch Kafka: {fetch.stdout[-2000:]}{fetch.stderr[-2000:]}"
            raise NoKafkaError(message)
        try:
            fetched.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder
