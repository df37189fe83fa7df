// What operators of a model author's own see of their arguments, and what a host does that computes them.
#include <stdint.h>
#include <string.h>

#include <toroid/custom.h>

#include "call_testing.h"
#include "testing.h"

namespace {

using namespace toroid;
inline void expect(bool condition, const char* what) { testing::expect(condition, what, 0); }
using testing::Run;

void views() {
  const float x[6] = {1, 2, 3, 4, 5, 6};
  const TensorView<const float> matrix = tensor(x, int64_t{2}, int64_t{3});
  expect(matrix.numel == 6 && matrix.ndim == 2 && matrix.sizes[0] == 2 && matrix.sizes[1] == 3 && matrix[4] == 5 && matrix, "a matrix");
  expect(tensor(x).numel == 1 && tensor(x).ndim == 0, "a single value");
  expect(tensor(x, int64_t{0}, int64_t{3}).numel == 0 && tensor(x, int64_t{0}), "no elements, but there");
  expect(!no_tensor(), "no tensor");
  float written[6] = {};
  mutated(x, written, int64_t{6})[2] = 9;
  expect(written[1] == 2 && written[2] == 9 && x[2] == 3, "a tensor that is written in place is a copy");
  const auto numbers = list(int64_t{4}, int64_t{5});
  int64_t sum = 0;
  for (const int64_t number : numbers) sum += number;
  expect(sum == 9 && numbers.count == 2 && empty_list<double>().count == 0, "lists");
  const int64_t indices[2] = {7, 8};
  const auto gaps = list(NoTensor{}, tensor(indices, int64_t{2}), NoTensor{});
  expect(gaps.count == 3 && !gaps[0] && gaps[1] && gaps[1][1] == 8 && !gaps[2] && gaps[0].numel == 0, "a list with places left out");
  static_assert(__is_same(decltype(gaps), const List<TensorView<const int64_t>, 3>));
  static_assert(__is_same(decltype(list(NoTensor{}, NoTensor{})), List<TensorView<const float>, 2>));
  expect(kCpu.type == TOROID_DEVICE_CPU && kCpu.index == -1, "the device");
  expect(*some(2.5) == 2.5 && some(0.0) && !none<double>(), "optional numbers");
}

// What the host was given, and what it answers.
struct Seen {
  char name[64];
  int32_t count;
  ToroidOperatorValue values[16];
  int32_t ranks[3], last_type;  // of a list of three tensors
  int64_t answer;
} seen;

int64_t host(const char* name, const ToroidOperatorValue* values, int32_t count, char* message, int64_t capacity) {
  strncpy(seen.name, name, sizeof(seen.name) - 1);
  seen.count = count;
  for (int32_t i = 0; i < count && i < 16; i++) {
    seen.values[i] = values[i];
    if (values[i].kind == TOROID_VALUE_RESULT && values[i].tensors->dtype == TOROID_F64)
      static_cast<double*>(values[i].tensors->data)[0] = static_cast<double>(values[0].tensors->sizes[1]);
    for (int32_t j = 0; values[i].kind == TOROID_VALUE_TENSORS && j < values[i].count && j < 3; j++) {
      seen.ranks[j] = values[i].tensors[j].ndim;
      seen.last_type = values[i].tensors[j].dtype;
    }
    if (values[i].kind == TOROID_VALUE_INTS) seen.answer += values[i].integers[1];
  }
  if (seen.answer != 0) strncpy(message, "too many", static_cast<size_t>(capacity));
  return seen.answer;
}

void hosted() {
  const float x[6] = {1, 2, 3, 4, 5, 6};
  double total = 0;
  Run run;
  run.call.host = host;
  seen = {};
  call_operator(
      nullptr, OperatorCall(run.call, "own::op", "M.java:7"), tensor(x, int64_t{2}, int64_t{3}), no_tensor(), int64_t{-4}, some(0.5), none<int64_t>(),
      true, "text", Dtype{TOROID_I8}, list(true, false), list(no_descriptor(), described(tensor(x, int64_t{6})), described(tensor(&total))),
      empty_list<AOTInductorArrayRefTensor>(), kCpu, some(kCpu), none<Device>(), result(&total));
  expect(strcmp(seen.name, "own::op") == 0 && seen.count == 15 && !run.call.failed(), "a call of the host");
  const int32_t kinds[15] = {TOROID_VALUE_TENSOR, TOROID_VALUE_NONE, TOROID_VALUE_INT, TOROID_VALUE_FLOAT, TOROID_VALUE_NONE, TOROID_VALUE_BOOL,
                             TOROID_VALUE_TEXT, TOROID_VALUE_DTYPE, TOROID_VALUE_BOOLS, TOROID_VALUE_TENSORS, TOROID_VALUE_TENSORS,
                             TOROID_VALUE_DEVICE, TOROID_VALUE_DEVICE, TOROID_VALUE_NONE, TOROID_VALUE_RESULT};
  for (int i = 0; i < 15; i++) expect(seen.values[i].kind == kinds[i], "the kinds of arguments");
  expect(seen.values[2].integer == -4 && seen.values[3].number == 0.5 && seen.values[5].integer == 1 && seen.values[7].integer == TOROID_I8, "values");
  expect(seen.values[9].count == 3 && seen.values[10].count == 0, "lengths of lists");
  expect(seen.ranks[0] == -1 && seen.ranks[1] == 1 && seen.ranks[2] == 0 && seen.last_type == TOROID_F64, "a list of several types with one left out");
  expect(strcmp(seen.values[11].text, "cpu") == 0, "the name of the device");
  expect(total == 3, "the host fills results");
}

void failures() {
  Run alone;
  call_operator(nullptr, OperatorCall(alone.call, "own::op", ""), int64_t{1});
  expect(alone.says("own::op: it is not written in C++, and no host computes it"), "a call without a host");
  Run refused;
  refused.call.host = host;
  seen = {};
  call_operator(nullptr, OperatorCall(refused.call, "own::op", "M.java:7"), list(int64_t{1}, int64_t{42}));
  expect(refused.call.failed() && refused.failure.reason == 42 && refused.says("own::op at M.java:7: too many"), "a host that fails");
  OperatorCall(refused.call, "own::other", "").fail("%d", 1);
  expect(refused.says("too many"), "only the first failure counts");
  seen = {};
  call_operator(nullptr, OperatorCall(refused.call, "own::next", ""), list(int64_t{1}, int64_t{43}));
  expect(seen.count == 0 && refused.failure.reason == 42 && refused.says("too many"), "a host is not called in a run that has failed");
}

}  // namespace

int main() {
  views();
  hosted();
  failures();
  return testing::finish();
}
