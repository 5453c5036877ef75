"""Brings up the project's private servers and runs its checks; standard library only."""
