"""A short hash of what was agreed, to compare the rules in Prometheus with what the workers run."""

from collections.abc import Sequence
from hashlib import sha256

from sla_rules.agreement import Agreement


def digest(agreements: Sequence[Agreement]) -> str:
    """Twelve hexadecimal digits; the same for the same terms, whatever the order and layout of files."""
    texts = sorted(agreement.model_dump_json(exclude_defaults=True) for agreement in agreements)
    return sha256("\n".join(texts).encode()).hexdigest()[:12]
