// Every exported function of a model library, used rightly and wrongly, on the tiny model.
#include <toroid/checked_size.h>
#include <toroid/container_exports.h>

#include <initializer_list>

#include "tiny_model.h"

namespace {

int checks = 0;
int failures = 0;

void expect(bool condition, int line, const char* what) {
  checks++;
  if (condition) return;
  failures++;
  printf("container_test.cpp:%d: %s\n    last error: %s\n", line, what, toroid_last_error());
}

#define EXPECT(condition) expect(condition, __LINE__, #condition)
#define EXPECT_FAILURE(call, message) \
  do { \
    EXPECT((call) == TOROID_FAILURE); \
    expect(strcmp(toroid_last_error(), message) == 0, __LINE__, "message is not: " message); \
  } while (false)

alignas(64) float blob[32] = {1, 10, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
// folded = 2 * bias + shift = 2.5, 4.25, 6.125; bias * folded = 2.5, 8.5, 18.375
constexpr float kAdded[] = {2.5f, 8.5f, 18.375f};

using Descriptor = AOTInductorArrayRefTensor;

template <class... Sizes>
Descriptor tensor(int32_t dtype, void* data, Sizes... sizes) {
  Descriptor result = {};
  const int64_t list[] = {static_cast<int64_t>(sizes)..., 0};
  result.data = data;
  result.ndim = sizeof...(sizes);
  result.dtype = dtype;
  result.device_idx = -1;
  for (size_t i = 0; i < sizeof...(sizes); i++) result.sizes[i] = list[i];
  toroid::contiguous_strides(result.ndim, result.sizes, result.strides);
  result.numel = toroid::element_count(result.ndim, result.sizes);
  return result;
}

AOTInductorModelContainerHandle create(int32_t instances, const ToroidPool* pool) {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_container_create(instances, pool, &container) == TOROID_SUCCESS);
  EXPECT(toroid_container_load_blob(container, blob, 128) == TOROID_SUCCESS);
  return container;
}

void creation() {
  AOTInductorModelContainerHandle container = reinterpret_cast<AOTInductorModelContainerHandle>(blob);
  EXPECT_FAILURE(toroid_container_create(0, nullptr, &container), "Tiny: the number of instances must be 1 to 4096, not 0");
  EXPECT(container == nullptr);
  EXPECT_FAILURE(
      AOTInductorModelContainerCreate(&container, 0, true, nullptr), "Tiny: the number of instances must be 1 to 4096, not 0");
  EXPECT_FAILURE(
      AOTInductorModelContainerCreate(&container, 1, false, nullptr), "Tiny runs on the CPU, not on the device 'cuda'");
  EXPECT_FAILURE(
      AOTInductorModelContainerCreateWithDevice(&container, 1, "mps:0", nullptr), "Tiny runs on the CPU, not on the device 'mps:0'");
  EXPECT_FAILURE(toroid_container_create(1, nullptr, nullptr), "Tiny: the address for the new container is null");
  EXPECT(AOTInductorModelContainerCreateWithDevice(&container, 2, "cpu", nullptr) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerDelete(nullptr) == TOROID_SUCCESS);
  EXPECT(toroid_abi_version() == TOROID_ABI_VERSION);
  EXPECT(strcmp(toroid_model_name(), "Tiny") == 0);
  EXPECT(strcmp(toroid_model_isa(), "baseline") == 0);
  EXPECT(strcmp(toroid_model_description(), "{\"model\":\"Tiny\"}") == 0);
}

void constants() {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_container_create(2, nullptr, &container) == TOROID_SUCCESS);
  float x[3] = {1, 2, 3}, y[3];
  double sums[1];
  Descriptor in = tensor(TOROID_F32, x, 1, 3);
  Descriptor out[] = {tensor(TOROID_F32, y, 1, 3), tensor(TOROID_F64, sums, 1)};
  EXPECT_FAILURE(
      toroid_container_run(container, 0, &in, 1, out, 2),
      "Tiny.scale: the model's constants have not been provided: call toroid_container_load_blob or toroid_container_set_constants first");
  EXPECT_FAILURE(toroid_container_load_blob(container, blob, 64), "Tiny: the blob of constants has 64 bytes instead of 128");
  EXPECT_FAILURE(toroid_container_load_blob(container, blob + 1, 128), "Tiny: the blob of constants is null or not aligned to 64 bytes");
  EXPECT_FAILURE(toroid_container_load_blob(container, nullptr, 128), "Tiny: the blob of constants is null or not aligned to 64 bytes");
  EXPECT_FAILURE(toroid_container_load_blob(nullptr, blob, 128), "Tiny: the container is null");
  const void* data[] = {blob, nullptr, nullptr};
  EXPECT_FAILURE(
      toroid_container_set_constants(container, data, 3),
      "Tiny: constant 1 'layer.bias' has no data: none was given, and none is embedded in the library");
  EXPECT_FAILURE(toroid_container_set_constants(container, data, 4), "Tiny has 3 constants to be given, and 4 were given");
  EXPECT_FAILURE(toroid_container_set_constants(container, nullptr, 3), "Tiny: the array of constants is null");
  data[1] = reinterpret_cast<const char*>(blob) + 2;
  EXPECT_FAILURE(
      toroid_container_set_constants(container, data, 3), "Tiny: constant 1 'layer.bias' is not aligned to its element size");
  EXPECT(toroid_container_load_blob(container, blob, 128) == TOROID_SUCCESS);
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[0] == 1 + kAdded[0] && y[1] == 20 + kAdded[1] && y[2] == 300 + kAdded[2]);
  EXPECT(sums[0] == 321 + 29.375);

  const float refused[] = {-1, 0, 0};
  data[1] = refused;
  EXPECT_FAILURE(toroid_container_set_constants(container, data, 3), "Tiny.constants: bias[0] must not be -1");
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[2] == 300 + kAdded[2]);

  const float zeros[] = {0, 0, 0}, shift[] = {4, 4, 4}, ones[] = {1, 1, 1};
  data[1] = zeros;
  EXPECT(toroid_container_set_constants(container, data, 3) == TOROID_SUCCESS);
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[0] == 1 && y[1] == 20 && y[2] == 300);
  data[1] = ones;
  data[2] = shift;
  EXPECT(toroid_container_set_constants(container, data, 3) == TOROID_SUCCESS);
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(y[0] == 7 && y[1] == 26 && y[2] == 306);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// A file in the directory of temporary ones, gone with the object.
struct TestFile {
  char path[64];
  TestFile(const void* content, int64_t bytes) {
    snprintf(path, sizeof(path), "/tmp/toroid-test-XXXXXX");
    const int file = mkstemp(path);
    EXPECT(file >= 0 && write(file, content, static_cast<size_t>(bytes)) == bytes);
    close(file);
  }
  ~TestFile() { unlink(path); }
};

