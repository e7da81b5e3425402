"""Explained by a file of events."""

from collections.abc import Sequence
from difflib import get_close_matches

from leadsla.event_files.question import Question
from leadsla.explaining.answer import Answer, NothingKnown, before_first
from leadsla.tables.explanation import about_of
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import Facts, propagate_merges
from sla_rules.reports.replay import watched
from wording.voice import Voice


def explained_by_file(asked: Question, lead: str, voice: Voice) -> list[Answer]:
    """By the terms agreed, and by the others if any are laid beside them.

    Raises:
        NothingKnown: nothing had been received for the lead.

    """
    return [_explained(agreed, asked, lead, voice) for agreed in (asked.agreed, asked.others) if agreed]


def _explained(agreed: Sequence[Agreement], asked: Question, lead: str, voice: Voice) -> Answer:
    rules, scope = RuleBook(agreed), asked.scope
    known = propagate_merges(watched(rules, asked.facts, scope.begin))
    if lead not in known:
        raise _unknown(rules, lead, known, asked, voice)
    return Answer(rules, explain(rules, lead, known[lead], scope.until))


def _unknown(rules: RuleBook, lead: str, known: Facts, asked: Question, voice: Voice) -> NothingKnown:
    """The first event of the lead came later, or none ever did."""
    about, later = about_of(rules), propagate_merges(asked.told).get(lead, ())
    if later:
        return before_first(about, lead, later, asked.scope.until, voice)
    close = get_close_matches(lead, known, n=3)
    hint = f"; {voice.text('explain-did-you-mean', close=', '.join(close))}" if close else ""
    return NothingKnown(voice.text("explain-unknown", about=about, lead=repr(lead)) + hint)
