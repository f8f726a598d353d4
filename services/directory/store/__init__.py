"""The only SQL of the directory service; sealing and opening happen here."""
