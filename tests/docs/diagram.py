"""The life of a cycle as a Mermaid state diagram, drawn from the table that the program runs by."""

from collections.abc import Mapping

from sla_rules.lead.transitions import Move, State, Trigger


def diagram(transitions: Mapping[tuple[State, Trigger], tuple[Move, State]]) -> str:
    """One arrow for each move between two states, with all that triggers it."""
    arrows: dict[tuple[State, State, Move], list[Trigger]] = {}
    for (before, trigger), (move, after) in transitions.items():
        arrows.setdefault((before, after, move), []).append(trigger)
    first = next(before for before, _, _ in arrows)
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [
        f"    {before} --> {after}: {move} ({', '.join(triggers)})"
        for (before, after, move), triggers in arrows.items()
    ]
    return "\n".join(lines) + "\n"
