// A container of a model: its making and its end, and the constants that its runs see.
#pragma once

#include <toroid/blob_file.h>
#include <toroid/call.h>
#include <toroid/instances.h>
#include <toroid/pool.h>
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

}  // namespace toroid
