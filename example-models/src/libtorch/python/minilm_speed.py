"""Measures MiniLM in PyTorch's package runner: Toroid's package beside what PyTorch's AOTInductor makes of the same model.

    mvn -Pminilm,libtorch test-compile exec:exec@libtorch         writes target/libtorch
    python src/libtorch/python/minilm_speed.py target/libtorch    with PyTorch 2.13 or newer, and a C++ compiler for it

The model is written in PyTorch here, with random weights, which Toroid's package is given too; the results are compared first. PyTorch's is
compiled twice, as it is by default and with its weights frozen, which lets it pack them. All take turns; a figure is the median over
rounds of the mean time of a call in a round.
"""

import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional
from torch._inductor.package import AOTICompiledModel

WIDTH, HEADS, LAYERS, INNER, WORDS, PLACES = 384, 12, 6, 1536, 30522, 512
SHAPES = [(1, 16), (1, 128), (8, 128)]
ROUNDS, SECONDS_OF_ROUND = 7, 0.3


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.output = nn.Linear(WIDTH, WIDTH)
        self.output.LayerNorm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        heads = [part(x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (self.query, self.key, self.value)]
        attended = functional.scaled_dot_product_attention(*heads, attn_mask=mask)
        return self.output.LayerNorm(self.output(attended.transpose(1, 2).flatten(2)) + x)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention()
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, INNER)})
        self.output = nn.ModuleDict({"dense": nn.Linear(INNER, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, eps=1e-12)})

    def forward(self, x, mask):
        attended = self.attention(x, mask)
        inner = functional.gelu(self.intermediate["dense"](attended))
        return self.output["LayerNorm"](self.output["dense"](inner) + attended)


class MiniLm(nn.Module):
    """The names of its parameters are those of io.toroid.examples.minilm.MiniLm."""

    def __init__(self):
        super().__init__()
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(WORDS, WIDTH), "position_embeddings": nn.Embedding(PLACES, WIDTH),
            "token_type_embeddings": nn.Embedding(2, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, eps=1e-12)})
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})

    def forward(self, ids, mask):
        parts = self.embeddings
        places = parts["position_embeddings"].weight[: ids.shape[1]] + parts["token_type_embeddings"].weight[0]
        x = parts["LayerNorm"](parts["word_embeddings"](ids) + places)
        seen = (mask != 0)[:, None, None, :]
        for layer in self.encoder["layer"]:
            x = layer(x, seen)
        words = mask.float().unsqueeze(-1)
        return functional.normalize((x * words).sum(1) / words.sum(1).clamp(min=1e-9))


def inputs(batch, tokens):
    ids = torch.randint(WORDS, (batch, tokens), generator=torch.Generator().manual_seed(0))
    return ids, torch.ones_like(ids)


def compile_by_pytorch(model, directory):
    dims = {0: torch.export.Dim("batch", max=64), 1: torch.export.Dim("tokens", min=2, max=PLACES)}
    program = torch.export.export(model, inputs(2, 24), dynamic_shapes=(dims, dims))
    packages = {}
    for name, frozen in (("AOTInductor", False), ("AOTInductor, frozen", True)):
        path = os.path.join(directory, f"minilm-{'frozen' if frozen else 'default'}.pt2")
        packages[name] = torch._inductor.aoti_compile_and_package(program, package_path=path, inductor_configs={"freezing": frozen})
    return packages


def load(path):
    return AOTICompiledModel(torch._C._aoti.AOTIModelPackageLoader(path, "model", False, 1, -1))


def milliseconds(call, arguments):
    call(*arguments)
    begin, calls = time.perf_counter(), 0
    while time.perf_counter() - begin < SECONDS_OF_ROUND:
        call(*arguments)
        calls += 1
    return (time.perf_counter() - begin) / calls * 1e3


def measure(models, arguments):
    times = {name: [] for name in models}
    for _ in range(ROUNDS):
        for name, model in models.items():
            time.sleep(0.1)  # OpenMP's threads spin for a while after PyTorch's calls
            times[name].append(milliseconds(model, arguments))
    return {name: statistics.median(each) for name, each in times.items()}


def main(root):
    torch.manual_seed(0)
    model = MiniLm().eval()
    toroid = os.path.join(root, "libtorch/META-INF/toroid/io.toroid.examples.minilm.MiniLm/native.pt2")
    with torch.no_grad():
        packages = {"Toroid": toroid, **compile_by_pytorch(model, root)}
        print(f"{'ms of a call':24}" + "".join(f"{name:>22}" for name in packages))
        for threads in (1, 2):
            torch.set_num_threads(threads)
            models = {name: load(path) for name, path in packages.items()}  # Toroid's has as many threads as PyTorch has now
            models["Toroid"].load_constants(dict(model.state_dict()), check_full_update=True)
            for shape in SHAPES:
                expected = model(*inputs(*shape))
                for name, each in models.items():
                    difference = (each(*inputs(*shape)) - expected).abs().max().item()
                    if not difference < 2e-6:
                        raise SystemExit(f"{name} differs by {difference}")
                times = measure(models, inputs(*shape))
                print(f"{str(shape) + ', threads: ' + str(threads):24}" + "".join(f"{each:22.2f}" for each in times.values()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
