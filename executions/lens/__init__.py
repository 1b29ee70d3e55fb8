"""What the data lens (designer/lens) is told by this installation: results of past executions, samples, schemas.

    subjects ← learning     whose result it is; histories → tallies
    knowledge               what is known of a result: pinned, learned, described by its integration
"""
