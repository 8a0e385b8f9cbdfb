// What the hand of a walk asks of the page that is shown: where something is, and
// whether one gets there.
(() => {
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;

  // all are the elements that a path or a selector leads to.
  const all = (where) => {
    if (!/^[/(]/.test(where)) return [...document.querySelectorAll(where)];
    const found = document.evaluate(where, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
  };

  // find gives the first that is seen, and has one of the texts if there are any.
  const find = ({ where, tags, texts }) => {
    const places = where ? all(where) : [document];
    const found = tags ? places.flatMap((place) => [...place.querySelectorAll(tags)]) : places;
    return found.find((e) => (!texts || [e.textContent, e.ariaLabel ?? ""].some((text) => texts.includes(plain(text)))) && seen(e));
  };

  // lit tells whether the focus shows: at what has it, at what is drawn in its place, or
  // around it.
  const lit = (e) => [[e], [e, "::after"], [e.nextElementSibling, "::before"], [e.parentElement]].filter(([e]) => e).some(([e, part]) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(e, part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && outlineColor !== "rgba(0, 0, 0, 0)";
  });

  // watch keeps what had the focus and did not show it. A date's own button, which the
  // browser draws, shows it by itself.
  const watch = () => {
    if (window.unlit) return;
    window.unlit = [];
    addEventListener("keyup", ({ key, target }) => {
      if (key === "Tab" && target !== document.body && target.matches(":focus") && !lit(target)) window.unlit.push(target.outerHTML.slice(0, 300));
    });
  };

  return {
    // there tells whether it is, where it can be used.
    there: (part) => (document.readyState === "complete" && find(part) ? true : null),

    // reads tells whether the page shows one of the texts.
    reads: ({ where, texts }) => all(where).some((e) => texts.some((text) => plain(e.innerText).includes(text))) || null,

    // spot gives where to point at it, or what covers it.
    spot(part) {
      const e = document.readyState === "complete" && find(part);
      if (!e) return null;
      e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, top, width, height } = e.getClientRects()[0];
      const [x, y] = [left + width / 2, top + height / 2];
      const hit = document.elementFromPoint(x, y);
      return { x, y, under: hit && (e.contains(hit) || hit.contains(e)) ? "" : (hit?.outerHTML.slice(0, 300) ?? "the edge of the window") };
    },

    // away gives how many presses of the tabulator it is away, less than none when it
    // is before what has the focus; and what did not show that it had the focus.
    away(part) {
      const e = document.readyState === "complete" && find(part);
      if (!e) return null;
      watch();
      const [to, at] = [e.control ?? e, document.activeElement];
      const stops = all("a[href], button, input, select, textarea, summary, [tabindex]").filter((s) => s.tabIndex >= 0 && !s.disabled && (s === at || s.checkVisibility()));
      const before = stops.filter((s) => at.compareDocumentPosition(s) & Node.DOCUMENT_POSITION_PRECEDING).length;
      const [i, here] = [stops.indexOf(to), stops.includes(at)];
      if (i < 0 || to === at) return { away: 0, there: to === at, unlit: window.unlit };
      return { away: i >= before ? i - before + (here ? 0 : 1) : i - before, there: false, unlit: window.unlit };
    },

    // field tells what is to be filled in, and with what it is; and in which order the
    // browser wants a date and a time.
    field(id) {
      const e = document.getElementById(id);
      const order = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" }).formatToParts().map((part) => part.type);
      return { type: e.type, value: e.value, at: e.selectedIndex ?? 0, options: [...(e.options ?? [])].map((o) => o.value), order };
    },

    // pick gives a field a value as the browser's own picker does.
    pick(id, value) {
      const e = document.getElementById(id);
      e.value = value;
      for (const name of ["input", "change"]) e.dispatchEvent(new Event(name, { bubbles: true }));
      return e.value;
    },

    // hidden gives what can have the focus and, with it, lies outside the window or under
    // something else. A box that is drawn by its label is seen where that is.
    hidden() {
      const clear = (e) => [e, ...(e.labels ?? [])].some((part) => {
        const { left, top, right, bottom } = part.getBoundingClientRect();
        return [[(left + right) / 2, (top + bottom) / 2], [left + 4, top + 4], [right - 4, bottom - 4]].some(([x, y]) => {
          const hit = document.elementFromPoint(x, y);
          return hit && (part.contains(hit) || hit.contains(part));
        });
      });
      return all("a[href], button, input, select, textarea, summary, [tabindex]").filter((e) => {
        if (e.tabIndex < 0 || e.disabled || !seen(e)) return false;
        e.focus();
        return document.activeElement === e && !clear(e);
      }).map((e) => e.outerHTML.slice(0, 200));
    },
  };
})()
