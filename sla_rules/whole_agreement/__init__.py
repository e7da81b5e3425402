"""One agreement as a whole: the figures of all partitions in, the records of `sla-agreements` out."""
