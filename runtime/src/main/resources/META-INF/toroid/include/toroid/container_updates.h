// Changes of a container's constants: updates of one set or the other, their swap, and what is in them.
#pragma once

#include <toroid/constant_map.h>
#include <toroid/container_constants.h>
#include <toroid/handles.h>

namespace toroid {

enum class Given {
  kCopied,    // the caller may do with its memory what it likes, afterwards
  kBorrowed,  // the caller keeps its memory as it is, and answers for it
  kShared,    // the container keeps the tensor alive
};

struct Update {
  bool inactive;
  bool whole;  // every parameter must be given
  Given given;
};

struct NamedTensor {
  const char* name;
  bool qualified;  // which of two constants is meant, one of this name and one of this qualified name
  AOTInductorArrayRefTensor tensor;
  AtenTensorHandle handle;  // of kShared
  int32_t constant;         // its place in the table
};

// Its place in the table by name or qualified name; -1 for a name that is not there.
inline int32_t find_constant(const NamedTensor& named) {
  int32_t other = -1;
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (strcmp(named.qualified ? info.fqn : info.name, named.name) == 0) return i;
    if (strcmp(named.qualified ? info.name : info.fqn, named.name) == 0) other = i;
  }
  return other;
}

inline AOTInductorArrayRefTensor declared(const ConstantInfo& info) {
  AOTInductorArrayRefTensor tensor = {};
  tensor.ndim = info.rank;
  tensor.dtype = info.dtype;
  for (int32_t i = 0; i < info.rank; i++) tensor.sizes[i] = info.sizes[i];
  return tensor;
}

// "Tiny: constant 1 'layer.bias' must be f32[3] but is f32[4]: its sizes differ"
inline int32_t refuse(const NamedTensor& named, const char* reason) {
  const ConstantInfo& info = toroid_model.constants[named.constant];
  Text text{last_error, kMessageCapacity};
  text.append("%s: constant %d '%s' must be ", toroid_model.name, named.constant, info.fqn);
  text.append_type(declared(info));
  if (named.tensor.ndim >= 0 && named.tensor.ndim <= TOROID_MAX_RANK) {
    text.append(" but is ");
    text.append_type(named.tensor);
  }
  text.append(": %s", reason);
  return TOROID_FAILURE;
}

inline int32_t refuse_strides(const NamedTensor& named) {
  const ConstantInfo& info = toroid_model.constants[named.constant];
  char reason[512];
  Text text{reason, sizeof(reason)};
  text.append("memory that is borrowed is contiguous, and its strides are ");
  text.append_list(info.rank, named.tensor.strides);
  text.append(" instead of ");
  text.append_list(info.rank, info.strides);
  text.append("; have it copied, or make it contiguous");
  return refuse(named, reason);
}

inline bool has_sizes(const NamedTensor& named) {
  const ConstantInfo& info = toroid_model.constants[named.constant];
  for (int32_t i = 0; i < info.rank; i++)
    if (named.tensor.sizes[i] != info.sizes[i]) return false;
  return true;
}

inline bool lies_as_declared(const NamedTensor& named) {
  const ConstantInfo& info = toroid_model.constants[named.constant];
  return same_layout(info.rank, info.sizes, named.tensor.strides, info.strides);
}

inline bool is_aligned(const NamedTensor& named) {
  return reinterpret_cast<uintptr_t>(named.tensor.data) % static_cast<uintptr_t>(dtype_bytes(named.tensor.dtype)) == 0;
}

