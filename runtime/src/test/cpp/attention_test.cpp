// Attention against the formula in double: many shapes, strides and masks, static and run-time dimensions, one and two threads, special
// values. Tensors end at a page that must not be touched, and what lies between their rows is NaN, so that reading it shows.
#include <string.h>

#include <initializer_list>

#include <toroid/attention.h>

#include "testing.h"

using namespace toroid;
using testing::Buffer;
using testing::checks;
using testing::fail;
using testing::random_below;
using testing::random_value;

template <int N>
static int64_t any_of(const int64_t (&choices)[N]) {
  return choices[random_below(N)];
}

constexpr double kInf = __builtin_inf(), kNaN = __builtin_nan("");

enum Layout { kHeadsFirst, kTokensFirst, kSpaced, kLayouts };

/// A [batch, heads, tokens, width] tensor of random values.
template <class T>
struct Tensor {
  int64_t batch, heads, tokens, width;
  Heads<T> view;
  Buffer<T> memory;

  static Heads<T> view_of(int64_t heads, int64_t tokens, int64_t width, Layout layout) {
    switch (layout) {
      case kHeadsFirst: return {nullptr, heads * tokens * width, tokens * width, width};
      case kTokensFirst: return {nullptr, heads * tokens * width, width, heads * width};
      default: return {nullptr, tokens * (heads * (width + 3) + 5) + 1, width + 3, heads * (width + 3) + 5};
    }
  }
  static int64_t size_of(int64_t batch, int64_t heads, int64_t tokens, int64_t width, const Heads<T>& v) {
    if (batch * heads * tokens == 0) return 0;
    return (batch - 1) * v.batch_stride + (heads - 1) * v.head_stride + (tokens - 1) * v.token_stride + width;
  }

  Tensor(int64_t b, int64_t h, int64_t t, int64_t w, Layout layout)
      : batch(b), heads(h), tokens(t), width(w), view(view_of(h, t, w, layout)), memory(size_of(b, h, t, w, view)) {
    view.data = memory.data;
    memory.fill([] { return static_cast<T>(kNaN); });
    each([](T& x) { x = static_cast<T>(random_value()); });
  }
  template <class F>
  void each(F f) {
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t h = 0; h < heads; ++h)
        for (int64_t i = 0; i < tokens; ++i)
          for (int64_t c = 0; c < width; ++c) f(view.at(b, h, i)[c]);
  }
  Heads<const T> constant() const { return {view.data, view.batch_stride, view.head_stride, view.token_stride}; }
  double operator()(int64_t b, int64_t h, int64_t i, int64_t c) const { return static_cast<double>(view.at(b, h, i)[c]); }
  int64_t written() const {
    int64_t count = 0;
    const int64_t size = size_of(batch, heads, tokens, width, view);
    for (int64_t i = 0; i < size; ++i) count += view.data[i] == view.data[i];
    return count;
  }
};

/// Inputs and a result, which starts as NaN.
template <class T>
struct Case {
  int64_t batch, heads, queries, keys, d, dv;
  Tensor<T> q, k, v, o;
  T scale;
  Case(int64_t b, int64_t h, int64_t tq, int64_t tk, int64_t dimension, int64_t value_dimension, Layout layout = kTokensFirst)
      : batch(b), heads(h), queries(tq), keys(tk), d(dimension), dv(value_dimension), q(b, h, tq, d, layout), k(b, h, tk, d, layout),
        v(b, h, tk, dv, layout), o(b, h, tq, dv, layout), scale(static_cast<T>(d > 4 ? 2.0 / __builtin_sqrt(static_cast<double>(d)) : 1.5)) {
    o.each([](T& x) { x = static_cast<T>(kNaN); });
  }
  AttentionInputs<T> inputs() const { return {batch, heads, queries, keys, q.constant(), k.constant(), v.constant(), scale}; }
};

template <class T>
static constexpr double kEpsilon = sizeof(T) == 4 ? 0x1p-24 : 0x1p-53;

