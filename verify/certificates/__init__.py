"""Certificates: what makes a proof checkable by somebody who does not trust the program that found it."""