// Finds the constant that is meant, and compares the tensor with what the table declares.
inline int32_t validate(NamedTensor& named, Given given) {
  if (named.name == nullptr) return failure("%s: the name of a constant is null", toroid_model.name);
  named.constant = find_constant(named);
  if (named.constant < 0)
    return failure(
        "%s has no constant '%s'; AOTInductorModelContainerGetConstantOriginalFQN gives the names of its %d", toroid_model.name, named.name,
        toroid_model.constant_count);
  const ConstantInfo& info = toroid_model.constants[named.constant];
  if (is_folded(named.constant))
    return failure("%s: constant %d '%s' is computed from others: give these instead", toroid_model.name, named.constant, info.fqn);
  if (named.tensor.dtype != info.dtype) return refuse(named, "its dtype differs");
  if (named.tensor.ndim != info.rank) return refuse(named, "its rank differs");
  if (!has_sizes(named)) return refuse(named, "its sizes differ");
  if (named.tensor.device_type != TOROID_DEVICE_CPU) return refuse(named, "it is not on the CPU");
  if (named.tensor.data == nullptr && info.bytes > 0) return refuse(named, "its data is null");
  if (given != Given::kBorrowed) return TOROID_SUCCESS;
  if (!lies_as_declared(named)) return refuse_strides(named);
  return is_aligned(named) ? TOROID_SUCCESS : refuse(named, "its data is not aligned to its element size");
}

inline bool gives(const NamedTensor* tensors, size_t count, int32_t constant) {
  for (size_t i = 0; i < count; i++)
    if (tensors[i].constant == constant) return true;
  return false;
}

inline int32_t require_whole(const NamedTensor* tensors, size_t count) {
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (info.type != kParameter || info.bytes == 0 || gives(tensors, count, i)) continue;
    return failure("%s: constant %d '%s' is not given, and the update is to be a whole one", toroid_model.name, i, info.fqn);
  }
  return TOROID_SUCCESS;
}

inline int32_t validate(NamedTensor* tensors, size_t count, const Update& update) {
  for (size_t i = 0; i < count; i++) {
    if (validate(tensors[i], update.given) != TOROID_SUCCESS) return TOROID_FAILURE;
    if (gives(tensors, i, tensors[i].constant))
      return failure(
          "%s: constant %d '%s' is given twice", toroid_model.name, tensors[i].constant, toroid_model.constants[tensors[i].constant].fqn);
  }
  return update.whole ? require_whole(tensors, count) : TOROID_SUCCESS;
}

// Memory with the tensor's values; null, when memory is out.
inline ConstantMemory* hold(const NamedTensor& named, Given given) {
  if (given == Given::kShared && lies_as_declared(named) && is_aligned(named)) {
    ConstantMemory* memory = create_memory();
    if (memory != nullptr && aoti_torch_new_tensor_handle(named.handle, &memory->tensor) != TOROID_SUCCESS) memory->tensor = nullptr;
    if (memory != nullptr && memory->tensor != nullptr) return memory;
    free(memory);
    return nullptr;
  }
  const ConstantInfo& info = toroid_model.constants[named.constant];
  ConstantMemory* memory = create_memory(info.bytes);
  if (memory == nullptr || info.bytes == 0) return memory;
  copy_dense(
      info.rank, info.sizes, named.tensor.strides, dtype_bytes(info.dtype), static_cast<const char*>(named.tensor.data),
      static_cast<char*>(memory->block));
  return memory;
}

inline int32_t replace(ConstantSet& set, const NamedTensor& named, Given given) {
  if (given == Given::kBorrowed) {
    set.replace(named.constant, named.tensor.data, /* lies_in= */ nullptr);
    return TOROID_SUCCESS;
  }
  ConstantMemory* memory = hold(named, given);
  if (memory == nullptr)
    return failure("%s: out of memory for constant %d '%s'", toroid_model.name, named.constant, toroid_model.constants[named.constant].fqn);
  set.replace(named.constant, memory->block != nullptr ? memory->block : named.tensor.data, memory);
  release_memory(memory);
  return TOROID_SUCCESS;
}

// A copy of the set that the update is to change.
inline ConstantSet* begin_update(const Container& container, bool inactive) {
  return copy_set(inactive && container.inactive != nullptr ? container.inactive : container.constants);
}

// It becomes the container's, whatever the result is.
inline int32_t end_update(Container& container, ConstantSet* set, bool inactive) {
  if (!inactive) return activate(container, set, /* previous= */ nullptr);
  free_set(container.inactive);
  container.inactive = set;
  container.extracted.clear();
  return TOROID_SUCCESS;
}

