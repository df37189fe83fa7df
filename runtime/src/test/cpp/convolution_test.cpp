// Convolutions against plain loops: kernel sizes, strides, padding, dilation, groups, depthwise, strided images, every way through the
// header (direct, patch, band of patches, tap by tap, few terms, Winograd's transformation and its accuracy), one and two threads.
#include <stdio.h>

#include <initializer_list>

#include <toroid/convolution.h>

#include "testing.h"

using namespace toroid;
using testing::Buffer;
using testing::checks;
using testing::fail;

template <int N>
static int64_t lanes(Full<N>) { return N; }
static int64_t lanes(int64_t count) { return count; }

/// Pixels of x lie `gap` elements further apart than they need to.
template <class T, class Shape, class Cin, class Cout>
static void convolve(const ToroidPool* pool, int64_t batch, int64_t h, int64_t w, Cin cin, Cout cout, int64_t gap = 0) {
  typedef DefaultTile<T> Tile;
  const int64_t stride_w = cin + gap, stride_h = w * stride_w + gap, stride_b = h * stride_h, group_in = cin / Shape::kGroups;
  const int64_t output_h = Shape::output_h(h), output_w = Shape::output_w(w), outputs = batch * output_h * output_w * cout;
  Buffer<T> x(batch * stride_b), weight(cout * group_in * Shape::kTaps), packed(convolution_packed_size<Tile, Shape>(cin, cout)), y(outputs);
  Buffer<int8_t> written(outputs);
  for (int64_t i = 0; i < outputs; ++i) written.data[i] = 0;
  pack_convolution<Tile, Shape>(pool, cin, cout, weight.data, packed.data);
  convolution2d<Tile, Shape>(pool, batch, h, w, cin, cout, x.data, stride_b, stride_h, stride_w, packed.data,
                             [&](int64_t b, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) {
                               const int64_t at = ((b * output_h + oh) * output_w + ow) * cout + co;
                               sums.store(y.data + at, count);
                               for (int64_t i = 0; i < lanes(count); ++i) ++written.data[at + i];
                             });
  for (int64_t at = 0; at < outputs; ++at) {
    const int64_t co = at % cout, ow = at / cout % output_w, oh = at / cout / output_w % output_h, b = at / cout / output_w / output_h;
    const int64_t first = co / (cout / Shape::kGroups) * group_in;
    double sum = 0, size = 0;
    for (int64_t kh = 0; kh < Shape::kKernelH; ++kh) {
      for (int64_t kw = 0; kw < Shape::kKernelW; ++kw) {
        const int64_t ih = oh * Shape::kStrideH - Shape::kPaddingH + kh * Shape::kDilationH;
        const int64_t iw = ow * Shape::kStrideW - Shape::kPaddingW + kw * Shape::kDilationW;
        if (ih < 0 || ih >= h || iw < 0 || iw >= w) continue;
        for (int64_t ci = 0; ci < group_in; ++ci) {
          const double term = static_cast<double>(x.data[b * stride_b + ih * stride_h + iw * stride_w + first + ci]) *
                              static_cast<double>(weight.data[(co * group_in + ci) * Shape::kTaps + kh * Shape::kKernelW + kw]);
          sum += term;
          size += term < 0 ? -term : term;
        }
      }
    }
    const double difference = static_cast<double>(y.data[at]) - sum, tolerance = (sizeof(T) == 4 ? 1e-6 : 2e-15) * (size + 1);
    ++checks;
    if (written.data[at] == 1 && difference <= tolerance && -difference <= tolerance) continue;
    fail("%lldx%lldx%lldx%lld -> %lld, kernel %dx%d stride %d,%d padding %d,%d dilation %d,%d groups %d, at [%lld, %lld, %lld, %lld]: "
            "expected %.9g, got %.9g, written %d times",
            static_cast<long long>(batch), static_cast<long long>(h), static_cast<long long>(w), static_cast<long long>(cin),
            static_cast<long long>(cout), Shape::kKernelH, Shape::kKernelW, Shape::kStrideH, Shape::kStrideW, Shape::kPaddingH, Shape::kPaddingW,
            Shape::kDilationH, Shape::kDilationW, Shape::kGroups, static_cast<long long>(b), static_cast<long long>(oh), static_cast<long long>(ow),
            static_cast<long long>(co), sum, static_cast<double>(y.data[at]), static_cast<int>(written.data[at]));
  }
}

