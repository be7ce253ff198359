"""The report in a real browser: alone, readable in each width and theme, usable by keyboard, printable."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.families import FAMILIES
from tests.browser import MISSING, Browser, browser
from tests.report_samples import (
    CIRCUIT,
    CUSTOM,
    FAILED,
    GADGET,
    LOOP,
    OPEN,
    PEERS,
    PROVED,
    SITES,
    WEDGIE,
    checked,
    report,
)
from tests.test_report import HOSTILE
from verify.check import CheckOptions, check
from verify.load import load
from verify.render.html import render_report
from verify.verdict import Counterexample, RouteRow

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"the browser tests are left out: {MISSING}")

CHECKS = (Path(__file__).parent / "page_checks.js").read_text("utf-8")
NAMED = {"button", "link", "image", "slider", "region", "table", "navigation", "heading"}
SHOWN = (LOOP, CIRCUIT, GADGET, FAILED, CUSTOM, PROVED, OPEN, SITES, PEERS, WEDGIE)
RIGHT, LEFT, HOME, SPACE, ENTER, TAB = "\ue014", "\ue012", "\ue011", " ", "\ue007", "\ue004"
PLAYER = "#no-route-flapping .player "


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@contextmanager
def asked_for() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and what it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join()


def page_of(text: str, folder: Path, name: str = "report") -> Path:
    path = folder / f"{name.replace('/', '-')}.html"
    path.write_text(text, encoding="utf-8")
    return path


def problems(chromium: Browser, *checks: str) -> dict[str, Any]:
    """What the checks of a page find."""
    chromium.run(CHECKS)
    found = {name: chromium.run(f"return pageChecks.{name}()") for name in checks}
    return {name: listed for name, listed in found.items() if listed}


def run_of(name: str) -> Counterexample:
    """The first run of a scenario that repeats."""
    _, result = checked(name)
    return next(
        e.counterexample for e in result.properties if e.counterexample is not None and e.counterexample.cycle
    )


@pytest.mark.parametrize("name", SHOWN)
def test_a_report_fits_every_width_in_both_themes(name: str, chromium: Browser, folder: Path) -> None:
    page = page_of(report(name), folder, name)
    chromium.show(page, width=375, theme="dark")
    assert problems(chromium, "overflow", "contrast", "drawings") == {}
    chromium.show(page, width=1920, theme="light")
    assert problems(chromium, "overflow", "contrast", "drawings", "focus") == {}
    assert chromium.complaints() == []
    assert set(chromium.requests()) == {page.as_uri()}


def test_the_checks_of_a_page_can_fail(chromium: Browser, folder: Path) -> None:
    chromium.show(page_of(report(LOOP), folder))
    assert problems(chromium, "overflow", "contrast", "drawings", "focus") == {}
    chromium.run(
        "const style = new CSSStyleSheet();"
        "style.replaceSync('p {color: #999} main {width: 3000px} a {outline: none !important}');"
        "document.adoptedStyleSheets = [style];"
        "document.querySelectorAll('svg text')[3].setAttribute('x', '0');"
        "document.querySelectorAll('svg text')[9].setAttribute('y', 47)"
    )
    assert set(problems(chromium, "overflow", "contrast", "drawings", "focus")) == {
        *("overflow", "contrast", "drawings", "focus")
    }


def test_nothing_from_outside_is_asked_for_and_nothing_put_in_runs(chromium: Browser, folder: Path) -> None:
    """The page's own policy stops what gets past the escapes; without the policy it would not be stopped."""
    with asked_for() as (address, asked):
        intruder = f'<img src="{address}x.png"><script>window.taken = 1</script></main>'
        guarded = report(LOOP).replace("</main>", intruder)
        chromium.show(page_of(guarded, folder))
        assert chromium.run("return window.taken") is None
        assert asked == []
        assert len(chromium.complaints()) == 2
        bare = guarded.replace('http-equiv="Content-Security-Policy"', 'name="nothing"')
        chromium.show(page_of(bare, folder))
        assert chromium.run("return window.taken") == 1
        assert asked == ["/x.png"]
    chromium.complaints()
    chromium.requests()


