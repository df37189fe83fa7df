// Convolutions of volumes and transposed ones against plain loops: kernels, strides, padding, dilation, groups, depthwise, strided volumes,
// rows in place and copied, more channels than a row of zeros has, one and two threads. Every element is written once.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <initializer_list>

#include <toroid/pool_threads.h>
#include <toroid/volume_convolution.h>

using namespace toroid;

static int64_t checks = 0;

static uint32_t random_state = 77;
static double random_value() {
  random_state = random_state * 1664525u + 1013904223u;
  return static_cast<double>(random_state >> 8) / (1 << 23) - 1.0;
}

template <class T>
struct Buffer {
  T* data;
  int64_t size;
  static constexpr T kGuard = T(123456);
  explicit Buffer(int64_t count) : data(static_cast<T*>(malloc(static_cast<size_t>(count + 1) * sizeof(T)))), size(count) {
    for (int64_t i = 0; i < count; ++i) data[i] = static_cast<T>(random_value());
    data[count] = kGuard;
  }
  Buffer(const Buffer&) = delete;
  ~Buffer() {
    if (data[size] == kGuard) {
      free(data);
      return;
    }
    fprintf(stderr, "volume_test: a buffer of %lld elements was overrun\n", static_cast<long long>(size));
    exit(1);
  }
};

template <int N>
static int64_t lanes(Full<N>) { return N; }
static int64_t lanes(int64_t count) { return count; }

static Triple output_of(const VolumeKernel& kernel, const Triple& size, const Triple& more) {
  Triple output = {{0, 0, 0}};
  for (int i = 0; i < 3; ++i) {
    const int64_t reach = (kernel.size.of[i] - 1) * kernel.dilation.of[i] + 1;
    output.of[i] = kernel.transposed ? (size.of[i] - 1) * kernel.stride.of[i] - 2 * kernel.padding.of[i] + reach + more.of[i]
                                     : (size.of[i] + 2 * kernel.padding.of[i] - reach) / kernel.stride.of[i] + 1;
  }
  return output;
}

/// The input that output o meets by tap k, or -1.
static int64_t input_of(const VolumeKernel& kernel, const Triple& size, int i, int64_t o, int64_t k) {
  const int64_t stride = kernel.stride.of[i], padding = kernel.padding.of[i], dilation = kernel.dilation.of[i];
  int64_t at = o * stride - padding + k * dilation;
  if (kernel.transposed) {
    const int64_t spread = o + padding - k * dilation;
    at = spread >= 0 && spread % stride == 0 ? spread / stride : -1;
  }
  return at >= 0 && at < size.of[i] ? at : -1;
}

/// Elements of x lie `gap` further apart than they need to; the result of a transposed convolution is `more` larger.
template <class T, class Cout>
static void convolve(const ToroidPool* pool, const VolumeKernel& kernel, int64_t batch, const Triple& size, int64_t cin, Cout cout, int64_t gap = 0,
                     const Triple& more = {{0, 0, 0}}) {
  typedef DefaultTile<T> Tile;
  const Triple output = output_of(kernel, size, more);
  const int64_t stride_w = cin + gap, stride_h = size.of[2] * stride_w + gap, stride_d = size.of[1] * stride_h, stride_b = size.of[0] * stride_d;
  const int64_t groups = kernel.groups, in = cin / groups, out = cout / groups, taps = kernel.size.product(), outputs = batch * output.product() * cout;
  Buffer<T> x(batch * stride_b), weight(cout * in * taps), packed(volume_packed_size<Tile>(kernel, cin, cout)), y(outputs);
  Buffer<int8_t> written(outputs);
  for (int64_t i = 0; i < outputs; ++i) written.data[i] = 0;
  pack_volume<Tile>(pool, kernel, cin, cout, weight.data, packed.data);
  convolution3d<Tile>(pool, kernel, batch, size, output, cin, cout, x.data, stride_b, {{stride_d, stride_h, stride_w}}, packed.data,
                      [&](int64_t b, int64_t od, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) {
                        const int64_t at = (((b * output.of[0] + od) * output.of[1] + oh) * output.of[2] + ow) * cout + co;
                        sums.store(y.data + at, count);
                        for (int64_t i = 0; i < lanes(count); ++i) ++written.data[at + i];
                      });
  for (int64_t at = 0; at < outputs; ++at) {
    const int64_t co = at % cout, ow = at / cout % output.of[2], oh = at / cout / output.of[2] % output.of[1];
    const int64_t od = at / cout / output.of[2] / output.of[1] % output.of[0], b = at / cout / output.product(), group = co / out;
    double sum = 0, total = 0;
    for (int64_t tap = 0; tap < taps; ++tap) {
      const int64_t id = input_of(kernel, size, 0, od, tap / kernel.size.of[2] / kernel.size.of[1]);
      const int64_t ih = input_of(kernel, size, 1, oh, tap / kernel.size.of[2] % kernel.size.of[1]);
      const int64_t iw = input_of(kernel, size, 2, ow, tap % kernel.size.of[2]);
      if (id < 0 || ih < 0 || iw < 0) continue;
      for (int64_t c = 0; c < in; ++c) {
        const int64_t filter = kernel.transposed ? (group * in + c) * out + co % out : co * in + c;
        const double term = static_cast<double>(x.data[b * stride_b + id * stride_d + ih * stride_h + iw * stride_w + group * in + c]) *
                            static_cast<double>(weight.data[filter * taps + tap]);
        sum += term;
        total += term < 0 ? -term : term;
      }
    }
    const double difference = static_cast<double>(y.data[at]) - sum, tolerance = (sizeof(T) == 4 ? 1e-6 : 2e-15) * (total + 1);
    ++checks;
    if (written.data[at] == 1 && difference <= tolerance && -difference <= tolerance) continue;
    fprintf(stderr, "volume_test: %s%lldx%lldx%lld, %lld channels to %lld, kernel %lldx%lldx%lld, groups %lld, at [%lld, %lld, %lld, %lld, %lld]: "
            "expected %.9g, got %.9g, written %d times\n", kernel.transposed ? "transposed " : "", static_cast<long long>(size.of[0]),
            static_cast<long long>(size.of[1]), static_cast<long long>(size.of[2]), static_cast<long long>(cin), static_cast<long long>(cout),
            static_cast<long long>(kernel.size.of[0]), static_cast<long long>(kernel.size.of[1]), static_cast<long long>(kernel.size.of[2]),
            static_cast<long long>(groups), static_cast<long long>(b), static_cast<long long>(od), static_cast<long long>(oh),
            static_cast<long long>(ow), static_cast<long long>(co), sum, static_cast<double>(y.data[at]), static_cast<int>(written.data[at]));
    exit(1);
  }
}

