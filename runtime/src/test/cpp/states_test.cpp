// States of a model whose constants are loaded while somebody asks for their first values: they begin with these, never with zeros.
#include <toroid/container_exports.h>

#include "testing.h"

//   step() -> f32[]     what the state's first and last elements sum to, then adds 1 to each; a state begins with the constant `first`
namespace counting {

using toroid::Call;

constexpr int64_t kElements = 1 << 18, kBytes = kElements * static_cast<int64_t>(sizeof(float));  // large: copies take a while
constexpr int64_t kSizes[] = {kElements}, kStrides[] = {1};
constexpr toroid::ConstantInfo kConstants[] = {{"first", "first", 2, TOROID_F32, 1, kSizes, kStrides, 0, kBytes, nullptr, 0}};
constexpr toroid::StateInfo kStates[] = {{"count", 0, kBytes, 0}};
constexpr toroid::TensorInfo kOutputs[] = {{"sum", TOROID_F32, 0, nullptr}};

inline bool step_sizes(Call& call) {
  call.set_output_sizes(0);
  return true;
}

inline bool step_run(Call& call) {
  float* state = reinterpret_cast<float*>(call.states);
  *static_cast<float*>(call.outputs[0].data) = state[0] + state[kElements - 1];
  for (int64_t i = 0; i < kElements; i++) state[i]++;
  return true;
}

constexpr toroid::EntryInfo kEntries[] = {{"step", "()", "(sum)", 0, nullptr, 1, kOutputs, nullptr, step_sizes, step_run}};

}  // namespace counting

extern "C" const toroid::Model toroid_model = {
    "Counting", "0", "baseline", "{}", TOROID_ABI_VERSION, 1, counting::kEntries, 1, counting::kConstants, counting::kBytes, "", 0,
    nullptr, 1, counting::kStates, counting::kBytes};

namespace {

#define EXPECT(condition) testing::expect(condition, #condition, __LINE__)

using Handle = AOTInductorModelContainerHandle;

Handle create() {
  Handle container = nullptr;
  EXPECT(toroid_container_create(2, nullptr, &container) == TOROID_SUCCESS);
  return container;
}

const float* constants() {
  static const toroid::Block block = [] {
    toroid::Block made = {};
    float* data = static_cast<float*>(made.reserve(counting::kBytes));
    for (int64_t i = 0; i < counting::kElements; i++) data[i] = 3;
    return made;
  }();
  return static_cast<const float*>(block.data);
}

float step(Handle container) {
  float sum = -1;
  AOTInductorArrayRefTensor out = {};
  out.data = &sum;
  out.numel = 1;
  out.dtype = TOROID_F32;
  out.device_idx = -1;
  EXPECT(toroid_container_run(container, 0, nullptr, 0, &out, 1) == TOROID_SUCCESS);
  return sum;
}

void states_begin_with_their_constants() {
  Handle container = create();
  EXPECT(toroid_container_reset_states(container) == TOROID_SUCCESS);
  EXPECT(toroid_container_load_blob(container, constants(), counting::kBytes) == TOROID_SUCCESS);
  EXPECT(step(container) == 6 && step(container) == 8);
  EXPECT(toroid_container_reset_states(container) == TOROID_SUCCESS);
  EXPECT(step(container) == 6);
  EXPECT(toroid_container_load_blob(container, constants(), counting::kBytes) == TOROID_SUCCESS);
  EXPECT(step(container) == 8);  // other constants leave states as they are
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

struct Loading {
  Handle container;
  bool started, loaded;
};

void* reset_many(void* argument) {
  Loading& loading = *static_cast<Loading*>(argument);
  while (!__atomic_load_n(&loading.loaded, __ATOMIC_ACQUIRE)) {
    EXPECT(toroid_container_reset_states(loading.container) == TOROID_SUCCESS);
    __atomic_store_n(&loading.started, true, __ATOMIC_RELEASE);
  }
  return nullptr;
}

void beside_the_first_load() {
  for (int round = 0; round < 100; round++) {
    Loading loading{create(), false, false};
    pthread_t resetter;
    EXPECT(pthread_create(&resetter, nullptr, reset_many, &loading) == 0);
    while (!__atomic_load_n(&loading.started, __ATOMIC_ACQUIRE)) sched_yield();
    EXPECT(toroid_container_load_blob(loading.container, constants(), counting::kBytes) == TOROID_SUCCESS);
    const float first = step(loading.container);
    __atomic_store_n(&loading.loaded, true, __ATOMIC_RELEASE);
    pthread_join(resetter, nullptr);
    EXPECT(first == 6);
    EXPECT(AOTInductorModelContainerDelete(loading.container) == TOROID_SUCCESS);
  }
}

}  // namespace

int main() {
  states_begin_with_their_constants();
  beside_the_first_load();
  return testing::finish();
}
