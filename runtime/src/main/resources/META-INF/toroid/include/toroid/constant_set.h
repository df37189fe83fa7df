// A set of constants as runs see it: an address for each, and the memory that these lie in.
//
// A set that runs may see is never changed. Whoever wants other constants copies the set, which copies no memory, puts new addresses into
// the copy, computes what depends on them, and has the container exchange the two.
#pragma once

#include <toroid/blob_file.h>
#include <toroid/container.h>
#include <toroid/shim.h>

namespace toroid {

// Memory that constants of several sets may lie in: one of three kinds. Sets are made and freed by one thread at a time.
struct ConstantMemory {
  int32_t references;
  BlobFile blob;            // of a file
  void* block;              // to be freed, or null
  AtenTensorHandle tensor;  // to be deleted, or null
};

// With one reference, the maker's; null when memory is out.
inline ConstantMemory* create_memory() {
  ConstantMemory* memory = static_cast<ConstantMemory*>(calloc(1, sizeof(ConstantMemory)));
  if (memory != nullptr) memory->references = 1;
  return memory;
}

// Of so many bytes, 64-byte aligned; null when there are no more.
inline ConstantMemory* create_memory(int64_t bytes) {
  ConstantMemory* memory = create_memory();
  if (memory != nullptr && (memory->block = allocate_aligned(bytes)) != nullptr) return memory;
  free(memory);
  return nullptr;
}

inline void release_memory(ConstantMemory* memory) {
  if (memory == nullptr || --memory->references > 0) return;
  memory->blob.close();
  free(memory->block);
  if (memory->tensor != nullptr) aoti_torch_delete_tensor_object(memory->tensor);
  free(memory);
}

inline bool is_folded(int32_t constant) { return toroid_model.constants[constant].type == kFolded; }

// Whether a folded constant is made of another one.
inline bool depends_on(int32_t folded, int32_t constant) {
  const ConstantInfo& info = toroid_model.constants[folded];
  if (info.source_count < 0) return !is_folded(constant);
  for (int32_t i = 0; i < info.source_count; i++)
    if (info.sources[i] == constant) return true;
  return false;
}

struct ConstantSet {
  const void** data;        // by table index; null for what is not there
  ConstantMemory** memory;  // by table index: what `data` lies in; null for what the caller lends or the library has
  bool* stale;              // by table index: a folded constant that is to be computed from others first

  bool has_stale() const {
    for (int32_t i = 0; i < toroid_model.constant_count; i++)
      if (stale[i]) return true;
    return false;
  }

  void put(int32_t constant, const void* address, ConstantMemory* lies_in) {
    if (lies_in != nullptr) lies_in->references++;
    release_memory(memory[constant]);
    data[constant] = address;
    memory[constant] = lies_in;
    stale[constant] = false;
  }

  // The same with what is computed from it to be computed anew.
  void replace(int32_t constant, const void* address, ConstantMemory* lies_in) {
    put(constant, address, lies_in);
    for (int32_t i = 0; i < toroid_model.constant_count; i++)
      if (is_folded(i) && depends_on(i, constant)) stale[i] = true;
  }
};

inline void free_set(ConstantSet* set) {
  if (set == nullptr) return;
  for (int32_t i = 0; i < toroid_model.constant_count; i++) release_memory(set->memory[i]);
  free(set);
}

// Without a base: with the constants that the library has itself, and all folded ones to be computed. Null when memory is out.
inline ConstantSet* copy_set(const ConstantSet* base) {
  const size_t count = static_cast<size_t>(toroid_model.constant_count);
  ConstantSet* set = static_cast<ConstantSet*>(calloc(1, sizeof(ConstantSet) + count * (2 * sizeof(void*) + sizeof(bool))));
  if (set == nullptr) return nullptr;
  set->data = reinterpret_cast<const void**>(set + 1);
  set->memory = reinterpret_cast<ConstantMemory**>(reinterpret_cast<char*>(set + 1) + count * sizeof(void*));
  set->stale = reinterpret_cast<bool*>(set->memory + count);
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    if (base == nullptr) {
      set->data[i] = toroid_model.constants[i].data;
      set->stale[i] = is_folded(i) && set->data[i] == nullptr;
    } else {
      set->put(i, base->data[i], base->memory[i]);
      set->stale[i] = base->stale[i];
    }
  }
  return set;
}

// Whether the constants that are stored and that runs read are there.
inline int32_t require_complete(const ConstantSet& set) {
  for (int32_t i = 0; i < toroid_model.constant_count; i++) {
    const ConstantInfo& info = toroid_model.constants[i];
    if (set.data[i] == nullptr && info.bytes > 0 && info.offset >= 0 && !is_folded(i))
      return failure("%s: constant %d '%s' has no data: none was given, and none is embedded in the library", toroid_model.name, i, info.fqn);
  }
  return TOROID_SUCCESS;
}

// Whether what the stale ones are made of is there.
inline int32_t require_sources(const ConstantSet& set) {
  for (int32_t folded = 0; folded < toroid_model.constant_count; folded++) {
    for (int32_t i = 0; set.stale[folded] && i < toroid_model.constant_count; i++) {
      const ConstantInfo& info = toroid_model.constants[i];
      if (set.data[i] != nullptr || info.bytes == 0 || !depends_on(folded, i)) continue;
      return failure(
          "%s: constant %d '%s' has no data, and '%s' is computed from it: the compiler stored only the result; give '%s' too, or all"
          " constants at once",
          toroid_model.name, i, info.fqn, toroid_model.constants[folded].fqn, info.fqn);
    }
  }
  return TOROID_SUCCESS;
}

}  // namespace toroid
