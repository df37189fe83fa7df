// The container of a model, and the functions that a model library exports. container.cpp is this header and nothing else; it is the
// same for every model and compiled once. abi.h says what each function does.
#pragma once

#include <toroid/blob_file.h>
#include <toroid/call.h>
#include <toroid/instances.h>
#include <toroid/pool.h>
#include <toroid/pool_threads.h>
#include <toroid/shim.h>
#include <toroid/updates.h>

namespace toroid {

constexpr int32_t kMaxInstances = 4096;

// Constants as a run sees them: an address for each, and the memory that is the container's own. Never changed once in use.
struct ConstantSet {
  const void** data;
  void** folded;
  void* folded_memory;
  BlobFile blob;  // empty unless the container opened it
};

struct Container {
  const ToroidPool* pool;
  ToroidOperatorHost host;  // set before the first run
  Instances instances;
  ConstantSet* constants;   // read while holding an instance, replaced while holding all of them; null until provided
  pthread_mutex_t updates;  // one replacement at a time
  char* states;             // of the run that holds the instance; null without any
};

// What the host gave when an operator of its own ended this thread's last run, or 0.
inline constinit thread_local int64_t last_reason = 0;

inline Container* container_of(AOTInductorModelContainerHandle handle) { return reinterpret_cast<Container*>(handle); }

inline int32_t most_inputs() {
  int32_t most = 0;
  for (int32_t i = 0; i < toroid_model.entry_count; i++)
    if (toroid_model.entries[i].input_count > most) most = toroid_model.entries[i].input_count;
  return most;
}

inline int32_t most_outputs() {
  int32_t most = 0;
  for (int32_t i = 0; i < toroid_model.entry_count; i++)
    if (toroid_model.entries[i].output_count > most) most = toroid_model.entries[i].output_count;
  return most;
}

// ---- constants ----------------------------------------------------------------------------------------------------------

inline void free_constants(ConstantSet* set) {
  if (set == nullptr) return;
  free(set->data);
  free(set->folded);
  free(set->folded_memory);
  set->blob.close();
  free(set);
}

// `folds`: with memory for the constants that are computed.
inline ConstantSet* allocate_constants(bool folds) {
  ConstantSet* set = static_cast<ConstantSet*>(calloc(1, sizeof(ConstantSet)));
  if (set == nullptr) return nullptr;
  const size_t count = static_cast<size_t>(toroid_model.constant_count) + 1;
  set->data = static_cast<const void**>(calloc(count, sizeof(void*)));
  set->folded = static_cast<void**>(calloc(count, sizeof(void*)));
  set->folded_memory = allocate_aligned(folds ? toroid_model.folded_bytes : 0);
  if (set->data != nullptr && set->folded != nullptr && set->folded_memory != nullptr) return set;
  free_constants(set);
  return nullptr;
}

// The message is set when the result is false.
inline bool fold_constants(Container& container, ConstantSet& set, bool prepared) {
  Failure failed{last_error, kMessageCapacity, 0, 0};
  Instance* instance = container.instances.take();
  Call call{nullptr, nullptr, set.data, set.folded, container.pool, &toroid_model, nullptr, instance, &failed, prepared};
  bool done = toroid_model.fold(call);
  if (!done) call.fail("computing the folded constants failed without a reason");
  done = done && !call.failed();
  container.instances.give_back(instance);
  return done;
}

// Waits until no run is under way, exchanges, lets runs go on.
inline ConstantSet* exchange_constants(Container& container, ConstantSet* next) {
  Instances& instances = container.instances;
  for (int32_t i = 0; i < instances.count; i++) instances.take_exactly(&instances.all[i]);
  ConstantSet* previous = container.constants;
  container.constants = next;
  for (int32_t i = 0; i < instances.count; i++) instances.give_back(&instances.all[i]);
  return previous;
}

// Whether something is left to compute where the blob has what the compiler prepared.
inline bool folds_after_blob() {
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (toroid_model.constants[i].type == kFolded && toroid_model.constants[i].offset < 0) return true;
  return false;
}

// `given(i, info)` is the address of constant i: null for the embedded data, for a folded constant that is to be computed and, if folded
// ones are `prepared`, for one that nothing needs any more. `blob` becomes the constants', whatever the result is.
template <class Given>
int32_t replace_constants(Container& container, bool prepared, BlobFile blob, Given&& given) {
  const bool folds = toroid_model.fold != nullptr && (!prepared || folds_after_blob());
  ConstantSet* set = allocate_constants(folds);
  if (set == nullptr) {
    blob.close();
    return failure("%s: out of memory for the table of constants", toroid_model.name);
  }
  set->blob = blob;
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    const void* address = given(i, info);
    const void* data = address != nullptr ? address : info.data;
    if (info.type == kFolded && data == nullptr) {
      data = set->folded[i] = static_cast<char*>(set->folded_memory) + info.folded;
    } else {
      const char* problem = nullptr;
      const bool needed = info.bytes > 0 && !(prepared && info.offset < 0);
      if (data == nullptr && needed) problem = "has no data: none was given, and none is embedded in the library";
      else if (reinterpret_cast<uintptr_t>(data) % static_cast<uintptr_t>(dtype_bytes(info.dtype)) != 0) problem = "is not aligned to its element size";
      if (problem != nullptr) {
        free_constants(set);
        return failure("%s: constant %d '%s' %s", toroid_model.name, i, info.fqn, problem);
      }
    }
    set->data[i] = data;
  }
  if (folds && !fold_constants(container, *set, prepared)) {
    free_constants(set);
    return TOROID_FAILURE;
  }
  pthread_mutex_lock(&container.updates);
  ConstantSet* previous = exchange_constants(container, set);
  if (previous == nullptr) reset_states(container.states, set->data);
  pthread_mutex_unlock(&container.updates);
  free_constants(previous);
  return TOROID_SUCCESS;
}

