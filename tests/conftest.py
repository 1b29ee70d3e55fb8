"""What all tests share; their settings are in tests/support/environment.py."""
