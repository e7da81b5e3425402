"""The contenders written in Java: their sources compiled beside the jars they need."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.real_parts.kafka import NoKafkaError
from tests.real_parts.kafka_jars import jars, java

SOURCES: Final = Path(__file__).parent / "contenders" / "kafka_streams"
POM: Final = SOURCES / "pom.xml"
_COMPILE_SECONDS: Final = 120


def compiled(folder: Path) -> list[str]:
    """The command that runs a class of ours on one core, once the classes lie in the folder.

    Raises:
        NoKafkaError: Java, its compiler or the jars cannot be had; the message says which.

    """
    runtime = java()
    compiler = shutil.which("javac", path=Path(runtime).parent) or shutil.which("javac")
    if compiler is None:
        message = "no javac beside java or on the PATH"
        raise NoKafkaError(message)
    path = f"{jars(POM)}/*"
    done = subprocess.run(
        [compiler, "-cp", path, "-d", folder, *sorted(SOURCES.glob("*.java"))],
        capture_output=True,
        text=True,
        check=False,
        timeout=_COMPILE_SECONDS,
    )
    if done.returncode:
        message = f"the Java contenders do not compile:\n{done.stderr}"
        raise NoKafkaError(message)
    options = ["-XX:ActiveProcessorCount=1", "-Xms1g", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    return [runtime, *options, "-cp", f"{folder}:{path}"]


def version(runtime: str) -> str:
    """What a Java says it is."""
    answer = subprocess.run([runtime, "-version"], capture_output=True, text=True, check=True)
    found = re.search(r'version "([^"]+)"', answer.stderr)
    return found[1] if found else "unknown"
