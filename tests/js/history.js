// Hand-made histories for the tests: events without the noise.

/** A history from rows [type, previousEventId, details, seconds]; ids are 1, 2, 3 … */
export function history(...rows) {
  return rows.map(([type, previousEventId, details, seconds], index) => {
    const event = { id: index + 1, previousEventId, timestamp: 1_000 + (seconds ?? index), type };
    if (details) event[keyOf(type)] = details;
    return event;
  });
}

function keyOf(type) {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type[0].toLowerCase()}${type.slice(1)}EventDetails`;
}

export const named = (name) => ({ name });