void files() {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_container_create(1, nullptr, &container) == TOROID_SUCCESS);
  EXPECT_FAILURE(toroid_container_load_file(nullptr, "x"), "Tiny: the container is null");
  EXPECT_FAILURE(toroid_container_load_file(container, nullptr), "Tiny: the path of the constants is null");
  EXPECT_FAILURE(
      toroid_container_load_file(container, "/does/not/exist"),
      "Tiny: the constants cannot be read from /does/not/exist: No such file or directory");
  {
    TestFile half(blob, 64);
    char message[256];
    snprintf(message, sizeof(message), "Tiny: %s has 64 bytes of constants instead of 128", half.path);
    EXPECT(toroid_container_load_file(container, half.path) == TOROID_FAILURE && strcmp(toroid_last_error(), message) == 0);
  }
  float x[3] = {1, 2, 3}, y[3];
  double sums[1];
  Descriptor in = tensor(TOROID_F32, x, 1, 3);
  Descriptor out[] = {tensor(TOROID_F32, y, 1, 3), tensor(TOROID_F64, sums, 1)};
  for (int round = 0; round < 3; round++) {
    TestFile file(blob, 128);
    EXPECT(toroid_container_load_file(container, file.path) == TOROID_SUCCESS);
  }
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  EXPECT(sums[0] == 321 + 29.375);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// Much that the compiler computed is read into memory of the container's own; the rest, and little, is where the file is mapped.
void prepared_constants() {
  constexpr int64_t mebi = 1 << 20;
  const toroid::ConstantInfo table[] = {
      {"rows", "rows", 1, TOROID_F32, 0, nullptr, nullptr, 0, mebi, nullptr, 0},
      {"source", "source", 1, TOROID_F32, 0, nullptr, nullptr, -1, mebi, nullptr, 0},
      {"one", "one", toroid::kFolded, TOROID_F32, 0, nullptr, nullptr, mebi, 3 * mebi + 4, nullptr, 0},
      {"late", "late", toroid::kFolded, TOROID_F32, 0, nullptr, nullptr, -1, mebi, nullptr, 3 * mebi + 64},
      {"two", "two", toroid::kFolded, TOROID_F32, 0, nullptr, nullptr, 4 * mebi + 64, 17 * mebi, nullptr, 4 * mebi + 64}};
  toroid::Model model = {};
  model.name = "Large";
  model.constants = table;
  model.constant_count = 5;
  model.blob_bytes = 21 * mebi + 128;
  char* content = static_cast<char*>(malloc(static_cast<size_t>(model.blob_bytes)));
  for (int64_t i = 0; i < model.blob_bytes; i++) content[i] = static_cast<char>(i * 7 + i / 4096);
  TestFile file(content, model.blob_bytes);
  ToroidPool* pool = nullptr;
  EXPECT(toroid_pool_create(3, &pool) == TOROID_SUCCESS);
  for (const ToroidPool* threads : {static_cast<const ToroidPool*>(nullptr), static_cast<const ToroidPool*>(pool)}) {
    toroid::BlobFile opened;
    EXPECT(toroid::open_blob(model, file.path, threads, &opened) == TOROID_SUCCESS);
    EXPECT(opened.begin == mebi && opened.end == 21 * mebi + 64 && opened.copy != nullptr);
    EXPECT(reinterpret_cast<uintptr_t>(opened.copy) % static_cast<uintptr_t>(toroid::kLargePage) == 0);
    EXPECT(opened.at(0) == opened.mapping && opened.at(mebi) == opened.copy && opened.at(4 * mebi + 64) == opened.copy + 3 * mebi + 64);
    EXPECT(memcmp(opened.copy, content + mebi, static_cast<size_t>(20 * mebi + 64)) == 0);
    EXPECT(memcmp(opened.mapping, content, static_cast<size_t>(mebi)) == 0);
    opened.close();
  }
  model.constant_count = 3;
  toroid::BlobFile little;
  EXPECT(toroid::open_blob(model, file.path, pool, &little) == TOROID_SUCCESS);
  EXPECT(little.copy == nullptr && little.at(mebi) == static_cast<const char*>(little.mapping) + mebi);
  little.close();
  EXPECT(toroid_pool_delete(pool) == TOROID_SUCCESS);
  free(content);
}

