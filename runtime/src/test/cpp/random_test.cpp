// Philox against the known answers of its authors (Random123, kat_vectors), vectors against scalars, and how bits are spread.
#include <math.h>
#include <stdint.h>

#include <initializer_list>

#include <toroid/random.h>

#include "testing.h"

namespace {

using testing::expect;
using toroid::Vec;
using toroid::random::Block;

void known_answers() {
  struct Known {
    Block<uint64_t> counter;
    uint64_t key0, key1;
    Block<uint64_t> answer;
  };
  const uint64_t ones = 0xffffffff;
  const Known all[] = {
      {{0, 0, 0, 0}, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{ones, ones, ones, ones}, ones, ones, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (const Known& known : all) {
    const Block<uint64_t> x = toroid::random::philox4x32_10(known.counter, known.key0, known.key1);
    expect(x.a == known.answer.a && x.b == known.answer.b && x.c == known.answer.c && x.d == known.answer.d, "a known answer is wrong",
           static_cast<int64_t>(known.key0));
  }
  expect(toroid::philox(0, 0) == static_cast<int64_t>(0xe169c58d6627e8d5), "bits are not the first two words", 0);
}

template <int N>
void lanes() {
  for (int64_t key : {int64_t{0}, int64_t{-1}, int64_t{0x123456789abcdef}}) {
    for (int64_t start : {int64_t{0}, int64_t{0xfffffffd}, int64_t{-3}}) {
      const auto x = toroid::philox(Vec<int64_t, N>::broadcast(key), Vec<int64_t, N>::iota(start, 1));
      for (int l = 0; l < N; ++l) expect(x[l] == toroid::philox(key, start + l), "a lane differs from the scalar", N * 100 + l);
    }
  }
}

// Each of the 64 bits holds as often as not, and neighbours agree by chance: within five standard deviations.
void spread() {
  constexpr int64_t kCount = 100000;
  int64_t set[64] = {}, same[64] = {};
  for (int64_t i = 0; i < kCount; ++i) {
    const uint64_t x = static_cast<uint64_t>(toroid::philox(42, i)), y = static_cast<uint64_t>(toroid::philox(42, i + 1));
    for (int b = 0; b < 64; ++b) {
      set[b] += static_cast<int64_t>(x >> b & 1);
      same[b] += static_cast<int64_t>(~(x ^ y) >> b & 1);
    }
  }
  const double bound = 5 * sqrt(kCount / 4.0);
  for (int b = 0; b < 64; ++b) {
    expect(fabs(static_cast<double>(set[b]) - kCount / 2.0) < bound, "a bit is not even", b);
    expect(fabs(static_cast<double>(same[b]) - kCount / 2.0) < bound, "a bit follows its neighbour", b);
  }
}

}  // namespace

int main() {
  known_answers();
  lanes<2>();
  lanes<4>();
  lanes<8>();
  lanes<16>();
  spread();
  return testing::finish();
}