/// Element c of the result, and how far a computation in T may be from it.
struct Expected {
  double value, tolerance;
};
template <class T, class M>
static void expected_row(const Case<T>& a, int64_t b, int64_t h, int64_t i, M mask, double* scores, Expected* row) {
  double largest = -kInf, total = 0, size = 0;
  for (int64_t j = 0; j < a.keys; ++j) {
    double sum = 0, absolute = 0;
    for (int64_t c = 0; c < a.d; ++c) {
      sum += a.q(b, h, i, c) * a.k(b, h, j, c);
      absolute += __builtin_fabs(a.q(b, h, i, c) * a.k(b, h, j, c));
    }
    const double bias = mask(b, h, i, j);
    scores[j] = sum * static_cast<double>(a.scale) + bias;
    if (scores[j] > largest) largest = scores[j];
    absolute = absolute * static_cast<double>(a.scale) + (__builtin_fabs(bias) < 1e4 ? __builtin_fabs(bias) : 0);
    if (absolute > size) size = absolute;
  }
  const bool blind = largest == -kInf;
  for (int64_t j = 0; j < a.keys; ++j) total += scores[j] = blind ? 0 : __builtin_exp(scores[j] - largest);
  if (blind) total = 1;
  for (int64_t c = 0; c < a.dv; ++c) {
    double sum = 0, absolute = 0;
    for (int64_t j = 0; j < a.keys; ++j) {
      sum += scores[j] / total * a.v(b, h, j, c);
      absolute += scores[j] / total * __builtin_fabs(a.v(b, h, j, c));
    }
    row[c] = {a.keys == 0 ? 0 : sum, kEpsilon<T> * (10 + 4 * size) * absolute};
  }
}

template <class T, class M>
static void compare(const Case<T>& a, const char* what, M mask) {
  double* scores = static_cast<double*>(malloc(static_cast<size_t>(a.keys + 1) * sizeof(double)));
  Expected* row = static_cast<Expected*>(malloc(static_cast<size_t>(a.dv) * sizeof(Expected)));
  for (int64_t b = 0; b < a.batch; ++b) {
    for (int64_t h = 0; h < a.heads; ++h) {
      for (int64_t i = 0; i < a.queries; ++i) {
        expected_row(a, b, h, i, mask, scores, row);
        for (int64_t c = 0; c < a.dv; ++c) {
          const double got = a.o(b, h, i, c), difference = __builtin_fabs(got - row[c].value);
          const bool same = __builtin_isnan(row[c].value) ? __builtin_isnan(got) : got == row[c].value || difference <= row[c].tolerance;
          if (!same)
            fail("%s, %d bytes, [%lld, %lld, %lld x %lld, %lld, %lld] at [%lld, %lld, %lld, %lld]: expected %.12g within %.3g, got %.12g", what,
                 static_cast<int>(sizeof(T)), static_cast<long long>(a.batch), static_cast<long long>(a.heads), static_cast<long long>(a.queries),
                 static_cast<long long>(a.keys), static_cast<long long>(a.d), static_cast<long long>(a.dv), static_cast<long long>(b),
                 static_cast<long long>(h), static_cast<long long>(i), static_cast<long long>(c), row[c].value, row[c].tolerance, got);
          ++checks;
        }
      }
    }
  }
  free(scores);
  free(row);
}

/// Nothing but the result's elements was written.
template <class T>
static void only_results_written(const Case<T>& a) {
  const int64_t written = a.o.written(), results = a.batch * a.heads * a.queries * a.dv;
  if (written != results) fail("%lld elements were written, not %lld", static_cast<long long>(written), static_cast<long long>(results));
  ++checks;
}

template <class T>
using Register = Vec<T, kVectorBytes / static_cast<int>(sizeof(T))>;

enum MaskKind { kNone, kPadding, kLeadingPadding, kCausal, kBias, kGrowing, kLeastNumber, kMaskKinds };
constexpr const char* kMaskNames[] = {"no mask", "padding", "leading padding", "causal", "bias", "growing", "least number"};

/// What is added to a score.
struct Bias {
  MaskKind kind;
  int64_t keys;
  double operator()(int64_t b, int64_t h, int64_t i, int64_t j) const {
    switch (kind) {
      case kPadding: return j < keys - (b * 7 + 3) % keys ? 0.0 : -kInf;
      case kLeadingPadding: return j >= keys * 9 / 10 ? 0.0 : -kInf;
      case kCausal: return j <= i ? 0.0 : -kInf;
      case kBias: return static_cast<double>((b * 31 + h * 17 + i * 5 + j * 3) % 16 - 8) * 0.25;
      case kGrowing: return static_cast<double>(j / 4);
      case kLeastNumber: return i % 2 == 0 || j % 3 == 1 ? -3.4028234663852886e38 : 0.0;
      default: return 0.0;
    }
  }
};

