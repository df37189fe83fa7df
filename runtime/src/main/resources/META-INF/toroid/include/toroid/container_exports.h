// The container of a model, and the functions that a model library exports. container.cpp is this header and nothing else; it is the
// same for every model and compiled once. abi.h says what each function does.
#pragma once

#include <toroid/constant_exports.h>
#include <toroid/container_run.h>
#include <toroid/pool_threads.h>

namespace toroid {

// ---- introspection ------------------------------------------------------------------------------------------------------

// Element `index` of one of the model's tables, read by `get` into `result`.
template <class Element, class Result, class Get>
int32_t read_table(
    const char* what, const Element* table, int32_t count, AOTInductorModelContainerHandle container, size_t index, Result* result,
    Get&& get) {
  if (container == nullptr) return failure("%s: the container is null", toroid_model.name);
  if (result == nullptr) return failure("%s: the address for the result is null", toroid_model.name);
  if (index >= static_cast<size_t>(count)) return failure("%s has no %s %zu: it has %d", toroid_model.name, what, index, count);
  *result = get(table[index]);
  return TOROID_SUCCESS;
}

template <class Result, class Get>
int32_t read_constant(AOTInductorModelContainerHandle container, size_t index, Result* result, Get&& get) {
  return read_table("constant", toroid_model.constants, toroid_model.constant_count, container, index, result, get);
}

inline int32_t read_count(AOTInductorModelContainerHandle container, int32_t count, size_t* result) {
  if (container == nullptr) return failure("%s: the container is null", toroid_model.name);
  if (result == nullptr) return failure("%s: the address for the result is null", toroid_model.name);
  *result = static_cast<size_t>(count);
  return TOROID_SUCCESS;
}

// Whoever calls AOTInductor's functions gives no pool. In PyTorch's process a container has one of its own, as large as PyTorch's.
inline int32_t create_with_pool(size_t instances, AOTInductorModelContainerHandle* result) {
  const int32_t threads = shim_threads();
  ToroidPool* pool = threads > 1 ? pool_create(threads) : nullptr;
  const int32_t status = create_container(instances > INT32_MAX ? INT32_MAX : static_cast<int64_t>(instances), pool, result);
  if (status == TOROID_SUCCESS) container_of(*result)->own_pool = pool;
  else if (pool != nullptr) pool_delete(pool);
  return status;
}

inline void delete_with_pool(Container* container) {
  ToroidPool* pool = container->own_pool;
  delete_container(container);
  if (pool != nullptr) pool_delete(pool);
}

inline int32_t read_dimension(
    const char* what, const EntryInfo& entry, const TensorInfo* table, int32_t count, int32_t index, int32_t axis, const char** text) {
  if (text == nullptr) return failure("%s: the address for the result is null", toroid_model.name);
  if (index < 0 || index >= count) return failure("%s.%s has no %s %d: it has %d", toroid_model.name, entry.name, what, index, count);
  const TensorInfo& tensor = table[index];
  if (axis < 0 || axis >= tensor.rank)
    return failure("%s.%s: %s %d '%s' has no axis %d: its rank is %d", toroid_model.name, entry.name, what, index, tensor.name, axis, tensor.rank);
  *text = tensor.dimensions[axis].text;
  return TOROID_SUCCESS;
}

inline int32_t require_entry(int32_t entry) {
  const bool exists = entry >= 0 && entry < toroid_model.entry_count;
  return exists ? TOROID_SUCCESS : failure("%s has no entry %d: it has %d", toroid_model.name, entry, toroid_model.entry_count);
}

inline bool is_cpu_device(const char* device) { return device != nullptr && strncmp(device, "cpu", 3) == 0 && (device[3] == '\0' || device[3] == ':'); }

}  // namespace toroid

// ---- exports ------------------------------------------------------------------------------------------------------------

