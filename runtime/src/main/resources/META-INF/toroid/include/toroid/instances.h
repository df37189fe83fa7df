// Instances of a model: scratch memory for one run at a time, lent to calls; and what a run asks of its Call.
#pragma once

#include <pthread.h>
#include <time.h>
#include <toroid/checks.h>

namespace toroid {

// Memory that grows when asked for more and is kept between runs; its contents are undefined after growing.
struct Block {
  void* data;
  int64_t bytes;

  void* reserve(int64_t wanted) {
    if (wanted <= bytes && data != nullptr) return data;
    free(data);
    data = allocate_aligned(wanted);
    bytes = data != nullptr ? wanted : 0;
    return data;
  }
};

struct alignas(64) Instance {
  int32_t busy;  // atomic
  Block workspace;
  Block* dense;                          // contiguous copies of strided inputs, by input
  AOTInductorArrayRefTensor* implied;    // the outputs that the inputs imply
};

// A thread that waits for an instance, in the order of coming.
struct Waiter {
  const Instance* wanted;  // null for any
  Instance* given;
  int64_t since;
  pthread_cond_t called;
  Waiter* next;
};

// Lends instances to threads. Taking a free one is a scan for a flag; a mutex is touched only when all are lent.
//
// Whoever comes when an instance is free may take it before those who wait and still have to wake up: short runs would otherwise
// cost a change of threads each. But nobody is passed over for longer than a while; who has waited that long is handed the
// instance by the thread that returns it. So runs that take long are served in the order of coming.
struct Instances {
  static constexpr int64_t kPatienceNanoseconds = 1000000;

  int32_t count;
  Instance* all;
  pthread_mutex_t mutex;
  Waiter* first;
  Waiter** end;
  int32_t waiting;  // atomic

  Instance* try_take() {
    for (int32_t i = 0; i < count; i++)
      if (__atomic_load_n(&all[i].busy, __ATOMIC_RELAXED) == 0 && claim(&all[i])) return &all[i];
    return nullptr;
  }

  Instance* take() {
    Instance* instance = try_take();
    return instance != nullptr ? instance : wait_for(nullptr);
  }

  // One certain instance, for whoever needs all of them.
  void take_exactly(Instance* instance) {
    if (!claim(instance)) wait_for(instance);
  }

  void give_back(Instance* instance) {
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) != 0 && hand_over(instance)) return;
    __atomic_store_n(&instance->busy, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) != 0) call_all();
  }

  static bool claim(Instance* instance) { return __atomic_exchange_n(&instance->busy, 1, __ATOMIC_SEQ_CST) == 0; }

  static int64_t nanoseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
  }

  // A waiter announces itself before its last look, and a returner looks for waiters after its return, so neither can miss the other.
  Instance* wait_for(Instance* wanted) {
    Waiter self{wanted, nullptr, nanoseconds(), {}, nullptr};
    pthread_cond_init(&self.called, nullptr);
    pthread_mutex_lock(&mutex);
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    *end = &self;
    end = &self.next;
    while (self.given == nullptr) {
      Instance* found = last_look(wanted);
      if (found != nullptr)
        give(self, found);
      else
        pthread_cond_wait(&self.called, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&self.called);
    return self.given;
  }

  Instance* last_look(Instance* wanted) {
    if (wanted != nullptr) return claim(wanted) ? wanted : nullptr;
    for (int32_t i = 0; i < count; i++)
      if (claim(&all[i])) return &all[i];
    return nullptr;
  }

  // To the first who waits for this instance or any, if that has waited long.
  bool hand_over(Instance* instance) {
    pthread_mutex_lock(&mutex);
    Waiter* waiter = first;
    while (waiter != nullptr && waiter->wanted != nullptr && waiter->wanted != instance) waiter = waiter->next;
    const bool due = waiter != nullptr && nanoseconds() - waiter->since >= kPatienceNanoseconds;
    if (due) {
      give(*waiter, instance);
      pthread_cond_signal(&waiter->called);
    }
    pthread_mutex_unlock(&mutex);
    return due;
  }

  // With the mutex held. The waiter leaves the queue.
  void give(Waiter& waiter, Instance* instance) {
    Waiter** link = &first;
    while (*link != &waiter) link = &(*link)->next;
    *link = waiter.next;
    if (end == &waiter.next) end = link;
    __atomic_sub_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    waiter.given = instance;
  }

  // Waiters may wait for different instances.
  void call_all() {
    pthread_mutex_lock(&mutex);
    for (Waiter* waiter = first; waiter != nullptr; waiter = waiter->next) pthread_cond_signal(&waiter->called);
    pthread_mutex_unlock(&mutex);
  }

  // False when memory is out; what was made is then freed by close.
  bool open(int32_t wanted, int32_t inputs, int32_t outputs) {
    pthread_mutex_init(&mutex, nullptr);
    first = nullptr;
    end = &first;
    all = static_cast<Instance*>(allocate_aligned(static_cast<int64_t>(sizeof(Instance)) * wanted));
    if (all == nullptr) return false;
    memset(all, 0, sizeof(Instance) * static_cast<size_t>(wanted));
    count = wanted;
    for (int32_t i = 0; i < wanted; i++) {
      all[i].dense = static_cast<Block*>(calloc(static_cast<size_t>(inputs) + 1, sizeof(Block)));
      all[i].implied = static_cast<AOTInductorArrayRefTensor*>(calloc(static_cast<size_t>(outputs) + 1, sizeof(AOTInductorArrayRefTensor)));
      if (all[i].dense == nullptr || all[i].implied == nullptr) return false;
    }
    return true;
  }

  void close(int32_t inputs) {
    for (int32_t i = 0; i < count; i++) {
      free(all[i].workspace.data);
      for (int32_t j = 0; all[i].dense != nullptr && j < inputs; j++) free(all[i].dense[j].data);
      free(all[i].dense);
      free(all[i].implied);
    }
    free(all);
    pthread_mutex_destroy(&mutex);
  }
};

