"""From records to what follows from them, durable and in order, and the time that passes between."""
