"""One partition: its states, folds, timers, publication and expiry."""
