"""Runs models of the linkage libtorch in PyTorch's own container runner, and compares with what the standalone libraries gave.

    mvn -Pminilm,libtorch test-compile exec:exec@libtorch     writes target/libtorch
    python src/libtorch/python/compare.py target/libtorch     with PyTorch 2.13 or newer

Each model runs as a bare library (AOTIModelContainerRunnerCpu) and as a package (torch._inductor.aoti_load_package); the digits get other
weights while they are loaded, by an update of the inactive set and a swap. Ends with 1 if a result differs by more than 1e-6 of the
largest.
"""

import glob
import json
import os
import struct
import sys

import torch
from torch._inductor.package import AOTICompiledModel, load_package

DTYPES = {"F32": torch.float32, "I64": torch.int64}
CLOSE = 1e-6


def read_safetensors(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        tensors[name] = torch.frombuffer(bytearray(content[begin:end]), dtype=DTYPES[info["dtype"]]).reshape(info["shape"])
    return tensors


class Comparison:
    def __init__(self):
        self.failed = False

    def __call__(self, what, actual, expected):
        difference = (actual - expected).abs().max().item()
        wrong = actual.shape != expected.shape or not difference <= CLOSE * expected.abs().max().item()
        self.failed |= wrong
        print(f"{what:45} {str(list(actual.shape)):12} differs by {difference:.3g}{'   WRONG' if wrong else ''}")


def load_library(files):
    """The bare library, with two models; its weights are to be given before the first run."""
    return torch._C._aoti.AOTIModelContainerRunnerCpu(os.path.join(files, "native.so"), 2)


def swap_weights(runner, weights):
    names = {fqn: name for name, fqn in runner.get_constant_names_to_original_fqns().items()}
    runner.update_constant_buffer({names[fqn]: tensor for fqn, tensor in weights.items()}, True, True)
    runner.swap_constant_buffer()


def compare_constants(compare, what, runner, use_inactive, expected):
    """What is extracted stays as it is when the constants change: it is a copy."""
    extracted = runner.extract_constants_map(use_inactive)
    missing = sorted(expected.keys() - extracted.keys())
    if missing:
        raise SystemExit(f"{what}: not extracted: {missing}")
    compare(what, flat(extracted, expected), flat(expected, expected))
    return extracted


def flat(tensors, names):
    return torch.cat([tensors[name].flatten() for name in sorted(names)])


def compare_digits(compare, files, recorded, darkened, digits, other):
    inputs = [recorded["in.0"]]
    runner = load_library(files)
    swap_weights(runner, digits)
    compare("Sharpened, library, weights given", runner.run(inputs)[0], recorded["out"])
    kept = compare_constants(compare, "Sharpened, library, weights extracted", runner, False, digits)
    swap_weights(runner, other)
    compare("Sharpened, library, weights swapped", runner.run(inputs)[0], recorded["other"])
    compare_constants(compare, "Sharpened, library, swapped ones extracted", runner, False, other)
    compare_constants(compare, "Sharpened, library, inactive ones extracted", runner, True, digits)
    runner.swap_constant_buffer()
    compare("Sharpened, library, swapped back", runner.run(inputs)[0], recorded["out"])
    runner.free_inactive_constant_buffer()
    compare("Sharpened, library, inactive set freed", runner.run(inputs)[0], recorded["out"])
    compare("Sharpened, library, extracted before", flat(kept, digits), flat(digits, digits))
    path = os.path.join(files, "native.pt2")
    package = torch._inductor.aoti_load_package(path)
    compare("Sharpened, package", package(*inputs), recorded["out"])
    compare("Sharpened, package, entry darken", load_package(path, "darken")(darkened["in.0"]), darkened["out"])
    package.load_constants(other, check_full_update=True)
    compare("Sharpened, package, other weights", package(*inputs), recorded["other"])
    blank = torch.zeros(3, 64)
    compare("Sharpened, package, the other branch", package(blank), torch.zeros(3, 10))
    refuse("Sharpened, 65 rows", lambda: package(torch.zeros(65, 64)))


def compare_whitened(compare, files):
    x = torch.rand(50, 4, generator=torch.Generator().manual_seed(0))
    centred = x - x.mean(0)
    inverse = torch.linalg.inv(centred.T @ centred / len(x))
    distances = ((centred @ inverse) * centred).sum(1).sqrt()
    runner = load_library(files)
    compare("Whitened, library, beside torch.linalg.inv", runner.run([x])[0], distances / distances.median())
    package = torch._inductor.aoti_load_package(os.path.join(files, "native.pt2"))
    compare("Whitened, package", package(x), distances / distances.median())
    refuse("Whitened, equal points", lambda: runner.run([torch.zeros(3, 4)]))


def compare_minilm(compare, files, recorded):
    path = os.path.join(files, "native.pt2")
    ids, mask = recorded["in.0"], recorded["in.1"]
    compare("MiniLm, package", torch._inductor.aoti_load_package(path)(ids, mask), recorded["out"])
    words = mask.float().unsqueeze(-1)
    hidden = AOTICompiledModel(torch._C._aoti.AOTIModelPackageLoader(path, "hidden", False, 1, -1))(ids, mask)
    mean = (hidden * words).sum(1) / words.sum(1)
    compare("MiniLm, package, entry hidden, its mean", torch.nn.functional.normalize(mean), recorded["out"])


def refuse(what, call):
    try:
        call()
    except RuntimeError as error:
        print(f"{what:45} refused: {str(error).splitlines()[0]}")
    else:
        raise SystemExit(f"{what} must be refused")


def main(root):
    compare = Comparison()
    classes = os.path.join(root, "libtorch", "META-INF", "toroid")
    for files in sorted(glob.glob(os.path.join(classes, "*"))):
        name = files.rsplit(".", 1)[1]
        if name == "Whitened":
            compare_whitened(compare, files)
            continue
        recorded = read_safetensors(os.path.join(root, name + ".safetensors"))
        if name == "Sharpened":
            weights = os.path.join(os.path.dirname(__file__), "../../main/resources/weights/digits-mlp.safetensors")
            darkened = read_safetensors(os.path.join(root, "Sharpened.darken.safetensors"))
            other = read_safetensors(os.path.join(root, "digits-other.safetensors"))
            compare_digits(compare, files, recorded, darkened, read_safetensors(weights), other)
        else:
            compare_minilm(compare, files, recorded)
    sys.exit(compare.failed)


if __name__ == "__main__":
    main(sys.argv[1])
