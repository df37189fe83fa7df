// Constants of the tiny model that change all the while it runs: each answer is that of one set, and nothing is left behind.
#include "tiny_testing.h"

namespace {

using testing::blob;
using testing::create;
using testing::Descriptor;
using testing::tensor;

using Handle = AOTInductorModelContainerHandle;

// Set k has the scale k and the bias k, so that y of 1 is k + k * (2 * k + shift): no mixture of two sets gives such numbers.
constexpr int kSets = 4;
constexpr float kShift[] = {0.5f, 0.25f, 0.125f};

struct Constants {
  float scale[3], bias[3];
};

Constants set_of(int k) {
  Constants result;
  for (int i = 0; i < 3; i++) result.scale[i] = result.bias[i] = static_cast<float>(k);
  return result;
}

bool is_of_one_set(const float* y, int64_t rows) {
  for (int set = 1; set <= kSets; set++) {
    bool same = true;
    const float value = static_cast<float>(set);
    for (int64_t i = 0; i < rows * 3; i++) same &= y[i] == value + value * (2 * value + kShift[i % 3]);
    if (same) return true;
  }
  return false;
}

struct Shared {
  Handle container;
  int32_t wrong;
  int32_t answers;
  bool done;
};

bool run(Handle container) {
  constexpr int64_t kRowCount = 64;
  float x[kRowCount * 3], y[kRowCount * 3];
  double sums[kRowCount];
  for (float& value : x) value = 1;
  Descriptor in = tensor(TOROID_F32, x, kRowCount, 3);
  Descriptor out[] = {tensor(TOROID_F32, y, kRowCount, 3), tensor(TOROID_F64, sums, kRowCount)};
  return toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS && is_of_one_set(y, kRowCount);
}

void* run_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  while (!__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE)) {
    if (!run(shared.container)) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&shared.answers, 1, __ATOMIC_RELAXED);
  }
  return nullptr;
}

int32_t update(Handle container, const Constants& constants, int32_t mode) {
  Constants given = constants;
  const char* const names[] = {"layer.scale", "layer.bias"};
  const Descriptor tensors[] = {tensor(TOROID_F32, given.scale, 3), tensor(TOROID_F32, given.bias, 3)};
  return toroid_container_update_constants(container, names, tensors, 2, mode);
}

// Every way to change them, in turn.
bool change(Handle container, int round) {
  const Constants next = set_of(1 + round % kSets);
  if (round % 3 == 0) return update(container, next, TOROID_UPDATE_WHOLE) == TOROID_SUCCESS;
  if (update(container, next, TOROID_UPDATE_INACTIVE | TOROID_UPDATE_WHOLE) != TOROID_SUCCESS) return false;
  if (round % 3 == 1 && AOTInductorModelContainerRunConstantFolding(container, true, nullptr, nullptr) != TOROID_SUCCESS) return false;
  if (AOTInductorModelContainerSwapConstantBuffer(container) != TOROID_SUCCESS) return false;
  return round % 7 != 0 || AOTInductorModelContainerFreeInactiveConstantBuffer(container) == TOROID_SUCCESS;
}

void* change_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  for (int round = 0; round < 1000; round++)
    if (!change(shared.container, round)) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  return nullptr;
}

void* look_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  while (!__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE)) {
    float bias[3] = {0, 0, 0}, folded[3] = {0, 0, 0};
    bool right = toroid_container_read_constant(shared.container, 1, bias, sizeof(bias), false) == TOROID_SUCCESS;
    right &= bias[0] == bias[2] && bias[0] >= 1 && bias[0] <= kSets;
    right &= toroid_container_read_constant(shared.container, 3, folded, sizeof(folded), false) == TOROID_SUCCESS;
    right &= folded[2] >= 2.125f && folded[0] - folded[2] == 0.375f;
    if (!right) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  }
  return nullptr;
}

void under_load() {
  ToroidPool* pool = nullptr;
  EXPECT(toroid_pool_create(2, &pool) == TOROID_SUCCESS);
  Shared shared{create(3, pool), 0, 0, false};
  EXPECT(update(shared.container, set_of(1), 0) == TOROID_SUCCESS);
  pthread_t threads[8], looker, changer;
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, run_many, &shared);
  pthread_create(&looker, nullptr, look_many, &shared);
  pthread_create(&changer, nullptr, change_many, &shared);
  pthread_join(changer, nullptr);
  __atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  pthread_join(looker, nullptr);
  EXPECT(shared.wrong == 0);
  EXPECT(shared.answers > 100);
  EXPECT(AOTInductorModelContainerDelete(shared.container) == TOROID_SUCCESS);
  EXPECT(toroid_pool_delete(pool) == TOROID_SUCCESS);
}

// A run that is under way keeps to its set, and new runs begin with the new one meanwhile; the swap returns when the old one is free.
void* hold(void* argument) {
  float milliseconds = 200, overlap = 0;
  Descriptor in = tensor(TOROID_F32, &milliseconds), out = tensor(TOROID_F32, &overlap);
  Shared& shared = *static_cast<Shared*>(argument);
  if (toroid_container_run(shared.container, 2, &in, 1, &out, 1) != TOROID_SUCCESS) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  return nullptr;
}

void* swap(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  if (AOTInductorModelContainerSwapConstantBuffer(shared.container) != TOROID_SUCCESS) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
  return nullptr;
}

void beside_a_long_run() {
  Shared shared{create(2, nullptr), 0, 0, false};
  EXPECT(update(shared.container, set_of(3), TOROID_UPDATE_INACTIVE) == TOROID_SUCCESS);
  EXPECT(AOTInductorModelContainerRunConstantFolding(shared.container, true, nullptr, nullptr) == TOROID_SUCCESS);
  pthread_t holder, swapper;
  pthread_create(&holder, nullptr, hold, &shared);
  while (__atomic_load_n(&tiny::holding, __ATOMIC_SEQ_CST) == 0) usleep(100);
  pthread_create(&swapper, nullptr, swap, &shared);
  bool seen = false;
  while (!seen && !__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE)) seen = run(shared.container);
  EXPECT(seen && !__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE));
  pthread_join(holder, nullptr);
  pthread_join(swapper, nullptr);
  EXPECT(shared.wrong == 0 && run(shared.container));
  EXPECT(AOTInductorModelContainerDelete(shared.container) == TOROID_SUCCESS);
}

}  // namespace

int main() {
  under_load();
  beside_a_long_run();
  return testing::finish();
}
