"""RuleDocument -> JSON and text, complete enough to rebuild every table.

Both hold each cell with its line. The text is meant for people and for grep: one line per cell, one per sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cocci_gen.document.tables import Clause, DocumentSection, Prototype, RuleDocument, RuleTable

BLANK = "-"


def document_to_json(document: RuleDocument) -> dict[str, Any]:
    """The whole document as JSON values; `lines` tells for what each line that is not blank was taken."""
    return {
        "path": document.path,
        "lines": document.lines,
        "roles": dict(sorted(Counter(document.roles.values()).items())),
        "notes": [{"line": note.line, "text": note.text} for note in document.notes],
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: DocumentSection) -> dict[str, Any]:
    return {
        "title": section.title,
        "struct": section.struct,
        "line": section.line,
        "prototypes": [_prototype(prototype) for prototype in section.prototypes],
        "tables": [_table(table) for table in section.tables],
        "clauses": [_clause(clause) for clause in section.clauses],
    }


def _prototype(prototype: Prototype) -> dict[str, Any]:
    return {
        "method": prototype.method,
        "line": prototype.line,
        "last_line": prototype.last_line,
        "text": prototype.text,
        "returns": prototype.returns,
        "parameters": list(prototype.parameters),
        "comment": prototype.comment,
        "problems": list(prototype.problems),
    }


def _table(table: RuleTable) -> dict[str, Any]:
    return {
        "line": table.line,
        "last_line": table.last_line,
        "columns": list(table.columns),
        "rows": [
            {
                "method": row.method,
                "line": row.line,
                "cells": [
                    {"column": cell.column, "text": cell.text, "line": cell.line, "footnotes": list(cell.footnotes)}
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "methods": list(clause.subjects),
        "mentions": list(clause.mentions),
        "text": clause.text,
        "line": clause.line,
        "last_line": clause.last_line,
        "footnote": clause.footnote,
    }


def document_to_text(document: RuleDocument) -> str:
    """The whole document for people: each section with its prototypes, tables and sentences, all with their lines."""
    return "\n".join(_text_of(document)) + "\n"


def _text_of(document: RuleDocument) -> Iterator[str]:
    for section in document.sections:
        title = section.title or "(no title)"
        yield f"{document.path}:{section.line}: {title}"
        for prototype in section.prototypes:
            yield f"  {prototype.line:4}  prototype  {prototype.text}"
        for table in section.tables:
            for row in table.rows:
                cells = "; ".join(f"{cell.column}: {cell.text or BLANK}" for cell in row.cells)
                yield f"  {row.line:4}  row        {row.method}: {cells}"
        for clause in section.clauses:
            about = f"{', '.join(clause.subjects)}: " if clause.subjects else ""
            what = "footnote" if clause.footnote else "prose"
            yield f"  {clause.line:4}  {what:9}  {about}{clause.text}"
        yield ""
    for note in document.notes:
        yield f"{document.path}:{note.line}: note: {note.text}"
    yield _summary(document)


def _summary(document: RuleDocument) -> str:
    tables = [table for section in document.sections for table in section.tables]
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    filled = sum(1 for cell in cells if cell.text)
    return (
        f"{sum(1 for section in document.sections if section.struct)} structures, "
        f"{sum(len(section.prototypes) for section in document.sections)} prototypes, {len(tables)} tables, "
        f"{sum(len(table.rows) for table in tables)} rows, {filled} cells ({len(cells) - filled} blank), "
        f"{sum(len(section.clauses) for section in document.sections)} sentences"
    )
