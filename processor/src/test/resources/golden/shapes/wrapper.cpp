// golden.Shapes, compiled by Toroid. Its entries as graphs:
//
//   graph pointwise
//   symbol batch: 1 to 1024
//   input %left: f32[batch, 8]
//   input %right: f32[batch, 8]
//
//   %add_0: f32[batch, 8] = aten.add.Tensor(%left, %right)  // Shapes.java:22
//   %sigmoid_0: f32[batch, 8] = aten.sigmoid.default(%add_0)  // Shapes.java:22
//
//   return %sigmoid_0
//
//   graph rows
//   symbol batch: 1 to 1024
//   input %scores: f32[batch, 100]
//
//   %amax_0: f32[batch, 1] = aten.amax.default(%scores, dim=[1], keepdim=true)  // _softmax at Shapes.java:28
//   %sub_0: f32[batch, 100] = aten.sub.Tensor(%scores, %amax_0)  // _softmax at Shapes.java:28
//   %exp_0: f32[batch, 100] = aten.exp.default(%sub_0)  // _softmax at Shapes.java:28
//   %sum_0: f32[batch, 1] = aten.sum.dim_IntList(%exp_0, dim=[1], keepdim=true)  // _softmax at Shapes.java:28
//   %div_0: f32[batch, 100] = aten.div.Tensor(%exp_0, %sum_0)  // _softmax at Shapes.java:28
//
//   return %div_0
//
//   graph columns
//   symbol batch: 1 to 1024
//   input %tokens: f32[batch, 64, 8]
//
//   %sum_0: f32[batch, 8] = aten.sum.dim_IntList(%tokens, dim=[1])  // Shapes.java:34
//
//   return %sum_0
//
//   graph product
//   symbol batch: 1 to 1024
//   input %features: f32[batch, 24]
//   input %residual: f32[batch, 40]
//   parameter %linear.weight: f32[40, 24]
//   parameter %linear.bias: f32[40]
//
//   %linear_0: f32[batch, 40] = aten.linear.default(%features, %linear.weight, %linear.bias)  // Shapes.java:40
//   %relu_0: f32[batch, 40] = aten.relu.default(%linear_0)  // Shapes.java:40
//   %add_0: f32[batch, 40] = aten.add.Tensor(%relu_0, %residual)  // Shapes.java:40
//
//   return %add_0
//
//   graph image
//   symbol batch: 1 to 1024
//   input %pixels: f32[batch, 3, 16, 16]
//   parameter %convolution.weight: f32[16, 3, 3, 3]
//   parameter %convolution.bias: f32[16]
//
//   %convolution_0: f32[batch, 16, 16, 16] = aten.convolution.default(%pixels, %convolution.weight, %convolution.bias, stride=[1, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1)  // Shapes.java:46
//   %clamp_0: f32[batch, 16, 16, 16] = aten.clamp.default(%convolution_0, min=0, max=6)  // Shapes.java:46
//
//   return %clamp_0
//
//   graph sizes
//   symbol batch: 1 to 1024
//   symbol count: 8 to 512, a multiple of 8
//   input %indices: i64[count]
//   input %table: f32[2*batch + 1, 4]
//
//   %embedding_0: f32[count, 4] = aten.embedding.default(%table, %indices)  // Shapes.java:53
//   %amax_0: f32[count] = aten.amax.default(%embedding_0, dim=[1])  // Shapes.java:54
//
//   return %embedding_0, %amax_0
#include <toroid/loops.h>
#include <toroid/container.h>

