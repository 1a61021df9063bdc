"""What a turn costs, beside Rasa's default pipeline and Rasa's floor: `python -m benchmarks`."""
