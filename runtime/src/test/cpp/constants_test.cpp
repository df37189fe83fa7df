// Changes of a container's constants on the tiny model: what is in its sets, updates, swaps, and what is refused.
#include "tiny_testing.h"

namespace {

using testing::blob;
using testing::create;
using testing::Descriptor;
using testing::kAdded;
using testing::tensor;

using Handle = AOTInductorModelContainerHandle;
using Pair = AOTInductorConstantMapEntry;

// A handle on memory of the test's, deleted with the object. Strides null: contiguous.
struct Held {
  AtenTensorHandle handle = nullptr;

  Held(int32_t dtype, void* data, int64_t size, const int64_t* stride = nullptr) {
    EXPECT(toroid_tensor_create(dtype, 1, &size, stride, data, &handle) == TOROID_SUCCESS);
  }
  explicit Held(float* data) : Held(TOROID_F32, data, 3) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { toroid_tensor_delete(handle); }
};

// y of (1, 1, 1): scale + bias * (2 * bias + shift).
struct Result {
  float y[3] = {0, 0, 0};
  explicit Result(Handle container) {
    float x[3] = {1, 1, 1};
    double sums[1];
    Descriptor in = tensor(TOROID_F32, x, 1, 3);
    Descriptor out[] = {tensor(TOROID_F32, y, 1, 3), tensor(TOROID_F64, sums, 1)};
    EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  }
  bool is(float a, float b, float c) const { return y[0] == a && y[1] == b && y[2] == c; }
};

bool is_as_loaded(Handle container) { return Result(container).is(1 + kAdded[0], 10 + kAdded[1], 100 + kAdded[2]); }

float ones[] = {1, 1, 1}, twos[] = {2, 2, 2}, zeros[] = {0, 0, 0};

void extraction() {
  Handle container = nullptr;
  const Pair* entries = nullptr;
  size_t count = 0;
  EXPECT(toroid_container_create(1, nullptr, &container) == TOROID_SUCCESS);
  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMapEntries(container, &entries, &count, false),
      "Tiny: the model's constants have not been provided");
  EXPECT(toroid_container_load_blob(container, blob, 128) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerExtractConstantsMapEntries(container, &entries, &count, false) == TOROID_SUCCESS && count == 3);
  const char* const names[] = {"layer.scale", "layer.bias", "shift"};
  for (size_t i = 0; i < 3; i++) {
    EXPECT(strcmp(entries[i].name, names[i]) == 0);
    EXPECT(toroid_tensor_dtype(entries[i].handle) == TOROID_F32 && toroid_tensor_ndim(entries[i].handle) == 1);
    EXPECT(toroid_tensor_sizes(entries[i].handle)[0] == 3 && toroid_tensor_strides(entries[i].handle)[0] == 1);
  }
  EXPECT(toroid_tensor_data(entries[0].handle) == blob && toroid_tensor_data(entries[1].handle) == blob + 16);
  EXPECT(static_cast<float*>(toroid_tensor_data(entries[2].handle))[2] == 0.125f);
  EXPECT(AOTInductorModelContainerExtractConstantsMapEntries(container, &entries, &count, false) == TOROID_SUCCESS && count == 3);
  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMapEntries(container, &entries, &count, true),
      "Tiny has no inactive constants: give them by AOTInductorModelContainerUpdateInactiveConstantBufferPairs first");
  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMapEntries(container, nullptr, &count, true), "Tiny: the address for the result is null");
  float values[3];
  EXPECT(toroid_container_read_constant(container, 3, values, 12, false) == TOROID_SUCCESS && values[2] == 6.125f);
  EXPECT_FAILURE(toroid_container_read_constant(container, 4, values, 12, false), "Tiny has no constant 4: it has 4");
  EXPECT_FAILURE(
      toroid_container_read_constant(container, 1, values, 8, false), "Tiny: constant 1 'layer.bias' has 12 bytes, and there is room for 8");
  uint64_t bytes = 0;
  EXPECT(AOTInductorModelContainerGetConstantsBlobSize(container, &bytes) == TOROID_SUCCESS && bytes == 128);
  EXPECT_FAILURE(AOTInductorModelContainerGetConstantsBlobSize(container, nullptr), "Tiny: the address for the result is null");
  uint8_t* other = static_cast<uint8_t*>(calloc(129, 1));  // PyTorch unmaps it at once
  EXPECT(AOTInductorModelUpdateConstantsFromBlob(container, other + 1) == TOROID_SUCCESS);
  memset(other, 7, 129);
  free(other);
  EXPECT(Result(container).is(0, 0, 0));
  EXPECT_FAILURE(AOTInductorModelUpdateConstantsFromBlob(container, nullptr), "Tiny: the blob of constants is null");
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void updates() {
  Handle container = create(2, nullptr);
  {
    Held scale(zeros), bias(ones);
    const Pair whole[] = {{"layer.scale", scale.handle}, {"bias", bias.handle}};
    EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, whole, 2, false, true) == TOROID_SUCCESS);
    ones[0] = 5;  // it was copied
    EXPECT(Result(container).is(2.5f, 2.25f, 2.125f));
    ones[0] = 1;
    const Pair part[] = {{"layer.scale", bias.handle}};
    EXPECT(AOTInductorModelContainerUpdateConstantBufferFromCpuPairs(container, part, 1, false, false) == TOROID_SUCCESS);
    EXPECT(Result(container).is(3.5f, 3.25f, 3.125f));
    EXPECT_FAILURE(
        AOTInductorModelContainerUpdateConstantBufferPairs(container, part, 1, false, true),
        "Tiny: constant 1 'layer.bias' is not given, and the update is to be a whole one");
    const Pair literal[] = {{"constant", scale.handle}};  // which the library itself holds
    EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, literal, 1, false, false) == TOROID_SUCCESS);
    EXPECT(Result(container).is(3, 3, 3));
    EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, nullptr, 0, false, false) == TOROID_SUCCESS);
  }
  EXPECT(Result(container).is(3, 3, 3));
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// A view of larger memory, at an offset and with strides, is read as it lies.
void views() {
  Handle container = create(1, nullptr);
  float storage[] = {-1, 4, -1, 5, -1, 6, -1};
  const int64_t size = 7, three = 3, two = 2;
  AtenTensorHandle all = nullptr, view = nullptr;
  EXPECT(toroid_tensor_create(TOROID_F32, 1, &size, nullptr, storage, &all) == TOROID_SUCCESS);
  EXPECT(aoti_torch__reinterpret_tensor(all, 1, &three, &two, 1, &view) == TOROID_SUCCESS);
  const Pair pairs[] = {{"layer.scale", view}};
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, 1, false, false) == TOROID_SUCCESS);
  EXPECT(Result(container).is(4 + kAdded[0], 5 + kAdded[1], 6 + kAdded[2]));
  EXPECT_FAILURE(
      AOTInductorModelContainerUpdateUserManagedConstantBufferPairs(container, pairs, 1, false, false),
      "Tiny: constant 0 'layer.scale' must be f32[3] but is f32[3]: memory that is borrowed is contiguous, and its strides are [2] instead of"
      " [1]; have it copied, or make it contiguous");
  toroid_tensor_delete(view);
  toroid_tensor_delete(all);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// "shift" is the qualified name of constant 2, and the name of constant 3.
