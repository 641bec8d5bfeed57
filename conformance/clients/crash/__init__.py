"""`kill -9` of the real binary under real clients, and what must hold afterwards."""
