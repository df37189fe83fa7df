// The six layers of all-MiniLM-L6-v2 with the calls that the compiler makes of the templates, and weights of their own for each layer, so that
// few rows stream 42 MB of them as the real model does. Not a test: prints, for one and two threads, each kind of kernel's time in a run
// (the median over runs, all layers together), and its share of the multiply-add peak of so many threads.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -pthread -I <include> minilm_bench.cpp -o minilm_bench && [HUGE=1] ./minilm_bench [seconds for each case] [batch tokens]
// With HUGE set, weights lie on huge pages.
#include <sys/mman.h>

#include <toroid/attention.h>
#include <toroid/gemm.h>
#include <toroid/loops.h>
#include <toroid/math.h>
#include <toroid/pool_threads.h>

#include "bench.h"

using namespace toroid;

namespace {

typedef DefaultTile<float> Tile;
constexpr int L = kLanes;
constexpr int64_t kHidden = 384, kHeads = 12, kInner = 1536, kLayers = 6;
constexpr int kKernels = 7;
constexpr const char* kNames[kKernels] = {"q, k, v", "attention", "output", "norm", "intermediate", "output", "norm"};

uint32_t random_state = 1;
float* values(int64_t count, float scale, float offset = 0) {
  float* memory = bench::memory<float>(count);
  for (int64_t i = 0; i < count; ++i) {
    random_state = random_state * 1664525u + 1013904223u;
    memory[i] = offset + scale * (static_cast<float>(random_state >> 8) / static_cast<float>(1 << 23) - 1.0f);
  }
  return memory;
}
/// Weights lie together, as in a model, on huge pages where `huge`: with pages of 4 KiB, a product of few rows mostly waits for translations.
bool huge = false;
void* weight_memory(int64_t bytes) {
  constexpr size_t size = 64 << 20, page = 2 << 20;
  static char* next = nullptr;
  if (next == nullptr) {
    next = static_cast<char*>(aligned_alloc(page, size));
    madvise(next, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  }
  char* memory = next;
  next += (bytes + 63) / 64 * 64;
  return memory;
}
const float* weights(int64_t n, int64_t k) {
  float* plain = values(n * k, 0.05f);
  float* packed = static_cast<float*>(weight_memory(packed_size<Tile>(n, k) * 4));
  pack_panels<Tile>(nullptr, n, k, plain, k, 1, packed);
  free(plain);
  return packed;
}

struct Linear {
  const float *weight, *bias;
  Linear(int64_t n, int64_t k) : weight(weights(n, k)), bias(values(n, 0.1f)) {}
};
struct Norm {
  const float *weight = values(kHidden, 0.1f, 1.0f), *bias = values(kHidden, 0.1f);
};
struct Layer {
  Linear qkv{3 * kHidden, kHidden}, output{kHidden, kHidden}, up{kInner, kHidden}, down{kHidden, kInner};
  Norm attention_norm, norm;
};

void project(const ToroidPool* pool, const float* __restrict x, const Linear& linear, float* __restrict to, int64_t rows) {
  gemm<Tile>(
      pool, rows, Constant<3 * kHidden>{}, Constant<kHidden>{}, x, kHidden, linear.weight,
      [&](int64_t m, int64_t n, auto sums, auto count) TOROID_INLINE_LAMBDA {
    const auto bias = Vec<float, L>::load(linear.bias + n, count);
    (sums + bias).store(to + 3 * kHidden * m + n, count);
  });
}

template <class K>
void add_product(const ToroidPool* pool, const float* __restrict x, K k, const Linear& linear, const float* __restrict residual,
                 float* __restrict to, int64_t rows) {
  gemm<Tile>(
      pool, rows, Constant<kHidden>{}, k, x, k, linear.weight, [&](int64_t m, int64_t n, auto sums, auto count) TOROID_INLINE_LAMBDA {
    const auto bias = Vec<float, L>::load(linear.bias + n, count);
    const auto old = Vec<float, L>::load(residual + kHidden * m + n, count);
    (sums + bias + old).store(to + kHidden * m + n, count);
  });
}

void gelu_product(const ToroidPool* pool, const float* __restrict x, const Linear& linear, float* __restrict to, int64_t rows) {
  gemm<Tile>(
      pool, rows, Constant<kInner>{}, Constant<kHidden>{}, x, kHidden, linear.weight,
      [&](int64_t m, int64_t n, auto sums, auto count) TOROID_INLINE_LAMBDA {
    const auto t0 = sums + Vec<float, L>::load(linear.bias + n, count);
    const auto t1 = t0 * Vec<float, L>::broadcast(0.5f);
    const auto t2 = erf(t0 * Vec<float, L>::broadcast(0.70710677f));
    (t1 * (t2 + Vec<float, L>::broadcast(1.0f))).store(to + kInner * m + n, count);
  });
}

void normalize(const ToroidPool* pool, const float* __restrict x, const Norm& norm, float* __restrict to, int64_t rows) {
  parallel_for(pool, rows, grain_of(17280), [&](int64_t begin, int64_t end) {
    for (int64_t i0 = begin; i0 < end; ++i0) {
      Welford<Vec<float, L>> acc[4];
      for_lanes<L, 4>(0, kHidden, [&](int64_t j0, auto count, auto slot) TOROID_INLINE_LAMBDA {
        acc[slot.index].add(Vec<float, L>::load(x + kHidden * i0 + j0, count), count);
      });
      const auto total = merged(acc).total();
      const auto mean = Vec<float, L>::broadcast(total.mean);
      const auto factor = Vec<float, L>::broadcast(rsqrt(total.squares / 384.0f + 1e-12f));
      for_lanes<L, 1>(0, kHidden, [&](int64_t j0, auto count, auto) TOROID_INLINE_LAMBDA {
        const auto t0 = (Vec<float, L>::load(x + kHidden * i0 + j0, count) - mean) * factor;
        const auto t1 = t0 * Vec<float, L>::load(norm.weight + j0, count) + Vec<float, L>::load(norm.bias + j0, count);
        t1.store(to + kHidden * i0 + j0, count);
      });
    }
  });
}

void attend_all(const ToroidPool* pool, const float* qkv, const float* bias, float* to, int64_t batch, int64_t tokens) {
  const int64_t width = 3 * kHidden;
  const auto part = [=](int64_t p) { return Heads<const float>{qkv + p * kHidden, tokens * width, 32, width}; };
  const AttentionInputs<float> inputs = {batch, kHeads, tokens, tokens, part(0), part(1), part(2), 0.17677669f};
  const StoreHeads<float> store = {{to, tokens * kHidden, 32, kHidden}};
  attention(pool, inputs, Constant<32>{}, Constant<32>{},
            [=](int64_t b, int64_t, int64_t, int64_t j, auto count) { return Vec<float, L>::load(bias + b * tokens + j, count); }, store);
}

double flops_of(int kernel, int64_t batch, int64_t tokens) {
  const double rows = static_cast<double>(batch * tokens), one = 2.0 * rows * static_cast<double>(kHidden * kHidden);
  const double each[kKernels] = {3 * one, 4.0 * rows * static_cast<double>(tokens * kHidden), one, 0, 4 * one, 4 * one, 0};
  return static_cast<double>(kLayers) * each[kernel];
}

int compare(const void* a, const void* b) {
  const double x = *static_cast<const double*>(a), y = *static_cast<const double*>(b);
  return x < y ? -1 : x > y;
}
double median(double* times, int count) {
  qsort(times, static_cast<size_t>(count), sizeof(double), compare);
  return times[count / 2];
}

constexpr int kMostRuns = 4000;
double times[kKernels + 1][kMostRuns];

struct Case {
  int64_t batch, tokens;
  float *input, *mask, *hidden, *qkv, *context, *sum, *inner;

  Case(int64_t b, int64_t t) : batch(b), tokens(t) {
    const int64_t m = b * t;
    input = values(m * kHidden, 1);
    mask = values(m, 0);
    hidden = values(m * kHidden, 0);
    qkv = values(m * 3 * kHidden, 0);
    context = values(m * kHidden, 0);
    sum = values(m * kHidden, 0);
    inner = values(m * kInner, 0);
  }

  template <class After>
  void run(const ToroidPool* pool, const Layer* layers, After after) {
    const int64_t m = batch * tokens;
    for (int64_t l = 0; l < kLayers; ++l) {
      const Layer& layer = layers[l];
      const float* x = l == 0 ? input : hidden;
      project(pool, x, layer.qkv, qkv, m);
      after(0);
      attend_all(pool, qkv, mask, context, batch, tokens);
      after(1);
      add_product(pool, context, Constant<kHidden>{}, layer.output, x, sum, m);
      after(2);
      normalize(pool, sum, layer.attention_norm, hidden, m);
      after(3);
      gelu_product(pool, hidden, layer.up, inner, m);
      after(4);
      add_product(pool, inner, Constant<kInner>{}, layer.down, hidden, sum, m);
      after(5);
      normalize(pool, sum, layer.norm, hidden, m);
      after(6);
    }
  }

  void print(const ToroidPool* pool, int threads, const Layer* layers, double peak, double limit) {
    for (int i = 0; i < 3; ++i) run(pool, layers, [](int) {});
    int count = 0;
    double shortest = 1e9;
    for (const double until = bench::seconds() + limit; count < kMostRuns && (count < 3 || bench::seconds() < until); ++count) {
      double last = bench::seconds();
      const double start = last;
      for (int i = 0; i < kKernels; ++i) times[i][count] = 0;
      run(pool, layers, [&](int kernel) {
        const double now = bench::seconds();
        times[kernel][count] += now - last;
        last = now;
      });
      times[kKernels][count] = last - start;
      if (last - start < shortest) shortest = last - start;
    }
    double all = 0;
    for (int i = 0; i < kKernels; ++i) all += flops_of(i, batch, tokens);
    const double whole = median(times[kKernels], count);
    printf("(%lld, %lld) %d thread%s: median %.1f us, best %.1f us, %.1f %% of the peak (best %.1f %%)\n", static_cast<long long>(batch),
           static_cast<long long>(tokens), threads, threads > 1 ? "s" : "", whole * 1e6, shortest * 1e6, 100 * all / whole / peak,
           100 * all / shortest / peak);
    for (int i = 0; i < kKernels; ++i) {
      const double taken = median(times[i], count), flops = flops_of(i, batch, tokens);
      printf("    %-13s %10.1f us %7.1f GFLOP/s %5.1f %%\n", kNames[i], taken * 1e6, flops / taken * 1e-9, 100 * flops / taken / peak);
    }
  }
};

}  // namespace

int main(int count, char** arguments) {
  huge = getenv("HUGE") != nullptr;
  const double limit = count > 1 ? atof(arguments[1]) : 1.0;
  const double peak = bench::peak_flops<float>();
  printf("peak %.1f GFLOP/s of a thread\n", peak * 1e-9);
  static Layer layers[kLayers];
  ToroidPool* pool = pool_create(2);
  const int64_t cases[][2] = {{1, 8}, {1, 16}, {1, 128}, {8, 128}, {32, 32}, {1, 512}};
  for (const auto& sizes : cases) {
    if (count > 3 && (sizes[0] != atoll(arguments[2]) || sizes[1] != atoll(arguments[3]))) continue;
    Case c(sizes[0], sizes[1]);
    c.print(nullptr, 1, layers, peak, limit);
    c.print(pool, 2, layers, 2 * peak, limit);
  }
  pool_delete(pool);
}
