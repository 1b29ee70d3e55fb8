// Random choices that a seed repeats.

/** Numbers from 0 to 1, the same for the same seed. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** One of a list. */
export const pick = (random, list) => list[Math.floor(random() * list.length)];
