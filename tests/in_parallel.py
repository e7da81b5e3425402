"""Which tests of a run in several processes go to the same one."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_TOGETHER: Final = ("test_secure_broker.py", "test_three_brokers.py")
"""Files whose tests share brokers that take long to start."""


class EachByItself(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hands out tests in their order, one at a time to whichever process is free; those that share brokers at once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(_TOGETHER) else nodeid
