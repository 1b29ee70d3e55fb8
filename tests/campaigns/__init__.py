"""Long campaigns against the engine; each is bounded, and stops by itself.

    make chaos   kill -9 rounds of the real server, and simulated stories (chaos.py)
    make soak    executions of all samples, with kills; memory and every invariant looked at (soak.py)
"""