static constexpr VolumeKernel cube(int64_t size, int64_t stride, int64_t padding, int64_t dilation = 1, int64_t groups = 1, bool transposed = false) {
  return {{{size, size, size}}, {{stride, stride, stride}}, {{padding, padding, padding}}, {{dilation, dilation, dilation}}, groups, transposed};
}
static constexpr VolumeKernel back(int64_t size, int64_t stride, int64_t padding, int64_t dilation = 1, int64_t groups = 1) {
  return cube(size, stride, padding, dilation, groups, /* transposed= */ true);
}
/// Of an image: the depth is 1.
static constexpr VolumeKernel flat(VolumeKernel kernel) {
  kernel.size.of[0] = kernel.stride.of[0] = kernel.dilation.of[0] = 1;
  kernel.padding.of[0] = 0;
  return kernel;
}
/// Of a line.
static constexpr VolumeKernel thin(VolumeKernel kernel) {
  kernel = flat(kernel);
  kernel.size.of[1] = kernel.stride.of[1] = kernel.dilation.of[1] = 1;
  kernel.padding.of[1] = 0;
  return kernel;
}

static void volumes(const ToroidPool* pool) {
  for (int64_t cout : {1, 16, 40, 70}) {
    for (int64_t cin : {1, 3, 20, 40}) {
      convolve<float>(pool, cube(3, 1, 1), 2, {{4, 5, 6}}, cin, cout);
      convolve<float>(pool, cube(2, 2, 0), 1, {{5, 6, 7}}, cin, cout, 2);
    }
    convolve<float>(pool, cube(3, 1, 2, 2), 1, {{5, 4, 7}}, int64_t{5}, cout);
  }
  convolve<float>(pool, cube(3, 1, 1), 1, {{3, 9, 14}}, 64, Constant<64>{});
  convolve<float>(pool, cube(3, 2, 1), 1, {{7, 9, 8}}, 33, Constant<48>{}, 3);
  convolve<float>(pool, cube(1, 1, 0), 2, {{2, 3, 4}}, 24, Constant<20>{});
  convolve<float>(pool, cube(3, 1, 1), 1, {{2, 3, 3}}, 1100, int64_t{20});  // more channels than zeros
  convolve<float>(pool, cube(5, 1, 2), 1, {{5, 6, 7}}, 30, int64_t{9});     // rows too long to be copied
  convolve<float>(pool, cube(5, 1, 4), 1, {{1, 2, 3}}, 2, int64_t{4});      // windows outside the volume
  convolve<float>(pool, {{{3, 7, 7}}, {{1, 2, 2}}, {{1, 3, 3}}, {{1, 1, 1}}, 1, false}, 1, {{4, 15, 20}}, 3, Constant<33>{});
  convolve<double>(pool, cube(3, 1, 1), 2, {{4, 3, 5}}, 6, int64_t{9});
  convolve<double>(pool, cube(3, 1, 1), 1, {{4, 3, 5}}, 40, Constant<17>{});
  convolve<float>(pool, cube(3, 1, 1, 1, 2), 2, {{3, 4, 5}}, 8, int64_t{34});
  convolve<float>(pool, cube(3, 2, 1, 1, 3), 1, {{5, 4, 5}}, 120, Constant<6>{});
  convolve<float>(pool, cube(3, 1, 1), 1, {{2, 2, 2}}, 0, int64_t{5});  // no channels: zeros
}

