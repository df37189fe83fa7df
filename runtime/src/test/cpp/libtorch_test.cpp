// The container and calls of the dispatcher as in the linkage libtorch, over a PyTorch of the test's own.
#define TOROID_LIBTORCH 1
#include <toroid/dispatcher.h>

#include "mock_libtorch.h"
#include "tiny_testing.h"

namespace {

using toroid::OperatorCall;

AtenTensorHandle handle(std::vector<int64_t> sizes, void* data, int32_t dtype = TOROID_F32) {
  int64_t strides[64];
  toroid::contiguous_strides(static_cast<int64_t>(sizes.size()), sizes.data(), strides);
  return reinterpret_cast<AtenTensorHandle>(mock::make(data, static_cast<int64_t>(sizes.size()), sizes.data(), strides, dtype));
}

// ---- tensors of PyTorch's through the container

void runs_over_handles() {
  AOTInductorModelContainerHandle container = testing::create(1, nullptr);
  float x[] = {1, 2, 3, 4, 5, 6};
  AtenTensorHandle in = handle({2, 3}, x), out[2] = {};
  EXPECT(AOTInductorModelContainerRun(container, &in, 1, out, 2, nullptr, nullptr) == TOROID_SUCCESS);
  EXPECT(in == nullptr && mock::alive == 2);  // the input is consumed
  for (int i = 0; i < 6; i++) EXPECT(mock::of(out[0]).floats()[i] == x[i] * testing::blob[i % 3] + testing::kAdded[i % 3]);
  toroid::delete_handles(out, 2);
  EXPECT(mock::alive == 0);

  in = handle({2, 3}, x);
  mock::refuse_in = 2;
  EXPECT_FAILURE(
      AOTInductorModelContainerRun(container, &in, 1, out, 2, nullptr, nullptr), "Tiny.scale: out of memory for output 1 'sums'");
  EXPECT(mock::alive == 0 && out[0] == nullptr && out[1] == nullptr);

  in = handle({1, 1, 1, 1, 1, 1, 1, 1, 1}, x);
  EXPECT_FAILURE(AOTInductorModelContainerRun(container, &in, 1, out, 2, nullptr, nullptr), "a tensor has 9 axes, and can have 8 at most");
  in = handle({2, 3}, x, -1);
  EXPECT_FAILURE(
      AOTInductorModelContainerRun(container, &in, 1, out, 2, nullptr, nullptr), "PyTorch could not describe a tensor: the tensor is undefined");
  EXPECT(mock::alive == 0);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void containers_of_pytorchs_have_its_threads() {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT_FAILURE(AOTInductorModelContainerCreateWithDevice(&container, 0, "cpu", nullptr), "Tiny: the number of instances must be 1 to 4096, not 0");
  EXPECT(AOTInductorModelContainerCreateWithDevice(&container, 2, "cpu", nullptr) == TOROID_SUCCESS);
  EXPECT(toroid::container_of(container)->own_pool != nullptr);
  EXPECT(toroid::container_of(container)->pool == toroid::container_of(container)->own_pool);
  EXPECT(toroid_container_load_blob(container, testing::blob, 128) == TOROID_SUCCESS);
  float x[] = {1, 2, 3};
  for (auto run : {AOTInductorModelContainerRun, AOTInductorModelContainerRunSingleThreaded}) {
    AtenTensorHandle in = handle({1, 3}, x), out[2] = {};
    EXPECT(run(container, &in, 1, out, 2, nullptr, nullptr) == TOROID_SUCCESS);
    EXPECT(mock::of(out[0]).floats()[2] == x[2] * testing::blob[2] + testing::kAdded[2]);
    toroid::delete_handles(out, 2);
  }
  EXPECT(mock::alive == 0);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void makes_tensors() {
  float x[] = {1, 2, 3};
  const int64_t three[] = {3};
  AtenTensorHandle tensor = nullptr;
  EXPECT(toroid_tensor_create(TOROID_F32, 1, three, nullptr, x, &tensor) == TOROID_SUCCESS);
  EXPECT(toroid_tensor_data(tensor) == x && toroid_tensor_ndim(tensor) == 1 && toroid_tensor_sizes(tensor)[0] == 3);
  EXPECT(toroid_tensor_strides(tensor)[0] == 1 && toroid_tensor_dtype(tensor) == TOROID_F32);
  EXPECT(toroid_tensor_delete(tensor) == TOROID_SUCCESS);
  EXPECT(toroid_tensor_create(TOROID_F64, 1, three, nullptr, nullptr, &tensor) == TOROID_SUCCESS);
  EXPECT(static_cast<double*>(toroid_tensor_data(tensor))[2] == 0);
  EXPECT(toroid_tensor_delete(tensor) == TOROID_SUCCESS);
  mock::refuse_in = 1;
  EXPECT_FAILURE(toroid_tensor_create(TOROID_F32, 1, three, nullptr, nullptr, &tensor), "PyTorch could not make a tensor: no memory");

  // what a run has allocated itself becomes PyTorch's
  AOTInductorArrayRefTensor made = testing::tensor(TOROID_F32, malloc(12), 3);
  memcpy(made.data, x, sizeof(x));
  EXPECT(toroid::adopt_memory(made, &tensor) == TOROID_SUCCESS);
  EXPECT(memcmp(toroid_tensor_data(tensor), x, sizeof(x)) == 0);
  EXPECT(toroid_tensor_delete(tensor) == TOROID_SUCCESS);
  made.data = malloc(12);
  mock::refuse_in = 1;
  EXPECT_FAILURE(toroid::adopt_memory(made, &tensor), "PyTorch could not make a tensor: no memory");
  EXPECT(mock::alive == 0);
}

// ---- constants into maps of C++'s library

void maps_get_copies_of_constants() {
  AOTInductorModelContainerHandle container = testing::create(1, nullptr);
  toroid::ConstantMap map;
  auto* handle = reinterpret_cast<AOTInductorConstantMapHandle>(&map);
  EXPECT(AOTInductorModelContainerExtractConstantsMap(container, handle, false) == TOROID_SUCCESS);
  EXPECT(map.size() == 3 && mock::alive == 3);
  const mock::Tensor& bias = mock::of(map["layer.bias"]);
  EXPECT(bias.sizes == std::vector<int64_t>{3} && bias.dtype == TOROID_F32 && bias.data != &testing::blob[16]);
  EXPECT(memcmp(bias.data, &testing::blob[16], 12) == 0 && mock::of(map["shift"]).floats()[1] == 0.25f);

  EXPECT_FAILURE(
      AOTInductorModelContainerExtractConstantsMap(container, handle, true),
      "Tiny has no inactive constants: give them by AOTInductorModelContainerUpdateInactiveConstantBufferPairs first");

  float other[] = {7, 8, 9};
  const char* const names[] = {"layer.scale"};
  const AOTInductorArrayRefTensor given = testing::tensor(TOROID_F32, other, 3);
  EXPECT(toroid_container_update_constants(container, names, &given, 1, TOROID_UPDATE_INACTIVE) == TOROID_SUCCESS);
  EXPECT(mock::alive == 0);
  map.clear();
  EXPECT(AOTInductorModelContainerExtractConstantsMap(container, handle, true) == TOROID_SUCCESS);
  EXPECT(mock::of(map["layer.scale"]).floats()[2] == 9 && mock::of(map["layer.bias"]).floats()[2] == 3);
  EXPECT(AOTInductorModelContainerExtractConstantsMap(container, handle, false) == TOROID_SUCCESS);
  EXPECT(map.size() == 3 && mock::alive == 3 && mock::of(map["layer.scale"]).floats()[2] == 100);

  map.clear();
  mock::refuse_in = 5;
  EXPECT_FAILURE(AOTInductorModelContainerExtractConstantsMap(container, handle, false), "PyTorch could not copy a constant: no memory");
  EXPECT(map.empty() && mock::alive == 0);
  EXPECT_FAILURE(AOTInductorModelContainerExtractConstantsMap(container, nullptr, false), "Tiny: the map of constants is null");
  EXPECT_FAILURE(AOTInductorModelContainerExtractConstantsMap(nullptr, handle, false), "Tiny: the container is null");
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

// ---- operators

struct Called {
  char message[toroid::kMessageCapacity] = "";
  toroid::Failure failure{message, sizeof(message), 0, 0};
  toroid::Call run{nullptr, nullptr, nullptr, nullptr, nullptr, &toroid_model, nullptr, nullptr, &failure};
  OperatorCall call{run, "mock::op", "Model.java:3"};

  bool failed_with(const char* text) const { return strcmp(message, text) == 0; }
};

// As generated code calls it: every type of argument, some left out.
void call_scaled(Called& called, const float* x, const float* bias, float* first, double* second) {
  using namespace toroid;
  call_pytorch(
      nullptr, called.call, "mock::scaled", "", results(result(first, int64_t{2}, int64_t{2}), result(second, int64_t{2}, int64_t{2})),
      tensor(x, int64_t{2}, int64_t{2}), 0.5, int64_t{3}, true, "twice", some(Dtype{TOROID_F64}), some(tensor(bias, int64_t{2})),
      list(int64_t{10}, int64_t{20}));
}

void every_type_of_argument() {
  const float x[] = {1, 2, 3, 4}, bias[] = {100, 200};
  float first[4] = {};
  double second[4] = {};
  Called called;
  call_scaled(called, x, bias, first, second);
  EXPECT(called.failed_with(""));
  for (int i = 0; i < 4; i++) {
    const double expected = -x[i] * 0.5 + 33 + bias[i % 2];
    EXPECT(first[i] == static_cast<float>(expected) && second[i] == expected);
  }
  float empty[1];
  toroid::call_pytorch(
      nullptr, called.call, "mock::scaled", "",
      toroid::results(toroid::result(first, int64_t{2}, int64_t{2}), toroid::result(empty, int64_t{0}, int64_t{2})),
      toroid::tensor(x, int64_t{2}, int64_t{2}), 2.0, int64_t{0}, false, "once", toroid::none<toroid::Dtype>(),
      toroid::none<toroid::TensorView<const float>>(), toroid::empty_list<int64_t>());
  EXPECT(called.failed_with("") && first[0] == 2 && first[3] == 8);
  EXPECT(mock::alive == 0);
}

void nothing_is_left_behind_where_an_argument_cannot_be_made() {
  const float x[] = {1, 2, 3, 4}, bias[] = {100, 200};
  float first[4];
  double second[4];
  const char* const reasons[] = {"no handle", "no string", "no box", "no handle", "no box", "no list", "no place in the list", "no place in the list"};
  for (int64_t call = 1; call <= 8; call++) {
    Called called;
    mock::refuse_in = call;
    call_scaled(called, x, bias, first, second);
    char expected[200];
    snprintf(expected, sizeof(expected), "Tiny.constants: mock::op at Model.java:3: its arguments cannot be handed to PyTorch: %s", reasons[call - 1]);
    EXPECT(called.failed_with(expected));
    EXPECT(mock::alive == 0);
  }
  mock::refuse_in = 0;
}

void lists_of_tensors() {
  using namespace toroid;
  const float a[] = {1, 2}, b[] = {3};
  float first[2] = {}, second[1] = {};
  Called called;
  call_pytorch_list(
      nullptr, called.call, "mock::doubled", "", results(result(first, int64_t{2}), result(second, int64_t{1})),
      list(described(tensor(a, int64_t{2})), described(tensor(b, int64_t{1}))));
  EXPECT(called.failed_with("") && first[1] == 4 && second[0] == 6);
  for (int64_t refused = 1; refused <= 5; refused++) {
    Called again;
    mock::refuse_in = refused;
    call_pytorch_list(nullptr, again.call, "mock::doubled", "", results(result(first, int64_t{2})), list(described(tensor(a, int64_t{2})), described(tensor(b, int64_t{1}))));
    EXPECT(again.run.failed());
    EXPECT(mock::alive == 0);
  }
  mock::refuse_in = 0;
  Called fewer;
  call_pytorch_list(nullptr, fewer.call, "mock::doubled", "", results(result(first, int64_t{2})), list(described(tensor(a, int64_t{2})), described(tensor(b, int64_t{1}))));
  EXPECT(fewer.failed_with("Tiny.constants: mock::op at Model.java:3: PyTorch gives a list of 2 tensors, and infer says 1"));
  EXPECT(mock::alive == 0);
}

// As generated code calls it: a list with places left out, of several types, and devices.
void call_counted(Called& called, const float* a, const int64_t* b, float* sum) {
  using namespace toroid;
  call_pytorch(
      nullptr, called.call, "mock::counted", "", results(result(sum, int64_t{3})),
      list(none<AOTInductorArrayRefTensor>(), some(described(tensor(a, int64_t{2}))), none<AOTInductorArrayRefTensor>(), some(described(tensor(b, int64_t{1})))),
      kCpu, some(kCpu));
}

void lists_with_places_left_out_and_devices() {
  using namespace toroid;
  const float a[] = {1, 2};
  const int64_t b[] = {3};
  float sum[3] = {};
  Called called;
  call_counted(called, a, b, sum);
  EXPECT(called.failed_with("") && sum[0] == 2 && sum[1] == 3 && sum[2] == 2);
  EXPECT(mock::alive == 0);
  call_pytorch(
      nullptr, called.call, "mock::counted", "", results(result(sum, int64_t{3})), empty_list<Optional<AOTInductorArrayRefTensor>>(), kCpu, none<Device>());
  EXPECT(called.failed_with("") && sum[0] == 0 && sum[1] == 0 && sum[2] == 1);
  for (int64_t refused = 1; refused <= 9; refused++) {
    Called again;
    mock::refuse_in = refused;
    call_counted(again, a, b, sum);
    EXPECT(again.run.failed());
    EXPECT(mock::alive == 0);
  }
  mock::refuse_in = 0;
}

void writes_in_place() {
  const float x[] = {1, 2};
  float changed[2] = {};
  Called called;
  toroid::call_pytorch(nullptr, called.call, "mock::increase_", "", toroid::results(), toroid::mutated(x, changed, int64_t{2}), 0.25);
  EXPECT(called.failed_with("") && x[0] == 1 && changed[0] == 1.25f && changed[1] == 2.25f);
  EXPECT(mock::alive == 0);
}

void what_pytorch_refuses_and_what_infer_did_not_say() {
  using namespace toroid;
  const float x[] = {1, 2};
  float y[2];
  int64_t whole[3];
  Called refused, dtype, sizes;
  call_pytorch(nullptr, refused.call, "mock::refused", "", results(result(y, int64_t{2})), tensor(x, int64_t{2}));
  EXPECT(refused.failed_with("Tiny.constants: mock::op at Model.java:3: mock::refused never works"));
  call_pytorch(nullptr, dtype.call, "mock::whole", "", results(result(y, int64_t{2})), tensor(x, int64_t{2}));
  EXPECT(dtype.failed_with("Tiny.constants: mock::op at Model.java:3: PyTorch gives i64[2], and infer says f32[2] for result 0"));
  call_pytorch(nullptr, sizes.call, "mock::whole", "", results(result(whole, int64_t{3})), tensor(x, int64_t{2}));
  EXPECT(sizes.failed_with("Tiny.constants: mock::op at Model.java:3: PyTorch gives i64[2], and infer says i64[3] for result 0"));
  EXPECT(mock::alive == 0);
}

// PyTorch looks for the operator before it takes anything over.
void what_pytorch_does_not_know_takes_nothing() {
  using namespace toroid;
  const float x[] = {1, 2};
  float y[2];
  Called unknown, overload;
  call_pytorch(nullptr, unknown.call, "mock::other", "", results(result(y, int64_t{2})), tensor(x, int64_t{2}), "text", some(Dtype{TOROID_F32}),
               list(some(described(tensor(x, int64_t{2})))));
  EXPECT(unknown.failed_with("Tiny.constants: mock::op at Model.java:3: PyTorch has no such operator (Could not find schema for mock::other.): "
                             "correct the schema, or load the library that registers it before the model runs"));
  EXPECT(mock::alive == 0);
  call_pytorch_list(nullptr, overload.call, "mock::other", "out", results(result(y, int64_t{2})), list(described(tensor(x, int64_t{2}))));
  EXPECT(overload.failed_with("Tiny.constants: mock::op at Model.java:3: PyTorch has no such operator (Could not find schema for mock::other.out): "
                              "correct the schema, or load the library that registers it before the model runs"));
  EXPECT(mock::alive == 0);
}

}  // namespace

int main() {
  runs_over_handles();
  containers_of_pytorchs_have_its_threads();
  makes_tensors();
  maps_get_copies_of_constants();
  every_type_of_argument();
  nothing_is_left_behind_where_an_argument_cannot_be_made();
  lists_of_tensors();
  lists_with_places_left_out_and_devices();
  writes_in_place();
  what_pytorch_refuses_and_what_infer_did_not_say();
  what_pytorch_does_not_know_takes_nothing();
  return testing::finish();
}