/// A mask in the kernel's form, from the same function of (b, h, i, j) that the reference uses. Lanes that do not count are NaN.
template <class T, class M>
static auto vector_mask(M mask) {
  return [mask](int64_t b, int64_t h, int64_t i, int64_t j, auto count) {
    typedef Register<T> V;
    const V added = V::lanes([&](int64_t l) { return static_cast<T>(mask(b, h, i, j + l)); }, count);
    if constexpr (__is_same(decltype(count), int64_t)) return select(Mask<V::kSize>::first(count), added, V::broadcast(static_cast<T>(kNaN)));
    else return added;
  };
}

template <class T, class D, class DV>
static void unmasked(const ToroidPool* pool, D d, DV dv, int64_t b, int64_t h, int64_t tq, int64_t tk, Layout layout) {
  Case<T> a(b, h, tq, tk, d, dv, layout);
  attention(pool, a.inputs(), d, dv, NoMask{}, StoreHeads<T>{a.o.view});
  compare(a, "NoMask", Bias{kNone, tk});
  only_results_written(a);
}

template <class T, class D, class DV>
static void all_masks(const ToroidPool* pool, D d, DV dv, int64_t b, int64_t h, int64_t tq, int64_t tk, Layout layout) {
  unmasked<T>(pool, d, dv, b, h, tq, tk, layout);
  for (int kind = 0; kind < kMaskKinds; ++kind) {
    const Bias bias = {static_cast<MaskKind>(kind), tk};
    Case<T> a(b, h, tq, tk, d, dv, layout);
    attention(pool, a.inputs(), d, dv, vector_mask<T>(bias), StoreHeads<T>{a.o.view});
    compare(a, kMaskNames[kind], bias);
  }
}

/// Every combination has its turn with some probability; the seed is fixed.
template <class T>
static void run_time_shapes(const ToroidPool* pool, int cases) {
  constexpr int64_t queries[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 50};
  constexpr int64_t keys[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 255, 256, 257, 300, 530};
  constexpr int64_t dimensions[] = {1, 2, 5, 8, 16, 17, 31, 32, 33, 48, 64, 80, 130};
  for (int i = 0; i < cases; ++i) {
    const int64_t d = any_of(dimensions), dv = random_below(2) == 0 ? d : any_of(dimensions), tq = any_of(queries), tk = any_of(keys);
    const int64_t batch = 1 + random_below(2), heads = 1 + random_below(3);
    const auto layout = static_cast<Layout>(random_below(kLayouts));
    unmasked<T>(pool, d, dv, batch, heads, tq, tk, layout);
    if (i % 4 == 0) all_masks<T>(pool, d, dv, 2, 2, tq, tk, layout);
  }
  unmasked<T>(pool, int64_t{32}, int64_t{32}, 1, 2, 300, 530, kTokensFirst);  // several blocks of queries and of keys
  unmasked<T>(pool, int64_t{512}, int64_t{512}, 1, 1, 19, 70, kSpaced);
  all_masks<T>(pool, int64_t{1030}, int64_t{40}, 1, 1, 18, 40, kTokensFirst);  // dimensions that are handled in parts
  all_masks<T>(pool, int64_t{40}, int64_t{1030}, 1, 2, 18, 40, kSpaced);
  unmasked<T>(pool, int64_t{600}, int64_t{513}, 1, 1, 3, 20, kHeadsFirst);
}

template <class T, int64_t D, int64_t DV>
static void static_dimension(const ToroidPool* pool) {
  for (int64_t t : {1, 5, 8, 16, 21, 128}) {
    unmasked<T>(pool, Constant<D>{}, Constant<DV>{}, 2, 3, t, t, kTokensFirst);
    all_masks<T>(pool, Constant<D>{}, Constant<DV>{}, 1, 2, t, t + 3, kSpaced);
  }
  unmasked<T>(pool, Constant<D>{}, Constant<DV>{}, 1, 1, 40, 700, kTokensFirst);
}

