"""How good the bot is, measured: questions, scope, safety, typing slips, and Rasa's default pipeline beside it."""
