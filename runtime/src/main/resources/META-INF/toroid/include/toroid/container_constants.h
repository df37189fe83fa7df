// A container of a model: its making and its end, and the constants that its runs see.
//
// It has two sets of constants, the active one, which runs read, and the inactive one, which is prepared to become active. A run keeps to
// the set that it began with: an exchange lets new runs begin with the new set at once, and waits for the others before the old one ends.
#pragma once

#include <toroid/call.h>
#include <toroid/constant_set.h>
#include <toroid/instances.h>
#include <toroid/pool.h>
#include <toroid/updates.h>

namespace toroid {

constexpr int32_t kMaxInstances = 4096;

// Handles for the constants of a set, valid until the next change of constants.
struct ExtractedConstants {
  AOTInductorConstantMapEntry* entries;
  size_t count;

  void clear() {
    for (size_t i = 0; i < count; i++) aoti_torch_delete_tensor_object(entries[i].handle);
    free(entries);
    *this = {};
  }
};

struct Container {
  const ToroidPool* pool;
  ToroidPool* own_pool;     // the same, if it goes with the container; else null
  ToroidOperatorHost host;  // set before the first run
  Instances instances;
  ConstantSet* constants;   // atomic: read while holding an instance; null until provided
  pthread_mutex_t updates;  // one change of constants at a time; guards what follows
  ConstantSet* inactive;    // null without any
  ExtractedConstants extracted;
  char* states;             // of the run that holds the instance; null without any
};

// Holds off other changes of constants.
struct Updating {
  Container& container;

  explicit Updating(Container& held) : container(held) { pthread_mutex_lock(&container.updates); }
  Updating(const Updating&) = delete;
  Updating& operator=(const Updating&) = delete;
  ~Updating() { pthread_mutex_unlock(&container.updates); }
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

// The message is set when the result is false.
inline bool run_fold(Container& container, const ConstantSet& set, void* const* folded) {
  Failure failed{last_error, kMessageCapacity, 0, 0};
  Instance* instance = container.instances.take();
  Call call{nullptr, nullptr, set.data, folded, container.pool, &toroid_model, nullptr, instance, &failed};
  bool done = toroid_model.fold(call);
  if (!done) call.fail("computing the folded constants failed without a reason");
  done = done && !call.failed();
  container.instances.give_back(instance);
  return done;
}

inline int64_t stale_bytes(const ConstantSet& set) {
  int64_t bytes = 0;
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (set.stale[i]) bytes += round_up(toroid_model.constants[i].bytes);
  return bytes;
}

// Computes the folded constants that are stale.
inline int32_t fold_constants(Container& container, ConstantSet& set) {
  if (!set.has_stale()) return TOROID_SUCCESS;
  if (require_sources(set) != TOROID_SUCCESS) return TOROID_FAILURE;
  void** folded = static_cast<void**>(calloc(static_cast<size_t>(toroid_model.constant_count), sizeof(void*)));
  ConstantMemory* memory = create_memory(stale_bytes(set));
  int32_t status = TOROID_SUCCESS;
  if (folded == nullptr || memory == nullptr) {
    status = failure("%s: out of memory for %lld bytes of folded constants", toroid_model.name, static_cast<long long>(stale_bytes(set)));
  } else {
    char* place = static_cast<char*>(memory->block);
    for (int32_t i = 0; i < toroid_model.constant_count; i++) {
      if (!set.stale[i]) continue;
      folded[i] = place;
      place += round_up(toroid_model.constants[i].bytes);
    }
    if (!run_fold(container, set, folded)) status = TOROID_FAILURE;
  }
  for (int32_t i = 0; status == TOROID_SUCCESS && i < toroid_model.constant_count; i++)
    if (folded[i] != nullptr) set.put(i, folded[i], memory);
  release_memory(memory);
  free(folded);
  return status;
}

// States begin with constants, so they get their first values with the first set; somebody else may ask for these at the same time.
inline void begin_states(Container& container, ConstantSet* first) {
  Instance* instance = container.instances.take();
  reset_states(container.states, first->data);
  __atomic_store_n(&container.constants, first, __ATOMIC_RELEASE);
  container.instances.give_back(instance);
}

// The previous set, which no run sees any more. Each instance is held for a moment, one after the other: whoever gets it later sees the
// new set.
inline ConstantSet* exchange_constants(Container& container, ConstantSet* next) {
  ConstantSet* previous = container.constants;
  if (previous == nullptr && toroid_model.state_count > 0) begin_states(container, next);
  else __atomic_store_n(&container.constants, next, __ATOMIC_RELEASE);
  Instances& instances = container.instances;
  for (int32_t i = 0; previous != nullptr && i < instances.count; i++) {
    instances.take_exactly(&instances.all[i]);
    instances.give_back(&instances.all[i]);
  }
  container.extracted.clear();
  return previous;
}

// Computes what is to be computed and makes the set the active one. It becomes the container's, whatever the result is; `previous` is
// null or takes the set that was active.
inline int32_t activate(Container& container, ConstantSet* set, ConstantSet** previous) {
  if (require_complete(*set) != TOROID_SUCCESS || fold_constants(container, *set) != TOROID_SUCCESS) {
    free_set(set);
    return TOROID_FAILURE;
  }
  ConstantSet* replaced = exchange_constants(container, set);
  if (previous != nullptr) *previous = replaced;
  else free_set(replaced);
  return TOROID_SUCCESS;
}

inline int32_t put_checked(ConstantSet& set, int32_t constant, const void* address, ConstantMemory* memory) {
  const ConstantInfo& info = toroid_model.constants[constant];
  if (reinterpret_cast<uintptr_t>(address) % static_cast<uintptr_t>(dtype_bytes(info.dtype)) != 0)
    return failure("%s: constant %d '%s' is not aligned to its element size", toroid_model.name, constant, info.fqn);
  set.put(constant, address, memory);
  return TOROID_SUCCESS;
}

// `given(i, info)` is the address of constant i: null for the embedded data and for what was not given. `memory`, which may be null, is
// what the addresses lie in; it becomes the constants', whatever the result is.
template <class Given>
int32_t replace_constants(Container& container, ConstantMemory* memory, Given&& given) {
  const Updating updating(container);
  ConstantSet* set = copy_set(nullptr);
  int32_t status = set != nullptr ? TOROID_SUCCESS : failure("%s: out of memory for the table of constants", toroid_model.name);
  for (int32_t i = 0; status == TOROID_SUCCESS && i < toroid_model.constant_count; i++) {
    const void* address = given(i, toroid_model.constants[i]);
    if (address != nullptr) status = put_checked(*set, i, address, memory);
  }
  release_memory(memory);
  if (status == TOROID_SUCCESS) return activate(container, set, /* previous= */ nullptr);
  free_set(set);
  return status;
}

inline int32_t given_constant_count() {
  int32_t count = 0;
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (!is_folded(i)) count++;
  return count;
}

inline bool all_embedded() {
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (!is_folded(i) && info.data == nullptr && info.bytes > 0) return false;
  }
  return true;
}

// ---- creation -----------------------------------------------------------------------------------------------------------

inline void delete_container(Container* container) {
  container->extracted.clear();
  free_set(container->constants);
  free_set(container->inactive);
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
    status = replace_constants(*container, /* memory= */ nullptr, [](int32_t, const ConstantInfo&) -> const void* { return nullptr; });
  if (status != TOROID_SUCCESS) {
    delete_container(container);
    return status;
  }
  *result = reinterpret_cast<AOTInductorModelContainerHandle>(container);
  return TOROID_SUCCESS;
}

}  // namespace toroid
