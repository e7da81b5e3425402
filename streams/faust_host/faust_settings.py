"""What Faust is told: the settings measured to be right for this service, see docs/decisions/0001-faust.md."""

from typing import Any

from streams.faust_host.steady_group import SteadyAssignor
from streams.faust_host.store import LeadTable, TablesAtOnce
from streams.kafka.connection import credentials
from streams.settings import Settings


def faust_settings(settings: Settings, partitions: int) -> dict[str, Any]:
    """Faust's settings by name."""
    return {
        "broker": ";".join(f"kafka://{broker}" for broker in settings.brokers),
        "broker_credentials": credentials(settings),
        "Table": LeadTable,
        "TableManager": TablesAtOnce,
        "PartitionAssignor": SteadyAssignor,
        "datadir": str(settings.data_dir),
        "processing_guarantee": "at_least_once",
        "broker_commit_interval": 1.0,
        "broker_commit_every": None,
        "broker_max_poll_records": settings.batch_records,
        "broker_session_timeout": settings.session_timeout_seconds,
        "broker_heartbeat_interval": min(3.0, settings.session_timeout_seconds / 3),
        "broker_request_timeout": max(settings.request_timeout_seconds, settings.session_timeout_seconds),
        "broker_rebalance_timeout": 60.0,
        "broker_max_poll_interval": 300.0,
        "consumer_max_fetch_size": 4 * 1024 * 1024,
        "consumer_auto_offset_reset": "earliest",
        # A client that asks where a topic begins which is gone asks on, and fetches nothing, until it looks again.
        "consumer_metadata_max_age_ms": 5_000,
        "stream_buffer_maxsize": 16,
        "stream_wait_empty": True,
        "producer_acks": -1,
        "producer_request_timeout": settings.request_timeout_seconds,
        "topic_partitions": partitions,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }
