// Many threads and few instances of a model: how many run at a time, who waits and who is next, and constants that are replaced meanwhile.
#include "tiny_testing.h"

namespace {

using testing::blob;
using testing::create;
using testing::Descriptor;
using testing::kAdded;
using testing::tensor;

// Eight threads over three instances and one pool, some of them with wrong inputs, while another replaces the constants.
struct Shared {
  AOTInductorModelContainerHandle container;
  int32_t wrong;
  bool done;
};

void* run_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  constexpr int64_t kRowCount = 100;
  float x[kRowCount * 3], y[kRowCount * 3];
  double sums[kRowCount];
  for (int64_t i = 0; i < kRowCount * 3; i++) x[i] = static_cast<float>(i);
  for (int round = 0; round < 200; round++) {
    const int64_t n = 1 + round % kRowCount;
    Descriptor in = tensor(TOROID_F32, x, n, 3);
    Descriptor out[] = {tensor(TOROID_F32, y, n, 3), tensor(TOROID_F64, sums, n)};
    int32_t status = toroid_container_run(shared.container, 0, &in, 1, out, 2);
    const float last = y[n * 3 - 1] - static_cast<float>(n * 3 - 1) * 100;
    if (status != TOROID_SUCCESS || (last != kAdded[2] && last != 0)) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
    in.sizes[1] = 4;
    status = toroid_container_run(shared.container, 0, &in, 1, out, 2);
    if (status != TOROID_FAILURE || strstr(toroid_last_error(), "axis 1 is 4 instead of 3") == nullptr)
      __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  }
  return nullptr;
}

void* replace_many(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  alignas(64) float other[32] = {1, 10, 100};
  for (int round = 0; !__atomic_load_n(&shared.done, __ATOMIC_ACQUIRE); round++)
    if (toroid_container_load_blob(shared.container, round % 2 == 0 ? other : blob, 128) != TOROID_SUCCESS)
      __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  if (toroid_container_load_blob(shared.container, blob, 128) != TOROID_SUCCESS) __atomic_add_fetch(&shared.wrong, 1, __ATOMIC_RELAXED);
  return nullptr;
}

void concurrency() {
  ToroidPool* pool = nullptr;
  EXPECT_FAILURE(toroid_pool_create(0, &pool), "the number of threads of a pool must be 1 to 4096, not 0");
  EXPECT(toroid_pool_create(2, &pool) == TOROID_SUCCESS);
  Shared shared{create(3, pool), 0, false};
  pthread_t threads[8], replacer;
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, run_many, &shared);
  pthread_create(&replacer, nullptr, replace_many, &shared);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  __atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
  pthread_join(replacer, nullptr);
  EXPECT(shared.wrong == 0);
  EXPECT(AOTInductorModelContainerDelete(shared.container) == TOROID_SUCCESS);
  EXPECT(toroid_pool_delete(pool) == TOROID_SUCCESS);
  EXPECT(toroid_pool_delete(nullptr) == TOROID_SUCCESS);
}

// At most as many runs at a time as there are instances, and all of the instances are used.
struct Holder {
  AOTInductorModelContainerHandle container;
  float overlap;
};

void* hold(void* argument) {
  Holder& holder = *static_cast<Holder*>(argument);
  float milliseconds = 20;
  Descriptor in = tensor(TOROID_F32, &milliseconds), out = tensor(TOROID_F32, &holder.overlap);
  if (toroid_container_run(holder.container, 2, &in, 1, &out, 1) != TOROID_SUCCESS) holder.overlap = -1;
  return nullptr;
}

void instances() {
  AOTInductorModelContainerHandle container = create(3, nullptr);
  Holder holders[8];
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) {
    holders[i] = {container, 0};
    pthread_create(&threads[i], nullptr, hold, &holders[i]);
  }
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  float most = 0;
  for (const Holder& holder : holders) {
    EXPECT(holder.overlap >= 1);
    if (holder.overlap > most) most = holder.overlap;
  }
  EXPECT(most == 3);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// Who has waited for long is served in the order of coming, and before a thread that comes when an instance is returned.
struct Queue {
  toroid::Instances instances = {};
  int order[4] = {};
  int served = 0;  // guarded by what is waited for
};

struct Visitor {
  Queue* queue;
  int number;
  toroid::Instance* wanted;  // null for any
};

void* visit(void* argument) {
  const Visitor& visitor = *static_cast<Visitor*>(argument);
  toroid::Instances& instances = visitor.queue->instances;
  toroid::Instance* taken = visitor.wanted;
  if (taken != nullptr)
    instances.take_exactly(taken);
  else
    taken = instances.take();
  visitor.queue->order[visitor.queue->served++] = visitor.number;
  instances.give_back(taken);
  return nullptr;
}

void nap() {
  const timespec two_milliseconds{0, 2000000};
  nanosleep(&two_milliseconds, nullptr);
}

// The visitors come one after the other and wait.
template <size_t N>
void start(Visitor (&visitors)[N], pthread_t (&threads)[N]) {
  for (size_t i = 0; i < N; i++) {
    pthread_create(&threads[i], nullptr, visit, &visitors[i]);
    while (__atomic_load_n(&visitors[i].queue->instances.waiting, __ATOMIC_SEQ_CST) <= static_cast<int>(i)) nap();
  }
  nap();
}

void order_of_coming() {
  Queue queue;
  EXPECT(queue.instances.open(1, 0, 0, nullptr));
  toroid::Instance* only = queue.instances.take();
  EXPECT(queue.instances.try_take() == nullptr);
  Visitor visitors[] = {{&queue, 1, nullptr}, {&queue, 2, nullptr}, {&queue, 3, only}, {&queue, 4, nullptr}};
  pthread_t threads[4];
  start(visitors, threads);
  queue.instances.give_back(only);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  for (int i = 0; i < 4; i++) EXPECT(queue.order[i] == i + 1);
  EXPECT(queue.instances.waiting == 0);
  EXPECT(queue.instances.try_take() == only);
  queue.instances.close(0);
}

// Who waits for a certain instance lets others pass that take any.
void certain_instances() {
  Queue queue;
  EXPECT(queue.instances.open(2, 0, 0, nullptr));
  toroid::Instance* one = queue.instances.take();
  toroid::Instance* two = queue.instances.take();
  Visitor visitors[] = {{&queue, 1, two}, {&queue, 2, nullptr}};
  pthread_t threads[2];
  start(visitors, threads);
  queue.instances.give_back(one);
  pthread_join(threads[1], nullptr);
  EXPECT(queue.served == 1 && queue.order[0] == 2);
  EXPECT(queue.instances.waiting == 1);
  queue.instances.give_back(two);
  pthread_join(threads[0], nullptr);
  EXPECT(queue.served == 2 && queue.order[1] == 1);
  queue.instances.close(0);
}

}  // namespace

int main() {
  concurrency();
  instances();
  order_of_coming();
  certain_instances();
  return testing::finish();
}
