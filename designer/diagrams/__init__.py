"""PICTURES: definition → graph (pure) → layout (the one file that calls graphviz) → drawing → SVG.

    draw(definition)         the drawing as plain data, for the canvas and the execution view
    svg(definition)          a self-contained SVG file

    graph.py      definition → blocks of nodes and edges        labels.py, resources.py  their words
    sizes.py      how large a node is                           textwidth.py             how wide a text is
    layout.py     rank and column                               lanes.py, gaps.py, routing.py  edges
"""
