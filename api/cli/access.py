"""The command that lets somebody in: token."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api import tokens
from api.cli.run import err, out
from api.settings import settings
from ontology.errors import InvalidInput
from ontology.viewer import LEVELS, ROLES


def add_to(app: typer.Typer) -> None:
    app.command()(token)


def token(
    name: Annotated[
        str, typer.Argument(help="谁的令牌，记入提交 / whose it is: the actor of commits")
    ],
    role: Annotated[str, typer.Option(help=" · ".join(ROLES))] = ROLES[0],
    clearance: Annotated[str, typer.Option(help=" · ".join(LEVELS))] = LEVELS[0],
    department: Annotated[
        list[str] | None, typer.Option(help="部门标识，可重复 / id of a department, repeatable")
    ] = None,
    personal: Annotated[bool, typer.Option(help="可见个人信息 / may see personal data")] = False,
    expires: Annotated[str | None, typer.Option(help="最后有效日 / last day (2027-12-31)")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="令牌文件 / MULU_TOKENS")] = None,
) -> int:
    """生成登录令牌，只显示一次 / make a token to sign in with; it is shown once."""
    path = file or settings().tokens
    if path is None:
        raise InvalidInput("请指定令牌文件 / name the file of tokens: MULU_TOKENS=… 或 / or --file")
    secret = tokens.new_token()
    entry = tokens.entry(
        name=name,
        sha256=tokens.digest(secret),
        roles=(role,),
        clearance=clearance,
        departments=tuple(department or ()),
        personal=personal,
        expires=_day(expires),
    )
    if path.exists():
        tokens.read(path)  # nothing is added to a file that the server cannot read
    tokens.add(path, entry)
    out.print(secret, soft_wrap=True, highlight=False)
    err.print(
        f"已写入 / written to {path}；令牌只显示这一次 / it is not shown again", soft_wrap=True
    )
    return 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"--expires {text!r} 不是日期 / is no date (2027-12-31)") from None
