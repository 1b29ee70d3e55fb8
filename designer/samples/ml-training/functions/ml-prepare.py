"""Names the training job and says where its data lies."""

import hashlib


def handler(event, context):
    digest = hashlib.sha256(event["execution"].encode()).hexdigest()
    print(f"data set {event['dataset']} is ready")
    return {
        "jobName": f"churn-{digest[:12]}",
        "trainingData": f"s3://statewright-data/{event['dataset']}/",
        "outputPath": "s3://statewright-data/models/",
        "accuracyWanted": event["accuracyWanted"],
        "hyperparameters": {"learning_rate": "0.3", "epochs": "10"},
        "round": 1,
    }
