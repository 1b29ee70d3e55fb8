// The waits of a retrier, in seconds, without jitter (asl-language.md, Retry).  No DOM.

const LONGEST = 31_622_400;

export function delays({ IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = LONGEST }) {
  const count = Math.min(Math.max(0, Number(MaxAttempts) || 0), 100);
  return Array.from({ length: count }, (_unused, index) => Math.min(IntervalSeconds * BackoffRate ** index, MaxDelaySeconds));
}
