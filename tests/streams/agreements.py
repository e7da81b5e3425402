"""Agreements for tests of the stream: the shipped example, with deadlines that a test can wait for."""

from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "company-x.yaml"


def quick_agreement(folder: Path, within: str = "5s", webhook: str | None = None) -> Path:
    """The example with a follow-up due after seconds of wall-clock time, on average too, its contacts at one webhook.

    Whoever owes it hears of it whenever the test is run.
    """
    text = EXAMPLE.read_text().replace("{within: 1h, clock: working}", f"{{within: {within}, clock: wall}}")
    text = text.replace("average: 30m", f"average: {within}")
    if webhook is not None:
        text = text.replace("http://127.0.0.1:9095/pages/", webhook)
    file = folder / "company-x.yaml"
    file.write_text(f"{text}\nnotify: {{always: [breaches]}}\n")
    return file