extern "C" {

AOTIRuntimeError AOTInductorModelContainerCreate(
    AOTInductorModelContainerHandle* container, size_t num_models, bool is_cpu, const char* cubin_dir) {
  return AOTInductorModelContainerCreateWithDevice(container, num_models, is_cpu ? "cpu" : "cuda", cubin_dir);
}

AOTIRuntimeError AOTInductorModelContainerCreateWithDevice(
    AOTInductorModelContainerHandle* container, size_t num_models, const char* device, const char*) {
  if (container != nullptr) *container = nullptr;
  if (!toroid::is_cpu_device(device))
    return toroid::failure("%s runs on the CPU, not on the device '%s'", toroid_model.name, device == nullptr ? "null" : device);
  return toroid::create_with_pool(num_models, container);
}

AOTIRuntimeError AOTInductorModelContainerDelete(AOTInductorModelContainerHandle container) {
  if (container != nullptr) toroid::delete_with_pool(toroid::container_of(container));
  return TOROID_SUCCESS;
}

AOTIRuntimeError AOTInductorModelContainerRun(
    AOTInductorModelContainerHandle container, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs,
    size_t num_outputs, AOTInductorStreamHandle, AOTIProxyExecutorHandle) {
  return toroid::run_handles(toroid::container_of(container), /* with_pool= */ true, inputs, num_inputs, outputs, num_outputs);
}

AOTIRuntimeError AOTInductorModelContainerRunSingleThreaded(
    AOTInductorModelContainerHandle container, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs,
    size_t num_outputs, AOTInductorStreamHandle, AOTIProxyExecutorHandle) {
  return toroid::run_handles(toroid::container_of(container), /* with_pool= */ false, inputs, num_inputs, outputs, num_outputs);
}

AOTIRuntimeError AOTInductorModelContainerGetNumConstants(AOTInductorModelContainerHandle container, size_t* count) {
  return toroid::read_count(container, toroid_model.constant_count, count);
}

AOTIRuntimeError AOTInductorModelContainerGetConstantName(AOTInductorModelContainerHandle container, size_t index, const char** name) {
  return toroid::read_constant(container, index, name, [](const toroid::ConstantInfo& info) { return info.name; });
}

AOTIRuntimeError AOTInductorModelContainerGetConstantOriginalFQN(AOTInductorModelContainerHandle container, size_t index, const char** fqn) {
  return toroid::read_constant(container, index, fqn, [](const toroid::ConstantInfo& info) { return info.fqn; });
}

AOTIRuntimeError AOTInductorModelContainerGetConstantFromFolded(AOTInductorModelContainerHandle container, size_t index, bool* from_folded) {
  return toroid::read_constant(container, index, from_folded, [](const toroid::ConstantInfo& info) { return info.type == toroid::kFolded; });
}

AOTIRuntimeError AOTInductorModelContainerGetConstantType(AOTInductorModelContainerHandle container, size_t index, int32_t* type) {
  return toroid::read_constant(container, index, type, [](const toroid::ConstantInfo& info) { return info.type; });
}

AOTIRuntimeError AOTInductorModelContainerGetConstantDtype(AOTInductorModelContainerHandle container, size_t index, int32_t* dtype) {
  return toroid::read_constant(container, index, dtype, [](const toroid::ConstantInfo& info) { return info.dtype; });
}

AOTIRuntimeError AOTInductorModelContainerGetConstantDataSize(AOTInductorModelContainerHandle container, size_t index, size_t* bytes) {
  return toroid::read_constant(
      container, index, bytes, [](const toroid::ConstantInfo& info) { return static_cast<size_t>(toroid::round_up(info.bytes)); });
}

AOTIRuntimeError AOTInductorModelContainerGetNumInputs(AOTInductorModelContainerHandle container, size_t* count) {
  return toroid::read_count(container, toroid::own_entry().input_count, count);
}

AOTIRuntimeError AOTInductorModelContainerGetInputName(AOTInductorModelContainerHandle container, size_t index, const char** name) {
  const toroid::EntryInfo& entry = toroid::own_entry();
  return toroid::read_table(
      "input", entry.inputs, entry.input_count, container, index, name, [](const toroid::TensorInfo& info) { return info.name; });
}

AOTIRuntimeError AOTInductorModelContainerGetNumOutputs(AOTInductorModelContainerHandle container, size_t* count) {
  return toroid::read_count(container, toroid::own_entry().output_count, count);
}

AOTIRuntimeError AOTInductorModelContainerGetOutputName(AOTInductorModelContainerHandle container, size_t index, const char** name) {
  const toroid::EntryInfo& entry = toroid::own_entry();
  return toroid::read_table(
      "output", entry.outputs, entry.output_count, container, index, name, [](const toroid::TensorInfo& info) { return info.name; });
}

AOTIRuntimeError AOTInductorModelContainerGetCallSpec(
    AOTInductorModelContainerHandle container, const char** in_spec, const char** out_spec) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  if (in_spec == nullptr || out_spec == nullptr) return toroid::failure("%s: the address for the result is null", toroid_model.name);
  *in_spec = toroid::own_entry().in_spec;
  *out_spec = toroid::own_entry().out_spec;
  return TOROID_SUCCESS;
}

