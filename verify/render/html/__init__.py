"""A result as one self-contained HTML page: text, tables, pictures, and a player for runs."""

from verify.render.html.page import render_report

__all__ = ["render_report"]
