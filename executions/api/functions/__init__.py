"""The Lambda API's core at the door: REST and JSON, by AWS's model.

    routes      which operation a method and path mean
    reading     an HTTP request -> the operation's members, checked against the model
    operations  (actor, members) -> Reply
    answering   Reply or ActionError -> the answer as Lambda writes it
"""
