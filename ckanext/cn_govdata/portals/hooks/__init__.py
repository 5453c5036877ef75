"""Hooks of families whose requests are signed or numbered: pure functions, one module for each."""
