// Runs of a model, used rightly and wrongly, on the tiny model: every check of inputs and outputs, handles of tensors, the shim.
#include <initializer_list>

#include "tiny_testing.h"

namespace {

using testing::create;
using testing::Descriptor;
using testing::kAdded;
using testing::tensor;

void counts() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  Descriptor t[4] = {};
  EXPECT_FAILURE(toroid_container_run(nullptr, 0, t, 1, t, 2), "Tiny: the container is null");
  EXPECT_FAILURE(toroid_container_run(container, 3, t, 1, t, 2), "Tiny has no entry 3: it has 3");
  EXPECT_FAILURE(toroid_container_run(container, -1, t, 1, t, 2), "Tiny has no entry -1: it has 3");
  EXPECT_FAILURE(toroid_container_run(container, 0, t, 2, t, 2), "Tiny.scale takes 1 inputs, and 2 were given");
  EXPECT_FAILURE(toroid_container_run(container, 0, t, 1, t, 1), "Tiny.scale gives 2 outputs, and room for 1 was given");
  EXPECT_FAILURE(toroid_container_run(container, 0, nullptr, 1, t, 2), "Tiny.scale: the array of inputs is null");
  EXPECT_FAILURE(toroid_container_run(container, 0, t, 1, nullptr, 2), "Tiny.scale: the array of outputs is null");
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void inputs() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  float x[4096 * 3], y[12];
  double sums[4];
  Descriptor out[] = {tensor(TOROID_F32, y, 2, 3), tensor(TOROID_F64, sums, 2)};
  const auto run = [&](Descriptor in) { return toroid_container_run(container, 0, &in, 1, out, 2); };
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, x, 2, 4)), "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 4]: axis 1 is 4 instead of 3");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, x, 6)), "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[6]: its rank is 1 instead of 2");
  EXPECT_FAILURE(
      run(tensor(TOROID_F64, x, 2, 3)), "Tiny.scale: input 0 'x' must be f32[n, 3] but is f64[2, 3]: its dtype is f64 instead of f32");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, nullptr, 2, 3)), "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 3]: its data is null");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, reinterpret_cast<char*>(x) + 1, 2, 3)),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 3]: its data is not aligned to 4 bytes");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, x, 2048, 3)),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2048, 3]: axis 0 (n) is 2048 and must be 1 to 1024");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, x, 0, 3)),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[0, 3]: axis 0 (n) is 0 and must be 1 to 1024");
  EXPECT_FAILURE(
      run(tensor(TOROID_F32, x, -2, 3)),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[-2, 3]: axis 0 has the negative size -2");
  Descriptor odd = tensor(TOROID_F32, x, 2, 3);
  odd.numel = 7;
  EXPECT_FAILURE(
      run(odd), "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 3]: it states 7 elements, but its sizes give 6");
  odd = tensor(TOROID_F32, x, 2, 3);
  odd.device_type = 1;
  EXPECT_FAILURE(
      run(odd),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 3]: it is on device type 1, and this model runs on the CPU (0)");
  odd.ndim = 77;
  EXPECT_FAILURE(run(odd), "Tiny.scale: input 0 'x' must be f32[n, 3]: its rank is 77 instead of 2");

  int64_t a[4] = {1, 2, 3, 4}, b[8] = {10, 20, 30, 40, 50, 60, 70, 80}, joined[4];
  bool mask[4] = {true, false, true, true};
  Descriptor result = tensor(TOROID_I64, joined, 4);
  Descriptor in[] = {tensor(TOROID_I64, a, 4), tensor(TOROID_I64, b, 7), tensor(TOROID_BOOL, mask, 4)};
  EXPECT_FAILURE(
      toroid_container_run(container, 1, in, 3, &result, 1),
      "Tiny.join: input 1 'b' must be i64[2*n] but is i64[7]: axis 0 is 7 instead of 2*n = 8");
  in[1] = tensor(TOROID_I64, b, 8);
  in[2] = tensor(TOROID_BOOL, mask, 3);
  EXPECT_FAILURE(
      toroid_container_run(container, 1, in, 3, &result, 1),
      "Tiny.join: input 2 'mask' must be bool[n] but is bool[3]: axis 0 is 3 instead of n = 4");
  in[2] = tensor(TOROID_BOOL, mask, 4);
  EXPECT(toroid_container_run(container, 1, in, 3, &result, 1) == TOROID_SUCCESS);
  EXPECT(joined[0] == 11 && joined[1] == 0 && joined[2] == 33 && joined[3] == 44);
  in[1].strides[0] = 0;
  EXPECT(toroid_container_run(container, 1, in, 3, &result, 1) == TOROID_SUCCESS);
  EXPECT(joined[0] == 11 && joined[1] == 0 && joined[2] == 13 && joined[3] == 14);
  a[2] = 7;
  EXPECT_FAILURE(toroid_container_run(container, 1, in, 3, &result, 1), "Tiny.join: a[2] is 7");
  for (int i = 0; i < 3; i++) in[i] = tensor(in[i].dtype, nullptr, 0);
  result = tensor(TOROID_I64, joined, 0);
  EXPECT(toroid_container_run(container, 1, in, 3, &result, 1) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void outputs() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  float x[6] = {1, 2, 3, 4, 5, 6}, y[6] = {};
  double sums[4] = {};
  Descriptor in = tensor(TOROID_F32, x, 2, 3);
  Descriptor out[] = {tensor(TOROID_F32, y, 3, 3), tensor(TOROID_F64, sums, 2)};
  EXPECT_FAILURE(
      toroid_container_run(container, 0, &in, 1, out, 2),
      "Tiny.scale: output 0 'y' must be f32[n, 3] but is f32[3, 3]: axis 0 (n) is 3 instead of 2");
  out[0] = tensor(TOROID_F32, y, 2, 3);
  out[0].strides[0] = 1;
  out[0].strides[1] = 2;
  EXPECT_FAILURE(
      toroid_container_run(container, 0, &in, 1, out, 2),
      "Tiny.scale: output 0 'y' must be f32[n, 3] but is f32[2, 3]: its strides are [1, 2] instead of [3, 1]");
  out[0] = tensor(TOROID_F32, x + 3, 2, 3);
  EXPECT_FAILURE(
      toroid_container_run(container, 0, &in, 1, out, 2),
      "Tiny.scale: output 0 'y' must be f32[n, 3] but is f32[2, 3]: its memory overlaps that of input 0 'x'");
  out[0] = tensor(TOROID_F32, sums, 2, 3);
  EXPECT_FAILURE(
      toroid_container_run(container, 0, &in, 1, out, 2),
      "Tiny.scale: output 1 'sums' must be f64[n] but is f64[2]: its memory overlaps that of output 0 'y'");
  out[0] = Descriptor{};
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SIZES_FILLED);
  EXPECT(out[0].ndim == 2 && out[0].sizes[0] == 2 && out[0].sizes[1] == 3 && out[0].strides[0] == 3 && out[0].strides[1] == 1);
  EXPECT(out[0].dtype == TOROID_F32 && out[0].numel == 6 && out[0].data == nullptr);
  EXPECT(sums[0] == 0);
  out[0].data = y;
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[5] == 600 + kAdded[2] && sums[1] == 4 + 50 + 600 + 29.375);
  float wide[] = {1, 4, 2, 5, 3, 6};
  in.data = wide;
  in.strides[0] = 1;
  in.strides[1] = 2;
  memset(y, 0, sizeof(y));
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[0] == 1 + kAdded[0] && y[1] == 20 + kAdded[1] && y[5] == 600 + kAdded[2]);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

