"""Benchmarks against peers and limits, run by `make bench`; what they measure and how, docs/performance.md says."""
