"""What PyTorch's kernels take for the convolutions of ../cpp/volume_bench.cpp, in milliseconds: torch_convolutions.py [threads]."""
import sys
import time

import torch
from torch.nn import functional as F


def report(name, convolve, x, weight, **options):
    convolve(x, weight, **options)
    best = float("inf")
    until = time.perf_counter() + 0.5
    while time.perf_counter() < until:
        start = time.perf_counter()
        convolve(x, weight, **options)
        best = min(best, time.perf_counter() - start)
    print(f"{name:36s} {best * 1e3:9.3f} ms", flush=True)


torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
r = torch.randn
with torch.inference_mode():
    report("depthwise 3x3 96 x 56x56", F.conv2d, r(1, 96, 56, 56), r(96, 1, 3, 3), padding=1, groups=96)
    report("depthwise 3x3 /2 144 x 56x56", F.conv2d, r(1, 144, 56, 56), r(144, 1, 3, 3), padding=1, stride=2, groups=144)
    report("line 3 256-256 x 512", F.conv1d, r(1, 256, 512), r(256, 256, 3), padding=1)
    report("line 3 256-256 x 8x128", F.conv1d, r(8, 256, 128), r(256, 256, 3), padding=1)
    report("line 3 /2 80-384 x 1000", F.conv1d, r(1, 80, 1000), r(384, 80, 3), padding=1, stride=2)
    report("line depthwise 31 256 x 400", F.conv1d, r(1, 256, 400), r(256, 1, 31), padding=15, groups=256)
    report("transposed 4x4 /2 128-64 x 16x16", F.conv_transpose2d, r(1, 128, 16, 16), r(128, 64, 4, 4), padding=1, stride=2)
    report("transposed 4x4 /2 64-32 x 32x32", F.conv_transpose2d, r(1, 64, 32, 32), r(64, 32, 4, 4), padding=1, stride=2)
    report("transposed 4x4 /2 64-3 x 32x32", F.conv_transpose2d, r(1, 64, 32, 32), r(64, 3, 4, 4), padding=1, stride=2)
    report("transposed 2x2 /2 128-64 x 28x28", F.conv_transpose2d, r(1, 128, 28, 28), r(128, 64, 2, 2), stride=2)
    report("transposed line 16 /8 256-128 x 64", F.conv_transpose1d, r(1, 256, 64), r(256, 128, 16), padding=4, stride=8)
    report("transposed depthwise 4x4 /2 64 x 32x32", F.conv_transpose2d, r(1, 64, 32, 32), r(64, 1, 4, 4), padding=1, stride=2, groups=64)
    report("volume 3 64-64 x 8x28x28", F.conv3d, r(1, 64, 8, 28, 28), r(64, 64, 3, 3, 3), padding=1)
    report("volume 3 3-16 x 16x32x32", F.conv3d, r(1, 3, 16, 32, 32), r(16, 3, 3, 3, 3), padding=1)
    report("volume 3 128-128 x 4x14x14", F.conv3d, r(1, 128, 4, 14, 14), r(128, 128, 3, 3, 3), padding=1)
    report("volume 3 16-32 x 16x16x16", F.conv3d, r(1, 16, 16, 16, 16), r(32, 16, 3, 3, 3), padding=1)
    report("volume depthwise 3 64 x 8x28x28", F.conv3d, r(1, 64, 8, 28, 28), r(64, 1, 3, 3, 3), padding=1, groups=64)