inline int32_t given_constant_count() {
  int32_t count = 0;
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (toroid_model.constants[i].type != kFolded) count++;
  return count;
}

inline bool all_embedded() {
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (info.type != kFolded && info.data == nullptr && info.bytes > 0) return false;
  }
  return true;
}

// ---- creation -----------------------------------------------------------------------------------------------------------

inline void delete_container(Container* container) {
  free_constants(container->constants);
  container->instances.close(most_inputs());
  free(container->states);
  pthread_mutex_destroy(&container->updates);
  free(container);
}

inline int32_t create_container(int64_t instances, const ToroidPool* pool, AOTInductorModelContainerHandle* result) {
  if (result == nullptr) return failure("%s: the address for the new container is null", toroid_model.name);
  *result = nullptr;
  if (toroid_model.abi != TOROID_ABI_VERSION)
    return failure(
        "%s was generated for version %d of Toroid's ABI, and its library was built with version %d", toroid_model.name, toroid_model.abi,
        TOROID_ABI_VERSION);
  if (instances < 1 || instances > kMaxInstances)
    return failure(
        "%s: the number of instances must be 1 to %d, not %lld", toroid_model.name, kMaxInstances, static_cast<long long>(instances));
  if (toroid_model.state_count > 0) instances = 1;
  Container* container = static_cast<Container*>(calloc(1, sizeof(Container)));
  if (container == nullptr) return failure("%s: out of memory for a container", toroid_model.name);
  container->pool = pool;
  pthread_mutex_init(&container->updates, nullptr);
  int32_t status = TOROID_SUCCESS;
  if (!container->instances.open(static_cast<int32_t>(instances), most_inputs(), most_outputs(), pool))
    status = failure("%s: out of memory for %lld instances", toroid_model.name, static_cast<long long>(instances));
  else if (toroid_model.state_count > 0 && (container->states = static_cast<char*>(allocate_aligned(toroid_model.state_bytes))) == nullptr)
    status = failure("%s: out of memory for states of %lld bytes", toroid_model.name, static_cast<long long>(toroid_model.state_bytes));
  else if (all_embedded())
    status = replace_constants(*container, /* prepared= */ false, BlobFile{}, [](int32_t, const ConstantInfo&) -> const void* { return nullptr; });
  if (status != TOROID_SUCCESS) {
    delete_container(container);
    return status;
  }
  *result = reinterpret_cast<AOTInductorModelContainerHandle>(container);
  return TOROID_SUCCESS;
}

// ---- running ------------------------------------------------------------------------------------------------------------

// Compares the outputs that have memory with what the inputs imply, and describes those that have none.
inline int32_t settle_outputs(const Call& call, AOTInductorArrayRefTensor* outputs, const AOTInductorArrayRefTensor* implied) {
  bool missing = false;
  for (int32_t i = 0; i < call.entry->output_count; i++) {
    if (outputs[i].data == nullptr) {
      outputs[i] = implied[i];
      missing |= implied[i].numel != kSizesLater;
    } else if (!check_output(call, i, outputs[i], implied[i])) {
      return TOROID_FAILURE;
    }
  }
  return missing ? TOROID_SIZES_FILLED : check_overlap(call, outputs) ? TOROID_SUCCESS : TOROID_FAILURE;
}

