#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid::generated {

// embedding, amax at Shapes.java:53, Shapes.java:54
void cpp_fused_embedding_amax_8(const ToroidPool* pool, Call& call, const int64_t* __restrict indices, const float* __restrict table, float* __restrict rows, float* __restrict largest, [[maybe_unused]] int64_t batch, [[maybe_unused]] int64_t count_dim) {
  [[maybe_unused]] constexpr int L = kLanes;
  parallel_for(pool, count_dim, grain_of(42), [&](int64_t begin, int64_t end) {
    for (int64_t i0 = begin; i0 < end; ++i0) {
      Maximum<Vec<float, L>> amax_0_acc[1];
      const int64_t t0 = indices[i0];
      const int64_t t1 = checked_index(call, t0, 2 * batch + 1, {"embedding", "indices", 0});
      for_lanes<L, 1>(0, 4, [&](int64_t j0, auto count, auto slot) TOROID_INLINE_LAMBDA {
        const auto t2 = Vec<float, L>::load((table + t1 * 4) + j0, count);
        amax_0_acc[slot.index].add(t2, count);
        t2.store(rows + 4 * i0 + j0, count);
      });
      const auto amax_0_value = merged(amax_0_acc).total();
      const float amax_0_result = amax_0_value;
      largest[i0] = amax_0_result;
    }
  });
}

}  // namespace toroid::generated