template <int K, int S, int P, int D = 1, int G = 1>
using Square = Convolution2dShape<K, K, S, S, P, P, D, D, G>;

static void dense(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1>>(pool, 1, 8, 8, Constant<1>{}, Constant<16>{});
  convolve<float, Square<3, 1, 1>>(pool, 5, 4, 4, Constant<16>{}, Constant<32>{});
  for (int64_t cout : {1, 10, 16, 40, 70}) {
    for (int64_t cin : {1, 3, 16}) {
      convolve<float, Square<3, 1, 1>>(pool, 2, 9, 7, cin, cout);
      convolve<float, Square<3, 2, 1>>(pool, 1, 11, 12, cin, cout, 2);
      convolve<float, Square<3, 1, 2, 2>>(pool, 2, 8, 9, cin, cout);
    }
    convolve<float, Square<1, 1, 0>>(pool, 3, 5, 6, int64_t{24}, cout);
    convolve<float, Square<5, 3, 0>>(pool, 2, 13, 17, int64_t{5}, cout, 1);
    convolve<float, Convolution2dShape<2, 5, 1, 2, 0, 2, 2, 1, 1>>(pool, 2, 9, 14, int64_t{6}, cout);
  }
  convolve<float, Square<3, 1, 0>>(pool, 1, 6, 8, int64_t{300}, int64_t{70});  // k long enough to be cut
  convolve<double, Square<3, 1, 1>>(pool, 2, 7, 9, int64_t{5}, int64_t{20});
  convolve<double, Square<2, 2, 0>>(pool, 1, 8, 8, int64_t{4}, int64_t{9});
}

static void every_way_for_padding(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1>>(pool, 2, 30, 40, int64_t{20}, int64_t{17});     // bands
  convolve<float, Square<3, 1, 1>>(pool, 1, 4, 700, int64_t{12}, int64_t{3});      // bands cut into columns
  convolve<float, Square<7, 2, 3>>(pool, 1, 41, 60, int64_t{3}, int64_t{33});      // bands, wide window
  convolve<float, Square<3, 1, 1>>(pool, 2, 14, 15, int64_t{80}, int64_t{48});     // tap by tap
  convolve<float, Square<3, 2, 1>>(pool, 1, 9, 9, int64_t{1100}, int64_t{20}, 3);  // tap by tap, more channels than zeros
  convolve<float, Square<31, 1, 15>>(pool, 1, 34, 9, int64_t{20}, int64_t{4});     // a window larger than a patch and than the image
  convolve<double, Square<3, 1, 1>>(pool, 1, 15, 14, int64_t{64}, int64_t{20});
}

/// Few terms for each sum, their number known: a path of its own.
static void thin(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1>>(pool, 3, 8, 8, Constant<1>{}, Constant<16>{});
  convolve<float, Square<3, 1, 1>>(pool, 2, 5, 21, Constant<3>{}, Constant<33>{}, 1);
  convolve<float, Square<3, 2, 1>>(pool, 1, 91, 93, Constant<3>{}, Constant<32>{});         // bands
  convolve<float, Square<3, 1, 0>>(pool, 1, 4, 1500, Constant<3>{}, int64_t{20});           // bands cut into columns
  convolve<float, Convolution2dShape<2, 4, 1, 3, 1, 2, 3, 2, 1>>(pool, 2, 9, 14, Constant<2>{}, Constant<5>{});
  convolve<float, Square<5, 1, 2>>(pool, 1, 3, 3, Constant<1>{}, Constant<70>{});
  convolve<float, Square<1, 1, 0>>(pool, 2, 1, 1, Constant<7>{}, Constant<48>{});
  convolve<float, Square<3, 1, 4>>(pool, 1, 2, 3, Constant<1>{}, Constant<8>{});            // windows outside the image
  convolve<double, Square<3, 1, 1>>(pool, 2, 6, 9, Constant<2>{}, Constant<17>{});
}