AOTIRuntimeError AOTInductorGetLastError(const char** message) {
  if (message == nullptr) return toroid::failure("%s: the address for the message is null", toroid_model.name);
  *message = toroid::last_error;
  return TOROID_SUCCESS;
}

int32_t toroid_abi_version(void) { return TOROID_ABI_VERSION; }
const char* toroid_model_name(void) { return toroid_model.name; }
const char* toroid_model_isa(void) { return toroid_model.isa; }
const char* toroid_model_description(void) { return toroid_model.description; }

int32_t toroid_input_dimension(int32_t entry, int32_t input, int32_t axis, const char** text) {
  if (toroid::require_entry(entry) != TOROID_SUCCESS) return TOROID_FAILURE;
  const toroid::EntryInfo& info = toroid_model.entries[entry];
  return toroid::read_dimension("input", info, info.inputs, info.input_count, input, axis, text);
}

int32_t toroid_output_dimension(int32_t entry, int32_t output, int32_t axis, const char** text) {
  if (toroid::require_entry(entry) != TOROID_SUCCESS) return TOROID_FAILURE;
  const toroid::EntryInfo& info = toroid_model.entries[entry];
  return toroid::read_dimension("output", info, info.outputs, info.output_count, output, axis, text);
}

const char* toroid_last_error(void) { return toroid::last_error; }

int32_t toroid_tensor_create(
    int32_t dtype, int64_t ndim, const int64_t* sizes, const int64_t* strides, void* data, AtenTensorHandle* tensor) {
  if (tensor == nullptr) return toroid::failure("the address for the new tensor is null");
  *tensor = nullptr;
  return toroid::create_handle(dtype, ndim, sizes, strides, data, tensor);
}

void* toroid_tensor_data(AtenTensorHandle tensor) {
  void* data = nullptr;
  return aoti_torch_get_data_ptr(tensor, &data) == TOROID_SUCCESS ? data : nullptr;
}

int64_t toroid_tensor_ndim(AtenTensorHandle tensor) {
  int64_t rank = 0;
  return aoti_torch_get_dim(tensor, &rank) == TOROID_SUCCESS ? rank : -1;
}

const int64_t* toroid_tensor_sizes(AtenTensorHandle tensor) {
  int64_t* sizes = nullptr;
  return aoti_torch_get_sizes(tensor, &sizes) == TOROID_SUCCESS ? sizes : nullptr;
}

const int64_t* toroid_tensor_strides(AtenTensorHandle tensor) {
  int64_t* strides = nullptr;
  return aoti_torch_get_strides(tensor, &strides) == TOROID_SUCCESS ? strides : nullptr;
}

int32_t toroid_tensor_dtype(AtenTensorHandle tensor) {
  int32_t dtype = -1;
  return aoti_torch_get_dtype(tensor, &dtype) == TOROID_SUCCESS ? dtype : -1;
}