def test_hostile_texts_are_shown_and_do_nothing(chromium: Browser, folder: Path) -> None:
    odd = {"dc-0": "dc' onx=1 &amp;", "vbr-0-a": "'); alert(1) //".replace("/", "*"), "vpc-0": "\u05d0\u0627"}
    written = json.dumps(FAMILIES["circuits"].document(2))
    for old, new in odd.items():
        written = written.replace(f'"{old}"', json.dumps(new))
    written = written.replace('"vsw-0"', json.dumps("W" * 150 + "\u6771"))
    document = json.loads(written) | {"name": "<script>window.taken = 1</script>", "description": HOSTILE}
    loaded = load("x.json", json.dumps(document))
    made = render_report(loaded, check(loaded, CheckOptions(properties=("documented-rules",))))
    chromium.show(page_of(made, folder), width=375)
    assert chromium.run("return window.taken") is None
    assert problems(chromium, "overflow", "drawings") == {}
    assert chromium.complaints() == []
    assert "<script>window.taken = 1</script>" in chromium.first("h1").text
    assert chromium.run("return document.querySelectorAll('script').length") == 1


def test_assistive_technology_gets_a_name_for_everything(chromium: Browser, folder: Path) -> None:
    chromium.show(page_of(report(SITES), folder))
    nodes = [n for n in chromium.command("Accessibility.getFullAXTree")["nodes"] if not n.get("ignored")]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes]
    assert {role for role, called in roles if role in NAMED and not called.strip()} == set()
    counted = Counter(role for role, _ in roles)
    assert [counted[role] for role in ("main", "navigation", "banner", "contentinfo")] == [1, 1, 1, 1]
    assert min(counted[role] for role in ("image", "rowheader", "columnheader", "slider", "status")) > 0


def test_the_theme_follows_the_system_until_somebody_chooses(chromium: Browser, folder: Path) -> None:
    colour = "return getComputedStyle(document.body).backgroundColor"
    chromium.show(page_of(report(PROVED), folder), theme="light")
    light = chromium.run(colour)
    chromium.prefer("dark")
    dark = chromium.run(colour)
    assert light != dark
    toggle = chromium.first("#theme")
    assert toggle.get_attribute("aria-pressed") == "true"
    chromium.run("arguments[0].focus()", toggle)
    chromium.press(ENTER)
    assert (chromium.run(colour), toggle.get_attribute("aria-pressed")) == (light, "false")
    chromium.press(SPACE)
    assert (chromium.run(colour), toggle.get_attribute("aria-pressed")) == (dark, "true")


def test_the_keyboard_reaches_the_verdicts_first_and_explanations_open(
    chromium: Browser, folder: Path
) -> None:
    chromium.show(page_of(report(LOOP), folder))
    chromium.first("body").send_keys(TAB)
    assert chromium.run("return document.activeElement.textContent") == "Skip to the verdicts"
    chromium.press(ENTER)
    assert chromium.run("return location.hash") == "#verdicts"
    chromium.run("document.querySelector('#rules a.about').focus()")
    chromium.press(ENTER)
    assert chromium.run("return document.querySelector(':target h3').textContent").startswith("R14")


# --- the player ---------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What a player shows: its table by table and prefix, what is marked, and what it says."""

    routes: dict[tuple[str, str], list[str]]
    changed: set[str]
    active: list[str]
    arrows: list[tuple[str, str]]
    said: str


def shown(chromium: Browser) -> Shown:
    """What the player of the page shows now."""
    rows, active, arrows, said = chromium.run(
        """
        const player = document.querySelector(arguments[0]);
        const all = (selector) => [...player.querySelectorAll(selector)];
        return [
          all("table.now tbody tr").map((row) => [
            row.classList.contains("changed"), ...[...row.children].map((cell) => cell.textContent)]),
          all(".box.active").map((box) => box.dataset.box),
          all(".arrow.now").map((arrow) => [arrow.dataset.table, arrow.dataset.hop]),
          player.querySelector(".now-at").textContent,
        ];
        """,
        PLAYER,
    )
    routes = {(table, prefix): cells for _, table, prefix, *cells in rows}
    changed = {table for marked, table, *_ in rows if marked}
    return Shown(routes, changed, active, sorted((table, hop) for table, hop in arrows), said)


def cells_of(row: RouteRow | None) -> list[str]:
    if row is None:
        return ["no route", "-", "-"]
    return [row.source, row.next_hop, " ".join(map(str, row.as_path)) or "-"]