// Makes the outputs whose sizes the inputs imply; what is made of them when memory is out stays in its slots.
inline int32_t allocate_outputs(Call& call, AOTInductorArrayRefTensor* outputs, AtenTensorHandle* handles) {
  for (int32_t i = 0; i < call.entry->output_count; i++) {
    const AOTInductorArrayRefTensor& t = outputs[i] = call.outputs[i];
    if (t.numel == kSizesLater) continue;
    if (aoti_torch_empty_strided(t.ndim, t.sizes, t.strides, t.dtype, t.device_type, t.device_idx, &handles[i]) != TOROID_SUCCESS) {
      call.fail("out of memory for output %d '%s'", i, call.entry->outputs[i].name);
      return TOROID_FAILURE;
    }
    aoti_torch_get_data_ptr(handles[i], &outputs[i].data);
  }
  return check_overlap(call, outputs) ? TOROID_SUCCESS : TOROID_FAILURE;
}

// `handles`: slots for outputs that are to be made, or null: then the caller has given them memory, or asks for their sizes.
inline int32_t run_call(Call& call, AOTInductorArrayRefTensor* outputs, AtenTensorHandle* handles) {
  const EntryInfo& entry = *call.entry;
  AOTInductorArrayRefTensor* implied = call.instance->implied;
  if (!check_inputs(call) || (entry.check != nullptr && !entry.check(call))) return TOROID_FAILURE;
  call.outputs = implied;
  if (!entry.output_sizes(call) || call.failed()) return TOROID_FAILURE;
  const int32_t settled = handles != nullptr ? allocate_outputs(call, outputs, handles) : settle_outputs(call, outputs, implied);
  if (settled != TOROID_SUCCESS) return settled;
  call.outputs = outputs;
  if (entry.run(call) && !call.failed()) return TOROID_SUCCESS;
  for (int32_t i = 0; i < entry.output_count; i++) {
    if (implied[i].data == nullptr) continue;
    free(implied[i].data);  // made by claim_output
    outputs[i].data = nullptr;
  }
  return TOROID_FAILURE;
}

inline int32_t check_counts(
    const Container* container, int64_t entry, const void* inputs, int64_t num_inputs, const void* outputs, int64_t num_outputs) {
  const Model& model = toroid_model;
  if (container == nullptr) return failure("%s: the container is null", model.name);
  if (entry < 0 || entry >= model.entry_count)
    return failure("%s has no entry %lld: it has %d", model.name, static_cast<long long>(entry), model.entry_count);
  const EntryInfo& info = model.entries[entry];
  if (num_inputs != info.input_count)
    return failure("%s.%s takes %d inputs, and %lld were given", model.name, info.name, info.input_count, static_cast<long long>(num_inputs));
  if (num_outputs != info.output_count)
    return failure("%s.%s gives %d outputs, and room for %lld was given", model.name, info.name, info.output_count, static_cast<long long>(num_outputs));
  if (inputs == nullptr && num_inputs > 0) return failure("%s.%s: the array of inputs is null", model.name, info.name);
  if (outputs == nullptr && num_outputs > 0) return failure("%s.%s: the array of outputs is null", model.name, info.name);
  return TOROID_SUCCESS;
}

struct Run {
  Container* container;
  Call call;
  AOTInductorArrayRefTensor* outputs;
  AtenTensorHandle* handles;  // of outputs that the run makes, or null
  int32_t status;
};

// Not always on the thread of the caller.
inline void run_with(void* context, Instance* instance) {
  Run& run = *static_cast<Run*>(context);
  run.call.instance = instance;
  const ConstantSet* constants = run.container->constants;
  if (constants == nullptr) {
    run.call.fail("the model's constants have not been provided: call toroid_container_load_blob or toroid_container_set_constants first");
    return;
  }
  run.call.constants = constants->data;
  run.status = run_call(run.call, run.outputs, run.handles);
  if (run.status == TOROID_FAILURE) run.call.fail("the run failed without a reason");
}

