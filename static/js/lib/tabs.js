// Tabs by keyboard, as screen readers announce them.

/** For keydown on a role="tablist": the arrows choose the next tab, Home and End the first and the last. */
export function tabKeys(event) {
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(event.target.closest("[role=tab]"));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = tabs.at(to % tabs.length);
  next.click();
  next.focus();
}