namespace toroid::generated {

extern const ConstantInfo* const constants;
extern const int64_t folded_bytes;
void pack_linear_weight(const ToroidPool* pool, const float* __restrict linear_weight, float* __restrict linear_weight_packed);
void pack_convolution_weight(const ToroidPool* pool, const float* __restrict convolution_weight, float* __restrict convolution_weight_packed);
void cpp_fused_add_sigmoid_2(const ToroidPool* pool, const float* __restrict left, const float* __restrict right, float* __restrict output, [[maybe_unused]] int64_t batch);
void cpp_fused_softmax_3(const ToroidPool* pool, const float* __restrict scores, float* __restrict output, [[maybe_unused]] int64_t batch);
void cpp_fused_sum_4(const ToroidPool* pool, const float* __restrict tokens, float* __restrict output, [[maybe_unused]] int64_t batch);
void cpp_fused_linear_relu_add_5(const ToroidPool* pool, const float* __restrict features, const float* __restrict linear_weight_packed, const float* __restrict linear_bias, const float* __restrict residual, float* __restrict output, [[maybe_unused]] int64_t batch);
void cpp_fused_convolution_6(const ToroidPool* pool, const float* __restrict pixels, float* __restrict pixels_channels_last, [[maybe_unused]] int64_t batch);
void cpp_fused_convolution_clamp_7(const ToroidPool* pool, const float* __restrict pixels_channels_last, const float* __restrict convolution_weight_packed, const float* __restrict convolution_bias, float* __restrict output, [[maybe_unused]] int64_t batch);
void cpp_fused_embedding_amax_8(const ToroidPool* pool, Call& call, const int64_t* __restrict indices, const float* __restrict table, float* __restrict rows, float* __restrict largest, [[maybe_unused]] int64_t batch, [[maybe_unused]] int64_t count_dim);

namespace {

bool pointwise_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 1, 1024)) return false;
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  if (!call.expect_size(1, 0, batch, "batch")) return false;
  return true;
}

bool pointwise_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  call.set_output_sizes(0, batch, 8);
  return true;
}

bool pointwise_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  const float* const left = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  const float* const right = static_cast<const float*>(call.dense_input(1));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  cpp_fused_add_sigmoid_2(call.pool, left, right, output, batch);
  return true;
}

constexpr DimensionInfo pointwise_inputs_0[] = {{"batch", -1}, {"8", 8}};
constexpr DimensionInfo pointwise_inputs_1[] = {{"batch", -1}, {"8", 8}};
constexpr TensorInfo pointwise_inputs[] = {{"left", 6, 2, pointwise_inputs_0}, {"right", 6, 2, pointwise_inputs_1}};
constexpr DimensionInfo pointwise_outputs_0[] = {{"batch", -1}, {"8", 8}};
constexpr TensorInfo pointwise_outputs[] = {{"output", 6, 2, pointwise_outputs_0}};

bool rows_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 1, 1024)) return false;
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  return true;
}

bool rows_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  call.set_output_sizes(0, batch, 100);
  return true;
}

bool rows_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  const float* const scores = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  cpp_fused_softmax_3(call.pool, scores, output, batch);
  return true;
}

constexpr DimensionInfo rows_inputs_0[] = {{"batch", -1}, {"100", 100}};
constexpr TensorInfo rows_inputs[] = {{"scores", 6, 2, rows_inputs_0}};
constexpr DimensionInfo rows_outputs_0[] = {{"batch", -1}, {"100", 100}};
constexpr TensorInfo rows_outputs[] = {{"output", 6, 2, rows_outputs_0}};

bool columns_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 1, 1024)) return false;
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  return true;
}

bool columns_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  call.set_output_sizes(0, batch, 8);
  return true;
}

bool columns_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  const float* const tokens = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  cpp_fused_sum_4(call.pool, tokens, output, batch);
  return true;
}

constexpr DimensionInfo columns_inputs_0[] = {{"batch", -1}, {"64", 64}, {"8", 8}};
constexpr TensorInfo columns_inputs[] = {{"tokens", 6, 3, columns_inputs_0}};
constexpr DimensionInfo columns_outputs_0[] = {{"batch", -1}, {"8", 8}};
constexpr TensorInfo columns_outputs[] = {{"output", 6, 2, columns_outputs_0}};

bool product_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 1, 1024)) return false;
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  if (!call.expect_size(1, 0, batch, "batch")) return false;
  return true;
}

bool product_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  call.set_output_sizes(0, batch, 40);
  return true;
}

bool product_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  const float* const features = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  const float* const residual = static_cast<const float*>(call.dense_input(1));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  const float* const linear_weight_packed = static_cast<const float*>(call.constants[4]);
  const float* const linear_bias = static_cast<const float*>(call.constants[1]);
  cpp_fused_linear_relu_add_5(call.pool, features, linear_weight_packed, linear_bias, residual, output, batch);
  return true;
}

constexpr DimensionInfo product_inputs_0[] = {{"batch", -1}, {"24", 24}};
constexpr DimensionInfo product_inputs_1[] = {{"batch", -1}, {"40", 40}};
constexpr TensorInfo product_inputs[] = {{"features", 6, 2, product_inputs_0}, {"residual", 6, 2, product_inputs_1}};
constexpr DimensionInfo product_outputs_0[] = {{"batch", -1}, {"40", 40}};
constexpr TensorInfo product_outputs[] = {{"output", 6, 2, product_outputs_0}};

