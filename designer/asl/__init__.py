"""THE LANGUAGE: definition text → problems and a frozen model.  No Django, no IO, no clock.

    read(text)               text → Source: the data and where each value stands in the text
    read_yaml(text)          the same for YAML (yaml_source.py)
    check(text or source)    → list of Problem; never raises
    apply_fix(data, fix)     parsed definition → one in which a problem is mended
    format_json, format_yaml text → text in the usual form
    compile_definition(data) parsed definition → Machine; raises DefinitionError
"""