// Each function by its number.
void hosts() {
  const auto address = [](auto* pointer) { return reinterpret_cast<int64_t>(pointer); };
  EXPECT(toroid_host_call(0, TOROID_HOST_ABI_VERSION, 0, 0, 0, 0) == TOROID_ABI_VERSION);
  const char* text = nullptr;
  EXPECT(toroid_host_call(0, TOROID_HOST_MODEL_NAME, 0, address(&text), 0, 0) == TOROID_SUCCESS && strcmp(text, "Tiny") == 0);
  EXPECT(toroid_host_call(0, TOROID_HOST_MODEL_ISA, 0, address(&text), 0, 0) == TOROID_SUCCESS && strcmp(text, "baseline") == 0);
  EXPECT(toroid_host_call(0, TOROID_HOST_MODEL_DESCRIPTION, 0, address(&text), 0, 0) == TOROID_SUCCESS);
  EXPECT(strcmp(text, "{\"model\":\"Tiny\"}") == 0);
  EXPECT_FAILURE(toroid_host_call(0, 99, 0, 0, 0, 0), "the library has no function 99");
  EXPECT(toroid_host_call(0, TOROID_HOST_LAST_ERROR, 0, address(&text), 0, 0) == TOROID_SUCCESS);
  EXPECT(strcmp(text, "the library has no function 99") == 0);
  ToroidPool* pool = nullptr;
  EXPECT(toroid_host_call(0, TOROID_HOST_POOL_CREATE, 2, address(&pool), 0, 0) == TOROID_SUCCESS && pool->threads == 2);
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_host_call(address(pool), TOROID_HOST_CONTAINER_CREATE, 1, address(&container), 0, 0) == TOROID_SUCCESS);
  EXPECT(toroid::container_of(container)->pool == pool && toroid::container_of(container)->instances.count == 1);
  TestFile file(blob, 128);
  EXPECT(toroid_host_call(address(container), TOROID_HOST_LOAD_FILE, address(file.path), 0, 0, 0) == TOROID_SUCCESS);
  const void* data[] = {blob, blob, nullptr};
  EXPECT(toroid_host_call(address(container), TOROID_HOST_SET_CONSTANTS, address(data), 3, 0, 0) == TOROID_SUCCESS);
  EXPECT(toroid::container_of(container)->constants->data[1] == blob);
  EXPECT(toroid_host_call(address(container), TOROID_HOST_CONTAINER_DELETE, 0, 0, 0, 0) == TOROID_SUCCESS);
  EXPECT(toroid_host_call(address(pool), TOROID_HOST_POOL_DELETE, 0, 0, 0, 0) == TOROID_SUCCESS);
}