static void groups(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1, 1, 2>>(pool, 2, 6, 7, int64_t{8}, int64_t{34});
  convolve<float, Square<3, 2, 1, 1, 4>>(pool, 1, 9, 9, int64_t{8}, int64_t{8});
  convolve<float, Square<1, 1, 0, 1, 3>>(pool, 1, 4, 4, Constant<12>{}, Constant<6>{});
  convolve<float, Square<3, 1, 1, 1, 6>>(pool, 1, 5, 5, int64_t{6}, int64_t{18});  // depth multiplier 3
  convolve<float, Square<3, 1, 1, 1, 2>>(pool, 1, 20, 21, int64_t{128}, int64_t{40});
}

static void depthwise(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1, 1, 7>>(pool, 2, 9, 11, int64_t{7}, int64_t{7});
  convolve<float, Square<3, 1, 1, 1, 48>>(pool, 2, 14, 40, Constant<48>{}, Constant<48>{});
  convolve<float, Square<3, 2, 1, 1, 35>>(pool, 1, 12, 13, Constant<35>{}, Constant<35>{}, 1);
  convolve<float, Square<5, 1, 2, 1, 20>>(pool, 1, 6, 70, int64_t{20}, int64_t{20});
  convolve<float, Square<3, 1, 2, 2, 16>>(pool, 1, 3, 3, int64_t{16}, int64_t{16});
  convolve<float, Square<3, 1, 0, 1, 19>>(pool, 1, 5, 9, int64_t{19}, int64_t{19});
  convolve<float, Square<9, 1, 4, 1, 2>>(pool, 1, 3, 4, int64_t{2}, int64_t{2});
  convolve<double, Square<3, 2, 1, 1, 10>>(pool, 1, 8, 8, int64_t{10}, int64_t{10});
}

template <bool Winograd>
using Same3x3 = Convolution2dShape<3, 3, 1, 1, 1, 1, 1, 1, 1, Winograd>;

static void winograd(const ToroidPool* pool) {
  convolve<float, Square<3, 1, 1>>(pool, 7, 4, 4, Constant<16>{}, Constant<32>{});
  convolve<float, Square<3, 1, 0>>(pool, 2, 7, 10, Constant<24>{}, Constant<40>{}, 3);
  convolve<float, Convolution2dShape<3, 3, 1, 1, 2, 0, 1, 1, 1>>(pool, 2, 6, 9, Constant<9>{}, Constant<21>{});
  convolve<float, Square<3, 1, 3>>(pool, 1, 1, 2, Constant<8>{}, Constant<16>{});  // tiles outside the image
  convolve<float, Square<3, 1, 1>>(pool, 1, 1, 1, Constant<8>{}, Constant<16>{});
  convolve<float, Square<3, 1, 1>>(pool, 1, 9, 15, Constant<150>{}, Constant<100>{});  // blocks of channels
  convolve<float, Square<3, 1, 1>>(pool, 1, 15, 9, int64_t{130}, int64_t{83});
  convolve<float, Same3x3<false>>(pool, 2, 9, 7, Constant<16>{}, Constant<32>{});
  for (int64_t w = 1; w <= 27; w += 2) convolve<float, Square<3, 1, 1>>(pool, 1, 2, w, Constant<16>{}, Constant<16>{});  // blocks of all heights
}

template <bool Winograd>
static void run_3x3(const ToroidPool* pool, int64_t size, int64_t cin, int64_t cout, const float* x, const float* weight, float* y) {
  typedef DefaultTile<float> Tile;
  Buffer<float> packed(convolution_packed_size<Tile, Same3x3<Winograd>>(cin, cout));
  pack_convolution<Tile, Same3x3<Winograd>>(pool, cin, cout, weight, packed.data);
  convolution2d<Tile, Same3x3<Winograd>>(
      pool, 1, size, size, cin, cout, x, size * size * cin, size * cin, cin, packed.data,
      [=](int64_t, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) { sums.store(y + (oh * size + ow) * cout + co, count); });
}

struct Error {
  double square = 0, largest = 0, share = 0;  // of PyTorch's tolerance
  void add(double got, double expected) {
    const double error = got > expected ? got - expected : expected - got;
    const double tolerance = 1.3e-6 * (expected < 0 ? -expected : expected) + 1e-5;
    square += error * error;
    if (error > largest) largest = error;
    if (error / tolerance > share) share = error / tolerance;
  }
};

