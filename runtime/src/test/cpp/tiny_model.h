// A model as the code generator would write it, small enough to read at a glance. It serves the C++ tests of the container and, built
// as a library, the Java tests of the runtime.
//
//   scale(x: f32[n, 3]) -> y = x * scale + bias * folded, sums: f64[n]     n in 1..1024; folded = 2 * bias + shift
//   join(a: i64[n], b: i64[2*n], mask: bool[n]) -> i64[n]                  a + b[0:n] where mask, else 0; 7 in `a` makes a kernel fail
//   hold(x: f32[]) -> f32[]                                                takes x milliseconds, gives the greatest overlap of runs
#pragma once

#include <time.h>
#include <toroid/container.h>
#include <toroid/pool.h>

namespace tiny {

using toroid::Call;
using toroid::ConstantInfo;
using toroid::DimensionInfo;
using toroid::EntryInfo;
using toroid::TensorInfo;

constexpr DimensionInfo kN{"n", -1}, kTwoN{"2*n", -1}, kThree{"3", 3};
constexpr DimensionInfo kRows[] = {kN, kThree}, kVector[] = {kN}, kDouble[] = {kTwoN};
constexpr TensorInfo kScaleInputs[] = {{"x", TOROID_F32, 2, kRows}};
constexpr TensorInfo kScaleOutputs[] = {{"y", TOROID_F32, 2, kRows}, {"sums", TOROID_F64, 1, kVector}};
constexpr TensorInfo kJoinInputs[] = {{"a", TOROID_I64, 1, kVector}, {"b", TOROID_I64, 1, kDouble}, {"mask", TOROID_BOOL, 1, kVector}};
constexpr TensorInfo kJoinOutputs[] = {{"result", TOROID_I64, 1, kVector}};
constexpr TensorInfo kScalar[] = {{"x", TOROID_F32, 0, nullptr}};

constexpr int64_t kThreeSizes[] = {3}, kOne[] = {1};
constexpr float kShift[] = {0.5f, 0.25f, 0.125f};
#ifdef TINY_PREPARED  // the blob has `folded`
constexpr int64_t kFoldedOffset = 128, kBlobBytes = 192;
#else
constexpr int64_t kFoldedOffset = -1, kBlobBytes = 128;
#endif
constexpr int32_t kFoldedFrom[] = {1, 2};
constexpr ConstantInfo kConstants[] = {
    {"scale", "layer.scale", 1, TOROID_F32, 1, kThreeSizes, kOne, 0, 12, nullptr, 0},
    {"bias", "layer.bias", 1, TOROID_F32, 1, kThreeSizes, kOne, 64, 12, nullptr, 0},
    {"constant", "shift", 3, TOROID_F32, 1, kThreeSizes, kOne, 0, 12, kShift, 0},
    {"shift", "folded", 4, TOROID_F32, 1, kThreeSizes, kOne, kFoldedOffset, 12, nullptr, 0, 2, kFoldedFrom},
};

inline bool fold(Call& call) {
  const float* bias = static_cast<const float*>(call.constants[1]);
  const float* shift = static_cast<const float*>(call.constants[2]);
  float* folded = static_cast<float*>(call.folded[3]);
  for (int i = 0; i < 3; i++) folded[i] = 2 * bias[i] + shift[i];
  return bias[0] == -1 ? call.fail("bias[0] must not be -1") : true;
}

inline bool scale_check(Call& call) { return call.expect_range(0, 0, 1, 1024); }

inline bool scale_sizes(Call& call) {
  const int64_t n = call.inputs[0].sizes[0];
  call.set_output_sizes(0, n, 3);
  call.set_output_sizes(1, n);
  return true;
}

inline bool scale_run(Call& call) {
  const int64_t n = call.inputs[0].sizes[0];
  const float* x = static_cast<const float*>(call.dense_input(0));
  const float* scale = static_cast<const float*>(call.constants[0]);
  const float* bias = static_cast<const float*>(call.constants[1]);
  const float* folded = static_cast<const float*>(call.constants[3]);
  float* y = static_cast<float*>(call.outputs[0].data);
  double* sums = static_cast<double*>(call.outputs[1].data);
  float* product = static_cast<float*>(call.workspace(n * 3 * static_cast<int64_t>(sizeof(float))));
  if (x == nullptr || product == nullptr) return false;
  toroid::parallel_for(call.pool, n, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * 3; i < end * 3; i++) product[i] = x[i] * scale[i % 3];
  });
  toroid::parallel_for(call.pool, n, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      sums[i] = 0;
      for (int64_t j = 0; j < 3; j++) sums[i] += y[i * 3 + j] = product[i * 3 + j] + bias[j] * folded[j];
    }
  });
  return true;
}

