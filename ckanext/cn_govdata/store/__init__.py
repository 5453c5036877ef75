"""The only writer of datasets: identity, comparison, batch rows, index outbox, withdrawal."""