// Nothing has changed when it fails.
inline int32_t update_constants(Container& container, NamedTensor* tensors, size_t count, const Update& update) {
  if (validate(tensors, count, update) != TOROID_SUCCESS) return TOROID_FAILURE;
  const Updating updating(container);
  ConstantSet* set = begin_update(container, update.inactive);
  if (set == nullptr) return failure("%s: out of memory for the table of constants", toroid_model.name);
  for (size_t i = 0; i < count; i++) {
    if (replace(*set, tensors[i], update.given) == TOROID_SUCCESS) continue;
    free_set(set);
    return TOROID_FAILURE;
  }
  return end_update(container, set, update.inactive);
}

// `describe_into(i, named)` fills a name, a tensor and its handle, or fails with a message.
template <class DescribeInto>
int32_t update_constants(Container* container, const void* given, size_t count, const Update& update, DescribeInto&& describe_into) {
  if (container == nullptr) return failure("%s: the container is null", toroid_model.name);
  if (given == nullptr && count > 0) return failure("%s: the array of constants is null", toroid_model.name);
  NamedTensor* tensors = static_cast<NamedTensor*>(calloc(count + 1, sizeof(NamedTensor)));
  if (tensors == nullptr) return failure("%s: out of memory for the table of constants", toroid_model.name);
  int32_t status = TOROID_SUCCESS;
  for (size_t i = 0; status == TOROID_SUCCESS && i < count; i++) status = describe_into(i, tensors[i]);
  if (status == TOROID_SUCCESS) status = update_constants(*container, tensors, count, update);
  free(tensors);
  return status;
}

inline int32_t update_pairs(Container* container, const AOTInductorConstantMapEntry* pairs, size_t count, const Update& update) {
  return update_constants(container, pairs, count, update, [&](size_t i, NamedTensor& named) {
    named.name = pairs[i].name;
    named.handle = pairs[i].handle;
    if (named.handle == nullptr)
      return failure("%s: the handle of constant '%s' is null", toroid_model.name, named.name == nullptr ? "null" : named.name);
    return describe(named.handle, &named.tensor);
  });
}

// ---- the two sets -------------------------------------------------------------------------------------------------------

inline int32_t find_set(Container& container, bool inactive, ConstantSet** set) {
  *set = inactive ? container.inactive : container.constants;
  if (*set != nullptr) return TOROID_SUCCESS;
  if (!inactive) return failure("%s: the model's constants have not been provided", toroid_model.name);
  return failure(
      "%s has no inactive constants: give them by AOTInductorModelContainerUpdateInactiveConstantBufferPairs first", toroid_model.name);
}

inline int32_t swap_constants(Container& container) {
  const Updating updating(container);
  ConstantSet* next = nullptr;
  if (find_set(container, /* inactive= */ true, &next) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (require_complete(*next) != TOROID_SUCCESS || fold_constants(container, *next) != TOROID_SUCCESS) return TOROID_FAILURE;
  container.inactive = exchange_constants(container, next);
  return TOROID_SUCCESS;
}

inline int32_t free_inactive(Container& container) {
  const Updating updating(container);
  free_set(container.inactive);
  container.inactive = nullptr;
  container.extracted.clear();
  return TOROID_SUCCESS;
}

inline bool has_sources(const ConstantSet& set, int32_t folded) {
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (set.data[i] == nullptr && toroid_model.constants[i].bytes > 0 && depends_on(folded, i)) return false;
  return true;
}

// What the compiler alone could compute is as it was: what it is made of is not there, and so has not changed.
inline int32_t fold_anew(Container& container, bool inactive) {
  const Updating updating(container);
  ConstantSet* base = nullptr;
  if (find_set(container, inactive, &base) != TOROID_SUCCESS) return TOROID_FAILURE;
  ConstantSet* set = copy_set(base);
  if (set == nullptr) return failure("%s: out of memory for the table of constants", toroid_model.name);
  for (int32_t i = 0; i < toroid_model.constant_count; i++)
    if (is_folded(i) && has_sources(*set, i)) set->stale[i] = true;
  if (inactive && fold_constants(container, *set) != TOROID_SUCCESS) {
    free_set(set);
    return TOROID_FAILURE;
  }
  return end_update(container, set, inactive);
}

// ---- what is in them ----------------------------------------------------------------------------------------------------

inline int32_t extract(Container& container, const ConstantSet& set) {
  ExtractedConstants& extracted = container.extracted;
  extracted.clear();
  const size_t most = static_cast<size_t>(toroid_model.constant_count) + 1;
  extracted.entries = static_cast<AOTInductorConstantMapEntry*>(calloc(most, sizeof(AOTInductorConstantMapEntry)));
  if (extracted.entries == nullptr) return failure("%s: out of memory for the table of constants", toroid_model.name);
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (is_folded(i) || (set.data[i] == nullptr && info.bytes > 0)) continue;
    AOTInductorConstantMapEntry& entry = extracted.entries[extracted.count];
    entry.name = info.fqn;
    if (aoti_torch_create_tensor_from_blob(
            const_cast<void*>(set.data[i]), info.rank, info.sizes, info.strides, 0, info.dtype, TOROID_DEVICE_CPU, -1, &entry.handle) != TOROID_SUCCESS) {
      extracted.clear();
      return failure("%s: out of memory for the table of constants", toroid_model.name);
    }
    extracted.count++;
  }
  return TOROID_SUCCESS;
}