AtenTensorHandle handle(int32_t dtype, std::initializer_list<int64_t> sizes, void* data) {
  AtenTensorHandle result = nullptr;
  EXPECT(toroid_tensor_create(dtype, static_cast<int64_t>(sizes.size()), sizes.begin(), nullptr, data, &result) == TOROID_SUCCESS);
  return result;
}

void handles() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  float x[6] = {1, 2, 3, 4, 5, 6};
  AtenTensorHandle in = handle(TOROID_F32, {2, 3}, x);
  EXPECT(toroid_tensor_data(in) == x && toroid_tensor_ndim(in) == 2 && toroid_tensor_dtype(in) == TOROID_F32);
  EXPECT(toroid_tensor_sizes(in)[1] == 3 && toroid_tensor_strides(in)[0] == 3);
  AtenTensorHandle out[2] = {in, in};
  EXPECT(AOTInductorModelContainerRun(container, &in, 1, out, 2, nullptr, nullptr) == TOROID_SUCCESS);
  EXPECT(in == nullptr);
  EXPECT(toroid_tensor_ndim(out[0]) == 2 && toroid_tensor_sizes(out[0])[0] == 2);
  EXPECT(static_cast<float*>(toroid_tensor_data(out[0]))[3] == 4 + kAdded[0]);
  EXPECT(static_cast<double*>(toroid_tensor_data(out[1]))[0] == 321 + 29.375);
  for (AtenTensorHandle tensor : out) EXPECT(toroid_tensor_delete(tensor) == TOROID_SUCCESS);

  in = handle(TOROID_F32, {2, 3}, nullptr);
  EXPECT(static_cast<float*>(toroid_tensor_data(in))[5] == 0);
  EXPECT(AOTInductorModelContainerRunSingleThreaded(container, &in, 1, out, 2, nullptr, nullptr) == TOROID_SUCCESS);
  EXPECT(static_cast<float*>(toroid_tensor_data(out[0]))[1] == kAdded[1]);
  for (AtenTensorHandle tensor : out) EXPECT(toroid_tensor_delete(tensor) == TOROID_SUCCESS);

  AtenTensorHandle wrong[] = {handle(TOROID_F32, {2, 4}, nullptr), handle(TOROID_F32, {1}, nullptr)};
  EXPECT_FAILURE(
      AOTInductorModelContainerRun(container, wrong, 1, out, 2, nullptr, nullptr),
      "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 4]: axis 1 is 4 instead of 3");
  EXPECT(wrong[0] == nullptr && wrong[1] != nullptr && out[0] == nullptr && out[1] == nullptr);
  wrong[0] = handle(TOROID_F32, {2, 3}, nullptr);
  EXPECT_FAILURE(
      AOTInductorModelContainerRun(container, wrong, 2, out, 2, nullptr, nullptr), "Tiny.scale takes 1 inputs, and 2 were given");
  EXPECT(wrong[0] == nullptr && wrong[1] == nullptr);
  wrong[0] = handle(TOROID_F32, {2, 3}, nullptr);
  EXPECT_FAILURE(
      AOTInductorModelContainerRun(container, wrong, 1, out, 1, nullptr, nullptr), "Tiny.scale gives 2 outputs, and room for 1 was given");
  EXPECT_FAILURE(AOTInductorModelContainerRun(container, wrong, 1, out, 2, nullptr, nullptr), "Tiny.scale: the handle of input 0 is null");

  const int64_t sizes[] = {2, -3};
  EXPECT_FAILURE(toroid_tensor_create(TOROID_F32, 2, sizes, nullptr, nullptr, &in), "a tensor cannot have the sizes [2, -3]");
  EXPECT_FAILURE(toroid_tensor_create(TOROID_F32, 9, sizes, nullptr, nullptr, &in), "a tensor's rank must be 0 to 8, not 9");
  EXPECT_FAILURE(toroid_tensor_create(99, 1, sizes, nullptr, nullptr, &in), "99 is not the number of an element type");
  EXPECT_FAILURE(toroid_tensor_create(TOROID_F32, 1, nullptr, nullptr, nullptr, &in), "the sizes of a tensor are null");
  EXPECT(toroid_tensor_delete(nullptr) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void shim() {
  float x[6] = {1, 2, 3, 4, 5, 6};
  AtenTensorHandle tensor = handle(TOROID_F32, {2, 3}, x), turned = nullptr, copy = nullptr, same = nullptr;
  const int64_t sizes[] = {3, 2}, strides[] = {1, 3}, far[] = {3, 3};
  EXPECT(aoti_torch__reinterpret_tensor(tensor, 2, sizes, strides, 0, &turned) == TOROID_SUCCESS);
  EXPECT(aoti_torch_clone(turned, &copy) == TOROID_SUCCESS);
  EXPECT(aoti_torch_new_tensor_handle(turned, &same) == TOROID_SUCCESS);
  const float expected[] = {1, 4, 2, 5, 3, 6};
  EXPECT(memcmp(toroid_tensor_data(copy), expected, sizeof(expected)) == 0);
  EXPECT(toroid_tensor_data(same) == x && toroid_tensor_strides(same)[1] == 3);
  AtenTensorHandle none = nullptr;
  EXPECT_FAILURE(
      aoti_torch__reinterpret_tensor(tensor, 2, sizes, far, 0, &none), "a view of elements 0 to 10 leaves its storage of 6 elements");
  for (AtenTensorHandle each : {tensor, turned, same, copy}) EXPECT(toroid_tensor_delete(each) == TOROID_SUCCESS);
}

}  // namespace

int main() {
  counts();
  inputs();
  outputs();
  handles();
  shim();
  return testing::finish();
}
