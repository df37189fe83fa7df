// Matrix products against the multiply-add peak of one thread. Not a test: prints a table.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> gemm_bench.cpp -o gemm_bench && ./gemm_bench
#include <initializer_list>

#include <toroid/gemm.h>

#include "bench.h"

using namespace toroid;

template <class T, class N, class K>
static void row(double peak, int64_t m, N n, K k) {
  typedef DefaultTile<T> Tile;
  T* a = bench::buffer<T>(m * k);
  T* b = bench::buffer<T>(n * k);
  T* packed = bench::buffer<T>(packed_size<Tile>(n, k));
  T* c = bench::buffer<T>(m * n);
  const double packing = bench::best_seconds([&] { pack_panels<Tile>(nullptr, n, k, b, k, 1, packed); });
  const double taken = bench::best_seconds([&] {
    gemm<Tile>(nullptr, m, n, k, a, k, packed, [=](int64_t i, int64_t j, auto sums, auto count) { sums.store(c + i * n + j, count); });
  });
  const double flops = 2.0 * static_cast<double>(m * n * k);
  printf("%-7s %5lld x %5lld x %5lld %12.3f us %6.1f %%   packing %10.3f us\n", sizeof(T) == 4 ? "float" : "double", static_cast<long long>(m),
         static_cast<long long>(k), static_cast<long long>(n), taken * 1e6, 100 * flops / taken / peak, packing * 1e6);
  free(a);
  free(b);
  free(packed);
  free(c);
}

int main() {
  const double peak = bench::peak_flops<float>(), peak_double = bench::peak_flops<double>();
  printf("peak %.1f GFLOP/s float, %.1f double; M x K x N\n", peak / 1e9, peak_double / 1e9);
  row<float>(peak, 1, Constant<128>{}, Constant<64>{});
  row<float>(peak, 1, Constant<10>{}, Constant<128>{});
  row<float>(peak, 64, Constant<128>{}, Constant<64>{});
  row<float>(peak, 64, Constant<10>{}, Constant<128>{});
  row<float>(peak, 360, Constant<10>{}, Constant<128>{});
  for (int64_t m : {1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 24, 33, 128, 1024}) row<float>(peak, m, Constant<384>{}, Constant<384>{});
  row<float>(peak, 128, Constant<1536>{}, Constant<384>{});
  row<float>(peak, 128, Constant<384>{}, Constant<1536>{});
  row<float>(peak, 1024, Constant<1536>{}, Constant<384>{});
  row<float>(peak, 1024, Constant<384>{}, Constant<1536>{});
  row<float>(peak, 128, Constant<768>{}, Constant<3072>{});
  row<float>(peak, 256, Constant<1024>{}, Constant<1024>{});
  row<float>(peak, 1024, Constant<1024>{}, Constant<1024>{});
  row<float>(peak, 128, Constant<4096>{}, Constant<4096>{});
  row<float>(peak, 128, Constant<48>{}, Constant<384>{});
  row<float>(peak, 512, int64_t{1000}, int64_t{2048});
  row<double>(peak_double, 128, Constant<384>{}, Constant<384>{});
  row<double>(peak_double, 1024, Constant<1536>{}, Constant<384>{});
}
