"""Whom a failure reaches."""
