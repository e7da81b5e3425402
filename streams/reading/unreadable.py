"""What cannot be read and may not be dead-lettered: said with its place instead of skipped."""

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from streams.reading.unpacking import TooLargeError


class UnreadableError(KafkaError):  # type: ignore[misc] # aiokafka is untyped here
    """A batch cannot be read: where it begins, where the next one may be, and why in words."""

    def __init__(self, spot: TopicPartition, offset: int, after: int, why: str) -> None:
        self.spot, self.offset, self.after, self.why = spot, offset, max(after, offset + 1), why
        super().__init__(spot, offset, after, why)

    def __str__(self) -> str:
        """The one sentence that is told of it."""
        last = self.after - 1
        where = f"offset {self.offset}" if last == self.offset else f"offsets {self.offset} to {last}"
        return (
            f"{self.spot.topic}, partition {self.spot.partition}: {where} cannot be read: {self.why}. What lies before has been "
            'read, nothing has been skipped; restore it or give it up as "A batch that cannot be read" in the runbook says'
        )


def words_of(wrong: Exception) -> str:
    """What an error says of bytes, in words."""
    if isinstance(wrong, KafkaError | TooLargeError) and wrong.args:
        return str(wrong.args[0])
    return f"{type(wrong).__name__}: {wrong}"


def spelled(name: str) -> str:
    r"""A header's name as text that can be written: bytes that are not UTF-8 as `\xff`."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
