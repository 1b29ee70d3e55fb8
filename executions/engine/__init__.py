"""THE INTERPRETER: advance(machine, run, signals, now) → events, effects, changes.  No Django, IO, clock.

step.py       the law, the batch in two passes, the loop over what is ready; start reading here
receive.py    signals: the event each tells of, and what it means for its frame
states/       one file a state type: enter (and leave, for those that wait)
flow.py       from a result to a state's output;  view.py: what expressions may read
forks.py      children begin, end and are joined
failing.py    Retry, Catch, and errors that rise;  ending.py: how executions end; quarantine.py: those stuck
run.py        the plain data;  overlay.py: what one step changes, laid over it
memory.py     an engine in memory with a clock of its own
"""
