"""Who has a lead, in words."""

from wording.voice import Voice


def owner_of(rep: str | None, team: str | None, voice: Voice, nobody: str | None = None) -> str:
    """The rep and their team, or the one of them that is known; `nobody` where neither is, else that there is none."""
    if not rep and not team:
        return nobody or voice.text("explain-nobody")
    return voice.text("explain-who", rep=rep or None, team=team or None)
