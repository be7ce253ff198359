"""`verify explain`, `verify rules` and the generated reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify import cli
from verify.explain import explanations, find_explanation
from verify.glossary import KINDS, PROPERTIES, VERDICTS
from verify.models.assumptions import ASSUMPTIONS
from verify.models.readings import READINGS
from verify.models.rulebook import RULES
from verify.render.docs import documents
from verify.render.layout import Page
from verify.render.reference import markdown_table, render_rules
from verify.verdict import Verdict

DOCS = Path(__file__).parent.parent / "docs"


def test_everything_that_a_result_can_name_is_explained() -> None:
    named = [
        *(rule.id for rule in RULES),
        *(reading.id for reading in READINGS),
        *(assumption.id for assumption in ASSUMPTIONS),
        *PROPERTIES,
        *KINDS,
        *VERDICTS,
    ]
    assert all(find_explanation(name) for name in named)
    assert len({name.lower() for name in named}) == len(named)


def test_every_verdict_is_in_the_glossary() -> None:
    assert set(VERDICTS) == {str(verdict) for verdict in Verdict}


def test_a_rule_is_explained_with_its_consequence_model_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["explain", "r14"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("R14 (rule)\n")
    for label in ("Kind: INV", "If broken:", "In the model:", "Source:"):
        assert label in shown


def test_a_reading_of_one_object_is_explained_by_the_reading() -> None:
    entry = find_explanation("vbr_preserves_as_path@vbr-1")
    assert entry is not None
    assert entry.sort == "reading"


@pytest.mark.parametrize("topic", ["proved", "no-stable-state", "split-horizon", "isolation", "INV", "inv"])
def test_other_words_are_explained_in_any_case(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", topic]) == 0
    assert capsys.readouterr().out.lower().startswith(topic.lower())


def test_an_unknown_word_is_bad_usage_and_the_nearest_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", "forwardin-loop"]) == 2
    assert "did you mean forwarding-loop?" in capsys.readouterr().err
    assert cli.run(["explain", "qqq"]) == 2
    assert "verify explain lists what there is" in capsys.readouterr().err


def test_without_a_word_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain"]) == 0
    shown = capsys.readouterr().out
    assert all(entry.id in shown for entry in explanations().values())


def test_the_rulebook_is_shown_as_text_json_and_markdown() -> None:
    assert all(rule.id in render_rules("text", Page()) for rule in RULES)
    assert [rule["id"] for rule in json.loads(render_rules("json", Page()))] == [rule.id for rule in RULES]
    assert render_rules("markdown", Page()).count("\n") == len(RULES) + 2


def test_a_bar_in_a_markdown_cell_does_not_end_it() -> None:
    assert markdown_table(("a",), [("x|y",)]).splitlines()[2] == "| x\\|y |"


@pytest.mark.parametrize("name", ["cli.md", "rules.md", "readings.md"])
def test_the_generated_documentation_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], "run python -m verify.render.docs"