/// A query's result has the same bits alone, with others, on any number of threads, and if masked keys follow.
template <class T>
static void rows_do_not_depend_on_each_other(const ToroidPool* pool) {
  const int64_t tq = 77, tk = 601, padded_keys = 900, d = 40, bytes = 40 * static_cast<int64_t>(sizeof(T));
  Case<T> a(1, 1, tq, padded_keys, d, d), alone(1, 1, 1, tk, d, d);
  const auto padding = vector_mask<T>([=](int64_t, int64_t, int64_t, int64_t j) { return j < tk ? 0.0 : -kInf; });
  attention(pool, a.inputs(), d, d, padding, StoreHeads<T>{a.o.view});
  for (int64_t i = 0; i < tq; ++i) {
    AttentionInputs<T> row = a.inputs();
    row.queries = 1;
    row.keys = tk;
    row.query.data = a.q.view.at(0, 0, i);
    attention(nullptr, row, d, d, NoMask{}, StoreHeads<T>{alone.o.view});
    if (memcmp(alone.o.view.data, a.o.view.at(0, 0, i), static_cast<size_t>(bytes)) != 0)
      fail("the result of query %lld depends on other queries or on masked keys", static_cast<long long>(i));
    ++checks;
  }
}

template <class T>
static void is_nan_exactly_where(const Case<T>& a, const char* what, bool (*expected)(int64_t i, int64_t c)) {
  for (int64_t i = 0; i < a.queries; ++i) {
    for (int64_t c = 0; c < a.dv; ++c) {
      if (__builtin_isnan(a.o(0, 0, i, c)) != expected(i, c))
        fail("%s: [%lld, %lld] is %g", what, static_cast<long long>(i), static_cast<long long>(c), a.o(0, 0, i, c));
      ++checks;
    }
  }
}

template <class T>
static void special_values(int64_t keys) {
  const int64_t d = 20, tq = 18;
  const auto run = [&](Case<T>& a) { attention(nullptr, a.inputs(), d, d, NoMask{}, StoreHeads<T>{a.o.view}); };
  {
    Case<T> a(1, 1, tq, keys, d, d);
    const auto mask = [](int64_t, int64_t, int64_t i, int64_t j) { return i == 3 || (i == 5 && j > 0) ? -kInf : 0.0; };
    attention(nullptr, a.inputs(), d, d, vector_mask<T>(mask), StoreHeads<T>{a.o.view});
    is_nan_exactly_where(a, "a row without keys", [](int64_t, int64_t) { return false; });
    compare(a, "rows with no key and with one", mask);
    for (int64_t c = 0; c < d; ++c)
      if (a.o(0, 0, 5, c) != a.v(0, 0, 0, c)) fail("the only key's value comes out as %g", a.o(0, 0, 5, c));
  }
  {
    Case<T> a(1, 1, tq, keys, d, d);
    a.q.view.at(0, 0, 7)[2] = static_cast<T>(kNaN);
    run(a);
    is_nan_exactly_where(a, "NaN in a query", [](int64_t i, int64_t) { return i == 7; });
  }
  {
    Case<T> a(1, 1, tq, keys, d, d);
    a.k.view.at(0, 0, keys - 1)[d - 1] = static_cast<T>(kNaN);
    run(a);
    is_nan_exactly_where(a, "NaN in a key", [](int64_t, int64_t) { return true; });
  }
  {
    Case<T> a(1, 1, tq, keys, d, d);
    for (int64_t i = 0; i < tq; ++i) a.q.view.at(0, 0, i)[4] = i < 9 ? T(1) : T(-1);
    a.k.view.at(0, 0, keys / 2)[4] = static_cast<T>(kInf);  // a score of +inf gives NaN, one of -inf a weight of zero
    run(a);
    is_nan_exactly_where(a, "an infinite key", [](int64_t i, int64_t) { return i < 9; });
  }
  {
    Case<T> a(1, 1, tq, keys, d, d);
    a.v.view.at(0, 0, keys - 1)[6] = static_cast<T>(kInf);
    a.v.view.at(0, 0, 0)[8] = static_cast<T>(kNaN);
    run(a);
    is_nan_exactly_where(a, "NaN in a value", [](int64_t, int64_t c) { return c == 8; });
    for (int64_t i = 0; i < tq; ++i)
      if (a.o(0, 0, i, 6) != kInf) fail("an infinite value gives %g", a.o(0, 0, i, 6));
    const auto mask = [keys](int64_t, int64_t, int64_t, int64_t j) { return j == keys - 1 ? -kInf : 0.0; };
    attention(nullptr, a.inputs(), d, d, vector_mask<T>(mask), StoreHeads<T>{a.o.view});
    is_nan_exactly_where(a, "a masked infinite value", [](int64_t, int64_t c) { return c == 6 || c == 8; });
  }
  {
    Case<T> a(1, 1, tq, keys, d, d);
    a.scale = static_cast<T>(1e6);  // the largest score takes all
    run(a);
    for (int64_t i = 0; i < tq; ++i) {
      int64_t best = 0;
      double largest = -kInf;
      for (int64_t j = 0; j < keys; ++j) {
        double score = 0;
        for (int64_t c = 0; c < d; ++c) score += a.q(0, 0, i, c) * a.k(0, 0, j, c);
        if (score > largest) largest = score, best = j;
      }
      for (int64_t c = 0; c < d; ++c)
        if (a.o(0, 0, i, c) != a.v(0, 0, best, c)) fail("query %lld does not have the value of its only near key", static_cast<long long>(i));
      ++checks;
    }
  }
}