void introspection() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  size_t count = 0, bytes = 0;
  const char* text = nullptr;
  const char* out_spec = nullptr;
  bool folded = false;
  int32_t number = 0;
  EXPECT(AOTInductorModelContainerGetNumConstants(container, &count) == TOROID_SUCCESS && count == 4);
  EXPECT(AOTInductorModelContainerGetConstantName(container, 1, &text) == TOROID_SUCCESS && strcmp(text, "bias") == 0);
  EXPECT(AOTInductorModelContainerGetConstantOriginalFQN(container, 1, &text) == TOROID_SUCCESS && strcmp(text, "layer.bias") == 0);
  EXPECT(AOTInductorModelContainerGetConstantFromFolded(container, 3, &folded) == TOROID_SUCCESS && folded);
  EXPECT(AOTInductorModelContainerGetConstantFromFolded(container, 2, &folded) == TOROID_SUCCESS && !folded);
  EXPECT(AOTInductorModelContainerGetConstantType(container, 2, &number) == TOROID_SUCCESS && number == 3);
  EXPECT(AOTInductorModelContainerGetConstantDtype(container, 2, &number) == TOROID_SUCCESS && number == TOROID_F32);
  EXPECT(AOTInductorModelContainerGetConstantDataSize(container, 2, &bytes) == TOROID_SUCCESS && bytes == 64);
  EXPECT(AOTInductorModelContainerGetNumInputs(container, &count) == TOROID_SUCCESS && count == 1);
  EXPECT(AOTInductorModelContainerGetInputName(container, 0, &text) == TOROID_SUCCESS && strcmp(text, "x") == 0);
  EXPECT(AOTInductorModelContainerGetNumOutputs(container, &count) == TOROID_SUCCESS && count == 2);
  EXPECT(AOTInductorModelContainerGetOutputName(container, 1, &text) == TOROID_SUCCESS && strcmp(text, "sums") == 0);
  EXPECT(AOTInductorModelContainerGetCallSpec(container, &text, &out_spec) == TOROID_SUCCESS);
  EXPECT(strcmp(text, "(x)") == 0 && strcmp(out_spec, "(y, sums)") == 0);
  EXPECT_FAILURE(AOTInductorModelContainerGetConstantName(container, 4, &text), "Tiny has no constant 4: it has 4");
  EXPECT_FAILURE(AOTInductorModelContainerGetInputName(container, 1, &text), "Tiny has no input 1: it has 1");
  EXPECT_FAILURE(AOTInductorModelContainerGetOutputName(container, 2, &text), "Tiny has no output 2: it has 2");
  EXPECT_FAILURE(AOTInductorModelContainerGetNumConstants(nullptr, &count), "Tiny: the container is null");
  EXPECT_FAILURE(AOTInductorModelContainerGetNumInputs(container, nullptr), "Tiny: the address for the result is null");
  EXPECT_FAILURE(AOTInductorModelContainerGetCallSpec(container, nullptr, &text), "Tiny: the address for the result is null");
  EXPECT(AOTInductorGetLastError(&text) == TOROID_SUCCESS && strcmp(text, "Tiny: the address for the result is null") == 0);
  EXPECT_FAILURE(AOTInductorGetLastError(nullptr), "Tiny: the address for the message is null");
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

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

