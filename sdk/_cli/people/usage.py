"""`usage`: what the calls of an organization used, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..help import Command
from ..progress import Waiting
from ..settings import Settings, general_options, split

if TYPE_CHECKING:
    from ..program import Program

_DAY = 24 * 3600
#: Kinds of usage, and the numbers of each that a table shows.
_KINDS = {
    "completions": ("input_tokens", "input_cached_tokens", "output_tokens"),
    "embeddings": ("input_tokens",),
    "moderations": ("input_tokens",),
    "images": ("images",),
    "audio_speeches": ("characters",),
    "audio_transcriptions": ("seconds",),
}


def command(program: Program) -> click.Command:
    """Return the command."""

    def usage(ctx: click.Context, days: int, by: str, **more: Any) -> None:
        settings: Settings = ctx.obj.updated(split(more)[0])
        start = int(time.time()) // _DAY * _DAY - (days - 1) * _DAY
        with program.client_for(settings) as client:
            found = client.organization.usage
            if settings.dry_run:
                from ..calls import show

                show(client, found.completions, {"start_time": start, "group_by": [by]}, settings, streamed=False)
                return
            with Waiting("adding up"):
                rows = [row for kind in _KINDS for row in _used(found, kind, start, by)]
                costs = _costs(found.costs, start)
        if output.for_people() and settings.output is None and settings.query is None:
            _show(rows, costs, days)
        else:
            output.write({"usage": rows, "costs": costs}, settings)

    return Command(
        "usage",
        callback=click.pass_context(usage),
        params=[
            click.Option(["--days"], type=click.IntRange(1, 180), default=7, show_default=True, help="Include today."),
            click.Option(
                ["--by"],
                type=click.Choice(["model", "project_id", "user_id", "api_key_id"]),
                default="model",
                show_default=True,
                help="Split the numbers by this field.",
            ),
            *general_options(),
        ],
        help="Show what the calls of the organization used, and what they cost. It needs OPENAI_ADMIN_KEY.",
    )


def _used(resource: Any, kind: str, start: int, by: str) -> list[dict[str, Any]]:
    """Return the sums of one kind of usage, the largest first."""
    sums: dict[str, dict[str, Any]] = {}
    for bucket in getattr(resource, kind).iter(start_time=start, group_by=[by], bucket_width="1d", limit=31):
        for result in bucket.to_dict().get("results") or ():
            name = result.get(by) or "-"
            row = sums.setdefault(name, {"kind": kind.replace("_", " "), by: name, "requests": 0})
            row["requests"] += result.get("num_model_requests") or 0
            for field in _KINDS[kind]:
                row[field] = row.get(field, 0) + (result.get(field) or 0)
    return sorted(sums.values(), key=lambda row: -row["requests"])


def _costs(operation: Any, start: int) -> list[dict[str, Any]]:
    """Return the costs by line item, the highest first."""
    sums: dict[tuple[str, str], float] = {}
    for bucket in operation.iter(start_time=start, group_by=["line_item"], limit=180):
        for result in bucket.to_dict().get("results") or ():
            amount: Mapping[str, Any] = result.get("amount") or {}
            key = (result.get("line_item") or "-", (amount.get("currency") or "").upper())
            sums[key] = sums.get(key, 0.0) + float(amount.get("value") or 0)
    found = [{"item": item, "cost": round(cost, 4), "currency": currency} for (item, currency), cost in sums.items()]
    return sorted(found, key=lambda row: -row["cost"])


def _show(rows: list[dict[str, Any]], costs: list[dict[str, Any]], days: int) -> None:
    if not rows and not costs:
        click.echo(f"nothing was used in {days} days")
    for found in (rows, costs):
        if found:
            click.echo(output.table(found))
            click.echo("")
