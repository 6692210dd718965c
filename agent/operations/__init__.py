"""What operates a server: logs, metrics, interrupts, threads that may hang. No torch here."""
