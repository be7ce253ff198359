// The toggle of the theme, and the player of runs.  Everything else works without this script.
"use strict";

(() => {
  const root = document.documentElement;
  const toggle = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function showTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;
    toggle.setAttribute("aria-pressed", String(dark));
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    root.dataset.theme = toggle.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    showTheme();
  });
  prefersDark.addEventListener("change", showTheme);
  showTheme();

  // What is folded is printed too, in browsers whose style sheets cannot unfold it.
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details:not([open])").forEach((each) => {
      each.open = true;
      each.dataset.unfolded = "";
    });
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll("details[data-unfolded]").forEach((each) => {
      each.open = false;
      delete each.dataset.unfolded;
    });
  });

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SECONDS_PER_STEP = 1.4;
  const SVG = "http://www.w3.org/2000/svg";

  class Player {
    constructor(element) {
      this.element = element;
      this.controls = element.querySelector(".controls");
      this.slider = this.controls.querySelector("input");
      this.said = this.controls.querySelector(".now-at");
      this.playButton = this.controls.querySelector('[data-do="play"]');
      this.steps = [...element.parentElement.querySelectorAll(".steps > li")];
      this.stem = Number(element.dataset.stem);
      this.arrows = [...element.querySelectorAll(".arrow")];
      this.boxes = new Map([...element.querySelectorAll(".box")].map((box) => [box.dataset.box, box]));
      this.rows = [...element.querySelectorAll("table.now tbody tr")];
      this.start = this.rows.map((row) => this.cells(row).map((cell) => cell.textContent));
      this.starting = this.arrows.map((arrow) => arrow.classList.contains("now"));
      element.querySelector("caption").textContent = "Selected routes at this step";
      this.laps = 0;
      this.timer = 0;
      this.listen();
      this.controls.hidden = false;
      this.show(0);
    }

    listen() {
      const acts = {
        first: () => { this.laps = 0; this.go(0); },
        back: () => this.back(),
        forward: () => this.forward(),
        play: () => (this.timer ? this.stop() : this.play()),
      };
      this.controls.addEventListener("click", (event) => {
        const act = acts[event.target.dataset.do];
        if (act) act();
      });
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", " ": "play" };
      this.controls.addEventListener("keydown", (event) => {
        const wanted = keys[event.key];
        const pressing = event.key === " " && event.target.tagName === "BUTTON";
        if (!wanted || pressing || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        acts[wanted]();
      });
    }

    cells(row) {
      return [...row.querySelectorAll("td")].slice(1);
    }

    go(at) {
      this.stop();
      this.show(at);
    }

    back() {
      const first = this.stem + 1;
      if (this.at === first && this.laps > 0) {
        this.laps -= 1;
        this.go(this.steps.length);
      } else {
        this.go(Math.max(0, this.at - 1));
      }
    }

    forward() {
      this.stop();
      this.advance();
    }

    advance() {
      const last = this.at === this.steps.length;
      if (last) this.laps += 1;
      this.show(last ? this.stem + 1 : this.at + 1);
    }

    play() {
      this.playButton.textContent = "Pause";
      this.advance();
      this.timer = setInterval(() => this.advance(), SECONDS_PER_STEP * 1000);
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.playButton.textContent = "Play";
    }

    show(at) {
      this.at = at;
      this.slider.value = at;
      this.rows.forEach((row, index) => this.fill(row, this.start[index], false));
      this.arrows.forEach((arrow, index) => {
        arrow.classList.toggle("now", this.starting[index]);
        arrow.classList.remove("fresh");
      });
      const done = this.laps > 0 ? this.steps : this.steps.slice(0, at);
      for (const step of done) this.change(step, false);
      if (this.laps > 0) for (const step of this.steps.slice(this.stem, at)) this.change(step, false);
      this.steps.forEach((step) => step.classList.remove("current"));
      this.boxes.forEach((box) => box.classList.remove("active"));
      this.element.querySelectorAll(".moving").forEach((dot) => dot.remove());
      const now = this.steps[at - 1];
      if (now) {
        now.classList.add("current");
        this.boxes.get(now.dataset.active)?.classList.add("active");
        this.change(now, true);
      }
      this.say(now);
    }

    say(step) {
      const total = this.steps.length;
      const part = this.at <= this.stem ? "before the cycle" : `cycle, round ${this.laps + 1}`;
      const told = step ? [...step.children].map((each) => each.textContent.trim().replace(/^[-+~]/, "")) : [];
      const text = step
        ? `Step ${this.at} of ${total} (${part}): ${told.join("; ")}`
        : `The start of the run; ${total} steps follow, then those of the cycle again and again.`;
      this.said.textContent = text;
      this.slider.setAttribute("aria-valuetext", step ? `step ${this.at} of ${total}` : "start");
    }

    change(step, mark) {
      for (const each of step.querySelectorAll(".change")) {
        const { table, prefix, source, hop, path } = each.dataset;
        const row = this.rows.find((r) => r.dataset.table === table && r.dataset.prefix === prefix);
        if (row) this.fill(row, source === undefined ? ["no route", "-", "-"] : [source, hop || "-", path], mark);
        for (const arrow of this.arrows) {
          if (arrow.dataset.table !== table || arrow.dataset.prefix !== prefix) continue;
          const now = source !== undefined && arrow.dataset.hop === hop;
          arrow.classList.toggle("now", now);
          arrow.classList.toggle("fresh", now && mark);
          if (now && mark && !still.matches) this.move(arrow);
        }
      }
    }

    fill(row, texts, mark) {
      row.classList.toggle("changed", mark);
      this.cells(row).forEach((cell, index) => {
        cell.textContent = texts[index];
      });
    }

    // A dot travels as the route does: from the next hop to the table, against the arrow.
    move(arrow) {
      const pieces = [...arrow.querySelectorAll("path:not(.head)")].reverse();
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("class", "moving");
      dot.setAttribute("r", "6");
      arrow.parentElement.append(dot);
      const began = performance.now();
      const frame = (time) => {
        const part = ((time - began) / (SECONDS_PER_STEP * 700)) * pieces.length;
        const piece = pieces[Math.floor(Math.max(part, 0))];
        if (!piece || !dot.isConnected) {
          dot.remove();
          return;
        }
        const length = piece.getTotalLength();
        const point = piece.getPointAtLength(length * (1 - (Math.max(part, 0) % 1)));
        dot.setAttribute("cx", point.x);
        dot.setAttribute("cy", point.y);
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    }
  }

  document.querySelectorAll(".player").forEach((element) => new Player(element));
})();