bool image_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 1, 1024)) return false;
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  return true;
}

bool image_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  call.set_output_sizes(0, batch, 16, 16, 16);
  return true;
}

bool image_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t batch = call.inputs[0].sizes[0];
  const float* const pixels = static_cast<const float*>(call.dense_input(0));
  if (call.failed()) return false;
  float* const output = static_cast<float*>(call.outputs[0].data);
  const float* const convolution_weight_packed = static_cast<const float*>(call.constants[5]);
  const float* const convolution_bias = static_cast<const float*>(call.constants[3]);
  // 1 intermediate in an arena of 3072*batch bytes; at the largest sizes 3145728 bytes are alive at once, and the arena has 3145728
  char* const arena = static_cast<char*>(call.workspace(3072 * batch));
  if (arena == nullptr) return false;
  float* const pixels_channels_last = reinterpret_cast<float*>(arena);
  cpp_fused_convolution_6(call.pool, pixels, pixels_channels_last, batch);
  cpp_fused_convolution_clamp_7(call.pool, pixels_channels_last, convolution_weight_packed, convolution_bias, output, batch);
  return true;
}

constexpr DimensionInfo image_inputs_0[] = {{"batch", -1}, {"3", 3}, {"16", 16}, {"16", 16}};
constexpr TensorInfo image_inputs[] = {{"pixels", 6, 4, image_inputs_0}};
constexpr DimensionInfo image_outputs_0[] = {{"batch", -1}, {"16", 16}, {"16", 16}, {"16", 16}};
constexpr TensorInfo image_outputs[] = {{"output", 6, 4, image_outputs_0}};

bool sizes_check([[maybe_unused]] Call& call) {
  if (!call.expect_range(0, 0, 8, 512)) return false;
  if (!call.expect_multiple(0, 0, 8, 0)) return false;
  [[maybe_unused]] const int64_t count_dim = call.inputs[0].sizes[0];
  if (!call.expect_range(1, 0, 3, 2049)) return false;
  if (!call.expect_multiple(1, 0, 2, 1)) return false;
  [[maybe_unused]] const int64_t batch = (call.inputs[1].sizes[0] - 1) / 2;
  return true;
}

bool sizes_output_sizes([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t count_dim = call.inputs[0].sizes[0];
  [[maybe_unused]] const int64_t batch = (call.inputs[1].sizes[0] - 1) / 2;
  call.set_output_sizes(0, count_dim, 4);
  call.set_output_sizes(1, count_dim);
  return true;
}

bool sizes_run([[maybe_unused]] Call& call) {
  [[maybe_unused]] const int64_t count_dim = call.inputs[0].sizes[0];
  [[maybe_unused]] const int64_t batch = (call.inputs[1].sizes[0] - 1) / 2;
  const int64_t* const indices = static_cast<const int64_t*>(call.dense_input(0));
  if (call.failed()) return false;
  const float* const table = static_cast<const float*>(call.dense_input(1));
  if (call.failed()) return false;
  float* const rows = static_cast<float*>(call.outputs[0].data);
  float* const largest = static_cast<float*>(call.outputs[1].data);
  cpp_fused_embedding_amax_8(call.pool, call, indices, table, rows, largest, batch, count_dim);
  return !call.failed();
}

constexpr DimensionInfo sizes_inputs_0[] = {{"count", -1}};
constexpr DimensionInfo sizes_inputs_1[] = {{"2*batch + 1", -1}, {"4", 4}};
constexpr TensorInfo sizes_inputs[] = {{"indices", 4, 1, sizes_inputs_0}, {"table", 6, 2, sizes_inputs_1}};
constexpr DimensionInfo sizes_outputs_0[] = {{"count", -1}, {"4", 4}};
constexpr DimensionInfo sizes_outputs_1[] = {{"count", -1}};
constexpr TensorInfo sizes_outputs[] = {{"rows", 6, 2, sizes_outputs_0}, {"largest", 6, 1, sizes_outputs_1}};

bool fold([[maybe_unused]] Call& call) {
  const float* const linear_weight = static_cast<const float*>(call.constants[0]);
  const float* const convolution_weight = static_cast<const float*>(call.constants[2]);
  float* const linear_weight_packed = static_cast<float*>(call.folded[4]);
  float* const convolution_weight_packed = static_cast<float*>(call.folded[5]);
  if (call.folds(4)) {
    pack_linear_weight(call.pool, linear_weight, linear_weight_packed);
  }
  if (call.folds(5)) {
    pack_convolution_weight(call.pool, convolution_weight, convolution_weight_packed);
  }
  return true;
}

constexpr EntryInfo entries[] = {
  {"pointwise", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]},{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":null,\"context\":null,\"children_spec\":[]}]", 2, pointwise_inputs, 1, pointwise_outputs, pointwise_check, pointwise_output_sizes, pointwise_run},
  {"rows", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":null,\"context\":null,\"children_spec\":[]}]", 1, rows_inputs, 1, rows_outputs, rows_check, rows_output_sizes, rows_run},
  {"columns", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":null,\"context\":null,\"children_spec\":[]}]", 1, columns_inputs, 1, columns_outputs, columns_check, columns_output_sizes, columns_run},
  {"product", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]},{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":null,\"context\":null,\"children_spec\":[]}]", 2, product_inputs, 1, product_outputs, product_check, product_output_sizes, product_run},
  {"image", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":null,\"context\":null,\"children_spec\":[]}]", 1, image_inputs, 1, image_outputs, image_check, image_output_sizes, image_run},
  {"sizes", "[1,{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":\"builtins.tuple\",\"context\":\"null\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]},{\"type\":null,\"context\":null,\"children_spec\":[]}]},{\"type\":\"builtins.dict\",\"context\":\"[]\",\"children_spec\":[]}]}]", "[1,{\"type\":\"builtins.dict\",\"context\":\"[\\\"rows\\\", \\\"largest\\\"]\",\"children_spec\":[{\"type\":null,\"context\":null,\"children_spec\":[]},{\"type\":null,\"context\":null,\"children_spec\":[]}]}]", 2, sizes_inputs, 2, sizes_outputs, sizes_check, sizes_output_sizes, sizes_run},
};

}  // namespace
}  // namespace toroid::generated

