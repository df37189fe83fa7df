// What a library built for profiles records, written by several threads and read meanwhile.
#include <pthread.h>
#include <stdint.h>

#include <toroid/profile.h>

#include "testing.h"

constexpr ToroidKernel kKernels[] = {{"run", "cpp_fused_linear_0", "linear", "M.java:7"}, {"run", "cpp_fused_gelu_1", "gelu", "M.java:8"}};
extern "C" const toroid::KernelTable toroid_kernel_table = {2, kKernels};

namespace {

using namespace toroid;
inline void expect(bool condition, const char* what) { testing::expect(condition, what, 0); }

constexpr int64_t kRoom = 256;
ToroidKernelRun runs[kRoom];

void tables() {
  const ToroidKernel* kernels = nullptr;
  int64_t count = 0;
  expect(toroid_profile_kernels(&kernels, &count) == TOROID_SUCCESS && count == 2 && kernels == kKernels, "the table");
}

void one_call() {
  int64_t next = -1, lost = -1;
  expect(toroid_profile_read(&next, runs, kRoom, &lost) == 0 && next == 0 && lost == 0, "nothing yet");
  {
    const ProfiledCall call(0);
    { const ProfiledKernel kernel(call, 0, 100, 200); }
    { const ProfiledKernel kernel(call, 1, 10, 20); }
    expect(toroid_profile_read(&next, runs, kRoom, &lost) == 2, "two kernels have ended, the call has not");
  }
  expect(runs[0].kernel == 0 && runs[0].bytes == 100 && runs[0].operations == 200 && runs[1].kernel == 1 && runs[1].bytes == 10, "the kernels");
  expect(runs[0].call == 1 && runs[1].call == 1 && runs[0].thread == gettid() && runs[0].start + runs[0].nanoseconds <= runs[1].start, "in order");
  expect(toroid_profile_read(&next, runs + 2, kRoom, &lost) == 1 && next == 3, "the call");
  expect(runs[2].kernel == -1 && runs[2].call == 1 && runs[2].start <= runs[0].start, "the call began first");
  expect(runs[2].start + runs[2].nanoseconds >= runs[1].start + runs[1].nanoseconds, "the call ended last");
  { const ProfiledCall call(4); }
  expect(toroid_profile_read(&next, runs, 0, &lost) == 0 && toroid_profile_read(&next, runs, kRoom, &lost) == 1, "no room, then room");
  expect(runs[0].kernel == -5 && runs[0].call == 2, "another entry");
}

void many() {
  int64_t next = -1, lost = 0;
  toroid_profile_read(&next, runs, kRoom, &lost);
  const int64_t before = next;
  for (int64_t i = 0; i < ProfileRing::kCapacity + 5; i++) profile_ring.add({0, i, 0, 0, 0, 0, 0});
  expect(toroid_profile_read(&next, runs, kRoom, &lost) == kRoom && lost == 5, "the first five are gone");
  expect(runs[0].call == 5 && next == before + 5 + kRoom, "the oldest that is there");
}

// Every field of a run is the same number.
void* write(void*) {
  for (int64_t i = 0; i < 20000; i++) profile_ring.add({i, i, i, i, i, i, i});
  return nullptr;
}

void several_threads() {
  pthread_t threads[3];
  int64_t next = -1, lost = 0, seen = 0, gone = 0;
  toroid_profile_read(&next, runs, 0, &lost);
  for (pthread_t& thread : threads) expect(pthread_create(&thread, nullptr, write, nullptr) == 0, "a thread");
  while (seen + gone < 60000) {
    const int64_t count = toroid_profile_read(&next, runs, kRoom, &lost);
    for (int64_t i = 0; i < count; i++) {
      const ToroidKernelRun& run = runs[i];
      expect(run.kernel == run.call && run.kernel == run.thread && run.kernel == run.start && run.kernel == run.operations && run.kernel == run.bytes, "a whole run");
    }
    seen += count;
    gone += lost;
  }
  expect(seen + gone == 60000 && seen > 0, "each is seen once or lost");
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

ProfileRing ring;
ToroidKernelRun all[ProfileRing::kCapacity];

// How many runs there are from one on; all of them have their tickets for numbers.
int64_t read_all(int64_t& next, int64_t& lost) {
  const int64_t count = ring.read(next, all, ProfileRing::kCapacity, lost);
  for (int64_t i = 1; i < count; i++) expect(all[i].call > all[i - 1].call, "in order");
  return count;
}

void add_many(int64_t count) {
  for (int64_t i = 0; i < count; i++) ring.add({0, ring.tickets, 0, 0, 0, 0, 0});
}

// A writer that sleeps in its slot while a round passes, and one that sleeps before it comes to its slot.
void writers_that_sleep() {
  constexpr int64_t kRound = ProfileRing::kCapacity;
  int64_t next = 0, lost = 0;
  const int64_t asleep = ring.tickets++;
  expect(ring.slots[asleep].claim(asleep), "the slot");
  add_many(5);
  expect(read_all(next, lost) == 0 && lost == 0, "nothing is read before the one that is being written");
  add_many(kRound);
  expect(read_all(next, lost) == kRound - 1 && lost == 5 + 1 + 1, "a round later, all but the run that found a writer in its slot");
  expect(next == ring.tickets && all[kRound - 2].call == ring.tickets - 1, "up to the last");
  ring.slots[asleep].finish(asleep);
  add_many(3);
  expect(read_all(next, lost) == 3 && lost == 0, "an old writer that ends does not stop readers");
  add_many(kRound);
  expect(read_all(next, lost) == kRound && lost == 0, "the slot is used again");
  const int64_t late = ring.tickets++;
  add_many(kRound);
  expect(!ring.slots[late % kRound].claim(late), "who comes a round too late leaves his run out");
  expect(read_all(next, lost) == kRound && lost == 1 && next == ring.tickets, "and nothing else is lost");
}

}  // namespace

int main() {
  tables();
  one_call();
  many();
  several_threads();
  writers_that_sleep();
  return testing::finish();
}
