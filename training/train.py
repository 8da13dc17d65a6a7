"""Trains the reader; the same command goes on where a stopped run was.

``python -m training.train --bench BENCH --encoder DIR --work DIR [--afriqa DIR] [--mined FILE] [--news FILE]``.
Everything of a run is under ``--work``: ``settings.json``, ``log.jsonl``, ``last.pt`` and ``before.pt``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from training.data import afriqa, english_titles, held_out_titles, squad
from training.evaluate import Examiner
from training.invented import invented
from training.model import Reader, collate, loss_of, reader_from_encoder
from training.news import held_out_news, news_collection
from training.optim import Masters
from training.records import Collection
from training.sampling import Mix, Sampler, batches
from training.windows import WindowMaker


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True, help="folder of squad-it-dev, xquad-dev and ntrex-dev")
    parser.add_argument("--encoder", type=Path, required=True, help="folder written by training.unpack")
    parser.add_argument("--work", type=Path, required=True, help="folder of this run")
    parser.add_argument("--afriqa", type=Path, help="folder of AfriQA's English gold passages")
    parser.add_argument("--mined", type=Path, help="file written by training.mine")
    parser.add_argument("--news", type=Path, help="questions about news to train on, JSONL")
    parser.add_argument("--articles", type=Path, help="folder of invented articles with questions")
    parser.add_argument("--news-times", type=int, default=4, help="how often an epoch shows each of them")
    parser.add_argument("--start-from", type=Path, help="another run's checkpoint, or an exported reader")
    parser.add_argument("--steps", type=int, default=4000, help="of the whole run")
    parser.add_argument("--decay-steps", type=int, default=0, help="last steps, over which the rate falls to zero")
    parser.add_argument("--warmup-steps", type=int, default=150)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--layer-decay", type=float, default=0.92)
    parser.add_argument("--frozen-layers", type=int, default=3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--average", type=float, default=0.998)
    parser.add_argument("--answerable-weight", type=float, default=0.3)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--batch-tokens", type=int, default=3072)
    parser.add_argument("--afriqa-share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=20251122)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--save-minutes", type=float, default=8)
    parser.add_argument("--examine-steps", type=int, default=400)
    return parser.parse_args(arguments)


def collection_of(chosen: argparse.Namespace) -> tuple[Collection, frozenset[str]]:
    """All that is trained on, with the held-out articles, and their names."""
    collection = squad(chosen.bench)
    closed = held_out_titles(collection.items.values()) | held_out_news(chosen.bench)
    if chosen.afriqa:
        collection.add(afriqa(chosen.afriqa, english_titles(chosen.bench)))
    if chosen.news:
        collection.add(news_collection(chosen.bench, chosen.news))
    if chosen.articles:
        collection.add(invented(chosen.articles))
    return collection, closed


def rate_share(step: int, chosen: argparse.Namespace) -> float:
    """Share of the peak rate at `step`: a linear rise, a plain, a linear fall."""
    rise = min(1.0, (step + 1) / max(1, chosen.warmup_steps))
    left: int = chosen.steps - step
    fall = min(1.0, float(left / chosen.decay_steps)) if chosen.decay_steps else 1.0
    return float(min(rise, fall))


def averaged_weights(path: Path) -> tuple[dict[str, torch.Tensor], int]:
    """The averaged weights of a checkpoint or of a file that `training.export` wrote, and the steps they took."""
    if path.suffix == ".safetensors":
        with safe_open(path, "pt") as file:
            steps = int(file.metadata()["steps"])
        return load_file(path), steps
    masters = torch.load(path, map_location="cpu", weights_only=True)["masters"]
    return masters["averaged"], masters["steps"]


class Run:
    """One training run with its files."""

    def __init__(self, chosen: argparse.Namespace, reader: Reader, masters: Masters) -> None:
        self.chosen = chosen
        self.reader = reader
        self.masters = masters
        self.epoch = 0
        self.batch = 0
        self.seconds = 0.0
        self.stopped = False
        chosen.work.mkdir(parents=True, exist_ok=True)

    def log(self, **entry: Any) -> None:
        """Appends a line to the log and prints it."""
        line = json.dumps({"step": self.masters.steps, "time": time.strftime("%H:%M:%S"), **entry})
        with (self.chosen.work / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def save(self) -> None:
        """Writes the state aside and renames it, keeping the one before."""
        last = self.chosen.work / "last.pt"
        state = {
            "masters": self.masters.state(),
            "epoch": self.epoch,
            "batch": self.batch,
            "seconds": self.seconds,
            "rng": torch.get_rng_state(),
        }
        torch.save(state, last.with_suffix(".new"))
        if last.exists():
            os.replace(last, self.chosen.work / "before.pt")
        os.replace(last.with_suffix(".new"), last)

    def restore(self) -> None:
        """Goes on from the newest state there is, or begins from another run's weights."""
        for name in ("last.pt", "before.pt"):
            path = self.chosen.work / name
            if path.exists():
                state = torch.load(path, map_location="cpu", weights_only=True)
                self.masters.restore(state["masters"])
                self.epoch, self.batch, self.seconds = state["epoch"], state["batch"], state["seconds"]
                torch.set_rng_state(state["rng"])
                self.log(resumed=name, epoch=self.epoch, batch=self.batch)
                return
        if self.chosen.start_from:
            averaged, steps = averaged_weights(self.chosen.start_from)
            self.masters.begin(averaged)
            self.log(started_from=str(self.chosen.start_from), steps_before=steps)

    def train(self, sampler: Sampler, examine: Callable[[], dict[str, Any]]) -> None:
        """Steps until the run's end or a signal to stop."""
        chosen = self.chosen
        if self.masters.steps == 0:
            torch.manual_seed(chosen.seed)
        saved = time.monotonic()
        while self.masters.steps < chosen.steps and not self.stopped:
            plan = batches(sampler.epoch(chosen.seed, self.epoch), chosen.seed, self.epoch, chosen.batch_tokens)
            losses: list[float] = []
            tokens, began = 0, time.monotonic()
            while self.batch < len(plan) and self.masters.steps < chosen.steps and not self.stopped:
                moment = time.monotonic()
                rows = plan[self.batch]
                batch = collate(rows).to(chosen.device)
                loss = loss_of(self.reader(batch), batch, chosen.answerable_weight, chosen.smoothing)
                torch.autograd.backward(loss)
                share = rate_share(self.masters.steps, chosen)
                self.masters.step(share)
                losses.append(float(loss.detach()))
                tokens += sum(len(row.ids) for row in rows)
                self.batch += 1
                self.seconds += time.monotonic() - moment
                if self.masters.steps % 25 == 0:
                    speed = tokens / (time.monotonic() - began)
                    mean = sum(losses) / len(losses)
                    self.log(epoch=self.epoch, loss=round(mean, 4), rate=round(share, 4), tokens_a_second=round(speed))
                    losses, tokens, began = [], 0, time.monotonic()
                if self.masters.steps % chosen.examine_steps == 0:
                    self.masters.load(self.masters.averaged)
                    self.log(examined=examine())
                    self.masters.load(self.masters.values)
                    began, tokens = time.monotonic(), 0
                if time.monotonic() - saved > 60 * chosen.save_minutes:
                    self.save()
                    saved = time.monotonic()
            if not self.stopped and self.batch >= len(plan):
                self.epoch, self.batch = self.epoch + 1, 0
        self.save()
        self.log(saved="last.pt", hours=round(self.seconds / 3600, 3))

    def stop(self, *_: Any) -> None:
        """Ends after the step under way."""
        self.stopped = True


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains until done or told to stop (SIGTERM, SIGINT)."""
    chosen = options(arguments)
    torch.set_num_threads(chosen.threads)
    collection, closed = collection_of(chosen)
    windows = WindowMaker(chosen.encoder / "tokenizer.json")
    mined = json.loads(chosen.mined.read_text(encoding="utf-8")) if chosen.mined else {}
    mix = Mix(afriqa=chosen.afriqa_share, news=chosen.news_times)
    sampler = Sampler(collection, closed, windows, mined, mix)
    reader = reader_from_encoder(chosen.encoder, chosen.dropout, chosen.seed)
    reader.to(device=chosen.device)
    masters = Masters(reader, chosen.frozen_layers, chosen.rate, chosen.layer_decay, chosen.average)
    reader.to(dtype=getattr(torch, chosen.precision)).train()
    run = Run(chosen, reader, masters)
    signal.signal(signal.SIGTERM, run.stop)
    signal.signal(signal.SIGINT, run.stop)
    settings = {key: str(value) if isinstance(value, Path) else value for key, value in vars(chosen).items()}
    settings |= {"held_out": sorted(closed), "mix": asdict(mix)}
    (chosen.work / "settings.json").write_text(json.dumps(settings, indent=1, ensure_ascii=False), encoding="utf-8")
    run.restore()
    examiner = Examiner(collection, closed, windows, mined, chosen.batch_tokens)
    run.train(sampler, lambda: examiner.examine(reader))


if __name__ == "__main__":
    main()
