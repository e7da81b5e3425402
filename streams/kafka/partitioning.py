"""Where a key belongs."""

from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """Where a key belongs, by the hash that Java's producer uses."""
    return int((murmur2(key) & 0x7FFF_FFFF) % partitions)
