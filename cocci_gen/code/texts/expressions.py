"""The text of a C expression and what is known of its names -> Value, what the expression must be.

An argument often decides which branch of a callee runs (`fasync_helper(0, filp, 0, fapp)`, `GFP_ATOMIC`, `mask` with
MAY_NOT_BLOCK).  The evaluator knows the operators of C and constants; what it does not understand is unknown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cocci_gen.code.texts.values import (
    UNKNOWN,
    Flags,
    Known,
    Nonzero,
    Number,
    Value,
    decided,
    equal,
    gfp_sleeps,
    joined,
    masked,
    truth,
)
from cocci_gen.code.texts.wrappers import wrappers

_TOKEN = re.compile(r"\s*(?:(\d\w*|'[^']*')|([A-Za-z_]\w*)|(->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||.))", re.S)
_WORDS = {"NULL": Number(0), "false": Number(0), "true": Number(1)}
_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]+")


def evaluate(text: str, known: Known) -> Value:
    """What the expression must be, with `known` for names, member accesses as written, and calls as `name()`."""
    tokens = _tokens(text)
    if not tokens or len(tokens) > 120:
        return UNKNOWN
    parser = _Parser(tokens, known)
    value = parser.ternary()
    return value if parser.at == len(tokens) else UNKNOWN


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    if '"' in text:
        return ()
    return tuple(number or word or sign for number, word, sign in _TOKEN.findall(text.strip()))


class _Parser:
    """Recursive descent over the operators of C; a token that it does not know makes the whole unknown."""

    def __init__(self, tokens: tuple[str, ...], known: Known) -> None:
        self.tokens = tokens
        self.known = known
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def accept(self, *signs: str) -> str:
        sign = self.peek()
        if sign and sign in signs:
            self.at += 1
            return sign
        return ""

    def ternary(self) -> Value:
        condition = self.either()
        if not self.accept("?"):
            return condition
        yes = condition if self.peek() == ":" else self.ternary()
        if not self.accept(":"):
            self.at = len(self.tokens) + 1
            return UNKNOWN
        no = self.ternary()
        found = truth(condition)
        if found is None:
            return yes if yes == no else UNKNOWN
        return yes if found else no

    def either(self) -> Value:
        value = self.both()
        while self.accept("||"):
            left, right = truth(value), truth(self.both())
            value = decided(found=True if left or right else False if left is False and right is False else None)
        return value

    def both(self) -> Value:
        value = self.bits_or()
        while self.accept("&&"):
            left, right = truth(value), truth(self.bits_or())
            value = decided(found=False if left is False or right is False else True if left and right else None)
        return value

    def bits_or(self) -> Value:
        value = self.bits_and()
        while self.accept("|"):
            value = joined(value, self.bits_and())
        return value

    def bits_and(self) -> Value:
        value = self.equality()
        while self.accept("&"):
            value = masked(value, self.equality())
        return value

    def equality(self) -> Value:
        value = self.relation()
        while sign := self.accept("==", "!="):
            same = equal(value, self.relation())
            value = decided(found=same if same is None or sign == "==" else not same)
        return value

    def relation(self) -> Value:
        value = self.sum()
        while sign := self.accept("<", ">", "<=", ">="):
            right = self.sum()
            if isinstance(value, Number) and isinstance(right, Number):
                a, b = value.value, right.value
                value = Number(int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]))
            else:
                value = UNKNOWN
        return value

    def sum(self) -> Value:
        value = self.unary()
        while self.accept("+", "-", "*", "/", "%", "<<", ">>"):
            self.unary()
            value = UNKNOWN
        return value

    def unary(self) -> Value:
        if self.accept("!"):
            found = truth(self.unary())
            return UNKNOWN if found is None else Number(int(not found))
        if self.accept("~"):
            value = self.unary()
            if isinstance(value, Flags) and value.exact and not any(name.startswith("~") for name in value.names):
                return Flags(frozenset(f"~{name}" for name in value.names), False)
            return UNKNOWN
        if self.accept("-"):
            value = self.unary()
            return (
                Number(-value.value)
                if isinstance(value, Number)
                else Nonzero()
                if isinstance(value, Flags)
                else UNKNOWN
            )
        if self.accept("&"):
            self.unary()
            return Nonzero()
        if self.accept("*", "+", "++", "--"):
            self.unary()
            return UNKNOWN
        return self.postfix()

    def postfix(self) -> Value:
        start = self.at
        token = self.peek()
        self.at += 1
        if token == "(":
            return self._bracketed()
        if re.fullmatch(r"\d\w*", token):
            digits = re.sub(r"[uUlL]+$", "", token)
            value: Value = Number(int(digits, 0)) if re.fullmatch(r"0[xX][0-9a-fA-F]+|[1-9]\d*|0", digits) else UNKNOWN
        elif re.fullmatch(r"[A-Za-z_]\w*", token):
            value = self._named(token)
        else:
            self.at = len(self.tokens) + 1
            return UNKNOWN
        return self._suffixed(start, value)

    def _bracketed(self) -> Value:
        """`(x)` or a cast; a cast to bool or of a constant keeps what is known."""
        start = self.at
        depth = 1
        end = start
        while end < len(self.tokens) and depth:
            depth += (self.tokens[end] == "(") - (self.tokens[end] == ")")
            end += 1
        inside = self.tokens[start : end - 1]
        following = self.tokens[end] if end < len(self.tokens) else ""
        words = all(re.fullmatch(r"[A-Za-z_]\w*|\*", token) for token in inside)
        if (
            words
            and inside
            and (
                inside[-1] == "*"
                or inside[0] in ("struct", "unsigned", "int", "long", "bool", "void", "__force", "gfp_t")
            )
            and following
        ):
            self.at = end
            return self.unary()
        value = self.ternary()
        if self.at != end - 1:
            self.at = len(self.tokens) + 1
            return UNKNOWN
        self.at = end
        return self._suffixed(start - 1, value) if following in ("->", ".", "[", "(") else value

    def _named(self, token: str) -> Value:
        if token in _WORDS:
            return _WORDS[token]
        if token in self.known:
            return self.known[token]
        return Flags(frozenset({token}), True) if _CONSTANT.fullmatch(token) and self.peek() != "(" else UNKNOWN

    def _suffixed(self, start: int, value: Value) -> Value:
        while sign := self.accept("->", ".", "[", "(", "++", "--"):
            if sign in ("->", "."):
                self.at += 1
                value = self.known.get("".join(self.tokens[start : self.at]), UNKNOWN)
            elif sign in ("[", "("):
                value = self._closed(start, sign)
            else:
                value = UNKNOWN
        return value

    def _closed(self, start: int, sign: str) -> Value:
        close = {"[": "]", "(": ")"}[sign]
        name = self.tokens[start] if self.at == start + 2 else ""
        arguments: list[Value] = []
        while self.peek() and self.peek() != close:
            arguments.append(self.ternary())
            if not self.accept(",") and self.peek() != close:
                self.at = len(self.tokens) + 1
                return UNKNOWN
        self.at += 1
        if sign == "[" or not name:
            return UNKNOWN
        if name in ("gfpflags_allow_blocking", "gfpflags_normal_context") and arguments:
            return decided(found=gfp_sleeps(arguments[0]))
        if name == "mapping_gfp_mask":  # every mapping that the VFS sets up allows sleeping
            return Flags(frozenset({"GFP_USER"}), False)
        if name in wrappers().in_expressions and arguments:
            return arguments[-1]
        if name == "IS_ERR" and arguments and isinstance(arguments[0], Number):
            return Number(0)
        written = "".join(self.tokens[start : self.at])
        return self.known.get(written, self.known.get(f"{name}()", UNKNOWN))
