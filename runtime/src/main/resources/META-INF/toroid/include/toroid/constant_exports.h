// The exported functions that change a container's constants, or show them, and those of a single model. Part of container_exports.h.
#pragma once

#include <toroid/constant_map.h>
#include <toroid/container_run.h>
#include <toroid/container_updates.h>

namespace toroid {

inline int32_t require_container(const void* container) {
  return container != nullptr ? static_cast<int32_t>(TOROID_SUCCESS) : failure("%s: the container is null", toroid_model.name);
}

// The entries of a map of C++'s library, for as long as `use` takes.
template <class Use>
int32_t with_pairs(AOTInductorConstantMapHandle map, Use&& use) {
  if (map == nullptr) return failure("%s: the map of constants is null", toroid_model.name);
  const size_t count = map_size(map);
  auto* pairs = static_cast<AOTInductorConstantMapEntry*>(calloc(count + 1, sizeof(AOTInductorConstantMapEntry)));
  if (pairs == nullptr) return failure("%s: out of memory for the table of constants", toroid_model.name);
  map_entries(map, pairs);
  const int32_t status = use(pairs, count);
  free(pairs);
  return status;
}

inline Container* container_of(AOTInductorModelHandle model) { return reinterpret_cast<Container*>(model); }

inline void delete_pairs(const AOTInductorConstantMapEntry* pairs, size_t count) {
  for (size_t i = 0; pairs != nullptr && i < count; i++)
    if (pairs[i].handle != nullptr) aoti_torch_delete_tensor_object(pairs[i].handle);
}

// Consumes the handles.
inline int32_t give_constants(Container* container, const AOTInductorConstantMapEntry* pairs, size_t count, bool whole) {
  const int32_t status = update_pairs(container, pairs, count, {/* inactive= */ false, whole, Given::kShared});
  delete_pairs(pairs, count);
  return status;
}

inline int32_t create_model(AOTInductorModelHandle* model, const AOTInductorConstantMapEntry* pairs, size_t count) {
  AOTInductorModelContainerHandle created = nullptr;
  const bool given = pairs != nullptr && count > 0;
  if (model != nullptr) *model = nullptr;
  int32_t status = model != nullptr ? create_container(1, nullptr, &created) : failure("%s: the address for the new model is null", toroid_model.name);
  if (given && status == TOROID_SUCCESS) {
    status = give_constants(container_of(created), pairs, count, /* whole= */ true);
    if (status != TOROID_SUCCESS) delete_container(container_of(created));
  } else {
    delete_pairs(pairs, count);
  }
  if (status == TOROID_SUCCESS) *model = reinterpret_cast<AOTInductorModelHandle>(created);
  return status;
}

}  // namespace toroid

extern "C" {

// ---- of a container

AOTIRuntimeError AOTInductorModelContainerExtractConstantsMapEntries(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry** entries, size_t* count, bool use_inactive) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (entries == nullptr || count == nullptr) return toroid::failure("%s: the address for the result is null", toroid_model.name);
  return toroid::extract(*toroid::container_of(container), use_inactive, entries, count);
}

AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update) {
  return toroid::update_pairs(toroid::container_of(container), pairs, count, {use_inactive, validate_full_update, toroid::Given::kCopied});
}

AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferFromCpuPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update) {
  return AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, count, use_inactive, validate_full_update);
}

AOTIRuntimeError AOTInductorModelContainerUpdateInactiveConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count) {
  return AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, count, /* use_inactive= */ true, /* validate_full_update= */ true);
}

AOTIRuntimeError AOTInductorModelContainerUpdateUserManagedConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update) {
  return toroid::update_pairs(toroid::container_of(container), pairs, count, {use_inactive, validate_full_update, toroid::Given::kBorrowed});
}

