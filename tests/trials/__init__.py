"""Trials that take minutes: each a module that is run by itself, and of which the tests run a short form."""
