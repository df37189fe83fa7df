/** What benchmarks beside ONNX Runtime have in common. */
package io.toroid.examples.benchmark;