#if defined(TOROID_LIBTORCH)
AOTIRuntimeError AOTInductorModelContainerExtractConstantsMap(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (map == nullptr) return toroid::failure("%s: the map of constants is null", toroid_model.name);
  return toroid::extract_copies(*toroid::container_of(container), use_inactive, map);
}
#else
AOTIRuntimeError AOTInductorModelContainerExtractConstantsMap(AOTInductorModelContainerHandle, AOTInductorConstantMapHandle, bool) {
  return toroid::failure(
      "%s: names cannot be added to a map of C++'s library, which this library does not need: call"
      " AOTInductorModelContainerExtractConstantsMapEntries", toroid_model.name);
}
#endif

AOTIRuntimeError AOTInductorModelContainerUpdateConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update) {
  return toroid::with_pairs(map, [&](const AOTInductorConstantMapEntry* pairs, size_t count) {
    return AOTInductorModelContainerUpdateConstantBufferPairs(container, pairs, count, use_inactive, validate_full_update);
  });
}

AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferFromCpu(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update) {
  return AOTInductorModelContainerUpdateConstantBuffer(container, map, use_inactive, validate_full_update);
}

AOTIRuntimeError AOTInductorModelContainerUpdateInactiveConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map) {
  return AOTInductorModelContainerUpdateConstantBuffer(container, map, /* use_inactive= */ true, /* validate_full_update= */ true);
}

AOTIRuntimeError AOTInductorModelContainerUpdateUserManagedConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update) {
  return toroid::with_pairs(map, [&](const AOTInductorConstantMapEntry* pairs, size_t count) {
    return AOTInductorModelContainerUpdateUserManagedConstantBufferPairs(container, pairs, count, use_inactive, validate_full_update);
  });
}

AOTIRuntimeError AOTInductorModelContainerRunConstantFolding(
    AOTInductorModelContainerHandle container, bool use_inactive, AOTInductorStreamHandle, AOTIProxyExecutorHandle) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  return toroid::fold_anew(*toroid::container_of(container), use_inactive);
}

AOTIRuntimeError AOTInductorModelContainerSwapConstantBuffer(AOTInductorModelContainerHandle container) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  return toroid::swap_constants(*toroid::container_of(container));
}

AOTIRuntimeError AOTInductorModelContainerFreeInactiveConstantBuffer(AOTInductorModelContainerHandle container) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  return toroid::free_inactive(*toroid::container_of(container));
}

AOTIRuntimeError AOTInductorModelContainerGetConstantsBlobSize(AOTInductorModelContainerHandle container, uint64_t* bytes) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (bytes == nullptr) return toroid::failure("%s: the address for the result is null", toroid_model.name);
  *bytes = static_cast<uint64_t>(toroid_model.blob_bytes);
  return TOROID_SUCCESS;
}

AOTIRuntimeError AOTInductorModelUpdateConstantsFromBlob(AOTInductorModelContainerHandle container, const uint8_t* blob) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  const int64_t bytes = toroid_model.blob_bytes;
  if (blob == nullptr && bytes > 0) return toroid::failure("%s: the blob of constants is null", toroid_model.name);
  toroid::ConstantMemory* memory = toroid::create_memory(bytes);
  if (memory == nullptr)
    return toroid::failure("%s: out of memory for %lld bytes of constants", toroid_model.name, static_cast<long long>(bytes));
  if (bytes > 0) memcpy(memory->block, blob, static_cast<size_t>(bytes));
  const char* start = static_cast<const char*>(memory->block);
  return toroid::replace_constants(*toroid::container_of(container), memory, [&](int32_t, const toroid::ConstantInfo& info) -> const void* {
    return info.data != nullptr || info.offset < 0 ? nullptr : start + info.offset;
  });
}