inline int32_t run_entry(
    Container* container, const ToroidPool* pool, int64_t entry, const AOTInductorArrayRefTensor* inputs, int64_t num_inputs,
    AOTInductorArrayRefTensor* outputs, int64_t num_outputs, AtenTensorHandle* handles) {
  if (check_counts(container, entry, inputs, num_inputs, outputs, num_outputs) != TOROID_SUCCESS) return TOROID_FAILURE;
  Failure failed{last_error, kMessageCapacity, 0, 0};
  const EntryInfo& info = toroid_model.entries[entry];
  Call call{inputs, nullptr, nullptr, nullptr, pool, &toroid_model, &info, nullptr, &failed, false, container->states, container->host};
  Run run{container, call, outputs, handles, TOROID_FAILURE};
  container->instances.run({run_with, &run});
  last_reason = failed.reason;
  return run.status;
}

// ---- running over handles -----------------------------------------------------------------------------------------------

// The layout of a handle, through the shim only.
inline AOTInductorArrayRefTensor describe(AtenTensorHandle handle) {
  AOTInductorArrayRefTensor result = {};
  int64_t rank = 0;
  int64_t* sizes = nullptr;
  int64_t* strides = nullptr;
  aoti_torch_get_data_ptr(handle, &result.data);
  aoti_torch_get_numel(handle, &result.numel);
  aoti_torch_get_dim(handle, &rank);
  aoti_torch_get_sizes(handle, &sizes);
  aoti_torch_get_strides(handle, &strides);
  aoti_torch_get_dtype(handle, &result.dtype);
  aoti_torch_get_device_type(handle, &result.device_type);
  aoti_torch_get_device_index(handle, &result.device_idx);
  result.ndim = static_cast<int32_t>(rank);
  for (int64_t i = 0; i < rank && i < TOROID_MAX_RANK; i++) {
    result.sizes[i] = sizes[i];
    result.strides[i] = strides[i];
  }
  return result;
}

inline void delete_handles(AtenTensorHandle* handles, size_t count) {
  for (size_t i = 0; handles != nullptr && i < count; i++) {
    if (handles[i] != nullptr) aoti_torch_delete_tensor_object(handles[i]);
    handles[i] = nullptr;
  }
}

// Handles for the outputs that the run itself has given memory.
inline int32_t adopt_outputs(const AOTInductorArrayRefTensor* tensors, AtenTensorHandle* outputs, size_t count) {
  int32_t status = TOROID_SUCCESS;
  for (size_t i = 0; i < count; i++) {
    if (outputs[i] != nullptr) continue;
    outputs[i] = handle_of(adopt_tensor(tensors[i]));
    if (outputs[i] == nullptr) status = TOROID_FAILURE;
  }
  return status;
}

// `tensors` has room for the descriptors of all inputs and outputs.
inline int32_t run_described(
    Container* container, const ToroidPool* pool, AOTInductorArrayRefTensor* tensors, AtenTensorHandle* inputs, size_t num_inputs,
    AtenTensorHandle* outputs, size_t num_outputs) {
  AOTInductorArrayRefTensor* results = tensors + num_inputs;
  for (size_t i = 0; i < num_inputs; i++) {
    if (inputs[i] == nullptr) return failure("%s.%s: the handle of input %zu is null", toroid_model.name, toroid_model.entries[0].name, i);
    tensors[i] = describe(inputs[i]);
  }
  const int32_t status = run_entry(
      container, pool, 0, tensors, static_cast<int64_t>(num_inputs), results, static_cast<int64_t>(num_outputs), outputs);
  return status == TOROID_SUCCESS ? adopt_outputs(results, outputs, num_outputs) : status;
}

inline int32_t run_handles(
    Container* container, bool with_pool, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs, size_t num_outputs) {
  for (size_t i = 0; outputs != nullptr && i < num_outputs; i++) outputs[i] = nullptr;
  int32_t status = check_counts(container, 0, inputs, static_cast<int64_t>(num_inputs), outputs, static_cast<int64_t>(num_outputs));
  if (status == TOROID_SUCCESS) {
    auto* tensors = static_cast<AOTInductorArrayRefTensor*>(calloc(num_inputs + num_outputs + 1, sizeof(AOTInductorArrayRefTensor)));
    status = tensors == nullptr
        ? failure("%s: out of memory for the descriptors of a call", toroid_model.name)
        : run_described(container, with_pool ? container->pool : nullptr, tensors, inputs, num_inputs, outputs, num_outputs);
    free(tensors);
  }
  delete_handles(inputs, num_inputs);
  if (status != TOROID_SUCCESS) delete_handles(outputs, num_outputs);
  return status;
}

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
  return toroid::create_container(num_models > INT32_MAX ? INT32_MAX : static_cast<int64_t>(num_models), nullptr, container);
}

