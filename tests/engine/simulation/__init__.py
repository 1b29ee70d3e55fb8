"""A deterministic simulation of core, store and worker: one seed, one story.

    definitions.py  a random definition
    store.py        what is durable: the semantics of executions/store, in memory
    worker.py       one server process: inbox, timers, flights and effects, as executions/worker has them
    world.py        the dice: what happens next – deliveries, steps, commits that fail, crashes, clock jumps
    invariants.py   what must hold after every commit and at the end
    mutants.py      deliberate bugs in the core, each of which some seed must catch

By hand: python -m tests.engine.simulation --seeds 20000
"""
