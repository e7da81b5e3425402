"""Agreements -> Grafana boards, Prometheus rules with their tests, Alertmanager config. Pure: text in, text out."""
