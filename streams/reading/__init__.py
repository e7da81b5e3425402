"""The bytes of a fetch as records: in bounded memory, whatever is in them, and with the offsets that they cover."""
