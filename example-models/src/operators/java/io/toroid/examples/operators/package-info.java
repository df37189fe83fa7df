/** Single operators as a model, for the benchmark of kernels. */
package io.toroid.examples.operators;
