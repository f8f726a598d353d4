"""How each kind of source is read: pure, record by record, every column accounted for."""
