// What a page owes to readers who cannot see it as it is drawn. Returns sentences about what it fails to do.
() => {
  const found = [];
  const shown = element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const tell = element => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const name = element => (element.getAttribute("aria-label")
    || (element.getAttribute("aria-labelledby") || "").split(/\s+/).map(id => document.getElementById(id)?.textContent || "").join(" ")
    || [...(element.labels || [])].map(label => label.textContent).join(" ")
    || element.querySelector("svg > title")?.textContent || element.getAttribute("alt") || element.textContent || element.getAttribute("title") || "").trim();

  if (!document.documentElement.lang) found.push("no language");
  if (!document.title.trim()) found.push("no title");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main landmark");
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  let level = 0;
  for (const heading of [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown)) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) found.push(`h${next} after h${level}: ${tell(heading)}`);
    level = next;
  }
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.push(`two elements are called ${id}`);
  for (const control of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea"))
    if (shown(control) && !name(control)) found.push(`without a name: ${tell(control)}`);
  for (const image of document.querySelectorAll("img:not([alt]), svg[role=img]:not([aria-label]):not([aria-labelledby])"))
    found.push(`a picture without words: ${tell(image)}`);
  for (const svg of document.querySelectorAll("svg:not([role=img]):not([role=group][aria-labelledby]):not([aria-hidden=true])")) if (!svg.closest("[aria-hidden=true]")) found.push(`a picture neither told nor hidden: ${tell(svg)}`);
  for (const table of document.querySelectorAll("table")) if (!table.querySelector("th")) found.push(`a table without headings: ${tell(table)}`);
  for (const box of document.querySelectorAll("*")) {
    const style = getComputedStyle(box);
    if (/auto|scroll/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1 && box.tabIndex < 0 && shown(box) && !box.querySelector("a, button"))
      found.push(`scrolls, but not by keyboard: ${tell(box)}`);
  }

  // Contrast after WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for text of 24 px, bold 18.66 px.
  const parse = text => { const parts = text.match(/[\d.]+/g).map(Number); return [parts[0], parts[1], parts[2], parts[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map(channel => top[channel] * top[3] + under[channel] * (1 - top[3])).concat(1);
  const light = colour => { const linear = colour.slice(0, 3).map(part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4); return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]; };
  const behind = element => {
    const layers = [];
    for (let box = element; box; box = box.parentElement) layers.unshift(parse(getComputedStyle(box).backgroundColor));
    const page = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reduce((under, layer) => over(layer, under), page);
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !shown(element) || element.closest("svg, .visually-hidden, option, script, style, :disabled")) continue;
    const style = getComputedStyle(element), ground = behind(element), colour = over(parse(style.color), ground);
    const [high, low] = [light(colour), light(ground)].sort((first, second) => second - first);
    const ratio = (high + 0.05) / (low + 0.05), size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const key = `${element.tagName}.${element.className} ${style.color}`;
    if (ratio < least - 0.01 && !seen.has(key)) { seen.add(key); found.push(`contrast ${ratio.toFixed(2)} of ${least}: ${tell(element)}`); }
  }
  return found;
}