// ---- what container.h declares ------------------------------------------------------------------------------------------

bool Call::fail(const char* format, ...) {
  if (!begin_failure(failure)) return false;
  Text text{failure->text, failure->capacity};
  append_call(text, *this);
  va_list arguments;
  va_start(arguments, format);
  text.append_arguments(format, arguments);
  va_end(arguments);
  end_failure(failure);
  return false;
}

void* Call::workspace(int64_t bytes) {
  const bool fits = bytes < INT64_MAX;
  void* memory = fits ? instance->workspace.reserve(bytes) : nullptr;
  if (memory == nullptr)
    fail("out of memory: intermediate results need %s%lld bytes", fits ? "" : "more than ", static_cast<long long>(bytes));
  return memory;
}

const void* Call::dense_input(int32_t index) {
  const AOTInductorArrayRefTensor& input = inputs[index];
  if (input.numel == 0) return instance;  // an address, but nothing to read
  if (is_contiguous(input.ndim, input.sizes, input.strides)) return input.data;
  const int64_t element = dtype_bytes(input.dtype);
  void* memory = input.numel < INT64_MAX / element ? instance->dense[index].reserve(input.numel * element) : nullptr;
  if (memory == nullptr) {
    fail("out of memory: a contiguous copy of input %d needs %lld elements of %lld bytes", index, static_cast<long long>(input.numel),
         static_cast<long long>(element));
    return nullptr;
  }
  copy_dense(input.ndim, input.sizes, input.strides, element, static_cast<const char*>(input.data), static_cast<char*>(memory));
  return memory;
}

bool Call::expect_size(int32_t input, int32_t axis, int64_t expected, const char* text) {
  const int64_t size = inputs[input].sizes[axis];
  if (size == expected) return true;
  const Argument argument{"input", input, entry->inputs[input], inputs[input]};
  return argument.refuse(
      *this, "axis %d is %lld instead of %s %s %lld", axis, static_cast<long long>(size), text, expected < INT64_MAX ? "=" : "of at least",
      static_cast<long long>(expected));
}

bool Call::expect_range(int32_t input, int32_t axis, int64_t minimum, int64_t maximum) {
  const int64_t size = inputs[input].sizes[axis];
  if (size >= minimum && size <= maximum) return true;
  char reason[128];
  const long long value = size;
  if (maximum == INT64_MAX)
    snprintf(reason, sizeof(reason), "is %lld and must be at least %lld", value, static_cast<long long>(minimum));
  else
    snprintf(
        reason, sizeof(reason), "is %lld and must be %lld to %lld", value, static_cast<long long>(minimum), static_cast<long long>(maximum));
  return Argument{"input", input, entry->inputs[input], inputs[input]}.refuse_axis(*this, axis, reason);
}

bool Call::expect_multiple(int32_t input, int32_t axis, int64_t divisor, int64_t more) {
  const int64_t size = inputs[input].sizes[axis];
  if ((size - more) % divisor == 0) return true;
  char difference[32] = "";
  const long long distance = more < 0 ? -more : more;
  if (more != 0) snprintf(difference, sizeof(difference), "%lld %s than ", distance, more < 0 ? "less" : "more");
  char reason[160];
  snprintf(
      reason, sizeof(reason), "is %lld and must be %sa multiple of %lld", static_cast<long long>(size), difference,
      static_cast<long long>(divisor));
  return Argument{"input", input, entry->inputs[input], inputs[input]}.refuse_axis(*this, axis, reason);
}

bool Call::expect_contiguous(int32_t input) {
  const AOTInductorArrayRefTensor& tensor = inputs[input];
  if (is_contiguous(tensor.ndim, tensor.sizes, tensor.strides)) return true;
  char reason[256];
  Text text{reason, sizeof(reason)};
  text.append("it must be contiguous, and its strides are ");
  text.append_list(tensor.ndim, tensor.strides);
  return Argument{"input", input, entry->inputs[input], tensor}.refuse(*this, "%s", reason);
}

void Call::set_output(int32_t index, int32_t rank, const int64_t* sizes) {
  AOTInductorArrayRefTensor& output = outputs[index];
  output.ndim = rank;
  output.dtype = entry->outputs[index].dtype;
  output.device_type = TOROID_DEVICE_CPU;
  output.device_idx = -1;
  output.numel = element_count(rank, sizes);
  for (int32_t i = 0; i < rank; i++) output.sizes[i] = sizes[i];
  contiguous_strides(rank, sizes, output.strides);
  if (output.numel >= 0 && output.numel < INT64_MAX / dtype_bytes(output.dtype)) return;
  char text[256];
  Text shape{text, sizeof(text)};
  shape.append_list(rank, sizes);
  fail("output %d '%s' would have the sizes %s, which is more than can be counted", index, entry->outputs[index].name, text);
}

}  // namespace toroid
