"""A believable CRM, made from a seed: what its web forms, its sales reps and its faults send, and when it arrives."""

from crm_simulator.item import Item
from crm_simulator.plan import BROKEN_SHARE, Plan
from crm_simulator.simulation import simulate

__all__ = ["BROKEN_SHARE", "Item", "Plan", "simulate"]
