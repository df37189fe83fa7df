// What a call costs besides its kernels. Not a test: prints a table. The model is one pointwise operator on f32[n], written as the code
// generator writes it, and run on 16 elements: through handles as AOTInductor's callers do, and on descriptors as the Java runtime does.
//   g++ -std=c++20 -O2 -march=native -fno-exceptions -fno-rtti -I <include> call_bench.cpp -o call_bench && ./call_bench
#include <stdio.h>

#include <toroid/container_exports.h>
#include <toroid/loops.h>
#include <toroid/vec_functions.h>

namespace {

using namespace toroid;

constexpr DimensionInfo kSizes[] = {{"n", -1}};
constexpr TensorInfo kInputs[] = {{"x", TOROID_F32, 1, kSizes}}, kOutputs[] = {{"output", TOROID_F32, 1, kSizes}};

bool check(Call& call) { return call.expect_range(0, 0, 1, 1024); }

bool output_sizes(Call& call) {
  call.set_output_sizes(0, call.inputs[0].sizes[0]);
  return true;
}

bool run(Call& call) {
  const int64_t n = call.inputs[0].sizes[0];
  const float* const x = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  parallel_for(call.pool, n, grain_of(1), [&](int64_t begin, int64_t end) {
    for_lanes<kLanes, 1>(begin, end, [&](int64_t i, auto count, auto) TOROID_INLINE_LAMBDA {
      const auto t = Vec<float, kLanes>::load(x + i, count);
      (t + t).store(output + i, count);
    });
  });
  return true;
}

constexpr EntryInfo kEntry{"twice", "", "", 1, kInputs, 1, kOutputs, check, output_sizes, run};

double nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

/// The shortest of several rounds of many calls.
template <class F>
double best_nanoseconds(F f) {
  constexpr int kRounds = 20, kCalls = 50000;
  double best = 1e9;
  for (int round = 0; round < kRounds; round++) {
    const double start = nanoseconds();
    for (int i = 0; i < kCalls; i++) f();
    const double taken = (nanoseconds() - start) / kCalls;
    if (taken < best) best = taken;
  }
  return best;
}

}  // namespace

extern "C" const toroid::Model toroid_model = {
    "Bench", "0", "native", "{}", TOROID_ABI_VERSION, 1, &kEntry, 0, nullptr, 0, "", 0, nullptr};

int main() {
  AOTInductorModelContainerHandle container = nullptr;
  if (toroid_container_create(1, nullptr, &container) != TOROID_SUCCESS) return 1;
  alignas(64) static float x[16], y[16];
  const int64_t sizes[] = {16};
  AOTInductorArrayRefTensor in = {x, 16, {16}, {1}, 1, TOROID_F32, 0, -1, {}}, out = in, implied = in;
  out.data = y;
  int32_t failures = 0;

  const double handles = best_nanoseconds([&] {
    AtenTensorHandle input = nullptr, output = nullptr;
    failures += toroid_tensor_create(TOROID_F32, 1, sizes, nullptr, x, &input);
    failures += AOTInductorModelContainerRun(container, &input, 1, &output, 1, nullptr, nullptr);
    failures += toroid_tensor_delete(output);
  });
  const double descriptors = best_nanoseconds([&] { failures += toroid_container_run(container, 0, &in, 1, &out, 1); });
  Failure failed{toroid::last_error, toroid::kMessageCapacity, 0, 0};
  Call call{&in, &implied, nullptr, nullptr, nullptr, &toroid_model, &kEntry, nullptr, &failed};
  const double checks = best_nanoseconds([&] {
    __asm__ __volatile__("" : : "r"(&in), "r"(&out), "r"(&implied) : "memory");
    failures += check_inputs(call) && check(call) && check_output(call, 0, out, implied) && check_overlap(call, &out) ? 0 : 1;
  });
  const double input_checks = best_nanoseconds([&] {
    __asm__ __volatile__("" : : "r"(&in) : "memory");
    failures += check_inputs(call) && check(call) ? 0 : 1;
  });
  const double kernel = best_nanoseconds([&] {
    __asm__ __volatile__("" : : "r"(&in), "r"(&out) : "memory");
    call.outputs = &out;
    failures += run(call) ? 0 : 1;
  });
  printf("AOTInductorModelContainerRun, handles made and deleted  %6.0f ns\n", handles);
  printf("toroid_container_run                                    %6.0f ns\n", descriptors);
  printf("  of these all checks of inputs and outputs             %6.0f ns\n", checks);
  printf("  of these all checks of inputs                         %6.0f ns\n", input_checks);
  printf("  of these the entry's run                              %6.0f ns\n", kernel);
  return failures == 0 ? 0 : 1;
}
