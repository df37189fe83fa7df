/**
 * The expression graph and its operators.
 *
 * <p>A {@link io.toroid.Tensor} is a result of its {@link io.toroid.op.Origin}: a leaf, or a {@link io.toroid.op.Call} of
 * an {@link io.toroid.op.Operator} on {@link io.toroid.op.Arguments}. Passes of the compiler rewrite a graph by calling
 * operators again.
 *
 * <p>To add an operator: a constant with its ATen schema and type rule in the class of its family, which
 * {@link io.toroid.op.Operators} then finds by itself; a method of {@link io.toroid.Tensor} under PyTorch's name in camel
 * case; its meaning in the eager interpreter of the runtime and its decomposition or lowering in the processor. The tests
 * compare the schema and the types of the results with those that PyTorch gave.
 */
package io.toroid.op;