AOTIRuntimeError AOTInductorModelContainerDelete(AOTInductorModelContainerHandle container) {
  if (container != nullptr) toroid::delete_container(toroid::container_of(container));
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
  return toroid::read_count(container, toroid_model.entries[0].input_count, count);
}

AOTIRuntimeError AOTInductorModelContainerGetInputName(AOTInductorModelContainerHandle container, size_t index, const char** name) {
  const toroid::EntryInfo& entry = toroid_model.entries[0];
  return toroid::read_table(
      "input", entry.inputs, entry.input_count, container, index, name, [](const toroid::TensorInfo& info) { return info.name; });
}

AOTIRuntimeError AOTInductorModelContainerGetNumOutputs(AOTInductorModelContainerHandle container, size_t* count) {
  return toroid::read_count(container, toroid_model.entries[0].output_count, count);
}

AOTIRuntimeError AOTInductorModelContainerGetOutputName(AOTInductorModelContainerHandle container, size_t index, const char** name) {
  const toroid::EntryInfo& entry = toroid_model.entries[0];
  return toroid::read_table(
      "output", entry.outputs, entry.output_count, container, index, name, [](const toroid::TensorInfo& info) { return info.name; });
}

AOTIRuntimeError AOTInductorModelContainerGetCallSpec(
    AOTInductorModelContainerHandle container, const char** in_spec, const char** out_spec) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  if (in_spec == nullptr || out_spec == nullptr) return toroid::failure("%s: the address for the result is null", toroid_model.name);
  *in_spec = toroid_model.entries[0].in_spec;
  *out_spec = toroid_model.entries[0].out_spec;
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
const char* toroid_last_error(void) { return toroid::last_error; }

int32_t toroid_tensor_create(
    int32_t dtype, int64_t ndim, const int64_t* sizes, const int64_t* strides, void* data, AtenTensorHandle* tensor) {
  if (tensor == nullptr) return toroid::failure("the address for the new tensor is null");
  *tensor = nullptr;
  toroid::Tensor* created = toroid::create_tensor_on(data, 0, dtype, ndim, sizes, strides);
  if (created == nullptr) return TOROID_FAILURE;
  if (data == nullptr) memset(created->storage->data, 0, static_cast<size_t>(created->storage->bytes));
  *tensor = toroid::handle_of(created);
  return TOROID_SUCCESS;
}

void* toroid_tensor_data(AtenTensorHandle tensor) { return toroid::tensor_of(tensor)->data(); }
int64_t toroid_tensor_ndim(AtenTensorHandle tensor) { return toroid::tensor_of(tensor)->ndim; }
const int64_t* toroid_tensor_sizes(AtenTensorHandle tensor) { return toroid::tensor_of(tensor)->sizes; }
const int64_t* toroid_tensor_strides(AtenTensorHandle tensor) { return toroid::tensor_of(tensor)->strides; }
int32_t toroid_tensor_dtype(AtenTensorHandle tensor) { return toroid::tensor_of(tensor)->dtype; }

int32_t toroid_tensor_delete(AtenTensorHandle tensor) {
  if (tensor != nullptr) toroid::delete_tensor(toroid::tensor_of(tensor));
  return TOROID_SUCCESS;
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
      *toroid::container_of(container), /* prepared= */ false, toroid::BlobFile{},
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
      *toroid::container_of(container), /* prepared= */ true, toroid::BlobFile{}, [&](int32_t, const toroid::ConstantInfo& info) -> const void* {
        return info.data != nullptr || info.offset < 0 ? nullptr : start + info.offset;
      });
}

int32_t toroid_container_load_file(AOTInductorModelContainerHandle container, const char* path) {
  if (container == nullptr) return toroid::failure("%s: the container is null", toroid_model.name);
  toroid::Container& loading = *toroid::container_of(container);
  toroid::BlobFile blob;
  if (toroid::open_blob(toroid_model, path, loading.pool, &blob) != TOROID_SUCCESS) return TOROID_FAILURE;
  return toroid::replace_constants(loading, /* prepared= */ true, blob, [&](int32_t, const toroid::ConstantInfo& info) -> const void* {
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
  toroid::reset_states(resetting.states, resetting.constants == nullptr ? nullptr : resetting.constants->data);
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

int32_t toroid_host_call(int64_t object, int32_t function, int64_t a, int64_t b, int64_t, int64_t) {
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
    default: return toroid::failure("the library has no function %d", function);
  }
}

}  // extern "C"
