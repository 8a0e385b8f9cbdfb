#!/usr/bin/env node
// Brings what the pages are built of from npm into api/web/static, so that a
// build needs no npm: `make vendor`. What is fetched is pinned by version and
// checked against its hash. A change here is a change of the vendored files:
// commit both.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const packages = {
  "dkfds@11.2.0": "JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA==",
  "htmx.org@2.0.11": "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
  "jsqr@1.4.0": "dxLob7q65Xg2DvstYkRpkYtmKm2sPJ9oFhrhmudT1dZvNFFTlroai3AWSpLey/w5vMcLBXRgOJsbXpdN9HzU/A==",
  "axe-core@4.14.1": "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
};

// The icons that pages show: <use href="/static/icons.svg#name">.
const icons = ["account", "check", "close", "calendar-month", "download", "error", "help", "info", "lock", "menu", "minus", "payments", "person", "photo-camera",
  "plus", "print", "refresh", "search", "send", "settings", "smartphone", "success", "time", "visibility", "warning", "edit", "arrow-back", "chevron-right", "headset", "location", "shopping-cart"];

const work = mkdtempSync(join(tmpdir(), "fasthold-vendor-"));
const fetched = {};
for (const [spec, hash] of Object.entries(packages)) {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--silent", "--json", "--pack-destination", work, spec], { encoding: "utf8" }));
  const file = join(work, packed.filename);
  const got = createHash("sha512").update(readFileSync(file)).digest("base64");
  if (got !== hash) throw new Error(`${spec} is not what it was: ${got}`);
  const folder = mkdtempSync(join(work, "x-"));
  execFileSync("tar", ["xzf", file, "-C", folder]);
  fetched[spec.slice(0, spec.lastIndexOf("@"))] = join(folder, "package");
}
const read = (name, path) => readFileSync(join(fetched[name], path), "utf8");
const put = (name, content) => writeFileSync(join("api/web/static", name), content);

// The design system's style, with four changes: its colours are variables, so that
// app.css can give them other values in the dark; its fonts are the Latin faces
// that are used; its icons are those that its parts need; and what no page has is
// left out.
const unused = /^\.(icon-|date-picker|fds-modal|modal-|cookie-|tooltip|toast|overflow-menu|language-switcher|step-indicator|embed-container|navigation-menu|accordion|tab-container|spinner|[mp][trblxy]?-(\d|auto)|(col|offset|order|w-percent)-|(align|justify)-(content|items|self)-)/;
let css = read("dkfds", "dist/css/dkfds.css").replace(/@font-face\{[^}]*\}\n?/g, "");
const used = new Set();
css = css.replace(/([^{}]+)\{([^{}]*)\}/g, (rule, selectors, body) => {
  const kept = selectors.split(/,(?![^()]*\))/).filter((one) => !unused.test(one.trim().replace(/^\/\*[\s\S]*?\*\//, "").trim()));
  return kept.length ? `${kept.join(",")}{${body}}` : "";
});
css = css.replace(/[^{}]*\{[^{}]*url\("\.\.\/img\/logo[^{}]*\}/g, "").replace(/@media[^{}]*\{\s*\}/g, "");
const colours = new Set();
css = css.replace(/#[0-9a-fA-F]{3,8}\b/g, (hex) => {
  colours.add(hex.slice(1).toLowerCase());
  return `var(--dk-${hex.slice(1).toLowerCase()})`;
});
css = css.replace(/(:|\s)(white)(?=[;\s}])/g, (_, before) => {
  colours.add("ffffff");
  return `${before}var(--dk-ffffff)`;
});
css = css.replace(/url\("\.\.\/img\/svg-icons\/([a-z0-9-]+)\.svg"\)/g, (_, name) => {
  used.add(name);
  return `url("/static/icon-${name}.svg")`;
});
const faces = { 400: "Regular", 600: "SemiBold", 700: "Bold" };
const fonts = Object.entries(faces).map(([weight, face]) =>
  `@font-face{font-family:"IBM Plex Sans";font-style:normal;font-weight:${weight};src:url("/static/plex-${weight}.woff2") format("woff2");font-display:swap}`).join("\n");
const variables = `:root{${[...colours].sort().map((hex) => `--dk-${hex}:#${hex}`).join(";")}}`;
css = css.replace(/^@charset[^;]*;/, "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "\n").replace(/\{\n/g, "{").replace(/;?\n\}/g, "}").replace(/;\n/g, ";").replace(/,\n/g, ",").replace(/\n{2,}/g, "\n");
put("dkfds.css", `/* dkfds 11.2.0 by Digitaliseringsstyrelsen and Erhvervsstyrelsen, MIT; made by scripts/vendor.mjs: see VENDORED.md */\n${variables}\n${fonts}\n${css.trim()}\n`);
for (const name of used) put(`icon-${name}.svg`, read("dkfds", `dist/img/svg-icons/${name}.svg`));
for (const [weight, face] of Object.entries(faces)) {
  put(`plex-${weight}.woff2`, readFileSync(join(fetched.dkfds, `dist/fonts/IBMPlexSans/split/woff2/IBMPlexSans-${face}-Latin1.woff2`)));
}

const sprite = read("dkfds", "dist/img/all-svg-icons.svg");
const symbols = icons.map((name) => {
  const found = sprite.match(new RegExp(`<symbol id="${name}".*?</symbol>`, "s"));
  if (!found) throw new Error(`no icon called ${name}`);
  return found[0];
});
put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);

put("htmx.js", read("htmx.org", "dist/htmx.min.js"));
// jsQR as an ES module: it has one export. Indents and comments stay behind, for a
// shop's phone fetches it.
const jsqr = read("jsqr", "dist/jsQR.js").replace(/^\s+/gm, "").replace(/^\/\/.*\n/gm, "");
put("jsqr.js", `const module = { exports: {} }, exports = module.exports;\n${jsqr}\nexport default module.exports.default ?? module.exports;\n`);
writeFileSync("api/browsertest/axe.min.js", read("axe-core", "axe.min.js"));
rmSync(work, { recursive: true });
console.log(`vendored ${Object.keys(packages).join(", ")}: ${colours.size} colours, ${used.size} icons in the style, ${icons.length} icons in the sprite`);
