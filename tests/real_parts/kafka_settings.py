"""The settings of the single broker that tests start, whatever starts it."""

from collections.abc import Mapping


def broker_settings(
    *, listeners: str, advertised: str, controller: str, data: str, listener_map: str
) -> Mapping[str, str]:
    """A KRaft node that is broker and controller in one, with groups that form at once and topics only on request."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": listeners,
        "advertised.listeners": advertised,
        "listener.security.protocol.map": listener_map,
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        # A killed broker is let in again only when its old session has run out.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "1",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "log.cleaner.dedupe.buffer.size": "16777216",
        "num.io.threads": "2",
        "num.network.threads": "2",
        "background.threads": "2",
    }
