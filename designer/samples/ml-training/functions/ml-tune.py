"""Chooses the hyperparameters of the next round."""


def handler(event, context):
    used = event["hyperparameters"]
    rate, epochs = float(used["learning_rate"]) / 2, int(used["epochs"]) * 2
    print(f"accuracy {event['evaluation']['accuracy']} is too low; learning rate {rate}, {epochs} epochs")
    return {**event, "round": event["round"] + 1,
            "hyperparameters": {"learning_rate": str(rate), "epochs": str(epochs)}}
