"""How the encoder learns to hear alarms: the network, and the training of it."""
