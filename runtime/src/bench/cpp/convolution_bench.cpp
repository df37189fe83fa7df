// Convolutions against the multiply-add peak of one thread: directly, and by Winograd's transformation where it applies (its share of
// the peak counts the multiply-adds of direct convolution, so it may exceed 100 %). Not a test: prints a table.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> convolution_bench.cpp -o convolution_bench && ./convolution_bench [digits]
#include <initializer_list>

#include <toroid/convolution.h>

#include "bench.h"

using namespace toroid;

/// With bias and ReLU.
template <class Shape, class Cin, class Cout>
static double best_of(int64_t batch, int64_t h, int64_t w, Cin cin, Cout cout) {
  typedef DefaultTile<float> Tile;
  const int64_t output_h = Shape::output_h(h), output_w = Shape::output_w(w);
  float* x = bench::buffer<float>(batch * h * w * cin);
  float* weight = bench::buffer<float>(cout * (cin / Shape::kGroups) * Shape::kTaps);
  float* bias = bench::buffer<float>(cout);
  float* packed = bench::buffer<float>(convolution_packed_size<Tile, Shape>(cin, cout));
  float* y = bench::buffer<float>(batch * output_h * output_w * cout);
  pack_convolution<Tile, Shape>(nullptr, cin, cout, weight, packed);
  const double taken = bench::best_seconds([&] {
    convolution2d<Tile, Shape>(nullptr, batch, h, w, cin, cout, x, h * w * cin, w * cin, int64_t{cin}, packed,
                               [=](int64_t b, int64_t oh, int64_t ow, int64_t co, auto sums, auto count) __attribute__((always_inline)) {
                                 typedef decltype(sums) V;
                                 maximum(sums + V::load(bias + co, count), V::broadcast(0)).store(y + ((b * output_h + oh) * output_w + ow) * cout + co, count);
                               });
  });
  free(x);
  free(weight);
  free(bias);
  free(packed);
  free(y);
  return taken;
}

template <int K, int S, int P, int G = 1, class Cin, class Cout>
static void row(double peak, int64_t batch, int64_t h, int64_t w, Cin cin, Cout cout) {
  typedef Convolution2dShape<K, K, S, S, P, P, 1, 1, G, /* Winograd= */ false> Direct;
  typedef Convolution2dShape<K, K, S, S, P, P, 1, 1, G> Fast;
  const double direct = best_of<Direct>(batch, h, w, cin, cout);
  const double flops = 2.0 * static_cast<double>(batch * Direct::output_h(h) * Direct::output_w(w) * cout * (cin / G) * Direct::kTaps);
  printf("%3lld x %3lldx%-3lld %4lld -> %4lld  %dx%d /%d %s %10.3f us %6.1f %%", static_cast<long long>(batch), static_cast<long long>(h),
         static_cast<long long>(w), static_cast<long long>(cin), static_cast<long long>(cout), K, K, S, G > 1 ? "depthwise" : "         ", direct * 1e6,
         100 * flops / direct / peak);
  if (tile::is_winograd<DefaultTile<float>, Fast>(cin, cout)) {
    const double fast = best_of<Fast>(batch, h, w, cin, cout);
    printf("   winograd %10.3f us %6.1f %%", fast * 1e6, 100 * flops / fast / peak);
  }
  printf("\n");
  fflush(stdout);
}

static void digits(double peak) {
  for (int64_t batch : {int64_t{1}, int64_t{64}}) {
    row<3, 1, 1>(peak, batch, 8, 8, Constant<1>{}, Constant<16>{});
    row<3, 1, 1>(peak, batch, 4, 4, Constant<16>{}, Constant<32>{});
  }
}

static void large(double peak) {
  row<3, 2, 1>(peak, 1, 224, 224, Constant<3>{}, Constant<32>{});
  row<7, 2, 3>(peak, 1, 224, 224, Constant<3>{}, Constant<64>{});
  row<3, 1, 1>(peak, 1, 56, 56, Constant<64>{}, Constant<64>{});
  row<3, 1, 1>(peak, 1, 28, 28, Constant<128>{}, Constant<128>{});
  row<3, 1, 1>(peak, 1, 14, 14, Constant<256>{}, Constant<256>{});
  row<3, 1, 1>(peak, 1, 7, 7, Constant<512>{}, Constant<512>{});
  row<3, 1, 1>(peak, 8, 7, 7, Constant<512>{}, Constant<512>{});
  row<3, 1, 1>(peak, 1, 112, 112, Constant<8>{}, Constant<16>{});
  row<3, 1, 1>(peak, 1, 32, 32, Constant<24>{}, Constant<40>{});
  row<3, 2, 1>(peak, 1, 56, 56, Constant<64>{}, Constant<128>{});
  row<1, 1, 0>(peak, 1, 56, 56, Constant<64>{}, Constant<256>{});
  row<1, 1, 0>(peak, 1, 14, 14, Constant<1024>{}, Constant<256>{});
  row<3, 1, 1, 96>(peak, 1, 112, 112, Constant<96>{}, Constant<96>{});
  row<3, 1, 1, 384>(peak, 1, 14, 14, Constant<384>{}, Constant<384>{});
  row<3, 2, 1, 144>(peak, 1, 56, 56, Constant<144>{}, Constant<144>{});
}

int main(int arguments, char**) {
  const double peak = bench::peak_flops<float>();
  printf("peak %.1f GFLOP/s\n", peak / 1e9);
  digits(peak);
  if (arguments < 2) large(peak);
}
