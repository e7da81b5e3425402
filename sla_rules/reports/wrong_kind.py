"""What is wrong where an obligation gave what belongs to another kind."""


class WrongKindError(TypeError):
    """A fault in the rules: nothing of what was found belongs to an obligation of a kind."""

    def __init__(self, found: object, kind: str) -> None:
        super().__init__(f"no {type(found).__name__} belongs to an obligation of {kind}")