void namesakes() {
  Handle container = create(1, nullptr);
  Descriptor given = tensor(TOROID_F32, twos, 3);
  const char* const name = "shift";
  float shift[3] = {};
  EXPECT(toroid_container_update_constants(container, &name, &given, 1, 0) == TOROID_SUCCESS);
  EXPECT(toroid_container_read_constant(container, 2, shift, sizeof(shift), false) == TOROID_SUCCESS && shift[1] == 2);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void refusals() {
  Handle container = create(1, nullptr);
  double doubles[] = {1, 2, 3};
  float four[] = {1, 2, 3, 4};
  Held good(twos), wide(TOROID_F64, doubles, 3), longer(TOROID_F32, four, 4);
  const auto refused = [&](Pair second, const char* message) {
    const Pair pairs[] = {{"layer.scale", good.handle}, second};
    EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, 2, false, false) == TOROID_FAILURE);
    testing::expect_here(strcmp(toroid_last_error(), message) == 0, __FILE_NAME__, __LINE__, message);
    EXPECT(is_as_loaded(container));
  };
  refused(
      {"layer.weight", good.handle},
      "Tiny has no constant 'layer.weight'; AOTInductorModelContainerGetConstantOriginalFQN gives the names of its 4");
  refused({"folded", good.handle}, "Tiny: constant 3 'folded' is computed from others: give these instead");
  refused({"shift", good.handle}, "Tiny: constant 3 'folded' is computed from others: give these instead");
  refused({"layer.bias", wide.handle}, "Tiny: constant 1 'layer.bias' must be f32[3] but is f64[3]: its dtype differs");
  refused({"layer.bias", longer.handle}, "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[4]: its sizes differ");
  refused({"layer.bias", nullptr}, "Tiny: the handle of constant 'layer.bias' is null");
  refused({nullptr, good.handle}, "Tiny: the name of a constant is null");
  refused({"scale", good.handle}, "Tiny: constant 0 'layer.scale' is given twice");
  float unwanted[] = {-1, 0, 0};
  Held fails(unwanted);
  refused({"layer.bias", fails.handle}, "Tiny.constants: bias[0] must not be -1");
  Descriptor matrix = tensor(TOROID_F32, four, 3, 1), nothing = tensor(TOROID_F32, nullptr, 3);
  const char* const name = "bias";
  EXPECT_FAILURE(
      toroid_container_update_constants(container, &name, &matrix, 1, 0),
      "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[3, 1]: its rank differs");
  EXPECT_FAILURE(
      toroid_container_update_constants(container, &name, &nothing, 1, 0),
      "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[3]: its data is null");
  nothing.data = reinterpret_cast<char*>(four) + 1;
  EXPECT_FAILURE(
      toroid_container_update_constants(container, &name, &nothing, 1, TOROID_UPDATE_BORROWED),
      "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[3]: its data is not aligned to its element size");
  nothing.device_type = 1;
  EXPECT_FAILURE(
      toroid_container_update_constants(container, &name, &nothing, 1, 0),
      "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[3]: it is not on the CPU");
  EXPECT_FAILURE(toroid_container_update_constants(container, &name, nullptr, 1, 0), "Tiny: the array of constants is null");
  EXPECT_FAILURE(toroid_container_update_constants(container, &name, &matrix, -1, 0), "Tiny: the number of constants must not be -1");
  EXPECT_FAILURE(AOTInductorModelContainerUpdateConstantBufferPairs(nullptr, nullptr, 0, false, false), "Tiny: the container is null");
  EXPECT_FAILURE(AOTInductorModelContainerSwapConstantBuffer(nullptr), "Tiny: the container is null");
  EXPECT(is_as_loaded(container));
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void swaps() {
  Handle container = create(2, nullptr);
  EXPECT_FAILURE(
      AOTInductorModelContainerSwapConstantBuffer(container),
      "Tiny has no inactive constants: give them by AOTInductorModelContainerUpdateInactiveConstantBufferPairs first");
  Held scale(zeros), bias(twos);
  const Pair whole[] = {{"scale", scale.handle}, {"bias", bias.handle}};
  EXPECT_FAILURE(
      AOTInductorModelContainerUpdateInactiveConstantBufferPairs(container, whole, 1),
      "Tiny: constant 1 'layer.bias' is not given, and the update is to be a whole one");
  EXPECT(AOTInductorModelContainerUpdateInactiveConstantBufferPairs(container, whole, 2) == TOROID_SUCCESS);
  EXPECT(is_as_loaded(container));
  float values[3];
  EXPECT_FAILURE(
      toroid_container_read_constant(container, 3, values, 12, true), "Tiny: constant 3 'folded' is not there: it is yet to be computed");
  EXPECT(AOTInductorModelContainerRunConstantFolding(container, true, nullptr, nullptr) == TOROID_SUCCESS);
  EXPECT(toroid_container_read_constant(container, 3, values, 12, true) == TOROID_SUCCESS && values[0] == 4.5f);
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(Result(container).is(9, 8.5f, 8.25f));
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(is_as_loaded(container));

  // A part: the rest stays what it was in the inactive set, and folding is left to the swap.
  Held one(ones);
  const Pair part[] = {{"scale", one.handle}};
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, part, 1, true, false) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(Result(container).is(10, 9.5f, 9.25f));

  // A swap that cannot compute what it must leaves both sets as they are.
  float unwanted[] = {-1, 0, 0};
  Held fails(unwanted);
  const Pair failing[] = {{"bias", fails.handle}};
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, failing, 1, true, false) == TOROID_SUCCESS);
  EXPECT_FAILURE(AOTInductorModelContainerSwapConstantBuffer(container), "Tiny.constants: bias[0] must not be -1");
  EXPECT_FAILURE(
      AOTInductorModelContainerRunConstantFolding(container, true, nullptr, nullptr), "Tiny.constants: bias[0] must not be -1");
  EXPECT(Result(container).is(10, 9.5f, 9.25f));
  EXPECT(AOTInductorModelContainerFreeInactiveConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerFreeInactiveConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(Result(container).is(10, 9.5f, 9.25f));
  const Pair* entries = nullptr;
  size_t count = 0;
  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMapEntries(container, &entries, &count, true),
      "Tiny has no inactive constants: give them by AOTInductorModelContainerUpdateInactiveConstantBufferPairs first");
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, part, 1, true, false) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(Result(container).is(10, 9.5f, 9.25f));
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void incomplete() {
  Handle container = nullptr;
  EXPECT(toroid_container_create(1, nullptr, &container) == TOROID_SUCCESS);
  Held scale(twos), bias(ones);
  const Pair pairs[] = {{"scale", scale.handle}, {"bias", bias.handle}};
  EXPECT_FAILURE(
      AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, 1, false, false),
      "Tiny: constant 1 'layer.bias' has no data: none was given, and none is embedded in the library");
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, 1, true, false) == TOROID_SUCCESS);
  EXPECT_FAILURE(
      AOTInductorModelContainerSwapConstantBuffer(container),
      "Tiny: constant 1 'layer.bias' has no data: none was given, and none is embedded in the library");
  EXPECT(AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs + 1, 1, true, false) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS);
  EXPECT(Result(container).is(4.5f, 4.25f, 4.125f));
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// The caller's memory is used where it is; what depends on it is computed anew when that is asked for.
void user_managed() {
  Handle container = create(1, nullptr);
  float mine[] = {0, 0, 0}, bias[] = {1, 1, 1};
  {
    Held scale_handle(mine), bias_handle(bias);
    const Pair pairs[] = {{"layer.scale", scale_handle.handle}, {"layer.bias", bias_handle.handle}};
    EXPECT(AOTInductorModelContainerUpdateUserManagedConstantBufferPairs(container, pairs, 2, false, true) == TOROID_SUCCESS);
  }
  EXPECT(Result(container).is(2.5f, 2.25f, 2.125f));
  for (float& value : mine) value = 7;
  EXPECT(Result(container).is(9.5f, 9.25f, 9.125f));
  for (float& value : bias) value = 2;
  EXPECT(Result(container).is(12, 11.5f, 11.25f));
  EXPECT(AOTInductorModelContainerRunConstantFolding(container, false, nullptr, nullptr) == TOROID_SUCCESS);
  EXPECT(Result(container).is(16, 15.5f, 15.25f));
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void maps() {
  Handle container = create(1, nullptr);
  Held scale(zeros), bias(twos);
  toroid::ConstantMap map{{"layer.scale", scale.handle}, {"layer.bias", bias.handle}};
  auto* handle = reinterpret_cast<AOTInductorConstantMapHandle>(&map);
  EXPECT(AOTInductorModelContainerUpdateInactiveConstantBuffer(container, handle) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS && Result(container).is(9, 8.5f, 8.25f));
  EXPECT(AOTInductorModelContainerSwapConstantBuffer(container) == TOROID_SUCCESS && is_as_loaded(container));
  EXPECT(AOTInductorModelContainerUpdateConstantBuffer(container, handle, false, true) == TOROID_SUCCESS);
  EXPECT(Result(container).is(9, 8.5f, 8.25f));
  EXPECT(AOTInductorModelContainerUpdateUserManagedConstantBuffer(container, handle, false, true) == TOROID_SUCCESS);
  EXPECT(Result(container).is(9, 8.5f, 8.25f));
  map.erase("layer.bias");
  map.begin()->second = bias.handle;
  EXPECT(AOTInductorModelContainerUpdateConstantBufferFromCpu(container, handle, false, false) == TOROID_SUCCESS);
  EXPECT(Result(container).is(11, 10.5f, 10.25f));
  EXPECT_FAILURE(AOTInductorModelContainerUpdateConstantBuffer(container, nullptr, false, true), "Tiny: the map of constants is null");
  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMap(container, handle, false),
      "Tiny: names cannot be added to a map of C++'s library, which this library does not need: call"
      " AOTInductorModelContainerExtractConstantsMapEntries");
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

AtenTensorHandle owned(const float (&values)[3]) {
  const int64_t size = 3;
  AtenTensorHandle handle = nullptr;
  EXPECT(toroid_tensor_create(TOROID_F32, 1, &size, nullptr, nullptr, &handle) == TOROID_SUCCESS);
  memcpy(toroid_tensor_data(handle), values, sizeof(values));
  return handle;
}

// Whose handles the calls consume, also when they fail.
void single_models() {
  AOTInductorModelHandle model = nullptr;
  const Pair part[] = {{"scale", owned(ones)}};
  EXPECT_FAILURE(
      AOTInductorModelCreateV2(&model, part, 1), "Tiny: constant 1 'layer.bias' is not given, and the update is to be a whole one");
  EXPECT(model == nullptr);
  const Pair unused[] = {{"scale", owned(ones)}, {"bias", nullptr}};
  EXPECT_FAILURE(AOTInductorModelCreateV2(nullptr, unused, 2), "Tiny: the address for the new model is null");
  const Pair pairs[] = {{"scale", owned(zeros)}, {"bias", owned(twos)}};
  EXPECT(AOTInductorModelCreateV2(&model, pairs, 2) == TOROID_SUCCESS);
  size_t count = 0;
  EXPECT(AOTInductorModelGetNumOutputs(model, &count) == TOROID_SUCCESS && count == 2);
  const int64_t sizes[] = {1, 3};
  AtenTensorHandle in = nullptr, out[2];
  EXPECT(toroid_tensor_create(TOROID_F32, 2, sizes, nullptr, nullptr, &in) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelRun(model, &in, out) == TOROID_SUCCESS && in == nullptr);
  const float* y = static_cast<float*>(toroid_tensor_data(out[0]));
  EXPECT(y[0] == 9 && y[1] == 8.5f && y[2] == 8.25f);
  for (AtenTensorHandle output : out) toroid_tensor_delete(output);
  const Pair other[] = {{"bias", owned(ones)}};
  EXPECT(AOTInductorModelUpdateConstantsMapV2(model, other, 1) == TOROID_SUCCESS);
  float x[3] = {1, 1, 1}, results[3];
  double sums[1];
  Descriptor input = tensor(TOROID_F32, x, 1, 3), outputs[] = {tensor(TOROID_F32, results, 1, 3), tensor(TOROID_F64, sums, 1)};
  EXPECT(AOTInductorModelRunMinimalArrayrefInterfaceV2(model, 1, &input, 2, outputs) == TOROID_SUCCESS && results[0] == 2.5f);
  EXPECT_FAILURE(AOTInductorModelRunMinimalArrayrefInterfaceV2(model, 2, &input, 2, outputs), "Tiny.scale takes 1 inputs, and 2 were given");
  toroid::ConstantMap map{{"layer.bias", owned(twos)}};
  EXPECT(AOTInductorModelUpdateConstantsMap(model, reinterpret_cast<AOTInductorConstantMapHandle>(&map)) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelRunMinimalArrayrefInterfaceV2(model, 1, &input, 2, outputs) == TOROID_SUCCESS && results[0] == 9);
  EXPECT_FAILURE(AOTInductorModelUpdateConstantsMapV2(model, other, -1), "Tiny: the number of constants must not be -1");
  EXPECT(AOTInductorModelDelete(model) == TOROID_SUCCESS);
  map = {{"layer.scale", owned(ones)}, {"layer.bias", owned(ones)}};
  EXPECT(AOTInductorModelCreate(&model, reinterpret_cast<AOTInductorConstantMapHandle>(&map)) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelRunMinimalArrayrefInterfaceV2(model, 1, &input, 2, outputs) == TOROID_SUCCESS && results[0] == 3.5f);
  EXPECT(AOTInductorModelDelete(model) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelCreate(&model, nullptr) == TOROID_SUCCESS);
  EXPECT_FAILURE(
      AOTInductorModelRunMinimalArrayrefInterfaceV2(model, 1, &input, 2, outputs),
      "Tiny.scale: the model's constants have not been provided: call toroid_container_load_blob or toroid_container_set_constants first");
  EXPECT(AOTInductorModelDelete(model) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelDelete(nullptr) == TOROID_SUCCESS);
}

}  // namespace

int main() {
  extraction();
  updates();
  views();
  namesakes();
  refusals();
  swaps();
  incomplete();
  user_managed();
  maps();
  single_models();
  return testing::finish();
}