// Eight threads over three instances and one pool, some of them with wrong inputs, while another replaces the constants.
struct Shared {
  AOTInductorModelContainerHandle container;
  int32_t wrong;
  bool done;
};

void* run_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  constexpr int64_t kRowCount = 100;
  float x[kRowCount * 3], y[kRowCount * 3];
  double sums[kRowCount];
  for (int64_t i = 0; i < kRowCount * 3; i++) x[i] = static_cast<float>(i);
  for (int round = 0; round < 200; round++) {
    const int64_t n = 1 + round % kRowCount;
    Descriptor in = tensor(TOROID_F32, x, n, 3);
    Descriptor out[] = {tensor(TOROID_F32, y, n, 3), tensor(TOROID_F64, sums, n)};
    int32_t status = toroid_container_run(shared.container, 0, &in, 1, out, 2);
    const float last = y[n * 3 - 1] - static_cast<float>(n * 3 - 1) * 100;
    if (status != TOROID_SUCCESS || (last != kAdded[2] && last != 0)) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
    in.sizes[1] = 4;
    status = toroid_container_run(shared.container, 0, &in, 1, out, 2);
    if (status != TOROID_FAILURE || strstr(toroid_last_error(), "axis 1 is 4 instead of 3") == nullptr)
      __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  }
  return nullptr;
}

void* replace_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  alignas(64) float other[32] = {1, 10, 100};
  for (int round = 0; !__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE); round++)
    if (toroid_container_load_blob(shared.container, round % 2 == 0 ? other : blob, 128) != TOROID_SUCCESS)
      __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  if (toroid_container_load_blob(shared.container, blob, 128) != TOROID_SUCCESS) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  return nullptr;
}

void concurrency() {
  ToroidPool* pool = nullptr;
  EXPECT_FAILURE(toroid_pool_create(0, &pool), "the number of threads of a pool must be 1 to 4096, not 0");
  EXPECT(toroid_pool_create(2, &pool) == TOROID_SUCCESS);
  Shared shared{create(3, pool), 0, false};
  pthread_t threads[8], replacer;
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, run_many, &shared);
  pthread_create(&replacer, nullptr, replace_many, &shared);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  __atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
  pthread_join(replacer, nullptr);
  EXPECT(shared.wrong == 0);
  EXPECT(AOTInductorModelContainerDelete(shared.container) == TOROID_SUCCESS);
  EXPECT(toroid_pool_delete(pool) == TOROID_SUCCESS);
  EXPECT(toroid_pool_delete(nullptr) == TOROID_SUCCESS);
}

// At most as many runs at a time as there are instances, and all of the instances are used.
struct Holder {
  AOTInductorModelContainerHandle container;
  float overlap;
};

void* hold(void* argument) {
  Holder& holder = *static_cast<Holder*>(argument);
  float milliseconds = 20;
  Descriptor in = tensor(TOROID_F32, &milliseconds), out = tensor(TOROID_F32, &holder.overlap);
  if (toroid_container_run(holder.container, 2, &in, 1, &out, 1) != TOROID_SUCCESS) holder.overlap = -1;
  return nullptr;
}

void instances() {
  AOTInductorModelContainerHandle container = create(3, nullptr);
  Holder holders[8];
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) {
    holders[i] = {container, 0};
    pthread_create(&threads[i], nullptr, hold, &holders[i]);
  }
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  float most = 0;
  for (const Holder& holder : holders) {
    EXPECT(holder.overlap >= 1);
    if (holder.overlap > most) most = holder.overlap;
  }
  EXPECT(most == 3);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// Who has waited for long is served in the order of coming, and before a thread that comes when an instance is returned.
struct Queue {
  toroid::Instances instances = {};
  int order[4] = {};
  int served = 0;  // guarded by what is waited for
};

struct Visitor {
  Queue* queue;
  int number;
  toroid::Instance* wanted;  // null for any
};