inline bool join_check(Call& call) {
  const int64_t n = call.inputs[0].sizes[0];
  return call.expect_size(1, 0, 2 * n, "2*n") && call.expect_size(2, 0, n, "n");
}

inline bool join_sizes(Call& call) {
  call.set_output_sizes(0, call.inputs[0].sizes[0]);
  return true;
}

inline bool join_run(Call& call) {
  const int64_t* a = static_cast<const int64_t*>(call.dense_input(0));
  const int64_t* b = static_cast<const int64_t*>(call.dense_input(1));
  const bool* mask = static_cast<const bool*>(call.dense_input(2));
  int64_t* result = static_cast<int64_t*>(call.outputs[0].data);
  if (a == nullptr || b == nullptr || mask == nullptr) return false;
  const int64_t n = call.inputs[0].sizes[0];
  int64_t kept = 0;
  for (int64_t i = 0; i < n; i++) kept += mask[i];
  // Where the kept ones are: memory of a size that the data decide.
  int64_t* places = static_cast<int64_t*>(call.workspace(1, kept * static_cast<int64_t>(sizeof(int64_t))));
  if (places == nullptr) return false;
  for (int64_t i = 0, next = 0; i < n; i++) {
    result[i] = 0;
    if (mask[i]) places[next++] = i;
  }
  toroid::parallel_for(call.pool, kept, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) result[places[i]] = a[places[i]] + b[places[i]];
  });
  toroid::parallel_for(call.pool, n, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if (a[i] == 7) call.fail("a[%lld] is 7", static_cast<long long>(i));
    }
  });
  return true;
}

inline bool hold_sizes(Call& call) {
  call.set_output_sizes(0);
  return true;
}

inline int32_t holding = 0;

inline bool hold_run(Call& call) {
  const float milliseconds = *static_cast<const float*>(call.inputs[0].data);
  int32_t most = __atomic_add_fetch(&holding, 1, __ATOMIC_SEQ_CST);
  timespec nap{0, 200000};
  for (float left = milliseconds; left > 0; left -= 0.2f) {
    nanosleep(&nap, nullptr);
    const int32_t now = __atomic_load_n(&holding, __ATOMIC_SEQ_CST);
    if (now > most) most = now;
  }
  __atomic_sub_fetch(&holding, 1, __ATOMIC_SEQ_CST);
  *static_cast<float*>(call.outputs[0].data) = static_cast<float>(most);
  return true;
}

constexpr EntryInfo kEntries[] = {
    {"scale", "(x)", "(y, sums)", 1, kScaleInputs, 2, kScaleOutputs, scale_check, scale_sizes, scale_run},
    {"join", "(a, b, mask)", "(result)", 3, kJoinInputs, 1, kJoinOutputs, join_check, join_sizes, join_run},
    {"hold", "(x)", "(x)", 1, kScalar, 1, kScalar, nullptr, hold_sizes, hold_run},
};

}  // namespace tiny

#ifndef TINY_ABI
#define TINY_ABI TOROID_ABI_VERSION
#endif
#ifndef TINY_ISA
#define TINY_ISA "baseline"
#endif

extern "C" const toroid::Model toroid_model = {
    "Tiny", "0", TINY_ISA, "{\"model\":\"Tiny\"}", TINY_ABI, 3, tiny::kEntries, 4, tiny::kConstants, tiny::kBlobBytes, "", 64, tiny::fold};