/// Sums of variance one, as weights are initialized.
static void accuracy(const ToroidPool* pool) {
  constexpr int64_t size = 9, cout = 40;
  for (int64_t cin : {16, 64, 512}) {
    Buffer<float> x(size * size * cin), weight(cout * cin * 9), direct(size * size * cout), fast(size * size * cout);
    for (int64_t i = 0; i < weight.size; ++i) weight.data[i] *= static_cast<float>(__builtin_sqrt(9.0 / static_cast<double>(9 * cin)));
    run_3x3<false>(pool, size, cin, cout, x.data, weight.data, direct.data);
    run_3x3<true>(pool, size, cin, cout, x.data, weight.data, fast.data);
    Error errors[2];
    for (int64_t at = 0; at < fast.size; ++at) {
      const int64_t oh = at / cout / size, ow = at / cout % size, co = at % cout;
      double sum = 0;
      for (int64_t tap = 0; tap < 9; ++tap) {
        const int64_t ih = oh + tap / 3 - 1, iw = ow + tap % 3 - 1;
        if (ih < 0 || ih >= size || iw < 0 || iw >= size) continue;
        for (int64_t c = 0; c < cin; ++c)
          sum += static_cast<double>(x.data[(ih * size + iw) * cin + c]) * static_cast<double>(weight.data[(co * cin + c) * 9 + tap]);
      }
      errors[0].add(static_cast<double>(direct.data[at]), sum);
      errors[1].add(static_cast<double>(fast.data[at]), sum);
    }
    for (int i = 0; i < 2; ++i)
      printf("convolution_test: 3x3, %lld channels, %s: error %.1e, at most %.1e, %.2f of the tolerance\n", static_cast<long long>(cin),
             i == 0 ? "directly" : "transformed", __builtin_sqrt(errors[i].square / static_cast<double>(fast.size)), errors[i].largest, errors[i].share);
    ++checks;
    if (errors[1].share < 0.6 && errors[1].square < 1.2 * errors[0].square) continue;
    fail("the transformation loses accuracy");
  }
}

/// An infinity spreads to the outputs whose window it is in, no further; the transformation may make NaN of it.
template <bool Winograd>
static void infinity(const ToroidPool* pool, int64_t at_h, int64_t at_w) {
  constexpr int64_t size = 10, cin = 8, cout = 16;
  Buffer<float> x(size * size * cin), weight(cout * cin * 9), y(size * size * cout);
  x.data[(at_h * size + at_w) * cin + 3] = __builtin_inff();
  run_3x3<Winograd>(pool, size, cin, cout, x.data, weight.data, y.data);
  for (int64_t i = 0; i < y.size; ++i) {
    const int64_t oh = i / cout / size, ow = i / cout % size;
    const bool sees = oh >= at_h - 1 && oh <= at_h + 1 && ow >= at_w - 1 && ow <= at_w + 1;
    const float value = y.data[i];
    const bool finite = value - value == 0;
    ++checks;
    if (finite != sees && (finite || Winograd || value == value)) continue;
    fail("infinity at [%lld, %lld] makes %g at [%lld, %lld]", static_cast<long long>(at_h), static_cast<long long>(at_w),
            static_cast<double>(value), static_cast<long long>(oh), static_cast<long long>(ow));
  }
}

/// The same bits on any number of threads.
static void repeatability(const ToroidPool* pool) {
  constexpr int64_t size = 17, cin = 70, cout = 150;
  Buffer<float> x(size * size * cin), weight(cout * cin * 9), one(size * size * cout), many(size * size * cout);
  run_3x3<true>(nullptr, size, cin, cout, x.data, weight.data, one.data);
  run_3x3<true>(pool, size, cin, cout, x.data, weight.data, many.data);
  for (int64_t i = 0; i < one.size; ++i) {
    ++checks;
    if (one.data[i] == many.data[i]) continue;
    fail("%.9g on one thread, %.9g on several", static_cast<double>(one.data[i]), static_cast<double>(many.data[i]));
  }
}

int main() {
  testing::alone_and_on(2, [](const ToroidPool* pool) {
    dense(pool);
    thin(pool);
    winograd(pool);
    for (int64_t at : {0, 4, 5, 9}) {
      infinity<false>(pool, at, 4);
      infinity<true>(pool, at, 4);
      infinity<true>(pool, 5, at);
    }
    repeatability(pool);
    if (pool == nullptr) accuracy(pool);
    every_way_for_padding(pool);
    groups(pool);
    depthwise(pool);
  });
  return testing::finish();
}
