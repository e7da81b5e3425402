"""`python -m tests.released`: keep what this release, not yet released, writes of the stories."""

from tests.released.kept import keep

if __name__ == "__main__":
    print(keep())  # noqa: T201 - a command's answer
