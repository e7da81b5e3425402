"""How the agent's messages are decoded: not at all."""

from collections.abc import Callable
from typing import Any

from faust.serializers.schemas import Schema
from faust.types.tuples import ConsumerMessage


class PassThrough(Schema[Any, Any]):
    """Hands a message's value on as it is: the agent reads batches itself."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Any]:
        """A decoder that decodes nothing."""
        create_event = app.create_event

        async def decode(message: ConsumerMessage, **_: Any) -> Any:
            return create_event(message.key, message.value, message.headers, message)

        return decode
