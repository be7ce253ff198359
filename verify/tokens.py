"""The tokens of JSON with comments, and what a single one of them means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.models.values import Misfit, printable

WORDS: dict[str, object] = {"true": True, "false": False, "null": None}
HINTS = {
    "True": "write true",
    "False": "write false",
    "None": "write null",
    "NaN": "JSON has no such number",
    "Infinity": "JSON has no such number",
    "-Infinity": "JSON has no such number",
}
LONGEST_INTEGER = 40  # digits; a longer number fits no field, and is read as a `Real`

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*")
    |(?P<quoted>'[^'\n]*')
    |(?P<number>[-+.]?[0-9][0-9A-Za-z_.+-]*)
    |(?P<mark>[][{}:,])
    |(?P<word>-?[^\W\d][\w$-]*)
    |(?P<other>/\*(?s:.*)|"[^\n]*|.)""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (string, quoted, number, mark, word, other, end), text and offset."""

    kind: str
    text: str
    offset: int

    def describe(self) -> str:
        """The token for the `found` part of a fault."""
        return printable(self.text, 40) if self.kind != "end" else "the end of the text"


class Real(float):
    """A number that is no integer, and the text that stands for it: no field takes one, faults show it."""

    text: str

    def __new__(cls, text: str) -> Real:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text, without blanks and comments; the last one is of the kind `end`."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            yield Token(match.lastgroup or "other", match.group(), match.start())
    yield Token("end", "", len(text))


def text_of(token: Token) -> str:
    """The text of a string token; a misfit's `at` is the offset of the error inside the token."""
    try:
        text = str(json.loads(token.text))
    except json.JSONDecodeError as error:
        at = (min(error.pos, len(token.text) - 1),)
        raise Misfit(token.describe(), "text with valid escapes", error.msg.lower(), at) from None
    lone = _SURROGATE.search(text)
    if lone:
        raise Misfit(f"\\u{ord(lone.group()):04x}", "a whole character", "half of a surrogate pair", (0,))
    return text


def number_of(token: Token) -> int | Real:
    """The number that a token stands for: an integer, or one with a fraction, exponent or too many digits."""
    match = _NUMBER.fullmatch(token.text)
    if match is None:
        raise Misfit(token.describe(), "a number, or text in double quotes")
    whole = match.group(2) is None and match.group(3) is None and len(token.text) <= LONGEST_INTEGER
    return int(token.text) if whole else Real(token.text)


def scalar_of(token: Token) -> object:
    """The value of a token that is not a mark."""
    if token.kind == "string":
        return text_of(token)
    if token.kind == "number":
        return number_of(token)
    if token.kind == "word" and token.text in WORDS:
        return WORDS[token.text]
    if token.kind == "quoted":
        raise Misfit(token.describe(), "text in double quotes")
    hint = HINTS.get(token.text, "")
    if token.text.startswith('"'):
        hint = "the closing quote is missing"
    elif token.text.startswith("/*"):
        hint = "the comment has no end"
    raise Misfit(token.describe(), "a value", hint)
