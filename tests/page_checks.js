// Checks of a page that a browser shows.  Each returns what is wrong, as texts.
(() => {
  const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);

  function luminance(colour) {
    const parts = numbers(colour).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }

  function ratio(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  // What lies behind a text: the nearest painted element around it; in a drawing, the box that holds it.
  function behind(element) {
    const box = element.closest("svg .box, svg .word-on-box");
    if (box) return getComputedStyle(box.querySelector("rect")).fill;
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      const parts = numbers(colour);
      if (parts.length === 3 || parts[3] === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  }

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.textContent.trim() && !element.closest("script, title, desc") && shown(element)) found.add(element);
    }
    return [...found];
  }

  const told = (element) => `${element.tagName}.${element.getAttribute("class")} ${element.textContent.slice(0, 40)}`;

  window.pageChecks = {
    contrast() {
      return texts().flatMap((element) => {
        const style = getComputedStyle(element);
        const colour = element instanceof SVGElement ? style.fill : style.color;
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const found = ratio(colour, behind(element));
        return found < (large ? 3 : 4.5) ? [`${found.toFixed(2)} ${told(element)}`] : [];
      });
    },

    overflow() {
      const room = document.documentElement.clientWidth;
      const wide = document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
      const out = [...document.body.querySelectorAll("*")].filter((element) => {
        if (!shown(element) || element.closest(".scroll, .unseen, .skip")) return false;
        const place = element.getBoundingClientRect();
        return place.width > 0 && (place.right > room + 1 || place.left < -1);
      });
      return [...wide, ...out.map(told)];
    },

    // Texts of a drawing that lie on each other, leave their box, or leave the drawing.
    drawings() {
      const found = [];
      for (const drawing of document.querySelectorAll("svg")) {
        const whole = drawing.getBoundingClientRect();
        const places = [...drawing.querySelectorAll("text")].map((text) => [text, text.getBoundingClientRect()]);
        places.forEach(([text, place], index) => {
          if (place.left < whole.left || place.right > whole.right || place.bottom > whole.bottom || place.top < whole.top)
            found.push(`cut off: ${told(text)}`);
          const box = text.closest(".box, .word-on-box")?.querySelector("rect").getBoundingClientRect();
          if (box && (place.left < box.left || place.right > box.right)) found.push(`wider than its box: ${told(text)}`);
          for (const [other, there] of places.slice(index + 1)) {
            const across = Math.min(place.right, there.right) - Math.max(place.left, there.left);
            const down = Math.min(place.bottom, there.bottom) - Math.max(place.top, there.top);
            // the frame of a line of text is taller than its letters
            if (across > 1 && down > 4) found.push(`${told(text)} lies on ${told(other)}`);
          }
        });
      }
      return found;
    },

    focus() {
      const able = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter(shown);
      return able.flatMap((element) => {
        element.focus({ focusVisible: true });
        const style = getComputedStyle(element);
        if (document.activeElement !== element) return [`cannot be focused: ${told(element)}`];
        return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? [`no outline: ${told(element)}`] : [];
      });
    },
  };
})();
