// Making SVG elements.

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes (false, null and undefined are left out) and children (elements or text). */
export function svgElement(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets what is given and removes what is false, null or undefined. */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

/** `<use>` of a symbol of the shipped sprite. */
export function use(symbol, x, y, size, classes) {
  return svgElement("use", { href: `/static/vendor/icons.svg#${symbol}`, x, y, width: size, height: size, class: classes });
}
