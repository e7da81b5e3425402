"""Which partitions a worker owns, how they are recovered, and what becomes of what it wrote for them."""
