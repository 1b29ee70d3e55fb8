"""THE LANGUAGE: definition text → problems and a frozen model.  No Django, no IO, no clock.

    read(text)               text → Source: the data and where each value stands in the text
    check(text)              text → list of Problem; never raises
    compile_definition(data) parsed definition → Machine; raises DefinitionError
"""