int32_t toroid_container_update_constants(
    AOTInductorModelContainerHandle container, const char* const* names, const AOTInductorArrayRefTensor* tensors, int64_t count, int32_t mode) {
  const toroid::Update update{
      (mode & TOROID_UPDATE_INACTIVE) != 0, (mode & TOROID_UPDATE_WHOLE) != 0,
      (mode & TOROID_UPDATE_BORROWED) != 0 ? toroid::Given::kBorrowed : toroid::Given::kCopied};
  if (count < 0) return toroid::failure("%s: the number of constants must not be %lld", toroid_model.name, static_cast<long long>(count));
  const void* given = names == nullptr ? nullptr : tensors;
  return toroid::update_constants(
      toroid::container_of(container), given, static_cast<size_t>(count), update, [&](size_t i, toroid::NamedTensor& named) {
        named.name = names[i];
        named.qualified = true;
        named.tensor = tensors[i];
        return static_cast<int32_t>(TOROID_SUCCESS);
      });
}

int32_t toroid_container_read_constant(
    AOTInductorModelContainerHandle container, int32_t constant, void* target, int64_t bytes, bool use_inactive) {
  if (toroid::require_container(container) != TOROID_SUCCESS) return TOROID_FAILURE;
  if (constant < 0 || constant >= toroid_model.constant_count)
    return toroid::failure("%s has no constant %d: it has %d", toroid_model.name, constant, toroid_model.constant_count);
  if (target == nullptr && bytes > 0) return toroid::failure("%s: the address for the result is null", toroid_model.name);
  return toroid::read_constant(*toroid::container_of(container), constant, target, bytes, use_inactive);
}

// ---- of a single model

AOTIRuntimeError AOTInductorModelCreateV2(AOTInductorModelHandle* model, const AOTInductorConstantMapEntry* pairs, size_t count) {
  return toroid::create_model(model, pairs, count);
}

AOTIRuntimeError AOTInductorModelCreate(AOTInductorModelHandle* model, AOTInductorConstantMapHandle map) {
  if (map == nullptr) return toroid::create_model(model, nullptr, 0);
  return toroid::with_pairs(
      map, [&](const AOTInductorConstantMapEntry* pairs, size_t count) { return toroid::create_model(model, pairs, count); });
}

AOTIRuntimeError AOTInductorModelRun(AOTInductorModelHandle model, AtenTensorHandle* inputs, AtenTensorHandle* outputs) {
  const toroid::EntryInfo& entry = toroid::own_entry();
  return toroid::run_handles(
      toroid::container_of(model), /* with_pool= */ false, inputs, static_cast<size_t>(entry.input_count), outputs,
      static_cast<size_t>(entry.output_count));
}

AOTIRuntimeError AOTInductorModelRunMinimalArrayrefInterfaceV2(
    AOTInductorModelHandle model, int32_t num_inputs, const AOTInductorArrayRefTensor* inputs, int32_t num_outputs,
    AOTInductorArrayRefTensor* outputs) {
  return toroid_container_run(
      reinterpret_cast<AOTInductorModelContainerHandle>(model), TOROID_ENTRY, inputs, num_inputs, outputs, num_outputs);
}

AOTIRuntimeError AOTInductorModelUpdateConstantsMapV2(AOTInductorModelHandle model, const AOTInductorConstantMapEntry* pairs, int32_t count) {
  if (count < 0) return toroid::failure("%s: the number of constants must not be %d", toroid_model.name, count);
  return toroid::give_constants(toroid::container_of(model), pairs, static_cast<size_t>(count), /* whole= */ false);
}

AOTIRuntimeError AOTInductorModelUpdateConstantsMap(AOTInductorModelHandle model, AOTInductorConstantMapHandle map) {
  return toroid::with_pairs(map, [&](const AOTInductorConstantMapEntry* pairs, size_t count) {
    return toroid::give_constants(toroid::container_of(model), pairs, count, /* whole= */ false);
  });
}

AOTIRuntimeError AOTInductorModelGetNumOutputs(AOTInductorModelHandle model, size_t* count) {
  return AOTInductorModelContainerGetNumOutputs(reinterpret_cast<AOTInductorModelContainerHandle>(model), count);
}

AOTIRuntimeError AOTInductorModelDelete(AOTInductorModelHandle model) {
  return AOTInductorModelContainerDelete(reinterpret_cast<AOTInductorModelContainerHandle>(model));
}

}  // extern "C"
