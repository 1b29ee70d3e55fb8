"""Measures the model.  Each round of training comes nearer, so that the loop can be seen."""


def handler(event, context):
    accuracy = round(0.97 - 0.15 / event["round"], 3)
    print(f"{event['training']['job']}: accuracy {accuracy}")
    return {"accuracy": accuracy}