@pytest.mark.parametrize("name", [SITES, GADGET])
def test_the_player_steps_by_keyboard_and_shows_what_the_run_says(
    name: str, chromium: Browser, folder: Path
) -> None:
    run = run_of(name)
    steps = (*run.stem, *run.cycle)
    chromium.show(page_of(report(name), folder, name))
    status = chromium.first(f"{PLAYER}.now-at")
    assert (status.get_attribute("role"), status.get_attribute("aria-live")) == ("status", "polite")
    expected = shown(chromium).routes
    chromium.run("arguments[0].focus()", chromium.first(f"{PLAYER}button"))
    begins: Any = None
    for number, step in enumerate(steps, start=1):
        chromium.press(RIGHT)
        now = shown(chromium)
        expected |= {(change.table, change.prefix): cells_of(change.after) for change in step.changes}
        assert now.routes == expected
        assert now.changed == {change.table for change in step.changes}
        assert now.active == [step.activate]
        assert now.said.startswith(f"Step {number} of {len(steps)} ")
        assert f"{step.activate} updates" in now.said
        begins = now.routes if number == len(run.stem) + 1 else begins
    chromium.press(RIGHT)
    assert f"Step {len(run.stem) + 1} of {len(steps)} (cycle, round 2)" in shown(chromium).said
    assert shown(chromium).routes == begins
    chromium.press(LEFT)
    assert f"Step {len(steps)} of {len(steps)} (cycle, round 1)" in shown(chromium).said
    chromium.press(HOME)
    assert shown(chromium).said.startswith("The start of the run")


def test_the_arrows_of_the_player_are_the_next_hops_of_its_table(chromium: Browser, folder: Path) -> None:
    chromium.show(page_of(report(SITES), folder))
    chromium.run("arguments[0].focus()", chromium.first(f"{PLAYER}button"))
    for _ in range(4):
        chromium.press(RIGHT)
        now = shown(chromium)
        hops = {(table, cells[1]) for (table, _), cells in now.routes.items()}
        assert now.arrows == sorted(pair for pair in hops if pair[1] not in ("-", "local"))
        assert chromium.run("return document.querySelectorAll('.moving').length") == 0


def test_routes_move_only_where_motion_is_welcome(chromium: Browser, folder: Path) -> None:
    stepping = f"""
        const button = document.querySelector('{PLAYER}[data-do=forward]');
        const counts = [];
        for (let step = 0; step < 3; step++) {{
          button.click();
          counts.push(document.querySelectorAll('.moving').length);
        }}
        return counts;
    """
    chromium.show(page_of(report(SITES), folder), motion="no-preference")
    assert chromium.run(stepping) == [0, 1, 1]  # the first step brings dc-1 a route of its own
    chromium.show(page_of(report(SITES), folder), motion="reduce")
    assert chromium.run(stepping) == [0, 0, 0]


def test_space_plays_and_pauses(chromium: Browser, folder: Path) -> None:
    chromium.show(page_of(report(SITES), folder))
    button = chromium.first(f"{PLAYER}[data-do=play]")
    chromium.run("arguments[0].focus()", chromium.first(f"{PLAYER}input"))
    chromium.press(SPACE)
    assert button.text == "Pause"
    assert chromium.first(f"{PLAYER}.now-at").text.startswith("Step ")
    chromium.press(SPACE)
    assert button.text == "Play"


def test_without_scripts_everything_but_player_and_toggle_is_there(chromium: Browser, folder: Path) -> None:
    chromium.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.show(page_of(report(SITES), folder))
        text = chromium.first("main").text
        assert not chromium.first("#theme").is_displayed()
        assert not chromium.first(f"{PLAYER}.controls").is_displayed()
    finally:
        chromium.command("Emulation.setScriptExecutionDisabled", value=False)
    assert "Selected routes where the run starts" in text
    for step in run_of(SITES).cycle:
        assert f"{step.activate} updates" in text


# --- paper --------------------------------------------------------------------


def test_a_report_prints_with_everything_unfolded(chromium: Browser, folder: Path) -> None:
    chromium.show(page_of(report(GADGET), folder), width=760, theme="dark")
    inside = "[...document.querySelectorAll('details > :not(summary)')]"
    hidden = f"return {inside}.filter(each => !each.checkVisibility()).length"
    assert chromium.run(hidden) > 0
    chromium.prefer("dark", media="print")
    assert chromium.run(hidden) == 0
    assert chromium.run("return getComputedStyle(document.querySelector('.controls')).display") == "none"
    assert problems(chromium, "overflow") == {}
    dark = chromium.run("return getComputedStyle(document.querySelector('h1')).color")
    chromium.prefer("light", media="print")
    assert chromium.run("return getComputedStyle(document.querySelector('h1')).color") == dark
    printed = base64.b64decode(chromium.command("Page.printToPDF", printBackground=True)["data"])
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 2


def test_a_large_design_is_drawn_without_texts_on_each_other(chromium: Browser, folder: Path) -> None:
    loaded = load("x.json", json.dumps(FAMILIES["branches"].document(60)))
    made = render_report(loaded, check(loaded, CheckOptions(properties=("documented-rules",))))
    chromium.show(page_of(made, folder), width=375)
    assert problems(chromium, "overflow", "drawings") == {}
