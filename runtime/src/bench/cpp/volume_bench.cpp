// Convolutions of lines, volumes and transposed ones, channels last, in milliseconds: the shapes of ../python/torch_convolutions.py, which
// prints what PyTorch takes. Not a test: prints a table.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> volume_bench.cpp -o volume_bench -lpthread && ./volume_bench [threads]
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <toroid/pool_threads.h>
#include <toroid/volume_convolution.h>

using namespace toroid;

typedef DefaultTile<float> Tile;

static const ToroidPool* pool;

static double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The shortest of the calls of half a second.
template <class F>
static void report(const char* name, double multiplications, F f) {
  f();
  double best = 1e9;
  for (double until = seconds() + 0.5; seconds() < until;) {
    const double start = seconds();
    f();
    const double taken = seconds() - start;
    if (taken < best) best = taken;
  }
  printf("%-36s %9.3f ms %7.1f GFLOP/s\n", name, best * 1e3, 2e-9 * multiplications / best);
  fflush(stdout);
}

struct Buffer {
  float* data;
  explicit Buffer(int64_t count) : data(static_cast<float*>(aligned_alloc(64, static_cast<size_t>((count * 4 + 127) / 64 * 64)))) {
    for (int64_t i = 0; i < count; ++i) data[i] = static_cast<float>(i % 7 - 3);
  }
  Buffer(const Buffer&) = delete;
  ~Buffer() { free(data); }
};

template <class Shape, int64_t Cin, int64_t Cout>
static void image(const char* name, int64_t batch, int64_t h, int64_t w) {
  const int64_t output_h = Shape::output_h(h), output_w = Shape::output_w(w), per_group = Cin / Shape::kGroups;
  const Buffer x(batch * h * w * Cin), weight(Cout * per_group * Shape::kTaps), packed(convolution_packed_size<Tile, Shape>(Cin, Cout));
  const Buffer y(batch * output_h * output_w * Cout);
  pack_convolution<Tile, Shape>(nullptr, Cin, Cout, weight.data, packed.data);
  float* const to = y.data;
  report(name, static_cast<double>(batch * output_h * output_w * Cout * per_group * Shape::kTaps), [&] {
    convolution2d<Tile, Shape>(pool, batch, h, w, Constant<Cin>{}, Constant<Cout>{}, x.data, h * w * Cin, w * Cin, Cin, packed.data,
                               [=](int64_t b, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) __attribute__((always_inline)) {
                                 sums.store(to + ((b * output_h + oh) * output_w + ow) * Cout + co, count);
                               });
  });
}

template <int64_t Cout>
static void volume(const char* name, const VolumeKernel& kernel, const Triple& size, const Triple& output, int64_t cin) {
  const Buffer x(size.product() * cin), weight(Cout * cin / kernel.groups * kernel.size.product()), packed(volume_packed_size<Tile>(kernel, cin, Cout));
  const Buffer y(output.product() * Cout);
  pack_volume<Tile>(nullptr, kernel, cin, Cout, weight.data, packed.data);
  float* const to = y.data;
  const int64_t cells = kernel.transposed ? size.product() : output.product();
  report(name, static_cast<double>(cells * Cout * (cin / kernel.groups) * kernel.size.product()), [&] {
    convolution3d<Tile>(pool, kernel, 1, size, output, cin, Constant<Cout>{}, x.data, size.product() * cin,
                        {{size.of[1] * size.of[2] * cin, size.of[2] * cin, cin}}, packed.data,
                        [=](int64_t, int64_t od, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) __attribute__((always_inline)) {
                          sums.store(to + ((od * output.of[1] + oh) * output.of[2] + ow) * Cout + co, count);
                        });
  });
}

int main(int arguments, char** values) {
  const int threads = arguments > 1 ? atoi(values[1]) : 1;
  ToroidPool* const several = threads > 1 ? pool_create(threads) : nullptr;
  pool = several;
  image<Convolution2dShape<3, 3, 1, 1, 1, 1, 1, 1, 96>, 96, 96>("depthwise 3x3 96 x 56x56", 1, 56, 56);
  image<Convolution2dShape<3, 3, 2, 2, 1, 1, 1, 1, 144>, 144, 144>("depthwise 3x3 /2 144 x 56x56", 1, 56, 56);
  image<Convolution2dShape<1, 3, 1, 1, 0, 1, 1, 1, 1>, 256, 256>("line 3 256-256 x 512", 1, 1, 512);
  image<Convolution2dShape<1, 3, 1, 1, 0, 1, 1, 1, 1>, 256, 256>("line 3 256-256 x 8x128", 8, 1, 128);
  image<Convolution2dShape<1, 3, 1, 2, 0, 1, 1, 1, 1>, 80, 384>("line 3 /2 80-384 x 1000", 1, 1, 1000);
  image<Convolution2dShape<1, 31, 1, 1, 0, 15, 1, 1, 256>, 256, 256>("line depthwise 31 256 x 400", 1, 1, 400);
  const VolumeKernel twice = {{{1, 4, 4}}, {{1, 2, 2}}, {{0, 1, 1}}, {{1, 1, 1}}, 1, true};
  volume<64>("transposed 4x4 /2 128-64 x 16x16", twice, {{1, 16, 16}}, {{1, 32, 32}}, 128);
  volume<32>("transposed 4x4 /2 64-32 x 32x32", twice, {{1, 32, 32}}, {{1, 64, 64}}, 64);
  volume<3>("transposed 4x4 /2 64-3 x 32x32", twice, {{1, 32, 32}}, {{1, 64, 64}}, 64);
  const VolumeKernel side = {{{1, 2, 2}}, {{1, 2, 2}}, {{0, 0, 0}}, {{1, 1, 1}}, 1, true};
  volume<64>("transposed 2x2 /2 128-64 x 28x28", side, {{1, 28, 28}}, {{1, 56, 56}}, 128);
  const VolumeKernel line = {{{1, 1, 16}}, {{1, 1, 8}}, {{0, 0, 4}}, {{1, 1, 1}}, 1, true};
  volume<128>("transposed line 16 /8 256-128 x 64", line, {{1, 1, 64}}, {{1, 1, 512}}, 256);
  const VolumeKernel depthwise_twice = {{{1, 4, 4}}, {{1, 2, 2}}, {{0, 1, 1}}, {{1, 1, 1}}, 64, true};
  volume<64>("transposed depthwise 4x4 /2 64 x 32x32", depthwise_twice, {{1, 32, 32}}, {{1, 64, 64}}, 64);
  const VolumeKernel cube = {{{3, 3, 3}}, {{1, 1, 1}}, {{1, 1, 1}}, {{1, 1, 1}}, 1, false};
  volume<64>("volume 3 64-64 x 8x28x28", cube, {{8, 28, 28}}, {{8, 28, 28}}, 64);
  volume<16>("volume 3 3-16 x 16x32x32", cube, {{16, 32, 32}}, {{16, 32, 32}}, 3);
  volume<128>("volume 3 128-128 x 4x14x14", cube, {{4, 14, 14}}, {{4, 14, 14}}, 128);
  volume<32>("volume 3 16-32 x 16x16x16", cube, {{16, 16, 16}}, {{16, 16, 16}}, 16);
  const VolumeKernel depthwise = {{{3, 3, 3}}, {{1, 1, 1}}, {{1, 1, 1}}, {{1, 1, 1}}, 64, false};
  volume<64>("volume depthwise 3 64 x 8x28x28", depthwise, {{8, 28, 28}}, {{8, 28, 28}}, 64);
  pool_delete(several);
}
