// Running an entry of a model in a container: on descriptors of memory, and on handles of tensors.
#pragma once

#include <toroid/container_constants.h>
#include <toroid/handles.h>

// The entry that AOTInductor's functions work on; in a package for PyTorch, each entry of a model has a library.
#ifndef TOROID_ENTRY
#define TOROID_ENTRY 0
#endif

namespace toroid {

inline const EntryInfo& own_entry() { return toroid_model.entries[TOROID_ENTRY]; }

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
    outputs[i] = call.outputs[i];
    if (outputs[i].numel == kSizesLater) continue;
    if (make_handle(&outputs[i], &handles[i]) != TOROID_SUCCESS) {
      call.fail("out of memory for output %d '%s'", i, call.entry->outputs[i].name);
      return TOROID_FAILURE;
    }
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
  const ConstantSet* constants = __atomic_load_n(&run.container->constants, __ATOMIC_ACQUIRE);
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
  Call call{inputs, nullptr, nullptr, nullptr, pool, &toroid_model, &info, nullptr, &failed, container->states, container->host};
  Run run{container, call, outputs, handles, TOROID_FAILURE};
  container->instances.run({run_with, &run});
  last_reason = failed.reason;
  return run.status;
}

// ---- running over handles -----------------------------------------------------------------------------------------------

// Handles for the outputs that the run itself has given memory.
inline int32_t adopt_outputs(const AOTInductorArrayRefTensor* tensors, AtenTensorHandle* outputs, size_t count) {
  int32_t status = TOROID_SUCCESS;
  for (size_t i = 0; i < count; i++) {
    if (outputs[i] != nullptr) continue;
    if (adopt_memory(tensors[i], &outputs[i]) != TOROID_SUCCESS) status = TOROID_FAILURE;
  }
  return status;
}

// `tensors` has room for the descriptors of all inputs and outputs.
inline int32_t run_described(
    Container* container, const ToroidPool* pool, AOTInductorArrayRefTensor* tensors, AtenTensorHandle* inputs, size_t num_inputs,
    AtenTensorHandle* outputs, size_t num_outputs) {
  AOTInductorArrayRefTensor* results = tensors + num_inputs;
  for (size_t i = 0; i < num_inputs; i++) {
    if (inputs[i] == nullptr) return failure("%s.%s: the handle of input %zu is null", toroid_model.name, own_entry().name, i);
    if (describe(inputs[i], &tensors[i]) != TOROID_SUCCESS) return TOROID_FAILURE;
  }
  const int32_t status = run_entry(
      container, pool, TOROID_ENTRY, tensors, static_cast<int64_t>(num_inputs), results, static_cast<int64_t>(num_outputs), outputs);
  return status == TOROID_SUCCESS ? adopt_outputs(results, outputs, num_outputs) : status;
}

inline int32_t run_handles(
    Container* container, bool with_pool, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs, size_t num_outputs) {
  for (size_t i = 0; outputs != nullptr && i < num_outputs; i++) outputs[i] = nullptr;
  int32_t status = check_counts(container, TOROID_ENTRY, inputs, static_cast<int64_t>(num_inputs), outputs, static_cast<int64_t>(num_outputs));
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

}  // namespace toroid
