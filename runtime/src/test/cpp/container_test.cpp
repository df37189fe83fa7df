// A model container from its making to its end, on the tiny model: its constants, from memory and files, and what it says of itself.
#include <initializer_list>

#include "temporary.h"
#include "tiny_testing.h"

namespace {

using testing::blob;
using testing::create;
using testing::Descriptor;
using testing::kAdded;
using testing::TemporaryFile;
using testing::tensor;

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

void files() {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_container_create(1, nullptr, &container) == TOROID_SUCCESS);
  EXPECT_FAILURE(toroid_container_load_file(nullptr, "x"), "Tiny: the container is null");
  EXPECT_FAILURE(toroid_container_load_file(container, nullptr), "Tiny: the path of the constants is null");
  EXPECT_FAILURE(
      toroid_container_load_file(container, "/does/not/exist"),
      "Tiny: the constants cannot be read from /does/not/exist: No such file or directory");
  {
    TemporaryFile half(blob, 64);
    char message[600];
    snprintf(message, sizeof(message), "Tiny: %s has 64 bytes of constants instead of 128", half.path);
    EXPECT(toroid_container_load_file(container, half.path) == TOROID_FAILURE && strcmp(toroid_last_error(), message) == 0);
  }
  float x[3] = {1, 2, 3}, y[3];
  double sums[1];
  Descriptor in = tensor(TOROID_F32, x, 1, 3);
  Descriptor out[] = {tensor(TOROID_F32, y, 1, 3), tensor(TOROID_F64, sums, 1)};
  for (int round = 0; round < 3; round++) {
    TemporaryFile file(blob, 128);
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
  TemporaryFile file(content, model.blob_bytes);
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
  TemporaryFile file(blob, 128);
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

void dimensions() {
  const char* text = nullptr;
  EXPECT(toroid_input_dimension(0, 0, 0, &text) == TOROID_SUCCESS && strcmp(text, "n") == 0);
  EXPECT(toroid_input_dimension(0, 0, 1, &text) == TOROID_SUCCESS && strcmp(text, "3") == 0);
  EXPECT(toroid_input_dimension(1, 1, 0, &text) == TOROID_SUCCESS && strcmp(text, "2*n") == 0);
  EXPECT(toroid_output_dimension(0, 1, 0, &text) == TOROID_SUCCESS && strcmp(text, "n") == 0);
  EXPECT_FAILURE(toroid_input_dimension(3, 0, 0, &text), "Tiny has no entry 3: it has 3");
  EXPECT_FAILURE(toroid_output_dimension(-1, 0, 0, &text), "Tiny has no entry -1: it has 3");
  EXPECT_FAILURE(toroid_input_dimension(0, 1, 0, &text), "Tiny.scale has no input 1: it has 1");
  EXPECT_FAILURE(toroid_output_dimension(0, 2, 0, &text), "Tiny.scale has no output 2: it has 2");
  EXPECT_FAILURE(toroid_output_dimension(0, 0, 2, &text), "Tiny.scale: output 0 'y' has no axis 2: its rank is 2");
  EXPECT_FAILURE(toroid_input_dimension(2, 0, 0, &text), "Tiny.hold: input 0 'x' has no axis 0: its rank is 0");
  EXPECT_FAILURE(toroid_input_dimension(0, 0, 0, nullptr), "Tiny: the address for the result is null");
}

}  // namespace

int main() {
  creation();
  constants();
  files();
  prepared_constants();
  hosts();
  introspection();
  dimensions();
  return testing::finish();
}
