// A library that is built for another entry than the first, as packages for PyTorch have it: AOTInductor's functions work on that one.
#define TOROID_ENTRY 1
#include "tiny_testing.h"

namespace {

AtenTensorHandle handle(int32_t dtype, void* data, int64_t size) {
  AtenTensorHandle result = nullptr;
  EXPECT(toroid_tensor_create(dtype, 1, &size, nullptr, data, &result) == TOROID_SUCCESS);
  return result;
}

void it_is_described(AOTInductorModelContainerHandle container) {
  size_t inputs = 0, outputs = 0;
  const char *name = nullptr, *in_spec = nullptr, *out_spec = nullptr;
  EXPECT(AOTInductorModelContainerGetNumInputs(container, &inputs) == TOROID_SUCCESS && inputs == 3);
  EXPECT(AOTInductorModelContainerGetNumOutputs(container, &outputs) == TOROID_SUCCESS && outputs == 1);
  EXPECT(AOTInductorModelContainerGetInputName(container, 2, &name) == TOROID_SUCCESS && strcmp(name, "mask") == 0);
  EXPECT(AOTInductorModelContainerGetOutputName(container, 0, &name) == TOROID_SUCCESS && strcmp(name, "result") == 0);
  EXPECT(AOTInductorModelContainerGetCallSpec(container, &in_spec, &out_spec) == TOROID_SUCCESS && strcmp(in_spec, "(a, b, mask)") == 0);
}

void it_runs(AOTInductorModelContainerHandle container) {
  int64_t a[] = {1, 2}, b[] = {10, 20, 30, 40};
  bool mask[] = {true, false};
  for (auto run : {AOTInductorModelContainerRun, AOTInductorModelContainerRunSingleThreaded}) {
    AtenTensorHandle in[] = {handle(TOROID_I64, a, 2), handle(TOROID_I64, b, 4), handle(TOROID_BOOL, mask, 2)}, out = nullptr;
    EXPECT(run(container, in, 3, &out, 1, nullptr, nullptr) == TOROID_SUCCESS);
    const int64_t* result = static_cast<int64_t*>(toroid_tensor_data(out));
    EXPECT(result[0] == 11 && result[1] == 0);
    EXPECT(toroid_tensor_delete(out) == TOROID_SUCCESS);
  }
  AtenTensorHandle missing[] = {nullptr, nullptr, nullptr}, out = nullptr;
  EXPECT_FAILURE(AOTInductorModelContainerRun(container, missing, 3, &out, 1, nullptr, nullptr), "Tiny.join: the handle of input 0 is null");
  EXPECT_FAILURE(AOTInductorModelContainerRun(container, missing, 1, &out, 1, nullptr, nullptr), "Tiny.join takes 3 inputs, and 1 were given");
}

void others_run_by_number(AOTInductorModelContainerHandle container) {
  float x[] = {1, 2, 3}, y[3];
  double sums[1];
  testing::Descriptor in = testing::tensor(TOROID_F32, x, 1, 3);
  testing::Descriptor out[] = {testing::tensor(TOROID_F32, y, 1, 3), testing::tensor(TOROID_F64, sums, 1)};
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS && y[0] == 3.5f);
}

}  // namespace

int main() {
  AOTInductorModelContainerHandle container = testing::create(1, nullptr);
  it_is_described(container);
  it_runs(container);
  others_run_by_number(container);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
  return testing::finish();
}
