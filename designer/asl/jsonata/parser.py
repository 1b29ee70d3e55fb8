"""JSONata 2.0.6 tokens → tree, by operator precedence; bounded in depth."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from designer.asl.jsonata.lexer import JsonataSyntaxError, Token, tokenize
from designer.asl.jsonata.nodes import Node
from designer.asl.jsontext import dumps

MAX_DEPTH: Final = 100
MAX_LENGTH: Final = 32_768
_POWER: Final = {
    "[": 80, "(": 80, "@": 80, "#": 80, ".": 75, "{": 70, "*": 60, "/": 60, "%": 60, "+": 50, "-": 50, "&": 50,
    "=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "^": 40, "~>": 40, "in": 40, "and": 30, "or": 25,
    "?": 20, ":=": 10,
}
_BINARY: Final = frozenset(("*", "/", "%", "+", "-", "&", "=", "!=", "<", "<=", ">", ">=", "~>", "in", "and", "or"))


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Raises JsonataSyntaxError."""
    if len(text) > MAX_LENGTH:
        raise JsonataSyntaxError(f"The expression has more than {MAX_LENGTH} characters")
    parser = _Parser(tokenize(text))
    node = parser.expression(0)
    if parser.token.kind != "end":
        raise JsonataSyntaxError(f'Syntax error: "{parser.token.value}"', parser.token.at)
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def advance(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def is_operator(self, *marks: str) -> bool:
        return self.token.kind == "operator" and self.token.value in marks

    def expect(self, mark: str) -> None:
        if not self.is_operator(mark):
            if self.token.kind == "end":
                raise JsonataSyntaxError(f'Expected "{mark}" before end of expression', self.token.at)
            raise JsonataSyntaxError(f'Expected "{mark}", got "{self.token.value}"', self.token.at)
        self.advance()

    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise JsonataSyntaxError(f"The expression is nested more than {MAX_DEPTH} deep")
        left = self._prefix(self.advance())
        while self.token.kind == "operator" and power < _POWER.get(self.token.value, 0):
            left = self._infix(left, self.advance())
        self.depth -= 1
        return left

    # ---- what begins an expression -------------------------------------------------------------

    def _prefix(self, token: Token) -> Node:
        if token.kind in ("number", "string", "value", "variable", "regex"):
            return Node(token.kind, token.value, at=token.at)
        if token.kind == "name":
            return self._name(token)
        if token.kind == "end":
            raise JsonataSyntaxError("Unexpected end of expression", token.at)
        return self._operator(token)

    def _name(self, token: Token) -> Node:
        if token.value in ("function", "λ") and self.is_operator("("):
            return self._lambda(token)
        return Node("name", token.value, at=token.at)

    def _operator(self, token: Token) -> Node:
        mark = token.value
        if mark == "(":
            return Node("block", parts=self._until(")", ";"), at=token.at)
        if mark == "[":
            return Node("array", parts=self._items(), at=token.at)
        if mark == "{":
            return self._object(token)
        if mark == "-":
            return self._negative(token)
        if mark in ("*", "**", "%"):
            kind = {"*": "wildcard", "**": "descendant", "%": "parent"}[mark]
            return Node(kind, mark, at=token.at)
        if mark == "|":
            return self._transform(token)
        if mark in ("and", "or", "in"):
            return Node("name", mark, at=token.at)
        raise JsonataSyntaxError(f'The symbol "{mark}" cannot be used as a unary operator', token.at)

    def _negative(self, token: Token) -> Node:
        operand = self.expression(70)
        if operand.kind == "number":
            return Node("number", -operand.value, at=token.at)
        return Node("negate", parts=[operand], at=token.at)

    def _until(self, close: str, between: str) -> list[Node]:
        """Expressions up to a closing mark; the last separator may be followed by nothing."""
        found: list[Node] = []
        while not self.is_operator(close):
            found.append(self.expression(0))
            if not self.is_operator(between):
                break
            self.advance()
        self.expect(close)
        return found

    def _items(self) -> list[Node]:
        items: list[Node] = []
        while not self.is_operator("]"):
            item = self.expression(0)
            if self.is_operator(".."):  # stands in arrays only
                token = self.advance()
                item = Node("range", parts=[item, self.expression(0)], at=token.at)
            items.append(item)
            if not self.is_operator(","):
                break
            self.advance()
        self.expect("]")
        return items

    def _object(self, token: Token) -> Node:
        parts: list[Node] = []
        while not self.is_operator("}"):
            parts.append(self.expression(0))
            self.expect(":")
            parts.append(self.expression(0))
            if not self.is_operator(","):
                break
            self.advance()
        self.expect("}")
        return Node("object", parts=parts, at=token.at)

    def _lambda(self, token: Token) -> Node:
        self.expect("(")
        names: list[str] = []
        while not self.is_operator(")"):
            parameter = self.advance()
            if parameter.kind != "variable":
                raise JsonataSyntaxError(f'Parameter "{parameter.value}" of function definition must be a '
                                         "variable name (start with $)", parameter.at)
            names.append(parameter.value)
            if not self.is_operator(","):
                break
            self.advance()
        self.expect(")")
        if self.is_operator("<"):
            self._skip_signature()
        self.expect("{")
        body = self.expression(0)
        self.expect("}")
        return Node("lambda", tuple(names), [body], at=token.at)

    def _skip_signature(self) -> None:
        depth = 0
        while self.token.kind != "end":
            mark = self.advance().value
            depth += {"<": 1, ">": -1}.get(mark, 0) if isinstance(mark, str) else 0
            if depth == 0:
                return

    def _transform(self, token: Token) -> Node:
        parts = [self.expression(0)]
        self.expect("|")
        parts.append(self.expression(0))
        if self.is_operator(","):
            self.advance()
            parts.append(self.expression(0))
        self.expect("|")
        return Node("transform", parts=parts, at=token.at)

    # ---- what goes on after one ----------------------------------------------------------------

    def _infix(self, left: Node, token: Token) -> Node:
        mark = token.value
        if mark == ".":
            return _path(left, self.expression(75))
        if mark == "[":
            return self._predicate(left)
        if mark == "(":
            return self._call(left, token)
        if mark == "{":
            left.group = self._object(token)
            return left
        if mark == "?":
            return self._condition(left)
        if mark == "^":
            return self._sort(left, token)
        if mark in ("@", "#"):
            variable = self.advance()
            if variable.kind != "variable":
                raise JsonataSyntaxError(f'The right side of "{mark}" must be a variable name (start with $)', token.at)
            return Node("focus" if mark == "@" else "index", variable.value, [left], at=token.at)
        if mark == ":=":
            if left.kind != "variable" or left.filters:
                raise JsonataSyntaxError("The left side of := must be a variable name (start with $)", token.at)
            return Node("bind", left.value, [self.expression(9)], at=token.at)
        if mark not in _BINARY:
            raise JsonataSyntaxError(f'Syntax error: "{mark}"', token.at)
        return Node("binary", mark, [left, self.expression(_POWER[mark])], at=token.at)

    def _predicate(self, left: Node) -> Node:
        if self.is_operator("]"):
            self.advance()
            left.keep_array = True
            return left
        predicate = self.expression(0)
        self.expect("]")
        holder = left.parts[-1] if left.kind == "path" else left
        if holder.group is not None:
            raise JsonataSyntaxError("A predicate cannot follow a grouping expression in a step")
        holder.filters.append(predicate)
        return left

    def _call(self, left: Node, token: Token) -> Node:
        arguments = self._arguments()
        kind = "partial" if any(argument.kind == "placeholder" for argument in arguments) else "call"
        return Node(kind, parts=[left, *arguments], at=token.at)

    def _arguments(self) -> list[Node]:
        """`?` stands for an argument that a partial application leaves open."""
        found: list[Node] = []
        while not self.is_operator(")"):
            found.append(Node("placeholder", at=self.advance().at) if self.is_operator("?") else self.expression(0))
            if not self.is_operator(","):
                break
            self.advance()
        self.expect(")")
        return found

    def _condition(self, left: Node) -> Node:
        parts = [left, self.expression(0)]
        if self.is_operator(":"):
            self.advance()
            parts.append(self.expression(0))
        return Node("condition", parts=parts, at=left.at)

    def _sort(self, left: Node, token: Token) -> Node:
        self.expect("(")
        terms: list[Node] = []
        while True:
            if self.is_operator("<", ">"):
                self.advance()
            terms.append(self.expression(0))
            if not self.is_operator(","):
                break
            self.advance()
        self.expect(")")
        return Node("sort", parts=[left, *terms], at=token.at)


def _path(left: Node, right: Node) -> Node:
    """a.b.c is one path; brackets keep what is inside them one step."""
    steps = [*(left.parts if _is_open(left) else [left]), *(right.parts if _is_open(right) else [right])]
    for number, step in enumerate(steps):
        if number and step.kind in ("number", "value"):
            raise JsonataSyntaxError(
                f"The literal value {dumps(step.value)} cannot be used as a step within a path expression", step.at)
        if step.kind == "string":
            step.kind = "name"
    return Node("path", parts=steps, at=left.at, keep_array=left.keep_array or right.keep_array)


def _is_open(node: Node) -> bool:
    return node.kind == "path" and node.group is None
