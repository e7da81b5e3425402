"""One module a kind of obligation: the verdict on a cycle, the next deadline, the share in the figures."""
