"""What keeps a server in order for the people who run it: logs and metrics. No torch here."""
