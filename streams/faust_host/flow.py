"""The gate before the agent's queue."""

from mode.utils.queues import FlowControlEvent


class SteadyFlow(FlowControlEvent):
    """Faust's, but that opening it while it is open does nothing.

    Faust's recovery opens it up to three times, with seeks between, and each opening clears the queues: what was fetched
    and handed over since the one before was lost without a word.
    """

    def resume(self) -> None:
        """Let messages in; what lies in the queues from before it was closed goes."""
        if not self.is_active():
            super().resume()

    @property
    def is_drained(self) -> bool:
        """Whether nothing lies in the queues."""
        return all(queue.empty() for queue in self._queues)