template <class T>
static void empty_inputs() {
  Case<T> none(2, 2, 5, 0, 7, 21);
  attention(nullptr, none.inputs(), int64_t{7}, int64_t{21}, NoMask{}, StoreHeads<T>{none.o.view});
  compare(none, "no keys", Bias{kNone, 0});
  only_results_written(none);
  int64_t calls = 0;
  const auto count = [&calls](int64_t, int64_t, int64_t, int64_t, auto, auto) { ++calls; };
  AttentionInputs<T> inputs = none.inputs();
  inputs.queries = 0;
  attention(nullptr, inputs, int64_t{7}, int64_t{21}, NoMask{}, count);
  inputs.queries = 5;
  inputs.batch = 0;
  attention(nullptr, inputs, int64_t{7}, int64_t{21}, NoMask{}, count);
  if (calls != 0) fail("an empty result called its epilogue %lld times", static_cast<long long>(calls));
  Case<T> flat(1, 1, 4, 9, 0, 3);  // no dimensions: all scores are zero
  attention(nullptr, flat.inputs(), int64_t{0}, int64_t{3}, NoMask{}, StoreHeads<T>{flat.o.view});
  compare(flat, "no dimensions", Bias{kNone, 9});
}

/// The epilogue sees each element once, in vectors whose count is right.
template <class T>
static void epilogue_takes_each_element_once() {
  Case<T> a(2, 2, 9, 30, 24, 37);
  Tensor<T> twice(2, 2, 9, 37, kHeadsFirst);
  twice.each([](T& x) { x = T(0); });
  attention(nullptr, a.inputs(), int64_t{24}, int64_t{37}, NoMask{}, [&](int64_t b, int64_t h, int64_t i, int64_t c, Register<T> x, auto count) {
    x.store(a.o.view.at(b, h, i) + c, count);
    T* to = twice.view.at(b, h, i) + c;
    (Register<T>::load(to, count) + x * T(2)).store(to, count);
  });
  for (int64_t b = 0; b < 2; ++b)
    for (int64_t h = 0; h < 2; ++h)
      for (int64_t i = 0; i < 9; ++i)
        for (int64_t c = 0; c < 37; ++c)
          if (twice(b, h, i, c) != 2 * a.o(b, h, i, c)) fail("element %lld passed through the epilogue not once", static_cast<long long>(c));
  ++checks;
}

template <class T>
static void all(const ToroidPool* pool, int cases) {
  run_time_shapes<T>(pool, cases);
  static_dimension<T, 32, 32>(pool);
  static_dimension<T, 64, 64>(pool);
  static_dimension<T, 33, 24>(pool);
  rows_do_not_depend_on_each_other<T>(pool);
  for (int64_t keys : {10, 33, 600}) special_values<T>(keys);
  empty_inputs<T>();
  epilogue_takes_each_element_once<T>();
}

int main() {
  testing::alone_and_on(2, [](const ToroidPool* pool) {
    all<float>(pool, 120);
    all<double>(pool, 60);
  });
  return testing::finish();
}