int32_t toroid_tensor_delete(AtenTensorHandle tensor) {
  return tensor == nullptr ? TOROID_SUCCESS : toroid::checked_shim(aoti_torch_delete_tensor_object(tensor), "delete a tensor");
}

int32_t toroid_container_create(int32_t instances, const ToroidPool* pool, AOTInductorModelContainerHandle* container) {
  return toroid::create_container(instances, pool, container);
}

int32_t toroid_container_set_constants(AOTInductorModelContainerHandle container, const void* const* data, int64_t count) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  const int32_t expected = toroid::given_constant_count();
  if (count != expected)
    return toroid::failure("%s has %d constants to be given, and %lld were given", toroid_model.name, expected, static_cast<long long>(count));
  if (data == nullptr && count > 0) return toroid::failure("%s: the array of constants is null", toroid_model.name);
  return toroid::replace_constants(
      *toroid::container_of(container), /* memory= */ nullptr,
      [&](int32_t, const toroid::ConstantInfo& info) { return info.type == toroid::kFolded ? nullptr : *data++; });
}

int32_t toroid_container_load_blob(AOTInductorModelContainerHandle container, const void* blob, int64_t bytes) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  if (bytes != toroid_model.blob_bytes)
    return toroid::failure(
        "%s: the blob of constants has %lld bytes instead of %lld", toroid_model.name, static_cast<long long>(bytes),
        static_cast<long long>(toroid_model.blob_bytes));
  if (bytes > 0 && (blob == nullptr || reinterpret_cast<uintptr_t>(blob) % toroid::kAlignment != 0))
    return toroid::failure("%s: the blob of constants is null or not aligned to 64 bytes", toroid_model.name);
  const char* start = static_cast<const char*>(blob);
  return toroid::replace_constants(
      *toroid::container_of(container), /* memory= */ nullptr, [&](int32_t, const toroid::ConstantInfo& info) -> const void* {
        return info.data != nullptr || info.offset < 0 ? nullptr : start + info.offset;
      });
}

int32_t toroid_container_load_file(AOTInductorModelContainerHandle container, const char* path) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  toroid::Container& loading = *toroid::container_of(container);
  toroid::ConstantMemory* memory = toroid::create_memory();
  if (memory == nullptr) return toroid::failure("%s: out of memory for the table of constants", toroid_model.name);
  if (toroid::open_blob(toroid_model, path, loading.pool, &memory->blob) != TOROID_SUCCESS) {
    free(memory);
    return TOROID_FAILURE;
  }
  return toroid::replace_constants(loading, memory, [&, blob = memory->blob](int32_t, const toroid::ConstantInfo& info) -> const void* {
    return info.data != nullptr || info.offset < 0 ? nullptr : blob.at(info.offset);
  });
}

int32_t toroid_container_run(
    AOTInductorModelContainerHandle container, int32_t entry, const AOTInductorArrayRefTensor* inputs, int64_t num_inputs,
    AOTInductorArrayRefTensor* outputs, int64_t num_outputs) {
  toroid::Container* running = toroid::container_of(container);
  return toroid::run_entry(running, running == nullptr ? nullptr : running->pool, entry, inputs, num_inputs, outputs, num_outputs, /* handles= */ nullptr);
}

int32_t toroid_container_reset_states(AOTInductorModelContainerHandle container) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  toroid::Container& resetting = *toroid::container_of(container);
  if (toroid_model.state_count == 0) return TOROID_SUCCESS;
  toroid::Instance* instance = resetting.instances.take();
  const toroid::ConstantSet* constants = __atomic_load_n(&resetting.constants, __ATOMIC_ACQUIRE);
  toroid::reset_states(resetting.states, constants == nullptr ? nullptr : constants->data);
  resetting.instances.give_back(instance);
  return TOROID_SUCCESS;
}

