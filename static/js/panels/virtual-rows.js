// A list of which only the rows in sight exist: 25,000 of them scroll as ten do.

import { nothing, render } from "lit";

const MARGIN = 10; // rows built above and below those in sight

/**
 * Keeps `element` (which scrolls) filled with rows of `height` px; `row(index)` gives the lit template of one.
 * Returns {update(count), reveal(index), destroy()}.
 */
export function virtualRows(element, { height, row }) {
  const space = document.createElement("div");
  const rows = document.createElement("div");
  space.className = "virtual__space";
  rows.className = "virtual__rows";
  space.append(rows);
  element.append(space);
  let count = 0;
  let frame = 0;

  function draw() {
    frame = 0;
    const first = Math.max(0, Math.floor(element.scrollTop / height) - MARGIN);
    const last = Math.min(count, Math.ceil((element.scrollTop + element.clientHeight) / height) + MARGIN);
    rows.style.transform = `translateY(${first * height}px)`;
    const templates = [];
    for (let index = first; index < last; index += 1) templates.push(row(index));
    render(templates.length ? templates : nothing, rows);
  }

  const later = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const sizes = new ResizeObserver(later);
  element.addEventListener("scroll", later, { passive: true });
  sizes.observe(element);

  return {
    /** There are `rows` rows now; what is in sight is drawn anew. */
    update(rowCount) {
      count = rowCount;
      space.style.height = `${count * height}px`;
      draw();
    },
    /** Scroll so that a row is in sight. */
    reveal(index) {
      const top = index * height;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
    },
    /** How many rows fit. */
    get page() {
      return Math.max(1, Math.floor(element.clientHeight / height) - 1);
    },
    destroy() {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      element.removeEventListener("scroll", later);
      space.remove();
    },
  };
}
