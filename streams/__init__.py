"""The thin shell that carries events to the rules and what follows from them back to Kafka."""
