"""Which tests of a run in several processes go to the same one, and when."""

from typing import Any, Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_TOGETHER: Final = ("test_secure_broker.py", "test_three_brokers.py")
"""Files whose tests share brokers that take long to start, and so go to one process at once."""


def goes_together(test: str) -> bool:
    """Whether a test, by its node id, goes to a process with all others of its file."""
    return _file(test).endswith(_TOGETHER)


class FromBothEnds(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hands out tests one at a time to whichever process is free: to the last process from the end, to others in order.

    The first tests wait for most of their time and the last need a CPU for all of theirs, so that both are busy.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _file(nodeid) if goes_together(nodeid) else nodeid

    def _assign_work_unit(self, node: Any) -> None:
        if len(self.nodes) > 1 and node is self.nodes[-1]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def _file(test: str) -> str:
    return test.partition("::")[0]
