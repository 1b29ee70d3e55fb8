"""The definitions of ../shared/article, and copies repaired so that they run here: functions stand in for the
AWS services, states that the article prints alone get a machine around them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "article"
Definition = dict[str, Any]
Repair = Callable[[Definition], Definition]

# Function name → the expression it answers with.
FUNCTIONS: Final = {
    "受付関数": "{'productId': 'P-1', 'customerEmail': 'a@example.com'}",
    "在庫関数": "{'Item': {'stock': {'N': '5'}}}",
    "支払い関数": "{'paid': True}",
    "キュー関数": "{'sent': event}",
    "メール関数": "{'to': event['Destination']['ToAddresses']}",
    "在庫不足通知関数": "{'short': True}",
    "データ準備関数": "{'jobName': 'job-1', 'round': 1}",
    "トレーニング関数": "event",
    "モデル評価関数": "{**event, '評価結果': {'精度': 0.8 if event['round'] == 1 else 0.95}}",
    "モデル作成関数": "{'model': event['jobName'], 'round': event['round']}",
    "ハイパーパラメータ調整関数": "{'jobName': 'job-2', 'round': event['round'] + 1}",
    "リサイズ関数": "{'resized': event['image']}",
    "フィルター関数": "{'filtered': event['image']}",
    "メタデータ抽出関数": "{'format': 'JPG'}",
    "ファイル処理関数": "event.upper()",
    "データ処理関数": "1 / 0",
    "データ分割関数": "{'分割データ': [1, 2, 3]}",
    "処理関数": "event * 10",
    "結果集約関数": "sum(event)",
    "自動チェック関数": "{'要承認': True, '待機時間': 1}",
    "承認結果確認関数": "{'承認済み': True}",
    "承認後処理関数": "'承認後処理'",
    "却下処理関数": "'却下'",
    "外部サービス呼び出し関数": "'answer'",
    "サービス状態確認関数": "{'サービス状態': '正常'}",
    "成功処理関数": "{'成功': event}",
    "サンプル関数": "'sample'",
}


def source(expression: str) -> str:
    return f"def handler(event, context):\n    return {expression}\n"


def function(name: str) -> str:
    return f"arn:aws:lambda:region:account-id:function:{name}"


def read(name: str) -> Definition:
    data: Definition = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return data


def wrapped(name: str, state: Definition) -> Definition:
    """A machine around one state; the states it points to become Pass states."""
    targets = [state["Next"], *(catcher["Next"] for catcher in state.get("Catch", []))]
    return {"StartAt": name, "States": {name: state} | {target: {"Type": "Pass", "End": True} for target in targets}}


def order(machine: Definition) -> Definition:
    states = machine["States"]
    states["在庫確認"] = {
        "Type": "Task", "Resource": function("在庫関数"), "ResultPath": "$.stock", "Next": "在庫チェック"}
    rule = states["在庫チェック"]["Choices"][0]
    states["在庫チェック"]["Choices"] = [
        {"Variable": "$.stock.Item.stock.N", "StringGreaterThan": "0", "Next": rule["Next"]}]
    states["支払い処理"]["ResultPath"] = "$.payment"
    states["配送手配"] |= {"Resource": function("キュー関数"), "ResultPath": "$.shipping"}
    mail = states["注文確認メール送信"]
    mail["Resource"] = function("メール関数")
    mail["Parameters"]["Destination"] = {"ToAddresses.$": "States.Array($.orderDetails.customerEmail)"}
    return machine


def training(machine: Definition) -> Definition:
    states = machine["States"]
    states["モデルトレーニング開始"] = {"Type": "Task", "Resource": function("トレーニング関数"), "Next": "モデル評価"}
    states["モデルデプロイ"]["Resource"] = function("モデル作成関数")
    return machine


def human(machine: Definition) -> Definition:
    machine["States"]["承認タスク作成"] |= {"Resource": function("キュー関数"), "Parameters": {"body.$": "$"},
                                       "ResultPath": None}
    return machine


def circuit(machine: Definition) -> Definition:
    machine["States"]["サーキットオープン"]["Seconds"] = 1
    return machine


def logging(machine: Definition) -> Definition:
    del machine["LoggingConfiguration"]  # belongs to CreateStateMachine's settings
    return machine


def nested(state: Definition) -> Definition:
    state["Resource"] += ".sync:2"
    state["Parameters"]["StateMachineArn"] = "arn:aws:states:us-east-1:000000000000:stateMachine:サブワークフロー"
    return wrapped("サブワークフロー開始", state)


CHILD: Final = {"StartAt": "子", "States": {
    "子": {"Type": "Pass", "Parameters": {"届いた.$": "$.データ"}, "End": True}}}


def around(name: str) -> Repair:
    return lambda state: wrapped(name, state)


# File → (repair, input, how to read the output, what it then is)
REPAIRED: Final[dict[str, tuple[Repair, Any, Callable[[Any], Any], Any]]] = {
    "01-order-processing.json": (order, {}, lambda out: out["to"], ["a@example.com"]),
    "02-ml-training.json": (training, {}, lambda out: out, {"model": "job-2", "round": 2}),
    "03-parallel-images.state.json": (
        around("画像処理"), {"image": "a.jpg"}, lambda out: out,
        [{"resized": "a.jpg"}, {"filtered": "a.jpg"}, {"format": "JPG"}]),
    "04-map-files.state.json": (
        around("ファイル一括処理"), {"ファイルリスト": ["a", "b"]}, lambda out: out, ["A", "B"]),
    "05-retry-catch.state.json": (around("データ処理"), {}, lambda out: out["Error"], "ZeroDivisionError"),
    "06-nested-execution.state.json": (nested, {"処理データ": [1]}, lambda out: out["Output"], {"届いた": [1]}),
    "07-fan-out-fan-in.json": (lambda machine: machine, {}, lambda out: out, 60),
    "08-human-in-the-loop.json": (human, {}, lambda out: out, "承認後処理"),
    "09-circuit-breaker.json": (circuit, {}, lambda out: out, {"成功": "answer"}),
    "10-logging.json": (logging, {}, lambda out: out, "sample"),
}


def repaired(name: str) -> Definition:
    return REPAIRED[name][0](copy.deepcopy(read(name)))