#ifndef TOROID_ISA
#error "compile with -DTOROID_ISA=\"...\""
#endif
extern "C" const toroid::Model toroid_model = {
  "golden.Shapes", "0.1.0", TOROID_ISA,
  "{\"model\":\"golden.Shapes\",\"entries\":[{\"name\":\"pointwise\",\"inputs\":[{\"name\":\"left\",\"type\":\"f32[batch, 8]\"},{\"name\":\"right\",\"type\":\"f32[batch, 8]\"}],\"outputs\":[{\"name\":\"output\",\"type\":\"f32[batch, 8]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1}]},{\"name\":\"rows\",\"inputs\":[{\"name\":\"scores\",\"type\":\"f32[batch, 100]\"}],\"outputs\":[{\"name\":\"output\",\"type\":\"f32[batch, 100]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1}]},{\"name\":\"columns\",\"inputs\":[{\"name\":\"tokens\",\"type\":\"f32[batch, 64, 8]\"}],\"outputs\":[{\"name\":\"output\",\"type\":\"f32[batch, 8]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1}]},{\"name\":\"product\",\"inputs\":[{\"name\":\"features\",\"type\":\"f32[batch, 24]\"},{\"name\":\"residual\",\"type\":\"f32[batch, 40]\"}],\"outputs\":[{\"name\":\"output\",\"type\":\"f32[batch, 40]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1}]},{\"name\":\"image\",\"inputs\":[{\"name\":\"pixels\",\"type\":\"f32[batch, 3, 16, 16]\"}],\"outputs\":[{\"name\":\"output\",\"type\":\"f32[batch, 16, 16, 16]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1}]},{\"name\":\"sizes\",\"inputs\":[{\"name\":\"indices\",\"type\":\"i64[count]\"},{\"name\":\"table\",\"type\":\"f32[2*batch + 1, 4]\"}],\"outputs\":[{\"name\":\"rows\",\"type\":\"f32[count, 4]\"},{\"name\":\"largest\",\"type\":\"f32[count]\"}],\"dimensions\":[{\"name\":\"batch\",\"min\":1,\"max\":1024,\"multipleOf\":1},{\"name\":\"count\",\"min\":8,\"max\":512,\"multipleOf\":8}]}]}",
  TOROID_ABI_VERSION, 6, toroid::generated::entries,
  6, toroid::generated::constants, 6656, "379fee3cff90e1afc49b385009fbf2ee9b368693bbf8185c6367713afa899777", toroid::generated::folded_bytes, toroid::generated::fold,
};