void* visit(void* argument) {
  const Visitor& visitor = *static_cast<Visitor*>(argument);
  toroid::Instances& instances = visitor.queue->instances;
  toroid::Instance* taken = visitor.wanted;
  if (taken != nullptr)
    instances.take_exactly(taken);
  else
    taken = instances.take();
  visitor.queue->order[visitor.queue->served++] = visitor.number;
  instances.give_back(taken);
  return nullptr;
}

void nap() {
  const timespec two_milliseconds{0, 2000000};
  nanosleep(&two_milliseconds, nullptr);
}

// The visitors come one after the other and wait.
template <size_t N>
void start(Visitor (&visitors)[N], pthread_t (&threads)[N]) {
  for (size_t i = 0; i < N; i++) {
    pthread_create(&threads[i], nullptr, visit, &visitors[i]);
    while (__atomic_load_n(&visitors[i].queue->instances.waiting, __ATOMIC_SEQ_CST) <= static_cast<int>(i)) nap();
  }
  nap();
}

void order_of_coming() {
  Queue queue;
  EXPECT(queue.instances.open(1, 0, 0, nullptr));
  toroid::Instance* only = queue.instances.take();
  EXPECT(queue.instances.try_take() == nullptr);
  Visitor visitors[] = {{&queue, 1, nullptr}, {&queue, 2, nullptr}, {&queue, 3, only}, {&queue, 4, nullptr}};
  pthread_t threads[4];
  start(visitors, threads);
  queue.instances.give_back(only);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  for (int i = 0; i < 4; i++) EXPECT(queue.order[i] == i + 1);
  EXPECT(queue.instances.waiting == 0);
  EXPECT(queue.instances.try_take() == only);
  queue.instances.close(0);
}

// Who waits for a certain instance lets others pass that take any.
void certain_instances() {
  Queue queue;
  EXPECT(queue.instances.open(2, 0, 0, nullptr));
  toroid::Instance* one = queue.instances.take();
  toroid::Instance* two = queue.instances.take();
  Visitor visitors[] = {{&queue, 1, two}, {&queue, 2, nullptr}};
  pthread_t threads[2];
  start(visitors, threads);
  queue.instances.give_back(one);
  pthread_join(threads[1], nullptr);
  EXPECT(queue.served == 1 && queue.order[0] == 2);
  EXPECT(queue.instances.waiting == 1);
  queue.instances.give_back(two);
  pthread_join(threads[0], nullptr);
  EXPECT(queue.served == 2 && queue.order[1] == 1);
  queue.instances.close(0);
}

}  // namespace

// ---- sizes --------------------------------------------------------------------------------------------------------------

using toroid::CheckedSize;

constexpr CheckedSize kSmall = 7, kHalf = int64_t{1} << 62, kLost = 2 * kHalf;
constexpr int64_t kMost = INT64_MAX;

static_assert((2 * kSmall + 3 - 20).saturated() == -3 && (kHalf - 1 + kHalf).saturated() == kMost, "sizes that fit are exact");
static_assert(kLost.saturated() == kMost && (kHalf + kHalf).saturated() == kMost && (0 - kHalf - kHalf - 1).saturated() == kMost);
static_assert((kLost / 4).saturated() == kMost && (kLost * 0).saturated() == kMost && (kLost % 2).saturated() == kMost, "what is lost stays lost");
static_assert(size_min(kLost, 1).saturated() == kMost && size_max(kSmall, 9).saturated() == 9 && size_min(kSmall, 9).saturated() == 7);
static_assert(floor_div(0 - kSmall, 2) == -4 && floor_mod(-7, CheckedSize(2)) == 1 && kSmall / 2 == 3 && kSmall % 4 == 3);
static_assert(kSmall / 0 == 0 && kSmall % 0 == 7 && (CheckedSize(INT64_MIN) / -1).saturated() == kMost);
static_assert(kSmall < 8 && kSmall <= 7 && kSmall == 7 && kSmall != 8 && !(kSmall < 7));
static_assert(!(kLost < 8) && !(kLost <= 8) && !(kLost == kLost) && !(kLost != 8) && !(8 < kLost), "no relation holds of what is lost");

int main() {
  creation();
  constants();
  files();
  prepared_constants();
  hosts();
  introspection();
  counts();
  inputs();
  outputs();
  handles();
  shim();
  concurrency();
  instances();
  order_of_coming();
  certain_instances();
  printf("container: %d checks, %d failures\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