int32_t toroid_container_set_operators(AOTInductorModelContainerHandle container, ToroidOperatorHost host) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  toroid::container_of(container)->host = host;
  return TOROID_SUCCESS;
}

int32_t toroid_pool_create(int32_t threads, ToroidPool** pool) {
  if (pool == nullptr) return toroid::failure("the address for the new pool is null");
  *pool = nullptr;
  if (threads < 1 || threads > 4096) return toroid::failure("the number of threads of a pool must be 1 to 4096, not %d", threads);
  *pool = toroid::pool_create(threads);
  return *pool != nullptr ? TOROID_SUCCESS : toroid::failure("a pool of %d threads could not be created", threads);
}

int32_t toroid_pool_delete(ToroidPool* pool) {
  if (pool != nullptr) toroid::pool_delete(pool);
  return TOROID_SUCCESS;
}

int32_t toroid_host_call(int64_t object, int32_t function, int64_t a, int64_t b, int64_t c, int64_t d) {
  const auto container = reinterpret_cast<AOTInductorModelContainerHandle>(object);
  const auto pool = reinterpret_cast<ToroidPool*>(object);
  const int32_t count = static_cast<int32_t>(a);
  const char** text = reinterpret_cast<const char**>(b);
  switch (function) {
    case TOROID_HOST_ABI_VERSION: return toroid_abi_version();
    case TOROID_HOST_MODEL_NAME: *text = toroid_model_name(); return TOROID_SUCCESS;
    case TOROID_HOST_MODEL_ISA: *text = toroid_model_isa(); return TOROID_SUCCESS;
    case TOROID_HOST_MODEL_DESCRIPTION: *text = toroid_model_description(); return TOROID_SUCCESS;
    case TOROID_HOST_LAST_ERROR: *text = toroid_last_error(); return TOROID_SUCCESS;
    case TOROID_HOST_CONTAINER_CREATE:
      return toroid_container_create(count, pool, reinterpret_cast<AOTInductorModelContainerHandle*>(b));
    case TOROID_HOST_CONTAINER_DELETE: return AOTInductorModelContainerDelete(container);
    case TOROID_HOST_LOAD_FILE: return toroid_container_load_file(container, reinterpret_cast<const char*>(a));
    case TOROID_HOST_SET_CONSTANTS: return toroid_container_set_constants(container, reinterpret_cast<const void* const*>(a), b);
    case TOROID_HOST_POOL_CREATE: return toroid_pool_create(count, reinterpret_cast<ToroidPool**>(b));
    case TOROID_HOST_POOL_DELETE: return toroid_pool_delete(pool);
    case TOROID_HOST_RESET_STATES: return toroid_container_reset_states(container);
    case TOROID_HOST_SET_OPERATORS: return toroid_container_set_operators(container, reinterpret_cast<ToroidOperatorHost>(a));
    case TOROID_HOST_LAST_REASON: *reinterpret_cast<int64_t*>(b) = toroid::last_reason; return TOROID_SUCCESS;
    case TOROID_HOST_UPDATE_CONSTANTS:
      return toroid_container_update_constants(
          container, reinterpret_cast<const char* const*>(a), reinterpret_cast<const AOTInductorArrayRefTensor*>(b), c, static_cast<int32_t>(d));
    case TOROID_HOST_READ_CONSTANT: return toroid_container_read_constant(container, count, reinterpret_cast<void*>(b), c, d != 0);
    case TOROID_HOST_SWAP_CONSTANTS: return AOTInductorModelContainerSwapConstantBuffer(container);
    case TOROID_HOST_FREE_INACTIVE: return AOTInductorModelContainerFreeInactiveConstantBuffer(container);
    case TOROID_HOST_FOLD_CONSTANTS: return AOTInductorModelContainerRunConstantFolding(container, a != 0, nullptr, nullptr);
    case TOROID_HOST_INSTANCES: return toroid::container_of(container)->instances.count;
    default: return toroid::failure("the library has no function %d", function);
  }
}

}  // extern "C"