static void transposed(const ToroidPool* pool) {
  for (int64_t cout : {1, 16, 40}) {
    for (int64_t cin : {1, 3, 20, 40}) {
      convolve<float>(pool, flat(back(4, 2, 1)), 2, {{1, 5, 6}}, cin, cout);
      convolve<float>(pool, flat(back(3, 2, 1)), 1, {{1, 4, 7}}, cin, cout, 1, {{0, 1, 1}});
      convolve<float>(pool, thin(back(4, 2, 1)), 2, {{1, 1, 13}}, cin, cout);
      convolve<float>(pool, back(3, 2, 1), 1, {{2, 3, 4}}, cin, cout);
    }
  }
  convolve<float>(pool, flat(back(3, 1, 0)), 1, {{1, 5, 6}}, 40, Constant<24>{});
  convolve<float>(pool, flat(back(3, 1, 2)), 1, {{1, 5, 6}}, 4, Constant<24>{});   // the result is smaller
  convolve<float>(pool, flat(back(2, 3, 0)), 1, {{1, 5, 6}}, 40, int64_t{7});      // cells between that no tap meets
  convolve<float>(pool, flat(back(3, 2, 1, 2)), 1, {{1, 5, 6}}, 9, int64_t{7});    // stride and dilation have a common divisor
  convolve<float>(pool, flat(back(3, 4, 1, 6)), 1, {{1, 5, 6}}, 40, int64_t{7}, 0, {{0, 3, 5}});
  convolve<float>(pool, flat(back(3, 3, 2, 2)), 2, {{1, 5, 6}}, 40, int64_t{7});
  convolve<float>(pool, flat(back(5, 3, 6)), 1, {{1, 7, 6}}, 40, int64_t{7});      // much is taken away
  convolve<float>(pool, flat(back(16, 8, 4)), 1, {{1, 3, 4}}, 21, int64_t{21});
  convolve<float>(pool, flat(back(3, 2, 1)), 1, {{1, 3, 3}}, 1100, int64_t{20});
  convolve<double>(pool, flat(back(4, 2, 1)), 1, {{1, 5, 6}}, 5, Constant<9>{});
  convolve<float>(pool, flat(back(4, 2, 1, 1, 2)), 2, {{1, 5, 6}}, 8, int64_t{34});
  convolve<float>(pool, flat(back(3, 2, 1, 1, 4)), 2, {{1, 5, 6}}, 8, int64_t{4});
  convolve<float>(pool, flat(back(4, 2, 1)), 3, {{1, 16, 17}}, 64, Constant<48>{});
}

static void depthwise(const ToroidPool* pool) {
  convolve<float>(pool, cube(3, 1, 1, 1, 7), 2, {{4, 5, 9}}, 7, int64_t{7});
  convolve<float>(pool, cube(3, 2, 1, 1, 48), 1, {{5, 6, 17}}, 48, Constant<48>{}, 1);
  convolve<float>(pool, cube(3, 1, 2, 2, 35), 1, {{3, 3, 12}}, 35, Constant<35>{});
  convolve<float>(pool, flat(back(4, 2, 1, 1, 20)), 2, {{1, 6, 21}}, 20, int64_t{20});
  convolve<float>(pool, flat(back(3, 2, 1, 1, 20)), 1, {{1, 6, 13}}, 20, Constant<20>{}, 2, {{0, 1, 1}});
  convolve<float>(pool, flat(back(2, 3, 0, 1, 5)), 1, {{1, 4, 9}}, 5, int64_t{5});
  convolve<float>(pool, flat(back(3, 2, 2, 4, 5)), 1, {{1, 4, 9}}, 5, int64_t{5});
  convolve<float>(pool, back(3, 2, 1, 1, 18), 1, {{3, 4, 11}}, 18, int64_t{18});
  convolve<double>(pool, cube(3, 2, 1, 1, 10), 1, {{4, 8, 8}}, 10, int64_t{10});
}

int main() {
  for (int threads : {1, 2}) {
    ToroidPool* pool = threads == 1 ? nullptr : pool_create(threads);
    volumes(pool);
    transposed(pool);
    depthwise(pool);
    pool_delete(pool);
  }
  printf("volume_test: %lld checks passed\n", static_cast<long long>(checks));
}