#if defined(TOROID_LIBTORCH)
// Tensors with memory of their own in place of those that show the container's.
inline int32_t copy_extracted(ExtractedConstants& extracted) {
  for (size_t i = 0; i < extracted.count; i++) {
    AtenTensorHandle copy = nullptr;
    if (checked_shim(aoti_torch_clone(extracted.entries[i].handle, &copy), "copy a constant") != TOROID_SUCCESS) {
      extracted.clear();
      return TOROID_FAILURE;
    }
    aoti_torch_delete_tensor_object(extracted.entries[i].handle);
    extracted.entries[i].handle = copy;
  }
  return TOROID_SUCCESS;
}

// Whoever calls keeps the tensors while constants change, and does not expect to see other memory then.
inline int32_t extract_copies(Container& container, bool inactive, AOTInductorConstantMapHandle map) {
  const Updating updating(container);
  ConstantSet* set = nullptr;
  if (find_set(container, inactive, &set) != TOROID_SUCCESS || extract(container, *set) != TOROID_SUCCESS) return TOROID_FAILURE;
  ExtractedConstants& extracted = container.extracted;
  if (copy_extracted(extracted) != TOROID_SUCCESS) return TOROID_FAILURE;
  for (size_t i = 0; i < extracted.count; i++) put_into_map(map, extracted.entries[i].name, extracted.entries[i].handle);
  return TOROID_SUCCESS;
}
#endif

inline int32_t extract(Container& container, bool inactive, const AOTInductorConstantMapEntry** entries, size_t* count) {
  const Updating updating(container);
  ConstantSet* set = nullptr;
  if (find_set(container, inactive, &set) != TOROID_SUCCESS || extract(container, *set) != TOROID_SUCCESS) return TOROID_FAILURE;
  *entries = container.extracted.entries;
  *count = container.extracted.count;
  return TOROID_SUCCESS;
}

inline int32_t read_constant(Container& container, int32_t constant, void* target, int64_t bytes, bool inactive) {
  const ConstantInfo& info = toroid_model.constants[constant];
  if (bytes != info.bytes)
    return failure(
        "%s: constant %d '%s' has %lld bytes, and there is room for %lld", toroid_model.name, constant, info.fqn,
        static_cast<long long>(info.bytes), static_cast<long long>(bytes));
  const Updating updating(container);
  ConstantSet* set = nullptr;
  if (find_set(container, inactive, &set) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (bytes == 0) return TOROID_SUCCESS;
  if (set->data[constant] == nullptr || set->stale[constant])
    return failure(
        "%s: constant %d '%s' is not there: %s", toroid_model.name, constant, info.fqn,
        set->stale[constant] ? "it is yet to be computed"
                             : "the compiler stored only what is computed from it; swap in all weights, or compile with -Atoroid.fold=load,"
                               " which stores it");
  memcpy(target, set->data[constant], static_cast<size_t>(bytes));
  return TOROID_SUCCESS;
}

}  // namespace toroid
